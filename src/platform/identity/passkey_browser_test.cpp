// Passkeys with a real browser: Chromium and its virtual authenticator, on a page that we serve.

#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "platform/http/server.h"
#include "platform/identity/identity_test.h"
#include "platform/identity/passkey.h"

namespace mobilytics::identity {
namespace {

constexpr const char* kPage = R"html(<!doctype html><title>Passkeys</title><script>
const ask = async (path) => (await fetch(path)).json();
const tell = async (path, credential) =>
    (await fetch(path, {method: 'POST', body: JSON.stringify(credential)})).text();
async function register() {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await ask('/creation'));
    try {
        return await tell('/registration', await navigator.credentials.create({publicKey}));
    } catch (error) {
        return error.name;
    }
}
async function signIn() {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await ask('/request'));
    return tell('/assertion', await navigator.credentials.get({publicKey}));
}
</script>)html";

Result<Caller> nobody(std::string_view) {
    return fail(ErrorKind::unauthenticated, "nobody", "nobody is known here");
}

class PasskeyBrowserTest : public testing::Test {
  protected:
    PasskeyBrowserTest() {
        get("/page", [] {
            auto page = http::bytes(200, "text/html", kPage);
            page.headers.add(
                "Content-Security-Policy", "script-src 'unsafe-inline'; connect-src 'self'");
            return page;
        });
        get("/creation", [this] {
            challenge = make_challenge();
            return json(creation_options(party, ana, challenge, known()));
        });
        get("/request", [this] {
            challenge = make_challenge();
            return json(request_options(party, challenge));
        });
        post("/registration", [this](std::string_view body) -> std::string {
            auto made = check_registration(party, ana, challenge, body);
            if (!made) return made.error().code;
            kept = *std::move(made);
            return "registered";
        });
        post("/assertion", [this](std::string_view body) -> std::string {
            const auto assertion = Assertion::read(body);
            if (!assertion) return assertion.error().code;
            if (assertion->user_handle != ana.handle) return "nobody";
            auto used = check_assertion(party, challenge, *kept, *assertion);
            if (!used) return used.error().code;
            kept = *std::move(used);
            return "signed in";
        });
        server.emplace(http::ServerConfig{.port = 0}, router);
        thread = std::thread([this] { server->run(); });
        party.origins = {"http://localhost:" + std::to_string(server->port())};
    }
    ~PasskeyBrowserTest() override {
        server->stop();
        thread.join();
    }

    static http::Reply json(const boost::json::object& body) {
        return http::bytes(200, "application/json", boost::json::serialize(body));
    }
    template <class Answer>
    void get(const char* path, Answer answer) {
        router.on_raw(http::verb::get, path, http::kOpen, [this, answer](const http::Call&) {
            const std::scoped_lock lock(one_at_a_time);
            return Result<http::Reply>(answer());
        });
    }
    template <class Answer>
    void post(const char* path, Answer answer) {
        router.on_raw(http::verb::post, path, http::kOpen, [this, answer](const http::Call& call) {
            const std::scoped_lock lock(one_at_a_time);
            return Result<http::Reply>(http::bytes(200, "text/plain", answer(call.request.body)));
        });
    }
    std::vector<Passkey> known() const {
        return kept ? std::vector<Passkey>{*kept} : std::vector<Passkey>();
    }

    RelyingParty party{.id = "localhost", .name = "Mobilytics", .origins = {}};
    const PasskeyUser ana{
        .handle = "0190c8a4e5f07a3b", .name = "ana@plaza.example", .display_name = "Ana Ruiz"};
    std::mutex one_at_a_time;
    std::string challenge;
    std::optional<Passkey> kept;
    http::Router router{nobody};
    std::optional<http::Server> server;
    std::thread thread;
};

TEST_F(PasskeyBrowserTest, SignsInWithoutNamingAnybodyAndACopyIsFound) {
    const auto said =
        said_by("node tests/witnesses/passkey_browser.mjs " + party.origins[0] + "/page");
    ASSERT_FALSE(said.empty());
    EXPECT_EQ(boost::json::parse(said), boost::json::parse(R"({
            "registration": "registered", "discoverable": true, "first": "signed in",
            "second": "signed in", "again": "InvalidStateError",
            "copy": "sign_count_regressed"})"));
    const std::scoped_lock lock(one_at_a_time);
    EXPECT_GT(kept->sign_count, 0);
    EXPECT_EQ(kept->transports, std::vector<std::string>{"internal"});
}

}  // namespace
}  // namespace mobilytics::identity
