#include "domains/accounts/accounts_test.h"

#include <gtest/gtest.h>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/paging.h"
#include "domains/accounts/throttle.h"
#include "platform/identity/second_factor.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;
using http::verb;

TEST(AccountRules, APasswordHasALengthAndIsNotTheFirstThatAnybodyTries) {
    const Limits limits;
    EXPECT_TRUE(checked_password(kPassword, limits, {}));
    EXPECT_EQ(checked_password("elevenchars", limits, {}).error().code, "password_too_short");
    EXPECT_EQ(
        checked_password(std::string(129, 'x'), limits, {}).error().code, "password_too_long");
    EXPECT_EQ(
        checked_password("ann@example.com", limits, {"Ann@Example.com"}).error().code,
        "password_common");
}

TEST(AccountRules, AnEmailIsOneAddress) {
    EXPECT_EQ(checked_email(" ann@example.com "), "ann@example.com");
    for (const char* bad :
         {"", "ann", "@example.com", "ann@", "a@b@c", "a b@c", "a\n@b", "<a@b>"}) {
        EXPECT_FALSE(checked_email(bad)) << bad;
    }
}

TEST(AccountRules, NobodyGivesMoreThanTheyHave) {
    EXPECT_TRUE(may_give(Role::owner, Role::owner, CompanyKind::operator_));
    EXPECT_TRUE(may_give(Role::admin, Role::operator_, CompanyKind::advertiser));
    EXPECT_EQ(
        may_give(Role::admin, Role::owner, CompanyKind::operator_).error().code, "role_above_own");
    EXPECT_EQ(
        may_give(Role::owner, Role::support, CompanyKind::operator_).error().code,
        "role_of_other_kind");
    EXPECT_EQ(
        may_give(Role::superuser, Role::viewer, CompanyKind::house).error().code,
        "role_of_other_kind");
    EXPECT_EQ(
        may_give(Role::analyst, Role::viewer, CompanyKind::operator_).error().code,
        "role_above_own");
}

TEST(AccountRules, AnAddressIsInANetworkOrNot) {
    EXPECT_TRUE(is_within({"192.0.2.0/24"}, "192.0.2.200"));
    EXPECT_FALSE(is_within({"192.0.2.0/25"}, "192.0.2.200"));
    EXPECT_TRUE(is_within({"10.0.0.1", "2001:db8::/33"}, "2001:db8:7fff::1"));
    EXPECT_FALSE(is_within({"2001:db8::/33"}, "2001:db8:8000::1"));
    EXPECT_FALSE(is_within({}, "192.0.2.1"));
    EXPECT_FALSE(is_within({"0.0.0.0/0"}, "no address"));
    for (const char* bad : {"", "192.0.2.0/33", "192.0.2", "::/129", "192.0.2.0/-1", "a/8"}) {
        EXPECT_FALSE(check_network(bad)) << bad;
    }
}

TEST(Paging, ACursorIsOfItsSortingOnly) {
    const Sorting by_name{.by = "name", .descending = true};
    const auto uuid = CompanyId::fresh(SystemClock().now()).uuid();
    PageRequest page;
    page.cursor = cursor_of(by_name, "grün", uuid);
    const auto next = sorting_of("-name", page, {"name", "email"});
    ASSERT_TRUE(next);
    EXPECT_EQ(next->after_key, "grün");
    EXPECT_EQ(next->after_id, uuid);
    EXPECT_EQ(sorting_of("name", page, {"name"}).error().code, "bad_cursor");
    EXPECT_EQ(sorting_of("age", {}, {"name"}).error().code, "bad_sort");
    for (const char* bad : {"zz", "00", "2d6e616d650a"}) {
        page.cursor = bad;
        EXPECT_EQ(sorting_of("-name", page, {"name"}).error().code, "bad_cursor") << bad;
    }
    page.cursor = cursor_of(by_name, std::string("\xff", 1), uuid);
    EXPECT_EQ(sorting_of("-name", page, {"name"}).error().code, "bad_cursor");
}

TEST(Throttle, SlowsThePairAndNobodyElse) {
    ManualClock clock{Instant()};
    Throttle throttle(clock);
    for (int i = 0; i < 4; ++i) throttle.failed("ann", "a");
    EXPECT_EQ(throttle.wait("ann", "a"), 0s);
    throttle.failed("ann", "a");
    EXPECT_EQ(throttle.wait("ann", "a"), 2s);
    EXPECT_EQ(throttle.wait("ann", "b"), 0s);
    EXPECT_EQ(throttle.wait("bob", "a"), 0s);
    clock.advance(2s);
    EXPECT_EQ(throttle.wait("ann", "a"), 0s);
    throttle.failed("ann", "a");
    EXPECT_EQ(throttle.wait("ann", "a"), 4s);
    for (int i = 0; i < 30; ++i) throttle.failed("ann", "a");
    EXPECT_EQ(throttle.wait("ann", "a"), 900s);
    throttle.succeeded("ann", "a");
    EXPECT_EQ(throttle.wait("ann", "a"), 0s);
}

TEST(Throttle, OfIPv6ANetworkIsOne) {
    ManualClock clock{Instant()};
    Throttle throttle(clock, {.free_tries = 1});
    throttle.failed("ann", "2001:db8:1:2::1");
    EXPECT_EQ(throttle.wait("ann", "2001:db8:1:2:ffff::9"), 2s);
    EXPECT_EQ(throttle.wait("ann", "2001:db8:1:3::1"), 0s);
    throttle.failed("ann", "::ffff:192.0.2.7");
    EXPECT_EQ(throttle.wait("ann", "192.0.2.7"), 2s);
    EXPECT_EQ(throttle.wait("ann", "192.0.2.8"), 0s);
    EXPECT_EQ(throttle.wait("ann", "::ffff:192.0.2.8"), 0s);
}

TEST(Throttle, RemembersNoMoreThanItMay) {
    ManualClock clock{Instant()};
    Throttle throttle(clock, {.free_tries = 1, .pairs_max = 2});
    for (const char* who : {"a", "b", "c"}) throttle.failed(who, "x");
    EXPECT_EQ(throttle.wait("a", "x"), 0s);
    EXPECT_EQ(throttle.wait("c", "x"), 2s);
}

TEST_F(DeskTest, TheFirstStartMakesAHouseACompanyAndOnePersonForBoth) {
    EXPECT_EQ(one_time.size(), 19U);
    auto other = company;
    other.id = CompanyId::fresh(clock.now());
    const auto again = accounts.open_installation(other);
    EXPECT_EQ(again.company, company.id);
    EXPECT_FALSE(again.one_time_password);
    EXPECT_EQ(accounts.active_companies().size(), 2U);

    const auto reply = sign_in(owner_email, one_time);
    ASSERT_EQ(reply.status, 201U);
    EXPECT_EQ(reply.body.at("needs"), "new_password");
    EXPECT_EQ(reply.body.at("company").at("name"), "Ours");
    EXPECT_EQ(reply.body.at("user").at("role"), "owner");
    ASSERT_EQ(reply.body.at("companies").as_array().size(), 2U);
    EXPECT_EQ(reply.body.at("companies").at(1).at("kind"), "house");
    EXPECT_EQ(reply.body.at("companies").at(1).at("role"), "superuser");
}

TEST_F(DeskTest, WhoSignsInIsKnownUntilTheySignOut) {
    const auto reply = sign_in(owner_email, one_time);
    const auto cookie = std::string(reply.headers.get("Set-Cookie"));
    EXPECT_NE(cookie.find("HttpOnly"), cookie.npos);
    EXPECT_NE(cookie.find("SameSite=Strict"), cookie.npos);
    EXPECT_EQ(get("session").body, reply.body);
    const auto before = token;
    const auto ended = ask(verb::delete_, "session");
    EXPECT_EQ(ended.status, 204U);
    EXPECT_EQ(ended.headers.get("Clear-Site-Data"), R"("cache", "storage")");
    token = before;
    EXPECT_EQ(code(get("session")), "no_session");
}

TEST_F(DeskTest, AOneTimePasswordOpensOnlyTheChoiceOfAnother) {
    sign_in(owner_email, one_time);
    EXPECT_EQ(code(get("company")), "new_password_needed");
    const auto first = token;
    EXPECT_EQ(
        code(post("session/password", {{"current", "wrong"}, {"next", kPassword}})),
        "wrong_password");
    EXPECT_EQ(
        code(post("session/password", {{"current", one_time}, {"next", "short"}})),
        "password_too_short");
    const auto changed = post("session/password", {{"current", one_time}, {"next", kPassword}});
    EXPECT_EQ(changed.status, 200U);
    EXPECT_EQ(changed.body.at("needs"), "nothing");
    EXPECT_NE(token, first);  // What was seen before opens nothing any more.
    EXPECT_EQ(get("company").body.at("name"), "Ours");
    token = first;
    EXPECT_EQ(code(get("session")), "no_session");
    EXPECT_EQ(code(sign_in(owner_email, one_time)), "wrong_password");
    EXPECT_EQ(sign_in("OWNER@localhost", kPassword).status, 201U);
}

TEST_F(DeskTest, AOneTimePasswordHasItsTime) {
    clock.advance(24h * 8);
    EXPECT_EQ(code(sign_in(owner_email, one_time)), "wrong_password");
    EXPECT_EQ(code(sign_in(owner_email, one_time)), "wrong_password");
    const auto fresh = accounts.reset_password(owner_email);
    EXPECT_EQ(sign_in(owner_email, fresh->reveal()).status, 201U);
    EXPECT_EQ(accounts.reset_password("nobody@example.com").error().code, "no_such_person");
}

TEST_F(DeskTest, WhoIsNotKnownIsAnsweredAsWhoIsWrong) {
    const auto wrong = sign_in(owner_email, "wrong");
    const auto unknown = sign_in("nobody@example.com", "wrong");
    EXPECT_EQ(wrong.status, 401U);
    EXPECT_EQ(unknown.status, 401U);
    const auto said = [](const http::Reply& reply) {
        auto body = reply.body.as_object();
        for (const char* name : {"request_id", "trace_id"}) body.erase(name);
        return body;
    };
    EXPECT_EQ(said(unknown), said(wrong));
    EXPECT_EQ(wrong.headers.get("Set-Cookie"), "");
    EXPECT_EQ(
        post("password-reset", {{"email", owner_email}}).body,
        post("password-reset", {{"email", "nobody@example.com"}}).body);
    EXPECT_EQ(mails().at(0).first.kind, MailKind::password_reset);
    EXPECT_EQ(mails().at(1).first.kind, MailKind::nobody);
    EXPECT_EQ(mails().at(1).first.to, "");
}

TEST_F(DeskTest, WhoGuessesIsSlowedAndLocksOutNobodyElse) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in(owner_email, "wrong").status, 401U);
    const auto refused = sign_in(owner_email, one_time);
    EXPECT_EQ(refused.status, 429U);
    EXPECT_EQ(refused.headers.get("Retry-After"), "2");
    EXPECT_EQ(refused.headers.get("RateLimit"), "\"tries\";r=0;t=2");
    const auto slowed = refused.caller->person;  // For the audit trail.
    const auto stranger = sign_in("nobody@example.com", "wrong");
    EXPECT_EQ(stranger.caller->person, PersonId());
    address = "192.0.2.8";
    EXPECT_EQ(sign_in(owner_email, one_time).status, 201U);
    address = "192.0.2.7";
    clock.advance(2s);
    const auto opened = sign_in(owner_email, one_time);
    EXPECT_EQ(opened.status, 201U);
    EXPECT_EQ(text(opened.body.at("user"), "id"), slowed.str());
    EXPECT_EQ(sessions.home_of(slowed)->str(), text(opened.body.at("company"), "id"));
    EXPECT_EQ(sessions.home_of(PersonId::fresh(clock.now())), std::nullopt);
}

TEST_F(DeskTest, APasswordIsResetByAMailedTokenOnce) {
    be_owner();
    const auto before = token;
    post("password-reset", {{"email", owner_email}});
    const auto mailed = mails().back().second;
    const auto redeem = [&](const std::string& with) {
        return post("password-reset/redeem", {{"token", with}, {"password", "another four words"}});
    };
    EXPECT_EQ(code(redeem("not-this")), "token_unknown");
    EXPECT_EQ(redeem(mailed).status, 204U);
    EXPECT_EQ(code(redeem(mailed)), "token_unknown");
    token = before;
    EXPECT_EQ(code(get("session")), "no_session");
    EXPECT_EQ(sign_in(owner_email, "another four words").status, 201U);
    post("password-reset", {{"email", owner_email}});
    clock.advance(31min);
    EXPECT_EQ(code(redeem(mails().back().second)), "token_unknown");
}

TEST_F(DeskTest, ASessionEndsWhenIdleAndWhenOld) {
    be_owner();
    for (int day = 0; day < 25; day += 5) {
        clock.advance(24h * 5);
        EXPECT_EQ(get("session").status, 200U) << day;
    }
    clock.advance(24h * 5);
    EXPECT_EQ(get("session").status, 401U);  // Thirty days old, and never idle.
    ASSERT_EQ(sign_in(owner_email, kPassword).status, 201U);
    clock.advance(24h * 7);
    EXPECT_EQ(get("session").status, 401U);
}

TEST_F(DeskTest, OnesOwnSessionsAreListedAndEnded) {
    be_owner();
    const auto first = token;
    sign_in(owner_email, kPassword);
    auto listed = get("profile/sessions").body.at("items").as_array();
    ASSERT_EQ(listed.size(), 2U);
    const auto current = listed.at(0).at("current").as_bool() ? 0U : 1U;
    const auto other = text(listed.at(1 - current), "id");
    EXPECT_EQ(ask(verb::delete_, "profile/sessions/" + other).status, 204U);
    EXPECT_EQ(code(ask(verb::delete_, "profile/sessions/" + other)), "no_such_session");
    const auto second = token;
    token = first;
    EXPECT_EQ(get("session").status, 401U);
    sign_in(owner_email, kPassword);
    EXPECT_EQ(ask(verb::delete_, "profile/sessions").status, 204U);
    EXPECT_EQ(get("session").status, 200U);
    token = second;
    EXPECT_EQ(get("session").status, 401U);
}

TEST_F(DeskTest, ASecondFactorIsAskedForOnceItIsThere) {
    be_owner();
    EXPECT_EQ(code(post("profile/totp", {{"password", "wrong"}})), "wrong_password");
    const auto begun = post("profile/totp", {{"password", kPassword}});
    ASSERT_EQ(begun.status, 200U);
    const auto uri = text(begun.body, "uri");
    EXPECT_TRUE(uri.starts_with("otpauth://totp/Mobilytics:owner%40localhost?secret=")) << uri;
    EXPECT_EQ(code(ask(verb::put, "profile/totp", {{"code", "000000"}})), "wrong_code");
    const auto recovery = add_app();
    ASSERT_EQ(recovery.size(), 10U);
    const auto code_now = [&] {
        return identity::totp_code(*app, identity::totp_step(clock.now()));
    };

    const auto half = sign_in(owner_email, kPassword);
    EXPECT_EQ(half.body.at("needs"), "second_factor");
    EXPECT_EQ(half.body.at("second_factors"), boost::json::array({"totp"}));
    EXPECT_TRUE(half.body.at("companies").as_array().empty());
    for (const char* closed : {"company", "profile", "people"}) {
        EXPECT_EQ(code(get(closed)), "second_factor_needed") << closed;
    }
    EXPECT_EQ(
        code(post("session/password", {{"current", kPassword}, {"next", "another four words"}})),
        "second_factor_needed");
    const auto before = token;
    EXPECT_EQ(code(post("session/second-factor", {{"code", code_now()}})), "wrong_code");  // Spent.
    clock.advance(30s);
    const auto whole = post("session/second-factor", {{"code", code_now()}});
    EXPECT_EQ(whole.body.at("needs"), "nothing");
    EXPECT_NE(token, before);
    EXPECT_EQ(get("company").status, 200U);

    sign_in(owner_email, kPassword);
    const auto& paper = recovery.at(3);
    EXPECT_EQ(post("session/second-factor", {{"code", paper}}).status, 200U);
    EXPECT_EQ(get("profile").body.at("recovery_codes_left"), 9);
    sign_in(owner_email, kPassword);
    EXPECT_EQ(code(post("session/second-factor", {{"code", paper}})), "wrong_code");
    clock.advance(30s);
    EXPECT_EQ(post("session/second-factor", {{"code", code_now()}}).status, 200U);
    // To be rid of it takes the factor itself.
    EXPECT_EQ(code(ask(verb::delete_, "profile/totp", {{"password", kPassword}})), "code_needed");
    const auto remove = [&](const char* password, const std::string& with) {
        return ask(verb::delete_, "profile/totp", {{"password", password}, {"code", with}});
    };
    EXPECT_EQ(code(remove("wrong", recovery.at(4))), "wrong_password");
    EXPECT_EQ(code(remove(kPassword, paper)), "wrong_code");  // Spent.
    EXPECT_EQ(remove(kPassword, recovery.at(4)).status, 204U);
    EXPECT_EQ(get("profile").body.at("recovery_codes_left"), 0);
    EXPECT_EQ(sign_in(owner_email, kPassword).body.at("needs"), "nothing");
    EXPECT_EQ(
        notices(),
        (std::vector<std::string>{
            "owner@localhost: password_changed ", "owner@localhost: second_factor_added ",
            "owner@localhost: second_factor_removed "}));
}

TEST_F(DeskTest, ATokenIsNowhereKept) {
    be_owner();
    post("password-reset", {{"email", owner_email}});
    const auto rows = all_rows();
    EXPECT_NE(rows.find("owner@localhost"), rows.npos);
    EXPECT_EQ(rows.find(token), rows.npos);
    EXPECT_EQ(rows.find(mails().back().second), rows.npos);
    EXPECT_EQ(rows.find(kPassword), rows.npos);
}

TEST_F(DeskTest, WhatADomainTellsReadsBack) {
    const CompanyChanged told{company.id,          "UTC", true, CompanyState::suspended,
                              PrivacyMode::strict, 25};
    EXPECT_EQ(CompanyChanged::from_json(told.to_json()).to_json(), told.to_json());
    auto before = told.to_json().as_object();
    before.erase("privacy_mode");
    before.erase("suppress_below");
    EXPECT_EQ(CompanyChanged::from_json(before).suppress_below, 0);
    const PrivacyModeChanged mode{
        company.id, PrivacyMode::standard, clock.now(), "agreed", clock.now()};
    EXPECT_EQ(PrivacyModeChanged::from_json(mode.to_json()).to_json(), mode.to_json());
}

}  // namespace
}  // namespace mobilytics::accounts
