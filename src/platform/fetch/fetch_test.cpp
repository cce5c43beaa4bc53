#include "platform/fetch/fetch.h"

#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/http/server.h"

namespace mobilytics::fetch {
namespace {

namespace fs = std::filesystem;

Result<Caller> nobody(std::string_view) {
    return fail(ErrorKind::unauthenticated, "nobody", "nobody is known here");
}

/// Our own server, on a port that is free.
class FetchTest : public testing::Test {
  protected:
    FetchTest() {
        fs::create_directories(folder);
        router.on_raw(http::verb::post, "/echo", http::kOpen, [](const http::Call& call) {
            auto reply = http::bytes(
                418, "text/plain",
                call.request.body + std::string(call.request.headers.get("X-A")));
            reply.headers.add("X-Answer", "yes");
            return Result<http::Reply>(std::move(reply));
        });
        router.on_raw(http::verb::get, "/who", http::kDevice, [](const http::Call& call) {
            return Result<http::Reply>(
                http::bytes(200, "text/plain", call.request.peer->common_name));
        });
    }
    ~FetchTest() override {
        if (server) server->stop();
        if (thread.joinable()) thread.join();
        fs::remove_all(folder);
    }
    std::string serve(std::optional<http::TlsConfig> tls = {}) {
        const std::string scheme = tls ? "https" : "http";
        http::ServerConfig config{.port = 0};
        config.tls = std::move(tls);
        server.emplace(config, router);
        thread = std::thread([this] { server->run(); });
        return scheme + "://127.0.0.1:" + std::to_string(server->port());
    }
    /// A certificate of `authority`: its file, and beside it its key's.
    Trust certificate(const crypto::Authority& authority, const std::string& name, bool of_server) {
        const auto now = SystemClock().now();
        const auto key = crypto::make_key();
        const auto pem = authority.sign(
            crypto::make_request(key, name),
            {.common_name = name,
             .organization = "",
             .hosts =
                 of_server ? std::vector<std::string>{"127.0.0.1"} : std::vector<std::string>{}},
            now, std::chrono::days(1));
        crypto::write_file(folder / (name + ".pem"), *pem, crypto::Readable::by_all);
        crypto::write_file(folder / (name + ".key"), key.reveal(), crypto::Readable::by_owner);
        return {
            (folder / "authority.pem").string(), (folder / (name + ".pem")).string(),
            (folder / (name + ".key")).string()};
    }

    const fs::path folder = testing::TempDir() + "mobilytics_fetch_" + std::to_string(getpid());
    http::Router router{nobody};
    std::optional<http::Server> server;
    std::thread thread;
};

TEST_F(FetchTest, ABodyGoesAndComesWithItsStatusAndHeaders) {
    Client client;
    const auto url = serve();
    for (int again = 0; again < 2; ++again) {
        const auto reply = client.send(
            {.method = "POST", .url = url + "/echo", .headers = {{"X-A", "1"}}, .body = "hello"});
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->status, 418);
        EXPECT_EQ(reply->body, "hello1");
        EXPECT_EQ(reply->headers.at("x-answer"), "yes");
    }
}

TEST_F(FetchTest, WhatDoesNotAnswerIsAnOutcome) {
    Client client({}, {.connect_max = std::chrono::milliseconds(500)});
    const auto none = client.send({.url = "http://127.0.0.1:1/"});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, "no_answer");
    EXPECT_EQ(client.send({.url = "file:///etc/passwd"}).error().code, "no_answer");
}

TEST_F(FetchTest, AnAnswerThatIsTooLargeIsNotTaken) {
    Client client({}, {.body_bytes_max = 4});
    const auto large = client.send({.method = "POST", .url = serve() + "/echo", .body = "hello"});
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, "too_large");
}

TEST_F(FetchTest, BothSidesShowTheirCertificates) {
    const crypto::Authority authority(folder, SystemClock().now());
    const auto of_server = certificate(authority, "server", true);
    const auto url = serve(http::TlsConfig{
        .certificate_file = of_server.certificate_file,
        .key_file = of_server.key_file,
        .client_ca_file = of_server.authority_file});
    const auto of_device = certificate(authority, "0190aa", false);
    EXPECT_EQ(Client(of_device).send({.url = url + "/who"})->body, "0190aa");

    EXPECT_FALSE(Client({.authority_file = of_server.authority_file}).send({.url = url + "/who"}));
    const auto distrusted = Client().send({.url = url + "/who"});
    ASSERT_FALSE(distrusted);
    EXPECT_EQ(distrusted.error().code, "not_trusted");
}

TEST_F(FetchTest, ARedirectIsAnAnswerAndIsNotFollowed) {
    bool followed = false;
    router.on_raw(http::verb::get, "/away", http::kOpen, [](const http::Call&) {
        auto reply = http::bytes(302, "text/plain", "elsewhere");
        reply.headers.add("Location", "/inside");
        return Result<http::Reply>(std::move(reply));
    });
    router.on_raw(http::verb::get, "/inside", http::kOpen, [&followed](const http::Call&) {
        followed = true;
        return Result<http::Reply>(http::nothing());
    });
    Client client;
    const auto reply = client.send({.method = "GET", .url = serve() + "/away"});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 302);
    EXPECT_EQ(reply->headers.at("location"), "/inside");
    EXPECT_FALSE(followed);
    EXPECT_FALSE(client.send({.method = "GET", .url = "file:///etc/passwd"}));
}

TEST_F(FetchTest, OnceStoppedItAsksNoMore) {
    Client client;
    const auto url = serve();
    client.stop();
    EXPECT_EQ(client.send({.method = "POST", .url = url + "/echo"}).error().code, "no_answer");
}

TEST_F(FetchTest, WhereItMayNotGoNothingIsSent) {
    const auto url = serve() + "/echo";
    const auto port = url.substr(url.rfind(':'));
    Client guarded({}, {}, {.public_only = true});
    for (const auto& host : {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433"}) {
        const auto reply = guarded.send({"POST", std::string("http://") + host + port, {}, "x"});
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error().code, "address_refused") << host;
    }
    Client allowed({}, {}, {.public_only = true, .allowed = *networks_of("127.0.0.0/8")});
    EXPECT_EQ(allowed.send({"POST", url, {}, "x"})->status, 418);
}

}  // namespace
}  // namespace mobilytics::fetch
