#include "domains/accounts/oidc.h"

#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"
#include "domains/accounts/routes.h"
#include "platform/http/http_test.h"
#include "platform/identity/jwt.h"
#include "platform/identity/oidc_provider_test.h"
#include "platform/identity/second_factor.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

constexpr const char* kCallbackUrl = "http://127.0.0.1/api/v1/session/oidc/callback";

/// What begins with /, of a URL.
std::string target_of(const std::string& url) {
    const auto at = url.find('/', url.find("://") + 3);
    return at == url.npos ? "/" : url.substr(at);
}

class ProviderTest : public DeskTest {
  protected:
    /// Sends people to that provider from now on.
    void sign_in_by(const std::string& issuer, const std::string& client, bool strong = false) {
        Provider provider{
            .oidc =
                {.issuer = issuer,
                 .client_id = client,
                 .client_secret = Secret<std::string>("a secret with spaces & signs: +/%"),
                 .redirect_uri = kCallbackUrl},
            .name = "Example"};
        if (strong) provider.strong = {"mfa", "https://example.org/two-factors"};
        by_it = std::make_unique<Oidc>(ground, seal, sessions, std::move(provider));
        its_desk = std::make_unique<Desk>(Desk{
            sessions, passkeys, profiles, companies, people, keys, backoffice, its_tokens, *by_it,
            logos});
        its_router = std::make_unique<http::Router>(
            [this](const http::Shown& shown) { return authenticate(accounts, its_tokens, shown); },
            http::RouterConfig{.clock = &clock});
        mount(*its_router, *its_desk);
        mount_by_hand(*its_router, *its_desk);
    }
    http::Reply browser(const std::string& target) {
        http::Request request{.method = http::verb::get, .target = target};
        if (!cookie.empty()) request.headers.add("Cookie", cookie);
        request.remote_address = address;
        return its_router->handle(std::move(request));
    }
    /// Where the browser is sent, with the cookie that binds it.
    std::string begin(const std::string& query = "") {
        const auto reply = browser("/api/v1/session/oidc/start" + query);
        EXPECT_EQ(reply.status, 302U);
        const std::string set(reply.headers.get("Set-Cookie"));
        cookie = set.substr(0, set.find(';'));
        return std::string(reply.headers.get("Location"));
    }
    /// Where it is sent at the end; signed in, if it is.
    std::string come_back(const std::string& target) {
        const auto reply = browser(target);
        EXPECT_EQ(reply.status, 302U);
        token.clear();
        for (const auto& [name, value] : reply.headers) {
            const std::string_view ours = "mobilytics_session=";
            if (name != "Set-Cookie" || !value.starts_with(ours)) continue;
            token = value.substr(ours.size(), value.find(';') - ours.size());
        }
        return std::string(reply.headers.get("Location"));
    }
    std::int64_t count(pg::Query query) {
        pg::Connection connection(owner, 0ms);
        return *connection.run(query).first(
            [](const pg::Row& row) { return row.get<std::int64_t>("count"); });
    }
    void invite(const std::string& email, const std::string& role) {
        ASSERT_EQ(post("invitations", {{"email", email}, {"role", role}}).status, 201U);
    }

    std::unique_ptr<Oidc> by_it;
    std::unique_ptr<Desk> its_desk;
    std::unique_ptr<http::Router> its_router;
    std::string cookie;
};

constexpr pg::Query kPeople{"test.people", "SELECT count(*) AS count FROM accounts.person"};
constexpr pg::Query kIdentities{
    "test.identities", "SELECT count(*) AS count FROM accounts.identity"};
constexpr pg::Query kAttempts{
    "test.attempts", "SELECT count(*) AS count FROM accounts.provider_attempt"};
constexpr pg::Query kInvitations{
    "test.invitations", "SELECT count(*) AS count FROM accounts.invitation"};
/// The npm package `oidc-provider`.
class RealProviderTest : public ProviderTest {
  protected:
    static void SetUpTestSuite() { provider = std::make_unique<identity::RealProvider>(); }
    static void TearDownTestSuite() { provider.reset(); }

    RealProviderTest() {
        be_owner();
        clock.advance(SystemClock().now() - clock.now());  // The provider has no other.
        EXPECT_EQ(sign_in(owner_email, kPassword).status, 201U);
        sign_in_by(provider->issuer, "rs256");
    }
    std::string back_from(const std::string& url, const std::string& login) {
        return target_of(identity::RealProvider::browse(url, login));
    }

    static std::unique_ptr<identity::RealProvider> provider;
};
std::unique_ptr<identity::RealProvider> RealProviderTest::provider;

TEST_F(RealProviderTest, WhoIsInvitedComesInAndIsKnownAgain) {
    invite("Ana@plaza.example", "analyst");
    EXPECT_EQ(come_back(back_from(begin("?next=/reports?from=1"), "ana")), "/reports?from=1");
    const auto session = get("session");
    ASSERT_EQ(session.status, 200U);
    EXPECT_EQ(session.body.at("needs"), "nothing");
    EXPECT_EQ(session.body.at("user").at("name"), "Ana Ruiz");
    EXPECT_EQ(session.body.at("user").at("email"), "Ana@plaza.example");
    EXPECT_EQ(session.body.at("user").at("role"), "analyst");
    EXPECT_EQ(get("profile").body.at("has_password"), false);
    const auto person = text(session.body.at("user"), "id");
    EXPECT_EQ(count(kInvitations), 0);

    EXPECT_EQ(come_back(back_from(begin(), "ana")), "/");
    EXPECT_EQ(text(get("session").body.at("user"), "id"), person);
    EXPECT_EQ(count(kPeople), 2);
    EXPECT_EQ(count(kIdentities), 1);
    EXPECT_EQ(count(kAttempts), 0);
    // There is no password that would open instead.
    EXPECT_EQ(code(sign_in("ana@plaza.example", kPassword)), "wrong_password");
}

TEST_F(RealProviderTest, WhoIsNotInvitedDoesNotComeIn) {
    const auto house_id = text(get("session").body.at("companies").at(1), "company_id");
    EXPECT_EQ(come_back(back_from(begin(), "ana")), "/sign-in?error=sso_no_account");
    EXPECT_EQ(token, "");
    EXPECT_EQ(count(kPeople), 1);
    EXPECT_EQ(count(kIdentities), 0);
    const auto house = *CompanyId::parse(house_id);
    EXPECT_EQ(
        trail_of(house, "accounts.sign_in_failed"),
        std::vector<std::string>{"accounts.sign_in_failed  failure"});
}

TEST_F(RealProviderTest, AnEmailThatNobodyVerifiedOpensNothing) {
    invite("bob@plaza.example", "admin");
    join("eve@plaza.example", "admin");
    EXPECT_EQ(come_back(back_from(begin(), "bob")), "/sign-in?error=sso_no_account");
    EXPECT_EQ(come_back(back_from(begin(), "eve")), "/sign-in?error=sso_no_account");
    EXPECT_EQ(count(kIdentities), 0);
}

TEST_F(RealProviderTest, WhoIsKnownIsJoinedByAVerifiedEmail) {
    join("ana@plaza.example", "viewer");
    const auto ana = id_of("ana@plaza.example");
    EXPECT_EQ(come_back(back_from(begin(), "ana")), "/");
    EXPECT_EQ(text(get("session").body.at("user"), "id"), ana);
    EXPECT_EQ(count(kPeople), 2);
    EXPECT_EQ(count(kIdentities), 1);
}

TEST_F(RealProviderTest, WhatAnotherBrowserBeganOrWasUsedOrIsOldOpensNothing) {
    join("ana@plaza.example", "viewer");
    const auto back = back_from(begin(), "ana");
    const auto its_cookie = std::exchange(cookie, "");
    EXPECT_EQ(come_back(back), "/sign-in?error=sso_expired");
    begin();  // Another browser, which has begun its own.
    EXPECT_EQ(come_back(back), "/sign-in?error=sso_expired");
    EXPECT_EQ(token, "");
    cookie = its_cookie;
    EXPECT_EQ(come_back(back), "/");
    EXPECT_NE(token, "");
    EXPECT_EQ(come_back(back), "/sign-in?error=sso_expired");  // Used.
    const auto late = back_from(begin(), "ana");
    clock.advance(5min + 1s);
    EXPECT_EQ(come_back(late), "/sign-in?error=sso_expired");
    EXPECT_EQ(count(kIdentities), 1);
}

/// A provider that may be made to say anything, truly signed.
class AnyProviderTest : public ProviderTest {
  protected:
    AnyProviderTest() {
        at("/.well-known/openid-configuration", discovery);
        at("/jwks", jwks);
        provider.on_raw(http::verb::post, "/token", http::kOpen, [this](const http::Call&) {
            return Result<http::Reply>(http::bytes(
                200, "application/json",
                boost::json::serialize(object{
                    {"access_token", "at"}, {"id_token", keys_there.sign(said, "JWT").reveal()}})));
        });
        serving = std::make_unique<http::RunningServer>(http::ServerConfig{}, provider);
        issuer = "http://127.0.0.1:" + std::to_string(serving->port());
        discovery = {
            {"issuer", issuer},
            {"authorization_endpoint", issuer + "/auth"},
            {"token_endpoint", issuer + "/token"},
            {"jwks_uri", issuer + "/jwks"}};
        jwks = boost::json::parse(keys_there.jwks().text()).as_object();
        be_owner();
    }
    void at(const char* path, const object& document) {
        provider.on_raw(http::verb::get, path, http::kOpen, [&document](const http::Call&) {
            return Result<http::Reply>(
                http::bytes(200, "application/json", boost::json::serialize(document)));
        });
    }
    static std::string parameter(const std::string& url, const std::string& name) {
        const auto from = url.find(name + "=") + name.size() + 1;
        return url.substr(from, url.find('&', from) - from);
    }
    /// Where somebody is sent of whom the provider says that.
    std::string come_in(const std::string& subject, const std::string& email, object others = {}) {
        const auto url = begin();
        others["nonce"] = parameter(url, "nonce");
        others["email"] = email;
        others["email_verified"] = true;
        said = {
            .issuer = issuer,
            .audience = {"mobilytics"},
            .subject = subject,
            .issued_at = clock.now(),
            .expires_at = clock.now() + 5min,
            .others = std::move(others)};
        return come_back(
            "/api/v1/session/oidc/callback?code=c&session_state=x&state=" +
            parameter(url, "state"));
    }
    /// A second factor, for whoever is signed in.
    void set_up_codes() {
        ASSERT_EQ(post("profile/totp", {{"password", kPassword}}).status, 200U);
        constexpr pg::Query sealed{
            "test.sealed",
            "SELECT totp_pending_sealed, person_id FROM accounts.credential "
            "WHERE totp_pending_sealed IS NOT NULL"};
        pg::Connection connection(owner, 0ms);
        const auto row = *connection.run(sealed).first([](const pg::Row& one) {
            return std::pair(
                one.get<std::string>("totp_pending_sealed"), one.get<PersonId>("person_id"));
        });
        const auto secret = *seal.open(row.first, "totp " + row.second.uuid());
        const auto code = identity::totp_code(secret, identity::totp_step(clock.now()));
        ASSERT_EQ(ask(http::verb::put, "profile/totp", {{"code", code}}).status, 200U);
    }

    object discovery, jwks;
    identity::Claims said;
    identity::SigningKeys keys_there = identity::SigningKeys::make(clock.now());
    http::Router provider{[](const http::Shown&) -> Result<Caller> {
        return fail(ErrorKind::unauthenticated, "nobody", "nobody is known here");
    }};
    std::unique_ptr<http::RunningServer> serving;
    std::string issuer;
};

TEST_F(AnyProviderTest, WhoHasAnothersEmailThereLaterIsSomebodyElse) {
    sign_in_by(issuer, "mobilytics");
    join("ana@plaza.example", "viewer");
    EXPECT_EQ(come_in("ana", "ana@plaza.example"), "/");
    // The subject decides, whatever their e-mail is now.
    EXPECT_EQ(come_in("ana", "ana.ruiz@plaza.example"), "/");
    EXPECT_EQ(get("session").body.at("user").at("email"), "ana@plaza.example");
    EXPECT_EQ(come_in("another", "ana@plaza.example"), "/sign-in?error=sso_no_account");
    EXPECT_EQ(count(kIdentities), 1);
}

TEST_F(AnyProviderTest, OurSecondFactorIsAskedForUnlessTheProvidersCounts) {
    join("ana@plaza.example", "viewer");
    ASSERT_EQ(sign_in("ana@plaza.example", kPassword).status, 201U);
    set_up_codes();

    sign_in_by(issuer, "mobilytics");
    EXPECT_EQ(come_in("ana", "ana@plaza.example", {{"amr", {"pwd", "mfa"}}}), "/");
    EXPECT_EQ(get("session").body.at("needs"), "second_factor");
    EXPECT_EQ(code(get("people")), "second_factor_needed");

    sign_in_by(issuer, "mobilytics", true);
    EXPECT_EQ(come_in("ana", "ana@plaza.example", {{"amr", {"pwd"}}}), "/");
    EXPECT_EQ(get("session").body.at("needs"), "second_factor");
    EXPECT_EQ(come_in("ana", "ana@plaza.example", {{"amr", {"pwd", "mfa"}}}), "/");
    EXPECT_EQ(get("session").body.at("needs"), "nothing");
    EXPECT_EQ(
        come_in("ana", "ana@plaza.example", {{"acr", "https://example.org/two-factors"}}), "/");
    EXPECT_EQ(get("session").body.at("needs"), "nothing");
}

TEST_F(AnyProviderTest, WhatItSaysWronglyIsToldAsOneAndWhyIsLogged) {
    sign_in_by(issuer, "mobilytics");
    join("ana@plaza.example", "viewer");
    EXPECT_EQ(
        come_in("ana", "ana@plaza.example", {{"azp", "somebody else"}}),
        "/sign-in?error=sso_failed");
    keys_there = identity::SigningKeys::make(clock.now());  // Not those that it shows.
    EXPECT_EQ(come_in("ana", "ana@plaza.example"), "/sign-in?error=sso_failed");
    begin();
    EXPECT_EQ(
        come_back("/api/v1/session/oidc/callback?error=access_denied&state=x"),
        "/sign-in?error=sso_expired");
    const auto url = begin();
    EXPECT_EQ(
        come_back(
            "/api/v1/session/oidc/callback?error=access_denied&state=" + parameter(url, "state")),
        "/sign-in?error=sso_refused");
    EXPECT_EQ(token, "");
    EXPECT_EQ(count(kIdentities), 0);
}

TEST_F(AnyProviderTest, WhoBelongsToNoCompanyDoesNotComeIn) {
    sign_in_by(issuer, "mobilytics");
    join("ana@plaza.example", "viewer");
    const auto ana = id_of("ana@plaza.example");
    ASSERT_EQ(ask(http::verb::patch, "people/" + ana, {{"state", "suspended"}}).status, 200U);
    EXPECT_EQ(come_in("ana", "ana@plaza.example"), "/sign-in?error=no_company");
    EXPECT_EQ(token, "");
}

TEST_F(AnyProviderTest, AProviderThatIsNotThereIsToldOnTheSignInPage) {
    serving->stop();
    sign_in_by(issuer, "mobilytics");
    const auto reply = browser("/api/v1/session/oidc/start");
    EXPECT_EQ(reply.status, 302U);
    EXPECT_EQ(reply.headers.get("Location"), "/sign-in?error=sso_unavailable");
    EXPECT_EQ(reply.headers.count("Set-Cookie"), 0U);
}

TEST_F(AnyProviderTest, WhatBindsTheBrowserIsItsAlone) {
    sign_in_by(issuer, "mobilytics");
    const auto plain = browser("/api/v1/session/oidc/start");
    EXPECT_TRUE(plain.headers.get("Set-Cookie").starts_with("mobilytics_provider="));
    Sessions by_tls{ground, seal, proofs, {.secure = true, .provider = "Example"}};
    EXPECT_EQ(by_tls.sign_in_ways()->oidc, "Example");
    EXPECT_EQ(sessions.sign_in_ways()->oidc, std::nullopt);
    Oidc over{
        ground, seal, by_tls,
        Provider{
            .oidc = {
                .issuer = issuer,
                .client_id = "mobilytics",
                .client_secret = Secret<std::string>("s"),
                .redirect_uri = kCallbackUrl}}};
    http::Request request;
    const http::Call call{{company.id, Role::viewer}, {}, {}, nullptr, request};
    const auto reply = *over.start_oidc(call, {});
    const std::string set(reply.headers.get("Set-Cookie"));
    EXPECT_TRUE(set.starts_with("__Host-mobilytics_provider=")) << set;
    EXPECT_TRUE(set.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=300; Secure")) << set;
    // Nothing of what binds it is in a row.
    const auto value = set.substr(set.find('=') + 1, 43);
    const auto state = parameter(std::string(reply.headers.get("Location")), "state");
    const auto rows = all_rows();
    EXPECT_EQ(rows.find(value), rows.npos);
    EXPECT_EQ(rows.find(state), rows.npos);
}

TEST_F(DeskTest, WithoutAProviderNobodyIsSentToOne) {
    EXPECT_EQ(code(get("session/oidc/start")), "no_provider");
    EXPECT_EQ(code(get("session/oidc/callback?code=c&state=s")), "no_provider");
    EXPECT_FALSE(get("sign-in-ways").body.as_object().contains("oidc"));
}

TEST(OwnPlace, LeadsNowhereElse) {
    for (const char* good : {"/", "/reports?from=1&to=2", "/assets/asset_1#map"}) {
        EXPECT_EQ(own_place(good), good);
    }
    for (const char* bad :
         {"", "reports", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb",
          "/\tx", "javascript:alert(1)", "/a b", "/\xC3\xA4"}) {
        EXPECT_EQ(own_place(bad), "/") << bad;
    }
    EXPECT_EQ(own_place("/" + std::string(500, 'a')), "/");
}

}  // namespace
}  // namespace mobilytics::accounts
