// What every answer says, whatever became of the request: through a socket, as browsers see it.

#include <gtest/gtest.h>

#include "platform/http/http_test.h"

namespace mobilytics::http {
namespace {

constexpr auto kClose = "Connection: close\r\n";
constexpr std::string_view kNoPage =
    "Content-Security-Policy: default-src 'none'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox\r\n";
constexpr std::string_view kStrictTransport =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

std::size_t times(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
    return count;
}

class OutgoingTest : public testing::Test {
  protected:
    OutgoingTest() {
        router.on(verb::get, "/json", kOpen, [](const Call&) -> Result<Reply> {
            return Reply{200, {{"text", "<script>"}}};
        });
        router.on(
            verb::put, "/json", kOpen, [](const Call&) -> Result<Reply> { return nothing(); });
        router.on_raw(verb::get, "/table", kOpen, [](const Call&) -> Result<Reply> {
            return bytes(200, "text/csv; charset=utf-8", "a,b\r\n");
        });
        router.on(verb::get, "/throws", kOpen, [](const Call&) -> Result<Reply> {
            throw std::runtime_error("SELECT secret FROM table");
        });
        router.otherwise([](const Call&) -> Result<Reply> {
            auto page = bytes(200, "text/html; charset=utf-8", "<!doctype html>");
            page.headers.add("Content-Security-Policy", "default-src 'self'");
            page.headers.add("Referrer-Policy", "same-origin");
            page.headers.add("Cache-Control", "no-cache");
            return page;
        });
    }
    std::string ask(std::string_view sent, ServerConfig config = {}) {
        config.body_bytes_max = 100;
        const RunningServer running(config, router);
        RawClient client(running.port());
        client.send(sent);
        return client.read_all();
    }

    /// Of every kind: from a handler, from the router, and from before any of them.
    const std::vector<std::pair<std::string, std::string>> every{
        {request_text("GET /json", kClose), "200"},
        {request_text("HEAD /json", kClose), "200"},
        {request_text("PUT /json", kClose), "204"},
        {request_text("GET /table", kClose), "200"},
        {request_text("POST /json", kClose), "405"},
        {request_text("POST /nowhere", kClose), "404"},
        {request_text("PUT /json", kClose, "{"), "415"},
        {request_text("PUT /json", kClose + std::string(kJsonHeader), "{"), "422"},
        {request_text("GET /throws", kClose), "500"},
        {request_text("PUT /json", "", std::string(101, ' ')), "413"},
        {"GET /json HTTP/1.1\r\n\r\n", "400"}};
    Router router{[](std::string_view) -> Result<Caller> { return Caller{{}, Role::viewer}; }};
};

TEST_F(OutgoingTest, EveryAnswerSaysWhatKeepsABrowserSafe) {
    for (const auto& [sent, status] : every) {
        const auto answer = ask(sent);
        EXPECT_EQ(answer.substr(9, 3), status) << answer;
        for (const auto line :
             {std::string_view("X-Content-Type-Options: nosniff\r\n"), kNoPage,
              std::string_view("Referrer-Policy: no-referrer\r\n"),
              std::string_view("Cache-Control: no-store\r\n")}) {
            EXPECT_EQ(times(answer, line), 1U) << line << answer;
        }
        EXPECT_EQ(answer.find("Strict-Transport-Security"), answer.npos) << answer;
        EXPECT_EQ(answer.find("Access-Control-"), answer.npos) << answer;
        EXPECT_EQ(answer.find("secret"), answer.npos) << answer;
    }
}

TEST_F(OutgoingTest, APageSaysItsOwnPolicyAndOneOnly) {
    const auto answer = ask(request_text("GET /a/page", kClose));
    EXPECT_EQ(times(answer, "Content-Security-Policy: "), 1U) << answer;
    EXPECT_EQ(times(answer, "Content-Security-Policy: default-src 'self'\r\n"), 1U) << answer;
    EXPECT_EQ(times(answer, "Referrer-Policy: "), 1U) << answer;
    EXPECT_EQ(times(answer, "Cache-Control: no-cache\r\n"), 1U) << answer;
}

TEST_F(OutgoingTest, WhoComesByTlsIsToldToComeByNothingElse) {
    ServerConfig config;
    config.tls_only = std::chrono::hours(24 * 365);
    for (const auto& [sent, status] : every) {
        EXPECT_EQ(times(ask(sent, config), kStrictTransport), 1U) << sent;
    }
}

TEST_F(OutgoingTest, ForAnotherOriginNothingIsAllowed) {
    const auto from = std::string("Origin: https://elsewhere.example\r\n") + kClose;
    const auto asked = from + "Access-Control-Request-Method: PUT\r\n";
    for (const auto& answer :
         {ask(request_text("GET /json", from)), ask(request_text("OPTIONS /json", asked))}) {
        EXPECT_EQ(answer.find("Access-Control-"), answer.npos) << answer;
    }
}

TEST_F(OutgoingTest, WhatWentWrongIsLoggedAndNotSaid) {
    testing::internal::CaptureStderr();
    const auto answer =
        ask(request_text("GET /throws", "X-Request-Id: r-9\r\nConnection: close\r\n"));
    const auto logged = testing::internal::GetCapturedStderr();
    for (const char* part :
         {"\"event\":\"request_failed\"", "SELECT secret FROM table", "\"request\":\"r-9\""}) {
        EXPECT_NE(logged.find(part), logged.npos) << part << logged;
    }
    EXPECT_NE(
        answer.find("\"detail\":\"this is our fault, not yours\",\"request_id\":\"r-9\""),
        answer.npos)
        << answer;
    EXPECT_EQ(answer.find("SELECT"), answer.npos) << answer;
}

TEST_F(OutgoingTest, NothingIsSaidBackToATrace) {
    for (const char* line : {"TRACE /json", "TRACE /a/page"}) {
        const auto answer = ask(request_text(line, "X-Secret: abc\r\nConnection: close\r\n"));
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 4")) << answer;
        EXPECT_EQ(answer.find("abc"), answer.npos) << answer;
    }
}

}  // namespace
}  // namespace mobilytics::http
