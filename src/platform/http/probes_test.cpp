// What is told of the inside, and to whom.
#include "platform/http/probes.h"

#include <gtest/gtest.h>

#include "foundation/json.h"
#include "platform/http/router.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::http {
namespace {

class ProbesTest : public testing::Test {
  protected:
    Reply ask(verb method, std::string target, Headers headers = {}) {
        Request request{.method = method, .target = std::move(target)};
        request.headers = std::move(headers);
        request.of_this_machine = true;
        return router.handle(std::move(request));
    }
    static std::string code(const Reply& reply) {
        return std::string(reply.body.at("code").as_string());
    }

    metrics::Registry registry;
    Router router{[](const Shown&) -> Result<Caller> { return Caller{}; }};
};

TEST_F(ProbesTest, IsReadyWhenEveryCheckSaysSo) {
    Probes probes(registry);
    std::optional<std::string> wrong;
    probes.check("store", [&wrong] { return wrong; });
    probes.check(
        "broker", []() -> std::optional<std::string> { throw std::runtime_error("gone"); });
    probes.mount(router);
    EXPECT_EQ(ask(verb::get, "/livez").status, 200);
    const auto reply = ask(verb::get, "/readyz?verbose");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(
        json::text(reply.body),
        R"({"ready":false,"checks":{"draining":false,"store":"ok","broker":"gone"}})");
}

TEST_F(ProbesTest, TheInsideIsForInsiders) {
    const auto answer = [&](Insiders insiders, bool here, const char* target, const char* shown) {
        Router operators{[](const Shown&) -> Result<Caller> { return Caller{}; }};
        Probes probes(registry, std::move(insiders));
        probes.check("store", []() -> std::optional<std::string> { return "is broken"; });
        probes.mount(operators);
        Request request{.method = verb::get, .target = target};
        request.of_this_machine = here;
        if (*shown != '\0') request.headers.add("Authorization", shown);
        return operators.handle(std::move(request));
    };
    const auto metrics = [&](const Insiders& insiders, bool here, const char* shown) {
        return answer(insiders, here, "/metrics", shown).status;
    };
    const Insiders by_token{Secret<std::string>("a token of thirty-two characters"), true};
    const Insiders token_only{by_token.token, false};
    const auto* good = "Bearer a token of thirty-two characters";
    EXPECT_EQ(metrics({}, true, ""), 200);
    EXPECT_EQ(metrics({}, false, ""), 401);
    EXPECT_EQ(metrics({}, false, "Bearer "), 401);  // No token is not the empty one.
    EXPECT_EQ(metrics(by_token, true, ""), 200);
    EXPECT_EQ(metrics(by_token, false, good), 200);
    for (const auto* bad :
         {"", "Bearer", "Bearer a token of thirty-two character", "Basic a token",
          "Bearer a token of thirty-two charactersx", "Bearer A token of thirty-two characters"}) {
        EXPECT_EQ(metrics(by_token, false, bad), 401) << bad;
    }
    EXPECT_EQ(metrics(token_only, true, ""), 401);
    EXPECT_EQ(metrics(token_only, true, good), 200);

    const auto readyz = [&](bool here, const char* target) {
        return json::text(answer({}, here, target, "").body);
    };
    EXPECT_EQ(readyz(false, "/readyz"), R"({"ready":false})");
    EXPECT_EQ(readyz(false, "/readyz?verbose"), R"({"ready":false})");
    EXPECT_EQ(
        readyz(true, "/readyz?verbose"),
        R"({"ready":false,"checks":{"draining":false,"store":"is broken"}})");
    for (const auto* open : {"/livez", "/startupz"}) {
        EXPECT_EQ(answer({}, false, open, "").status, 200) << open;
    }
    const auto refused = answer({}, false, "/metrics", "");
    EXPECT_EQ(code(refused), "insiders_only");
    EXPECT_EQ(refused.headers.get("WWW-Authenticate"), "Bearer");
    EXPECT_FALSE(refused.content);
}

}  // namespace
}  // namespace mobilytics::http
