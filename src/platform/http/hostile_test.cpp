// Requests that were written to be read in two ways, by a proxy before us and by us: of each there
// is one reading here, or none; what was hidden in a body is never answered.

#include <gtest/gtest.h>

#include "platform/http/http_test.h"
#include "platform/http/json_body.h"

namespace mobilytics::http {
namespace {

constexpr auto kHidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

class HostileTest : public testing::Test {
  protected:
    HostileTest() {
        router.on_raw(verb::post, "/echo", kOpen, [](const Call& call) -> Result<Reply> {
            return bytes(200, "text/plain", call.request.body);
        });
        router.on_raw(verb::get, "/echo", kOpen, [](const Call& call) -> Result<Reply> {
            return bytes(200, "text/plain", "got: " + call.request.body);
        });
        router.on_raw(verb::get, "/hidden", kOpen, [this](const Call&) -> Result<Reply> {
            ++hidden;
            return bytes(200, "text/plain", "this was hidden");
        });
        router.on_raw(verb::get, "/named/{name}", kOpen, [](const Call& call) -> Result<Reply> {
            auto reply = bytes(200, "text/plain", "named");
            reply.headers.add("X-Name", call.path.at("name"));
            return reply;
        });
        router.on(verb::post, "/json", kOpen, [](const Call& call) -> Result<Reply> {
            return Reply{200, {{"read", call.body}}};
        });
        ServerConfig config;
        config.workers = 1;
        server.emplace(config, router);
    }
    std::string ask(std::string_view sent) {
        RawClient client(server->port());
        client.send(sent);
        client.end_sending();
        return client.read_all();
    }
    static std::string status(const std::string& answer) { return answer.substr(0, 12); }
    static std::size_t answers_in(const std::string& all) {
        std::size_t count = 0;
        for (auto at = all.find("HTTP/1.1 "); at != all.npos; at = all.find("HTTP/1.1 ", at + 1)) {
            ++count;
        }
        return count;
    }

    std::atomic<int> hidden = 0;
    Router router{[](const Shown&) -> Result<Caller> { return Caller{{}, Role::viewer}; }};
    std::optional<RunningServer> server;
};

/// The head of a POST whose length is said by `headers`.
std::string post(const std::string& headers) {
    return "POST /echo HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

TEST_F(HostileTest, WhereABodyEndsIsSaidInOneWayOrNotAtAll) {
    const std::string te = "Transfer-Encoding: chunked\r\n", end = "0\r\n\r\n";
    const std::string hidden_body = std::string("0\r\n\r\n") + kHidden;
    const auto length = "Content-Length: " + std::to_string(hidden_body.size()) + "\r\n";
    const std::pair<const char*, std::string> cases[] = {
        {"CL.TE", post(length + te) + hidden_body},
        {"TE.CL", post(te + "Content-Length: 4\r\n") + "21\r\n" + kHidden + "\r\n" + end},
        {"two lengths", post("Content-Length: 0\r\n" + length) + hidden_body},
        {"two lengths in one", post("Content-Length: 0, 38\r\n") + hidden_body},
        {"the same length twice", post(length + length) + hidden_body},
        {"a length with a sign", post("Content-Length: +38\r\n") + hidden_body},
        {"a length in hexadecimal", post("Content-Length: 0x26\r\n") + hidden_body},
        {"a length with a space within", post("Content-Length: 3 8\r\n") + hidden_body},
        {"a length that is too long",
         post("Content-Length: 18446744073709551654\r\n") + hidden_body},
        {"a length of none", post("Content-Length: \r\n") + hidden_body},
        {"a length of -1", post("Content-Length: -1\r\n") + hidden_body},
        {"a space before the colon", post("Content-Length : 38\r\n") + hidden_body},
        {"TE with a space before the colon", post("Transfer-Encoding : chunked\r\n") + hidden_body},
        {"TE with a tab before the colon", post("Transfer-Encoding\t: chunked\r\n") + hidden_body},
        {"TE of another coding", post("Transfer-Encoding: xchunked\r\n") + hidden_body},
        {"TE of two codings", post("Transfer-Encoding: gzip, chunked\r\n") + hidden_body},
        {"TE of chunked and more", post("Transfer-Encoding: chunked, identity\r\n") + hidden_body},
        {"TE in quotes", post("Transfer-Encoding: \"chunked\"\r\n") + hidden_body},
        {"TE twice", post(te + te) + hidden_body},
        {"TE twice, of which one is none", post(te + "Transfer-Encoding: x\r\n") + hidden_body},
        {"TE behind a vertical tab", post("Transfer-Encoding: \vchunked\r\n") + hidden_body},
        {"TE with a null", post(std::string("Transfer-Encoding: chunked\0\r\n", 29)) + hidden_body},
        {"TE on a folded line", post("Transfer-Encoding:\r\n chunked\r\n") + hidden_body},
        {"TE behind a bare return", post("X: a\rTransfer-Encoding: chunked\r\n") + hidden_body},
        {"TE behind a bare newline", post("X: a\nTransfer-Encoding: chunked\r\n") + hidden_body},
        {"a header without a name", post(": x\r\n" + length) + hidden_body},
        {"a header that is no header", post("no colon\r\n" + length) + hidden_body},
        {"TE in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: x\r\n" + te + "\r\n" + hidden_body},
        {"a chunk of a negative size", post(te) + "-1\r\n" + kHidden + "\r\n" + end},
        {"a chunk of 2^64 and some", post(te) + "10000000000000021\r\n" + kHidden + "\r\n" + end},
        {"a chunk with a space before its size", post(te) + " 21\r\n" + kHidden + "\r\n" + end},
        {"a chunk of 0x21", post(te) + "0x21\r\n" + kHidden + "\r\n" + end},
        {"a chunk without its end", post(te) + "2\r\nabX\r\n" + kHidden},
        {"chunks with bare newlines", post(te) + "2\nab\n0\n\n" + kHidden},
        {"two hosts", "GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
        {"no host", "GET /echo HTTP/1.1\r\n\r\n"},
        {"HTTP/0.9", "GET /echo\r\n\r\n"},
        {"HTTP/2.0", "GET /echo HTTP/2.0\r\nHost: x\r\n\r\n"},
        {"a line of three spaces", "GET  /echo  HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a method in small letters", "get /echo HTTP/1.1\r\nHost: x\r\n\r\n"},
    };
    for (const auto& [what, sent] : cases) {
        const auto answer = ask(sent);
        EXPECT_LE(answers_in(answer), 1u) << what << "\n" << answer;
        if (!answer.empty()) {
            EXPECT_TRUE(
                answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 413") ||
                answer.starts_with("HTTP/1.1 501") || answer.starts_with("HTTP/1.1 505"))
                << what << "\n"
                << answer;
            EXPECT_NE(answer.find("Connection: close"), answer.npos) << what;
        }
        EXPECT_EQ(hidden, 0) << what;
    }
    EXPECT_EQ(status(ask(request_text("GET /hidden"))), "HTTP/1.1 200");  // It is alive.
}

TEST_F(HostileTest, WhatABodyHoldsIsABody) {
    const std::string body = kHidden;
    auto answer = ask(post("Content-Length: " + std::to_string(body.size()) + "\r\n") + body);
    EXPECT_EQ(answers_in(answer), 1u);
    EXPECT_TRUE(answer.ends_with(body)) << answer;
    answer =
        ask(post("Transfer-Encoding: chunked\r\n") + "21\r\n" + body + "\r\n0\r\nHost: y\r\n\r\n");
    EXPECT_TRUE(answer.ends_with(body)) << answer;
    EXPECT_EQ(hidden, 0);
    // A GET that has a body: what follows is not the next request.
    answer = ask(request_text("GET /echo", "", kHidden));
    EXPECT_TRUE(answer.ends_with(std::string("got: ") + kHidden)) << answer;
    EXPECT_EQ(hidden, 0);
}

TEST_F(HostileTest, NoHeaderOfOursIsWrittenByWhoAsks) {
    for (const auto* name : {"%0d%0aX-Evil:%201", "%0aX-Evil:%201", "%0d%0a%0d%0aevil", "a%00b"}) {
        const auto answer = ask(request_text(std::string("GET /named/") + name));
        EXPECT_EQ(answer.find("\r\nX-Evil"), answer.npos) << answer;
        EXPECT_EQ(status(answer), "HTTP/1.1 400") << answer;
    }
    const auto answer = ask(request_text("GET /named/fine", "X-Request-Id: a\tb\r\n"));
    EXPECT_NE(answer.find("X-Name: fine"), answer.npos);
    EXPECT_EQ(answer.find("a\tb"), answer.npos);
}

TEST_F(HostileTest, NoPathLeadsPastARoute) {
    for (const auto* path :
         {"/x/../hidden", "/x/%2e%2e/hidden", "/./hidden", "//hidden", "/hidden/", "/hidden%2f",
          "/hidden%00", "/HIDDEN", "http://other/hidden", "/.", "/./", "/././hidden",
          "/x/..%2fhidden", "/x/..\\hidden", "/hidden;x=1"}) {
        const auto answer = ask(request_text(std::string("GET ") + path));
        EXPECT_TRUE(status(answer) == "HTTP/1.1 404" || status(answer) == "HTTP/1.1 400")
            << path << answer;
    }
    EXPECT_EQ(hidden, 0);
}

TEST_F(HostileTest, JsonIsReadInOneWay) {
    const auto answer_to = [&](const std::string& body) {
        return status(ask(request_text("POST /json", kJsonHeader, body)));
    };
    EXPECT_EQ(answer_to(R"({"a":{"b":1},"c":{"b":1}})"), "HTTP/1.1 200");
    for (const std::string& body :
         {std::string(R"({"role":"viewer","role":"owner"})"),
          std::string(R"({"a":[{"b":1,"b":2}]})"), std::string(R"({"role":1,"r\u006fle":2})"),
          std::string(40, '[') + std::string(40, ']'), std::string(100'000, '['),
          std::string(R"({"a":1}{"a":2})"), std::string(R"({"a":NaN})"), std::string(R"({"a":1,})"),
          std::string(R"({'a':1})"), std::string("{\"a\":\"\xff\"}"), std::string(R"({"a":01})"),
          std::string("\xef\xbb\xbf{}"), std::string("/**/{}")}) {
        EXPECT_EQ(answer_to(body), "HTTP/1.1 422") << body.substr(0, 60);
    }
    // Numbers that no program has: they are numbers, or they are refused; they stop nobody.
    for (const std::string& number :
         {std::string("1e400"), std::string("-1e400"), std::string(5'000, '9'),
          "0." + std::string(5'000, '1'), std::string("1e-400"), std::string("1e999999999999")}) {
        const auto got = answer_to("{\"a\":" + number + "}");
        EXPECT_TRUE(got == "HTTP/1.1 200" || got == "HTTP/1.1 422") << number.substr(0, 20) << got;
    }
    std::string many = "{";
    for (int i = 0; i < 50'000; ++i) many += "\"" + std::to_string(i) + "\":0,";
    EXPECT_EQ(answer_to(many + "\"x\":0}"), "HTTP/1.1 200");
}

TEST(JsonBody, ANameThatComesTwiceIsSaid) {
    EXPECT_EQ(parse_json(R"({"a":1,"a":2})").error().message, "a member is named twice");
    EXPECT_EQ(parse_json(R"([{"a":1},{"a":2}])")->as_array().size(), 2u);
    EXPECT_EQ(parse_json("7")->as_int64(), 7);
    EXPECT_EQ(parse_json("").error().code, "bad_json");
}

}  // namespace
}  // namespace mobilytics::http
