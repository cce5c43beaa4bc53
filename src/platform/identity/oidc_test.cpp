#include "platform/identity/oidc.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <boost/url/parse.hpp>
#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "platform/crypto/digest.h"
#include "platform/http/server.h"
#include "platform/identity/jwt.h"
#include "platform/identity/oidc_provider_test.h"

namespace mobilytics::identity {
namespace {

using boost::json::object;

constexpr const char* kCallback = "http://127.0.0.1/callback";

std::string parameter(const std::string& url, std::string_view name) {
    const auto read = boost::urls::parse_uri(url);
    for (const auto& one : read->params()) {
        if (one.key == name) return std::string(one.value);
    }
    return "";
}

OidcCallback callback_of(const std::string& url) {
    return {
        .code = parameter(url, "code"),
        .state = parameter(url, "state"),
        .issuer = parameter(url, "iss"),
        .error = parameter(url, "error"),
        .error_description = parameter(url, "error_description")};
}

class OidcWithARealProviderTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { provider = std::make_unique<RealProvider>(); }
    static void TearDownTestSuite() { provider.reset(); }

    static OidcConfig config(const char* client) {
        return {
            .issuer = provider->issuer,
            .client_id = client,
            .client_secret = Secret<std::string>("a secret with spaces & signs: +/%"),
            .redirect_uri = kCallback,
            .authentication = std::string_view(client) == "es256"
                                  ? ClientAuthentication::client_secret_post
                                  : ClientAuthentication::client_secret_basic};
    }

    static std::unique_ptr<RealProvider> provider;
    const SystemClock clock;
};
std::unique_ptr<RealProvider> OidcWithARealProviderTest::provider;

TEST_F(OidcWithARealProviderTest, SomebodySignsIn) {
    for (const char* name : {"rs256", "es256", "eddsa"}) {
        OidcClient client(config(name), clock);
        const auto before = clock.now() - std::chrono::seconds(2);
        const auto start = client.begin();
        ASSERT_TRUE(start) << name << start.error().message;
        const auto back = RealProvider::browse(start->url, "ana");
        ASSERT_TRUE(back.starts_with(kCallback)) << back;
        const auto person = client.finish(start->attempt, callback_of(back));
        ASSERT_TRUE(person) << name << person.error().code << person.error().message;
        EXPECT_EQ(person->issuer, provider->issuer);
        EXPECT_EQ(person->subject, "ana");
        EXPECT_EQ(person->email, "ana@plaza.example");
        EXPECT_TRUE(person->email_verified);
        EXPECT_EQ(person->name, "Ana Ruiz");
        EXPECT_GE(person->signed_in_at, before);
        EXPECT_LE(person->signed_in_at, clock.now() + std::chrono::seconds(2));
        // A code opens once.
        const auto again = client.finish(start->attempt, callback_of(back));
        EXPECT_EQ(again.error().code, "refused_by_provider");
    }
}

TEST_F(OidcWithARealProviderTest, AnEmailThatNobodyVerifiedIsToldAsSuch) {
    OidcClient client(config("rs256"), clock);
    const auto start = *client.begin();
    const auto person =
        client.finish(start.attempt, callback_of(RealProvider::browse(start.url, "bob")));
    ASSERT_TRUE(person);
    EXPECT_EQ(person->email, "bob@plaza.example");
    EXPECT_FALSE(person->email_verified);
}

TEST_F(OidcWithARealProviderTest, AnotherBrowsersAnswerOpensNothing) {
    OidcClient client(config("rs256"), clock);
    const auto start = *client.begin();
    const auto mine = *client.begin();
    const auto back = callback_of(RealProvider::browse(start.url, "ana"));
    EXPECT_EQ(client.finish(mine.attempt, back).error().code, "wrong_state");
    auto forged = back;
    forged.state = mine.attempt.state.reveal();
    // Its verifier is not that of the code.
    EXPECT_EQ(client.finish(mine.attempt, forged).error().code, "refused_by_provider");
}

TEST_F(OidcWithARealProviderTest, AWrongSecretIsTheOperatorsMatter) {
    auto wrong = config("rs256");
    wrong.client_secret = Secret<std::string>("another");
    OidcClient client(wrong, clock);
    const auto start = *client.begin();
    const auto refused =
        client.finish(start.attempt, callback_of(RealProvider::browse(start.url, "ana")));
    EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(refused.error().code, "provider_unavailable");
}

Result<Caller> nobody(std::string_view) {
    return fail(ErrorKind::unauthenticated, "nobody", "nobody is known here");
}

/// A provider that may be made to say anything, truly signed.
class OidcTest : public testing::Test {
  protected:
    OidcTest() {
        may_look.lock();
        answer("/.well-known/openid-configuration", discovery, discoveries);
        answer("/jwks", jwks, key_fetches);
        answer("/userinfo", userinfo, userinfos);
        router.on_raw(http::verb::post, "/token", http::kOpen, [this](const http::Call& call) {
            const std::scoped_lock lock(may_look);
            asked_for_token = call.request.body;
            return Result<http::Reply>(
                http::bytes(token_status, "application/json", boost::json::serialize(tokens)));
        });
        server.emplace(http::ServerConfig{.port = 0}, router);
        thread = std::thread([this] { server->run(); });
        issuer = "http://127.0.0.1:" + std::to_string(server->port());
        discovery = {
            {"issuer", issuer},
            {"authorization_endpoint", issuer + "/auth?tenant=1"},
            {"token_endpoint", issuer + "/token"},
            {"jwks_uri", issuer + "/jwks"},
            {"userinfo_endpoint", issuer + "/userinfo"}};
        jwks = boost::json::parse(keys.jwks().text()).as_object();
        config = {
            .issuer = issuer,
            .client_id = "mobilytics",
            .client_secret = Secret<std::string>("s"),
            .redirect_uri = kCallback};
    }
    ~OidcTest() override {
        may_look.unlock();
        server->stop();
        thread.join();
    }

    void answer(const char* path, const object& with, std::atomic<int>& count) {
        router.on_raw(http::verb::get, path, http::kOpen, [this, &with, &count](const http::Call&) {
            const std::scoped_lock lock(may_look);
            ++count;
            return Result<http::Reply>(http::bytes(
                with.empty() ? 503 : 200, "application/json", boost::json::serialize(with)));
        });
    }

    Result<OidcClient::Start> begin() {
        const Listening listening(may_look);
        return client->begin();
    }
    Result<OidcPerson> finish(const OidcAttempt& attempt, const OidcCallback& back) {
        const Listening listening(may_look);
        return client->finish(attempt, back);
    }

    Claims claims(const OidcAttempt& attempt) const {
        return {
            .issuer = issuer,
            .audience = {"mobilytics"},
            .subject = "ana",
            .issued_at = clock.now(),
            .expires_at = clock.now() + std::chrono::minutes(5),
            .others = {
                {"nonce", attempt.nonce.reveal()},
                {"email", "ana@plaza.example"},
                {"email_verified", true},
                {"amr", {"pwd", "mfa"}}}};
    }
    /// What comes of a sign-in, where the provider's token is changed before it is signed.
    template <class Change>
    Result<OidcPerson> finished(Change change) {
        const auto start = begin();
        if (!start) return tl::unexpected(start.error());
        auto said = claims(start->attempt);
        change(said);
        tokens = {{"id_token", keys.sign(said, "JWT").reveal()}, {"access_token", "at"}};
        return finish(start->attempt, {.code = "c", .state = start->attempt.state.reveal()});
    }
    template <class Change>
    std::string refused(Change change) {
        const auto person = finished(change);
        return person ? "" : person.error().code;
    }

    /// While it lives, the provider may look at what it is to say.
    class Listening {
      public:
        explicit Listening(std::mutex& its) : its_(its) { its_.unlock(); }
        ~Listening() { its_.lock(); }
        Listening(const Listening&) = delete;
        Listening& operator=(const Listening&) = delete;

      private:
        std::mutex& its_;
    };
    std::mutex may_look;  // Held by the test, but when it listens.

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    SigningKeys keys = SigningKeys::make(clock.now());
    http::Router router{nobody};
    std::optional<http::Server> server;
    std::thread thread;
    std::string issuer, asked_for_token;
    object discovery, jwks, userinfo, tokens;
    int token_status = 200;
    std::atomic<int> discoveries = 0, key_fetches = 0, userinfos = 0;
    OidcConfig config;
    std::optional<OidcClient> client;
};

TEST_F(OidcTest, TheBrowserIsSentWithEverythingThatBindsTheAnswer) {
    client.emplace(config, clock);
    const auto start = *begin();
    const auto& url = start.url;
    EXPECT_TRUE(url.starts_with(issuer + "/auth?tenant=1&response_type=code&")) << url;
    EXPECT_EQ(parameter(url, "client_id"), "mobilytics");
    EXPECT_EQ(parameter(url, "redirect_uri"), kCallback);
    EXPECT_EQ(parameter(url, "scope"), "openid email profile");
    EXPECT_EQ(parameter(url, "state"), start.attempt.state.reveal());
    EXPECT_EQ(parameter(url, "nonce"), start.attempt.nonce.reveal());
    EXPECT_EQ(parameter(url, "code_challenge_method"), "S256");
    const auto digest = crypto::sha256(start.attempt.verifier.reveal());
    EXPECT_EQ(
        parameter(url, "code_challenge"),
        crypto::to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()}));
    EXPECT_EQ(start.attempt.state.reveal().size(), 43U);
    const auto other = *begin();
    EXPECT_NE(other.attempt.state.reveal(), start.attempt.state.reveal());
    EXPECT_NE(other.attempt.nonce.reveal(), start.attempt.nonce.reveal());
    EXPECT_NE(other.attempt.verifier.reveal(), start.attempt.verifier.reveal());
}

TEST_F(OidcTest, ATokenThatIsNotForThisSignInIsRefused) {
    client.emplace(config, clock);
    const auto person = finished([](Claims&) {});
    ASSERT_TRUE(person) << person.error().message;
    EXPECT_EQ(person->email, "ana@plaza.example");
    EXPECT_EQ(person->methods, (std::vector<std::string>{"pwd", "mfa"}));
    EXPECT_EQ(userinfos, 0);
    EXPECT_NE(
        asked_for_token.find("&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&"),
        std::string::npos);

    using std::chrono::seconds;
    const auto now = clock.now();
    EXPECT_EQ(refused([](Claims& c) { c.others["nonce"] = "x"; }), "wrong_nonce");
    EXPECT_EQ(refused([](Claims& c) { c.others.erase("nonce"); }), "wrong_nonce");
    EXPECT_EQ(refused([](Claims& c) { c.issuer = "https://evil.example"; }), "wrong_issuer");
    EXPECT_EQ(refused([](Claims& c) { c.audience = {"other"}; }), "wrong_audience");
    EXPECT_EQ(refused([](Claims& c) { c.audience = {"mobilytics", "other"}; }), "bad_token");
    EXPECT_EQ(refused([](Claims& c) { c.others["azp"] = "other"; }), "bad_token");
    EXPECT_EQ(refused([](Claims& c) { c.others["azp"] = "mobilytics"; }), "");
    EXPECT_EQ(
        refused([](Claims& c) {
            c.audience = {"mobilytics", "other"};
            c.others["azp"] = "mobilytics";
        }),
        "");
    EXPECT_EQ(refused([&](Claims& c) { c.expires_at = now - seconds(60); }), "token_expired");
    EXPECT_EQ(refused([&](Claims& c) { c.issued_at = now + seconds(61); }), "token_not_yet");
    EXPECT_EQ(refused([](Claims& c) { c.subject = ""; }), "bad_token");
    EXPECT_EQ(refused([](Claims& c) { c.others["at_hash"] = "x"; }), "bad_token");
    const auto digest = crypto::sha256("at");
    const auto half =
        crypto::to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size() / 2});
    EXPECT_EQ(refused([&](Claims& c) { c.others["at_hash"] = half; }), "");
}

TEST_F(OidcTest, NoCharacterOfATokenMayBeAnother) {
    client.emplace(config, clock);
    const auto start = *begin();
    const auto token = keys.sign(claims(start.attempt), "JWT").reveal();
    const OidcCallback back{.code = "c", .state = start.attempt.state.reveal()};
    for (std::size_t at = 0; at < token.size(); at += 7) {
        auto bent = token;
        bent[at] = bent[at] == 'A' ? 'B' : 'A';
        tokens = {{"id_token", bent}};
        const auto person = finish(start.attempt, back);
        ASSERT_FALSE(person) << at;
        EXPECT_EQ(person.error().kind, ErrorKind::unauthenticated);
    }
    tokens = {{"id_token", token}};
    EXPECT_TRUE(finish(start.attempt, back));
}

TEST_F(OidcTest, NewKeysAreFetchedOnceAMinuteAtMost) {
    client.emplace(config, clock);
    EXPECT_EQ(refused([](Claims&) {}), "");
    EXPECT_EQ(refused([](Claims&) {}), "");
    EXPECT_EQ(discoveries, 1);
    EXPECT_EQ(key_fetches, 1);
    keys = SigningKeys::make(clock.now());
    EXPECT_EQ(refused([](Claims&) {}), "unknown_key");
    EXPECT_EQ(key_fetches, 1);
    clock.advance(std::chrono::seconds(60));
    jwks = boost::json::parse(keys.jwks().text()).as_object();
    EXPECT_EQ(refused([](Claims&) {}), "");
    EXPECT_EQ(key_fetches, 2);
    clock.advance(std::chrono::minutes(60));
    EXPECT_EQ(refused([](Claims&) {}), "");
    EXPECT_EQ(discoveries, 2);
    EXPECT_EQ(key_fetches, 3);
}

TEST_F(OidcTest, WhoItIsMayBeToldApart) {
    client.emplace(config, clock);
    const auto without_email = [](Claims& c) { c.others.erase("email"); };
    userinfo = {
        {"sub", "ana"}, {"email", "a@b.example"}, {"email_verified", "true"}, {"name", "Ana"}};
    const auto person = finished(without_email);
    ASSERT_TRUE(person);
    EXPECT_EQ(person->email, "a@b.example");
    EXPECT_TRUE(person->email_verified);
    EXPECT_EQ(person->name, "Ana");
    userinfo["email_verified"] = "yes";
    EXPECT_FALSE(finished(without_email)->email_verified);
    userinfo["sub"] = "bob";
    EXPECT_EQ(refused(without_email), "bad_token");
    userinfo = {};
    EXPECT_EQ(refused(without_email), "provider_unavailable");
}

TEST_F(OidcTest, WhatTheProviderRefusesIsToldInItsWords) {
    client.emplace(config, clock);
    const auto start = *begin();
    const OidcCallback denied{
        .state = start.attempt.state.reveal(),
        .error = "access_denied",
        .error_description = "not\ntoday"};
    const auto refused_there = finish(start.attempt, denied);
    EXPECT_EQ(refused_there.error().code, "refused_by_provider");
    EXPECT_EQ(refused_there.error().message, "the provider refused: access_denied nottoday");
    EXPECT_EQ(finish({}, {}).error().code, "wrong_state");

    const OidcCallback back{.code = "c", .state = start.attempt.state.reveal()};
    tokens = {{"error", "invalid_grant"}};
    token_status = 400;
    EXPECT_EQ(finish(start.attempt, back).error().code, "refused_by_provider");
    tokens = {{"error", "invalid_client"}};
    EXPECT_EQ(finish(start.attempt, back).error().code, "provider_unavailable");
    token_status = 200;
    tokens = {};
    EXPECT_EQ(finish(start.attempt, back).error().code, "provider_unavailable");
    auto mixed_up = back;
    mixed_up.issuer = "https://evil.example";
    EXPECT_EQ(finish(start.attempt, mixed_up).error().code, "wrong_issuer");
}

TEST_F(OidcTest, AProviderThatTellsItsNameMustAlwaysTellIt) {
    discovery["authorization_response_iss_parameter_supported"] = true;
    client.emplace(config, clock);
    const auto start = *begin();
    OidcCallback back{.code = "c", .state = start.attempt.state.reveal()};
    EXPECT_EQ(finish(start.attempt, back).error().code, "wrong_issuer");
}

TEST_F(OidcTest, AProviderThatCannotBeUsedIsToldAndNotAskedAtOnceAgain) {
    const auto good = discovery;
    const auto begun = [&](auto change) {
        client.emplace(config, clock);
        discovery = good;
        change(discovery);
        const auto start = begin();
        return start ? "" : start.error().code;
    };
    EXPECT_EQ(begun([](object&) {}), "");
    EXPECT_EQ(
        begun([](object& d) { d["issuer"] = "https://evil.example"; }), "provider_unavailable");
    for (const char* name :
         {"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"}) {
        for (const char* bad :
             {"http://id.example/x", "file:///etc/passwd", "https://a@id.example/", "x",
              "http://127.0.0.1.evil.example/", "http://127.0.0.1evil.example/",
              "https://id.example/a\r\nSet-Cookie: a=b", "//id.example/x", "https://id.example/#x",
              "https://@id.example/"}) {
            EXPECT_EQ(begun([&](object& d) { d[name] = bad; }), "provider_unavailable")
                << name << bad;
        }
    }
    EXPECT_EQ(begun([](object& d) { d.erase("jwks_uri"); }), "provider_unavailable");
    EXPECT_EQ(begun([](object& d) { d.clear(); }), "provider_unavailable");
    const int asked = discoveries;
    discovery = good;
    EXPECT_FALSE(begin());
    EXPECT_EQ(discoveries, asked);
    clock.advance(std::chrono::seconds(5));
    EXPECT_TRUE(begin());
    EXPECT_EQ(discoveries, asked + 1);
}

TEST_F(OidcTest, AnAddressThatIsNotSafeStopsTheStart) {
    for (const char* bad : {"http://id.example", "id.example", "ftp://id.example", ""}) {
        auto wrong = config;
        wrong.issuer = bad;
        EXPECT_THROW(OidcClient(wrong, clock), std::invalid_argument) << bad;
        wrong = config;
        wrong.redirect_uri = bad;
        EXPECT_THROW(OidcClient(wrong, clock), std::invalid_argument) << bad;
    }
    auto nobody_there = config;
    nobody_there.issuer = "http://127.0.0.1:1";
    OidcClient alone(nobody_there, clock);
    EXPECT_EQ(alone.begin().error().code, "provider_unavailable");
}

}  // namespace
}  // namespace mobilytics::identity
