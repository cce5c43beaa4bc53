// What a browser can be made to send by the page of another site, and who is refused.
#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "platform/http/router.h"

namespace mobilytics::http {
namespace {

class StrangersTest : public testing::Test {
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

    Caller caller{CompanyId(), Role::analyst};
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    Router router{[this](const Shown&) -> Result<Caller> { return caller; }, {.clock = &clock}};
};

Result<Reply> say_yes(const Call&) { return Reply{200, {{"yes", true}}}; }

TEST_F(StrangersTest, ABodyOfJsonSaysThatItIsOne) {
    router.on(verb::post, "/assets", kOpen, say_yes);
    router.on_raw(verb::post, "/frames", kOpen, say_yes);
    const auto status = [&](const char* target, std::optional<std::string> type) {
        Request request{.method = verb::post, .target = target, .body = "{}"};
        if (type) request.headers.add("Content-Type", *type);
        return router.handle(std::move(request));
    };
    for (const auto* said : {"application/json", "Application/JSON ; charset=utf-8"}) {
        EXPECT_EQ(status("/assets", said).status, 200) << said;
    }
    // What a form, or a script of another page, can have sent without asking us first.
    for (const auto* said :
         {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
          "application/jsonp", "text/plain; application/json"}) {
        const auto reply = status("/assets", said);
        EXPECT_EQ(reply.status, 415) << said;
        EXPECT_EQ(code(reply), "not_json") << said;
    }
    EXPECT_EQ(status("/assets", std::nullopt).status, 415);
    EXPECT_EQ(status("/frames", std::nullopt).status, 200);  // Which knows its own.
    EXPECT_EQ(ask(verb::post, "/assets").status, 200);       // Without a body there is nothing.
}

TEST_F(StrangersTest, AnotherSitesPageMovesNothingNotEvenASignIn) {
    int begun = 0;
    Router api{
        [](const Shown&) -> Result<Caller> { return Caller{CompanyId(), Role::viewer}; },
        {.origin = "https://ads.example.com"}};
    api.on(verb::post, "/session", kOpen, [&](const Call&) -> Result<Reply> {
        ++begun;
        return nothing();
    });
    api.on(verb::get, "/session", Role::viewer, say_yes);
    const auto answer = [&](verb method, Headers headers) {
        Request request{.method = method, .target = "/session"};
        request.headers = std::move(headers);
        request.headers.add("Host", "10.0.0.7:8080");
        return api.handle(std::move(request));
    };
    for (const Headers& said : std::vector<Headers>{
             {},  // No browser.
             {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://ads.example.com"}},
             {{"Sec-Fetch-Site", "none"}},
             {{"Origin", "https://ADS.example.com"}},
             {{"Origin", "http://10.0.0.7:8080"}}}) {
        EXPECT_EQ(answer(verb::post, said).status, 204);
    }
    EXPECT_EQ(begun, 5);
    for (const Headers& said : std::vector<Headers>{
             {{"Sec-Fetch-Site", "cross-site"}},
             {{"Sec-Fetch-Site", "same-site"}},
             {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://ads.example.com"}},
             {{"Sec-Fetch-Site", "anything else"}},
             {{"Origin", "https://evil.example.com"}},
             {{"Origin", "https://ads.example.com.evil.example.com"}},
             {{"Origin", "http://10.0.0.7"}},
             {{"Origin", "null"}},
             {{"Origin", "https://evil.example.com"}, {"X-Mobilytics", "1"}}}) {
        const auto reply = answer(verb::post, said);
        EXPECT_EQ(reply.status, 403);
        EXPECT_EQ(code(reply), "csrf");
    }
    EXPECT_EQ(begun, 5);
    // What reads gives a page of another site nothing that it could look at.
    EXPECT_EQ(answer(verb::get, {{"Sec-Fetch-Site", "cross-site"}}).status, 200);
}

TEST_F(StrangersTest, AnExportIsNotMadeForAnotherSitesPage) {
    router.on(verb::get, "/csv", Access({Role::analyst}, "audit:export"), say_yes);
    const auto with = [&](const char* site) {
        return ask(
            verb::get, "/csv", {{"Cookie", "mobilytics_session=c"}, {"Sec-Fetch-Site", site}});
    };
    EXPECT_EQ(with("same-origin").status, 200);
    EXPECT_EQ(with("none").status, 200);
    EXPECT_EQ(code(with("cross-site")), "csrf");
    EXPECT_EQ(code(with("same-site")), "csrf");
}

TEST_F(StrangersTest, ThatSomebodyKnownIsRefusedIsTold) {
    std::vector<std::string> told;
    Router api{
        [this](const Shown& shown) -> Result<Caller> {
            if (shown.token.empty()) return fail(ErrorKind::unauthenticated, "no_session", "");
            return caller;
        },
        {.clock = &clock,
         .on_refusal =
             [&](const Refusal& refusal) {
                 told.push_back(
                     refusal.caller.person.str() + " " + std::string(refusal.pattern) + " " +
                     std::to_string(refusal.status) + " " + std::string(refusal.code));
             },
         .rate_of_identity = Rate{3, std::chrono::minutes(1)}}};
    api.on(verb::get, "/owners/{id}", Role::owner, say_yes);
    api.on(verb::get, "/all", Role::viewer, say_yes);
    api.on(verb::post, "/session", kOpen, [this](const Call&) -> Result<Reply> {
        auto reply = problem(429, {ErrorKind::unavailable, "too_many_tries", "wait"});
        reply.caller = caller;  // Its handler knows who it would have been.
        return reply;
    });
    caller.person = PersonId::fresh(clock.now());
    const auto get = [&](const char* target, const char* token) {
        return api.handle({.method = verb::get, .target = target, .token = token});
    };
    EXPECT_EQ(get("/owners/1", "").status, 401);
    EXPECT_EQ(get("/all", "t").status, 200);
    EXPECT_EQ(get("/nothing", "t").status, 404);
    EXPECT_TRUE(told.empty());
    const auto forbidden = get("/owners/1", "t");
    EXPECT_EQ(forbidden.status, 403);
    EXPECT_EQ(forbidden.caller->person, caller.person);  // For the request's line in the log.
    for (int i = 0; i < 3; ++i) get("/all", "t");
    EXPECT_EQ(
        api.handle({.method = verb::post, .target = "/session"}).caller->person, caller.person);
    const auto who = caller.person.str();
    EXPECT_EQ(
        told, (std::vector{
                  who + " /owners/{id} 403 role_not_enough", who + " /all 429 too_many_requests",
                  who + " /session 429 too_many_tries"}));
}

}  // namespace
}  // namespace mobilytics::http
