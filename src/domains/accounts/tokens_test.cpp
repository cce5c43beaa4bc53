#include "domains/accounts/tokens.h"

#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"
#include "domains/accounts/token_store.h"
#include "platform/crypto/digest.h"
#include "platform/http/http_test.h"
#include "platform/identity/identity_test.h"
#include "platform/jobs/jobs_migrations.h"
#include "platform/jobs/workers.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;

constexpr const char* kIssuer = "https://mobilytics.example";

class TokensTest : public DeskTest {
  protected:
    TokensTest()
        : DeskTest(
              {pg::kMigrations, events::kMigrations, audit::kMigrations, jobs::kMigrations,
               kMigrations}) {}

    /// By whoever is signed in.
    std::string make(std::initializer_list<boost::json::value_ref> scopes) {
        const auto made = post("tokens", {{"scopes", boost::json::array(scopes)}});
        EXPECT_EQ(made.status, 201U) << boost::json::serialize(made.body);
        return text(made.body, "token");
    }
    http::Reply get_by(const std::string& shown, const std::string& path) {
        const auto mine = std::exchange(token, shown);
        auto reply = get(path);
        token = mine;
        return reply;
    }
    http::Reply post_by(
        const std::string& shown, const std::string& path, const boost::json::value& body) {
        const auto mine = std::exchange(token, shown);
        auto reply = post(path, body);
        token = mine;
        return reply;
    }
    std::string refusal(const std::string& shown, const std::string& path = "people") {
        const auto reply = get_by(shown, path);
        return std::to_string(reply.status) + " " + code(reply);
    }
    std::string make_key(
        const std::string& role, std::initializer_list<boost::json::value_ref> scopes) {
        const auto made = post(
            "api-keys",
            {{"name", "a key"}, {"role", role}, {"scopes", boost::json::array(scopes)}});
        EXPECT_EQ(made.status, 201U) << boost::json::serialize(made.body);
        key_id = text(made.body.at("key"), "id");
        return text(made.body, "secret");
    }
    identity::SigningKeys keys_now() {
        auto tx = pool.begin(CompanyId());
        return *identity::SigningKeys::open(*select_signing_keys(tx), seal);
    }
    /// As Tokens makes them for this session, but for what a test says otherwise.
    identity::Claims claims() {
        return {
            .issuer = kIssuer,
            .audience = {"api"},
            .subject = text(get("session").body.at("user"), "id"),
            .issued_at = clock.now(),
            .expires_at = clock.now() + 15min,
            .others = {
                {"client_id", text(get("session").body, "id")},
                {"company", company.id.str()},
                {"scope", "people:read"}}};
    }
    std::string signed_by(const identity::SigningKeys& keys, const identity::Claims& its) {
        return keys.sign(its, "at+jwt").reveal();
    }

    std::string key_id;
};

TEST_F(TokensTest, ATokenMayWhatItsScopesSayAndNoMore) {
    be_owner();
    const auto jwt = make({"people:read", "contacts:*", "session:read", "api_keys:write"});
    EXPECT_EQ(get_by(jwt, "people").status, 200U);
    EXPECT_EQ(post_by(jwt, "contacts", {{"name", "Ana"}}).status, 201U);
    EXPECT_EQ(refusal(jwt, "company"), "403 scope_missing");
    // What a person does themselves, or what would open when it no longer does.
    EXPECT_EQ(refusal(jwt, "session"), "403 role_not_enough");
    const boost::json::value key{{"name", "k"}, {"role", "viewer"}, {"scopes", {"people:read"}}};
    EXPECT_EQ(code(post_by(jwt, "api-keys", key)), "not_by_a_token");
    const boost::json::value more{{"scopes", {"people:read"}}};
    EXPECT_EQ(code(post_by(jwt, "tokens", more)), "not_by_a_token");
    EXPECT_EQ(get("api-keys").body.at("items").as_array().size(), 0U);
    // Who did it is who gave it out.
    const auto me = text(get("session").body.at("user"), "id");
    EXPECT_EQ(
        trail_of(company.id, "accounts.contact_added"),
        std::vector<std::string>{"accounts.contact_added " + me + " success"});
    EXPECT_EQ(
        trail_of(company.id, "accounts.token_made"),
        std::vector<std::string>{"accounts.token_made " + me + " success"});
}

TEST_F(TokensTest, NobodyGivesATokenMoreThanTheyHave) {
    be_owner();
    const auto limited = make_key("admin", {"contacts:read", "tokens:write"});
    const auto mute = make_key("admin", {"contacts:read"});
    EXPECT_EQ(code(post_by(limited, "tokens", {{"scopes", {"people:read"}}})), "scope_above_own");
    EXPECT_EQ(code(post_by(limited, "tokens", {{"scopes", {"*:read"}}})), "scope_above_own");
    EXPECT_EQ(code(post_by(mute, "tokens", {{"scopes", {"contacts:read"}}})), "scope_missing");
    EXPECT_EQ(code(post_by(limited, "tokens", {{"scopes", {"people"}}})), "bad_permission");
    EXPECT_EQ(
        post_by(limited, "tokens", {{"scopes", {"contacts:read"}}, {"minutes", 16}}).status, 422U);
    const auto made = post_by(limited, "tokens", {{"scopes", {"contacts:read"}}});
    ASSERT_EQ(made.status, 201U);
    EXPECT_EQ(text(made.body, "audience"), "api");
    EXPECT_EQ(text(made.body, "expires_at"), to_iso8601(clock.now() + 15min));
    EXPECT_EQ(get_by(text(made.body, "token"), "contacts").status, 200U);
    EXPECT_EQ(refusal(text(made.body, "token")), "403 scope_missing");
    // A role that becomes less, becomes less for its tokens as well.
    join("ana@example.com", "admin");
    const auto mine = token;
    const auto ana = id_of("ana@example.com");
    ASSERT_EQ(sign_in("ana@example.com", kPassword).status, 201U);
    const auto hers = make({"invitations:read"});
    EXPECT_EQ(get_by(hers, "invitations").status, 200U);
    token = mine;
    ASSERT_EQ(ask(http::verb::patch, "people/" + ana, {{"role", "viewer"}}).status, 200U);
    EXPECT_EQ(refusal(hers, "invitations"), "403 role_not_enough");
}

TEST_F(TokensTest, ATokenDiesAtOnceWithWhatGaveItOut) {
    be_owner();
    join("ana@example.com", "admin");
    const auto ana = id_of("ana@example.com");
    const auto mine = token;

    ASSERT_EQ(sign_in("ana@example.com", kPassword).status, 201U);
    const auto of_session = make({"people:read"});
    EXPECT_EQ(get_by(of_session, "people").status, 200U);
    ASSERT_EQ(ask(http::verb::delete_, "session").status, 204U);
    EXPECT_EQ(refusal(of_session), "401 no_session");

    ASSERT_EQ(sign_in("ana@example.com", kPassword).status, 201U);
    const auto of_member = make({"people:read"});
    token = mine;
    ASSERT_EQ(ask(http::verb::patch, "people/" + ana, {{"state", "suspended"}}).status, 200U);
    EXPECT_EQ(refusal(of_member), "401 no_session");

    const auto of_key = text(
        post_by(
            make_key("viewer", {"*:read", "tokens:write"}), "tokens", {{"scopes", {"people:read"}}})
            .body,
        "token");
    EXPECT_EQ(get_by(of_key, "people").status, 200U);
    ASSERT_EQ(ask(http::verb::delete_, "api-keys/" + key_id).status, 204U);
    EXPECT_EQ(refusal(of_key), "401 no_session");

    // Of one company, and of no other that its person goes to.
    const auto of_company = make({"people:read"});
    EXPECT_EQ(get_by(of_company, "people").status, 200U);
    const auto house = text(get("session").body.at("companies").at(1), "company_id");
    ASSERT_EQ(ask(http::verb::put, "session/company", {{"company_id", house}}).status, 200U);
    EXPECT_EQ(refusal(of_company), "401 no_session");
}

TEST_F(TokensTest, AKeysNetworksAreItsTokensToo) {
    be_owner();
    const auto made = post(
        "api-keys", {{"name", "k"},
                     {"role", "viewer"},
                     {"scopes", {"*:read", "tokens:write"}},
                     {"networks", {"192.0.2.0/24"}}});
    const auto jwt = text(
        post_by(text(made.body, "secret"), "tokens", {{"scopes", {"people:read"}}}).body, "token");
    EXPECT_EQ(get_by(jwt, "people").status, 200U);
    address = "198.51.100.1";
    EXPECT_EQ(refusal(jwt), "403 address_not_allowed");
}

TEST_F(TokensTest, ATokenOpensOnlyInItsTime) {
    be_owner();
    const auto jwt = make({"people:read"});
    clock.advance(15min);
    EXPECT_EQ(get_by(jwt, "people").status, 200U);  // Clocks differ by some seconds.
    clock.advance(6s);
    EXPECT_EQ(refusal(jwt), "401 token_expired");
    auto early = claims();
    early.not_before = clock.now() + 10s;
    EXPECT_EQ(refusal(signed_by(keys_now(), early)), "401 token_not_yet");
    const auto made = post("tokens", {{"scopes", {"people:read"}}, {"minutes", 1}});
    clock.advance(66s);
    EXPECT_EQ(refusal(text(made.body, "token")), "401 token_expired");
}

TEST_F(TokensTest, WhatIsNotOursOpensNothing) {
    be_owner();
    const auto keys = keys_now();
    EXPECT_EQ(get_by(signed_by(keys, claims()), "people").status, 200U);

    auto other = claims();
    other.audience = {"https://other.example"};
    EXPECT_EQ(refusal(signed_by(keys, other)), "401 wrong_audience");
    other = claims();
    other.issuer = "https://other.example";
    EXPECT_EQ(refusal(signed_by(keys, other)), "401 wrong_issuer");
    // Of another installation: a key that is not known here, or of the same name.
    EXPECT_EQ(
        refusal(signed_by(identity::SigningKeys::make(clock.now()), claims())), "401 unknown_key");
    // An ID token is no access token.
    EXPECT_EQ(refusal(keys.sign(claims(), "JWT").reveal()), "401 bad_token");
    // Of a session that is somebody else's.
    other = claims();
    other.subject = PersonId::fresh(clock.now()).str();
    EXPECT_EQ(refusal(signed_by(keys, other)), "401 no_session");
    other = claims();
    other.others["company"] = CompanyId::fresh(clock.now()).str();
    EXPECT_EQ(refusal(signed_by(keys, other)), "401 no_session");

    // RFC 8725, 2.1: another algorithm than the key's.
    const auto good = signed_by(keys, claims());
    const auto body = good.substr(good.find('.'), good.rfind('.') - good.find('.'));
    const auto kid = keys.keys().front().id;
    for (const char* algorithm : {"none", "HS256", "RS256", "ES384", "EdDSA"}) {
        const auto header = crypto::to_base64url(boost::json::serialize(
            boost::json::object{{"alg", algorithm}, {"kid", kid}, {"typ", "at+jwt"}}));
        const auto signature = std::string_view(algorithm) == "none"
                                   ? std::string()
                                   : good.substr(good.rfind('.') + 1);
        const auto refused = get_by(header + body + "." + signature, "people");
        EXPECT_EQ(refused.status, 401U) << algorithm;
    }
    // In a cookie it is nothing.
    http::Request request{.method = http::verb::get, .target = "/api/v1/people"};
    request.headers.add("Cookie", "mobilytics_session=" + good);
    EXPECT_EQ(router.handle(std::move(request)).status, 401U);
}

TEST_F(TokensTest, AnEmbedReadsReportsAndAssetsAsAViewer) {
    be_owner();
    const auto ask_for = [this](const char* scope) {
        return post("tokens", {{"scopes", {scope}}, {"audience", "embed"}});
    };
    EXPECT_EQ(code(ask_for("people:read")), "not_for_embeds");
    EXPECT_EQ(code(ask_for("*:read")), "not_for_embeds");
    const auto made = ask_for("reports:read");
    ASSERT_EQ(made.status, 201U);
    const auto caller = its_tokens.authenticate(text(made.body, "token"), "192.0.2.7");
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->role, Role::viewer);
    EXPECT_EQ(texts_of(*caller->scopes), std::vector<std::string>{"reports:read"});
    EXPECT_TRUE(caller->by_token);
    EXPECT_EQ(refusal(text(made.body, "token")), "403 scope_missing");
    const auto house = text(get("session").body.at("companies").at(1), "company_id");
    ASSERT_EQ(ask(http::verb::put, "session/company", {{"company_id", house}}).status, 200U);
    EXPECT_EQ(code(ask_for("reports:read")), "not_for_embeds");
}

TEST_F(TokensTest, AKeyIsShownADayBeforeItSignsAndTwoHoursAfter) {
    be_owner();
    metrics::Registry registry;
    jobs::Workers workers({pool, system, as("mobilytics_system"), clock, registry});
    serve_signing_keys(workers, seal, clock);
    workers.run_due();
    const auto first = keys_now();
    const auto shown = [this] {
        http::Request request{.method = http::verb::get, .target = "/.well-known/jwks.json"};
        const auto reply = router.handle(std::move(request));
        EXPECT_EQ(reply.status, 200U);
        EXPECT_EQ(reply.headers.get("Cache-Control"), "public, max-age=3600");
        EXPECT_EQ(reply.content->type, "application/jwk-set+json");
        std::vector<std::string> ids;
        const auto keys = *identity::Jwks::parse(std::get<std::string>(reply.content->bytes));
        for (const auto& key : keys.keys()) ids.push_back(key.id);
        EXPECT_EQ(std::get<std::string>(reply.content->bytes).find("\"d\""), std::string::npos);
        return ids;
    };
    const auto before = shown();
    EXPECT_EQ(before.size(), 2U);  // The one that signs, and the next.

    for (int day = 0; day < 30; ++day) {
        clock.advance(24h);
        workers.run_due();
    }
    const auto after = keys_now();
    EXPECT_EQ(after.keys().front().id, first.keys().at(1).id);  // It has been shown for a month.
    EXPECT_EQ(after.keys().size(), 3U);
    // A process that has not read them yet signs with the one before, and both are taken.
    token.clear();
    ASSERT_EQ(sign_in(owner_email, kPassword).status, 201U);
    const auto by_old = signed_by(first, claims());
    const auto by_new = signed_by(after, claims());
    EXPECT_EQ(get_by(by_old, "people").status, 200U);
    EXPECT_EQ(get_by(by_new, "people").status, 200U);
    clock.advance(61s);
    EXPECT_EQ(shown().size(), 3U);
    clock.advance(3h);
    workers.run_due();
    clock.advance(61s);
    EXPECT_EQ(shown().size(), 2U);
    EXPECT_EQ(refusal(signed_by(first, claims())), "401 unknown_key");

    // Kept sealed: no part of a private key is in any row.
    const auto rows = all_rows();
    EXPECT_EQ(rows.find("PRIVATE KEY"), rows.npos);
    EXPECT_EQ(rows.find(after.keys().front().pem.reveal().substr(40, 40)), rows.npos);
}

TEST_F(TokensTest, AKeyThatIsNotKnownIsLookedForEveryFewSecondsAndNoMore) {
    be_owner();
    int reads = 0;
    identity::SharedKeys keys(
        [&] {
            ++reads;
            return keys_now();
        },
        clock);
    const identity::JwtRules rules{.issuer = kIssuer, .audience = "api", .types = {"at+jwt"}};
    const auto stranger = signed_by(identity::SigningKeys::make(clock.now()), claims());
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(keys.verify(stranger, rules).error().code, "unknown_key");
    }
    EXPECT_EQ(reads, 1);
    clock.advance(6s);
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(keys.verify(stranger, rules));
    EXPECT_EQ(reads, 2);
    EXPECT_TRUE(keys.verify(signed_by(keys_now(), claims()), rules));
    clock.advance(61s);
    EXPECT_EQ(keys.get()->keys().size(), 2U);
    EXPECT_EQ(reads, 3);
}

TEST_F(TokensTest, AllTokensOfOneCountTogether) {
    be_owner();
    http::Router counted{
        [this](const http::Shown& shown) { return authenticate(accounts, its_tokens, shown); },
        http::RouterConfig{.clock = &clock, .rate_of_identity = http::Rate{3, 60s}}};
    mount(counted, desk);
    std::vector<unsigned> statuses;
    for (int i = 0; i < 4; ++i) {
        http::Request request{.method = http::verb::get, .target = "/api/v1/people"};
        request.headers.add("Authorization", "Bearer " + make({"people:read"}));
        statuses.push_back(counted.handle(std::move(request)).status);
    }
    EXPECT_EQ(statuses, (std::vector<unsigned>{200, 200, 200, 429}));
}

/// The npm package `jose` fetches our keys over HTTP, and says what our token says.
TEST_F(TokensTest, JoseVerifiesOurTokenWithTheKeysThatWeServe) {
    be_owner();
    const http::RunningServer server({}, router);
    const auto made = post("tokens", {{"scopes", {"people:read", "contacts:read"}}});
    boost::json::object asked{
        {"token", made.body.at("token")},
        {"jwks_uri",
         "http://127.0.0.1:" + std::to_string(server.port()) + "/.well-known/jwks.json"},
        {"issuer", kIssuer},
        {"audience", "api"},
        {"typ", "at+jwt"},
        {"now", std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count()}};
    const auto said = identity::said_by_jose("verify_remote", asked);
    ASSERT_TRUE(said.contains("scope")) << boost::json::serialize(said);
    EXPECT_EQ(said.at("scope"), "people:read contacts:read");
    EXPECT_EQ(text(said, "company"), company.id.str());
    EXPECT_EQ(said.at("exp").as_int64() - said.at("iat").as_int64(), 900);
    asked["audience"] = "embed";
    EXPECT_EQ(
        identity::said_by_jose("verify_remote", asked).at("error"),
        "ERR_JWT_CLAIM_VALIDATION_FAILED");
    asked["audience"] = "api";
    asked["token"] = signed_by(identity::SigningKeys::make(clock.now()), claims());
    EXPECT_EQ(
        identity::said_by_jose("verify_remote", asked).at("error"), "ERR_JWKS_NO_MATCHING_KEY");
}

}  // namespace
}  // namespace mobilytics::accounts
