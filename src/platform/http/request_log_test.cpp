// Whom a request is of, and what is logged of it, through a socket.

#include <optional>
#include <sstream>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "platform/http/http_test.h"

namespace mobilytics::http {
namespace {

class RequestLogTest : public testing::Test {
  protected:
    RequestLogTest() {
        router.on(verb::get, "/who/{name}", kOpen, [](const Call& call) -> Result<Reply> {
            return Reply{200, {{"address", call.request.remote_address}}};
        });
        RouteLimits once_a_minute;
        once_a_minute.rate = Rate{1, std::chrono::seconds(60)};
        router.on(
            verb::get, "/seldom", kOpen, [](const Call&) -> Result<Reply> { return nothing(); },
            once_a_minute);
        config.workers = 1;
    }
    std::string ask(RunningServer& server, std::string_view line, std::string_view headers = "") {
        RawClient client(server.port());
        client.send(request_text(line, headers));
        auto answer = client.read_until("\r\n\r\n");
        const auto at = answer.find("Content-Length: ");
        if (at == answer.npos || line.starts_with("HEAD")) return answer;
        return answer + client.read_exactly(std::stoul(answer.substr(at + 16)));
    }

    Router router{[](std::string_view) -> Result<Caller> { return Caller{{}, Role::viewer}; }};
    ServerConfig config;
};

TEST_F(RequestLogTest, ALineIsLoggedOfEachRequestAndNothingThatItSays) {
    config.log_requests = true;
    std::vector<std::size_t> sizes;
    testing::internal::CaptureStderr();
    {
        RunningServer server(config, router);
        const auto id = "X-Request-Id: one\r\nAuthorization: Bearer hidden\r\n";
        sizes.push_back(ask(server, "GET /who/secret?token=secret", id).size());
        sizes.push_back(ask(server, "GET /secret").size());
        sizes.push_back(ask(server, "HEAD /who/secret").size());
    }
    const auto logged = testing::internal::GetCapturedStderr();
    EXPECT_EQ(logged.find("secret"), std::string::npos) << logged;
    EXPECT_EQ(logged.find("hidden"), std::string::npos) << logged;
    std::vector<boost::json::object> lines;
    std::istringstream text(logged);
    for (std::string line; std::getline(text, line);) {
        auto read = boost::json::parse(line).as_object();
        if (read.at("event") == "request") lines.push_back(std::move(read));
    }
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].at("method"), "GET");
    EXPECT_EQ(lines[0].at("route"), "/who/{name}");
    EXPECT_EQ(lines[0].at("status"), 200);
    EXPECT_EQ(lines[0].at("request"), "one");
    EXPECT_EQ(lines[0].at("from"), "127.0.0.0/24");
    EXPECT_EQ(lines[0].at("level"), "info");
    EXPECT_GE(lines[0].at("ms").as_int64(), 0);
    EXPECT_EQ(lines[1].at("route"), "");
    EXPECT_EQ(lines[1].at("status"), 404);
    EXPECT_EQ(lines[1].at("request").as_string().size(), 16u);
    EXPECT_EQ(lines[2].at("method"), "HEAD");
    for (std::size_t i = 0; i < sizes.size(); ++i) EXPECT_EQ(lines[i].at("bytes"), sizes[i]);
}

TEST_F(RequestLogTest, NothingIsLoggedUnlessAskedFor) {
    testing::internal::CaptureStderr();
    {
        RunningServer server(config, router);
        ask(server, "GET /who/a");
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(RequestLogTest, AProxyIsBelievedOnlyWhereItIsTrusted) {
    const auto from = "X-Forwarded-For: 203.0.113.9\r\n";
    {
        RunningServer server(config, router);
        EXPECT_TRUE(ask(server, "GET /who/a", from).ends_with(R"({"address":"127.0.0.1"})"));
        EXPECT_TRUE(ask(server, "GET /seldom", from).starts_with("HTTP/1.1 204"));
        const auto other = "X-Forwarded-For: 203.0.113.10\r\n";
        EXPECT_TRUE(ask(server, "GET /seldom", other).starts_with("HTTP/1.1 429"));
    }
    config.proxies = *Proxies::parse("127.0.0.0/8", ForwardingHeader::x_forwarded_for);
    config.address_conversations_max = 1;  // Not of a proxy.
    RunningServer server(config, router);
    const RawClient one(server.port());
    const RawClient another(server.port());
    EXPECT_TRUE(ask(server, "GET /who/a", from).ends_with(R"({"address":"203.0.113.9"})"));
    EXPECT_TRUE(ask(server, "GET /seldom", from).starts_with("HTTP/1.1 204"));
    EXPECT_TRUE(ask(server, "GET /seldom", from).starts_with("HTTP/1.1 429"));
    const auto other = "X-Forwarded-For: 203.0.113.9, 203.0.113.10\r\n";
    EXPECT_TRUE(ask(server, "GET /seldom", other).starts_with("HTTP/1.1 204"));
}

}  // namespace
}  // namespace mobilytics::http
