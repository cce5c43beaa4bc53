#include "domains/accounts/accounts.h"

#include <gtest/gtest.h>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/accounts_api.h"
#include "domains/accounts/accounts_migrations.h"
#include "foundation/clock_test.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::accounts {
namespace {

TEST(AccountRules, APasswordHasALengthAndIsNotTheFirstThatAnybodyTries) {
    const SessionLimits limits;
    EXPECT_TRUE(checked_password("four words in a row", limits));
    EXPECT_EQ(checked_password("elevenchars", limits).error().code, "password_too_short");
    EXPECT_TRUE(checked_password("ññññññññññññ", limits));
    EXPECT_EQ(checked_password(std::string(129, 'x'), limits).error().code, "password_too_long");
    EXPECT_EQ(checked_password("Mobilytics123", limits).error().code, "password_common");
}

TEST(AccountRules, ATokenNamesItsCompany) {
    const auto company = CompanyId::fresh(SystemClock().now());
    const auto text = company.uuid() + "." + std::string(43, 'a');
    ASSERT_TRUE(parse_token(text));
    EXPECT_EQ(parse_token(text)->company, company);
    for (const auto& bad : {std::string(), text + "a", "x" + text.substr(1), company.uuid()}) {
        EXPECT_FALSE(parse_token(bad)) << bad;
    }
}

TEST(AccountRules, ASessionEndsWhenIdleAndWhenOld) {
    using namespace std::chrono_literals;
    const SessionLimits limits{.idle_max = 2h, .absolute_max = 5h};
    const Instant begun{};
    const SessionRow session{"", {}, begun, begun, begun + 2h};
    EXPECT_EQ(used(session, begun + 1h, limits)->expires_at, begun + 3h);
    EXPECT_EQ(used(*used(session, begun + 1h, limits), begun + 4h, limits), std::nullopt);
    auto busy = session;
    for (const auto at : {1h, 2h, 3h, 4h}) busy = *used(busy, begun + at, limits);
    EXPECT_EQ(busy.expires_at, begun + 5h);
    EXPECT_EQ(used(busy, begun + 5h, limits), std::nullopt);
}

class AccountsTest : public pg::PostgresTest {
  protected:
    AccountsTest() : PostgresTest({pg::kMigrations, kMigrations}) {
        const auto first = accounts.open_installation(company);
        password = first.one_time_password->reveal();
        sessions.emplace(accounts, first.company, false);
        router.emplace(
            [this](std::string_view shown) { return accounts.authenticate(shown); },
            http::RouterConfig{.clock = &clock});
        mount(*router, *sessions);
    }
    http::Reply ask(http::verb method, const std::string& path, const std::string& body = "") {
        http::Request request{.method = method, .target = path, .body = body};
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        return router->handle(std::move(request));
    }
    http::Reply sign_in(const std::string& with) {
        auto reply =
            ask(http::verb::post, "/api/v1/session",
                boost::json::serialize(
                    boost::json::object{{"email", "owner@localhost"}, {"password", with}}));
        const std::string_view cookie = reply.headers.get("Set-Cookie");
        const auto begins = cookie.find('=') + 1;
        if (!cookie.empty()) token = cookie.substr(begins, cookie.find(';') - begins);
        return reply;
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyProfile company{
        CompanyId::fresh(clock.now()), "Ours", "America/Chicago", PrivacyMode::standard, false};
    Accounts accounts{pool, clock};
    std::string password;
    std::string token;
    std::optional<Sessions> sessions;
    std::optional<http::Router> router;
};

TEST_F(AccountsTest, TheFirstStartMakesOneOwner) {
    EXPECT_EQ(password.size(), 19U);
    auto other = company;
    other.id = CompanyId::fresh(clock.now());
    const auto again = accounts.open_installation(other);
    EXPECT_EQ(again.company, company.id);
    EXPECT_FALSE(again.one_time_password);
}

TEST_F(AccountsTest, WhoSignsInIsKnownUntilTheySignOut) {
    const auto reply = sign_in(password);
    ASSERT_EQ(reply.status, 201U);
    EXPECT_EQ(reply.body.at("company").at("time_zone"), "America/Chicago");
    EXPECT_EQ(reply.body.at("user").at("has_one_time_password"), true);
    const auto cookie = std::string(reply.headers.get("Set-Cookie"));
    EXPECT_NE(cookie.find("HttpOnly"), cookie.npos);
    EXPECT_NE(cookie.find("SameSite=Strict"), cookie.npos);

    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").body, reply.body);
    EXPECT_EQ(ask(http::verb::delete_, "/api/v1/session").status, 204U);
    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").status, 401U);
}

TEST_F(AccountsTest, AWrongPasswordOpensNothing) {
    const auto reply = sign_in("wrong");
    EXPECT_EQ(reply.status, 401U);
    EXPECT_EQ(reply.body.at("code"), "wrong_password");
    EXPECT_EQ(reply.headers.get("Set-Cookie"), "");
    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").status, 401U);
    EXPECT_EQ(
        ask(http::verb::post, "/api/v1/session",
            R"({"email": "a@b", "password": "x", "user": "y"})")
            .status,
        422U);
}

TEST_F(AccountsTest, WhoGuessesTooOftenIsToldToWait) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(sign_in("wrong").status, 401U);
    const auto refused = sign_in(password);
    EXPECT_EQ(refused.status, 429U);
    EXPECT_NE(refused.headers.get("Retry-After"), "");
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(sign_in(password).status, 201U);
}

TEST_F(AccountsTest, ANewPasswordEndsAllOtherSessions) {
    sign_in(password);
    const auto other = token;
    sign_in(password);
    const auto change = [&](const std::string& current, const std::string& next) {
        return ask(
            http::verb::post, "/api/v1/session/password",
            boost::json::serialize(boost::json::object{{"current", current}, {"next", next}}));
    };
    EXPECT_EQ(change("wrong", "four words in a row").status, 401U);
    EXPECT_EQ(change(password, "short").body.at("code"), "password_too_short");
    EXPECT_EQ(change(password, "four words in a row").status, 204U);
    EXPECT_EQ(
        ask(http::verb::get, "/api/v1/session").body.at("user").at("has_one_time_password"), false);
    token = other;
    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").status, 401U);
    token.clear();
    EXPECT_EQ(sign_in(password).status, 401U);
    EXPECT_EQ(sign_in("four words in a row").status, 201U);
}

TEST_F(AccountsTest, AResetEndsEverySession) {
    sign_in(password);
    const auto fresh = accounts.reset_password(company.id);
    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").status, 401U);
    token.clear();
    EXPECT_EQ(sign_in(fresh.reveal()).status, 201U);
}

TEST_F(AccountsTest, AnIdleSessionEnds) {
    sign_in(password);
    clock.advance(std::chrono::hours(24 * 6));
    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").status, 200U);
    clock.advance(std::chrono::hours(24 * 6));
    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").status, 200U);
    clock.advance(std::chrono::hours(24 * 8));
    EXPECT_EQ(ask(http::verb::get, "/api/v1/session").status, 401U);
}

TEST_F(AccountsTest, ATokenIsNowhereKept) {
    constexpr pg::Query kept{
        "test.kept", "SELECT row_to_json(s)::text AS row FROM accounts.session s"};
    sign_in(password);
    auto tx = pool.begin(company.id);
    const auto rows =
        tx.run(kept).all([](const pg::Row& row) { return row.get<std::string>("row"); });
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].find(token.substr(33)), std::string::npos);
}

}  // namespace
}  // namespace mobilytics::accounts
