// A router that keeps its answers in a real PostgreSQL.

#include "platform/idempotency/idempotency.h"

#include <filesystem>
#include <future>
#include <latch>

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "platform/http/router.h"
#include "platform/idempotency/idempotency_migrations.h"
#include "platform/idempotency/personal_data.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::idempotency {
namespace {

using namespace std::chrono_literals;

class IdempotencyTest : public pg::PostgresTest {
  protected:
    IdempotencyTest() : PostgresTest({pg::kMigrations, kMigrations}) {
        router.on(
            http::verb::post, "/things", Role::admin,
            [this](const http::Call& call) -> Result<http::Reply> { return make(call); },
            {.repeatable = true});
        router.on(
            http::verb::post, "/others", Role::admin,
            [this](const http::Call& call) -> Result<http::Reply> { return make(call); },
            {.repeatable = true});
    }
    ~IdempotencyTest() override { std::filesystem::remove(key_file); }

    http::Reply post(
        const std::string& body, const std::string& key, const std::string& target = "/things") {
        http::Request request{.method = http::verb::post, .target = target, .body = body};
        request.headers.add("Content-Type", "application/json");
        if (!key.empty()) request.headers.add("Idempotency-Key", key);
        return router.handle(std::move(request));
    }
    static std::string code(const http::Reply& reply) {
        return std::string(reply.body.at("code").as_string());
    }
    static bool replayed(const http::Reply& reply) {
        return reply.headers.get("Idempotency-Replayed") == "true";
    }
    std::int64_t kept() {
        static constexpr pg::Query kCount{
            "test.kept", "SELECT count(*) AS n FROM idempotency.reply WHERE company_id = $1"};
        auto tx = pool.begin(caller.company);
        return *tx.run(kCount, caller.company).first([](const pg::Row& row) {
            return row.get<std::int64_t>("n");
        });
    }

    Result<http::Reply> make(const http::Call& call) {
        const auto number = ++made;
        if (before) before();
        const auto& name = call.body.at("name").as_string();
        if (name == "taken") return fail(ErrorKind::conflict, "name_taken", "take another");
        if (name == "broken") throw std::runtime_error("it broke");
        if (name == "later") throw Unavailable("not now");
        return http::Reply{201, {{"number", number}, {"name", name}}};
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const std::filesystem::path key_file =
        std::filesystem::temp_directory_path() / ("idempotency_key_" + std::to_string(getpid()));
    const crypto::SealedBox seal{key_file};
    Caller caller{CompanyId::from_bytes({1}), Role::admin, PersonId::from_bytes({2})};
    std::atomic<int> made = 0;
    std::function<void()> before;
    Replies replies{pool, seal, clock};
    http::Router router{
        [this](std::string_view) -> Result<Caller> { return caller; },
        {.clock = &clock, .repeats = &replies}};
};

constexpr const char* kKey = "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"";

TEST_F(IdempotencyTest, WhoAsksAgainGetsTheFirstAnswer) {
    const auto first = post(R"({"name":"a"})", kKey);
    EXPECT_EQ(first.status, 201);
    EXPECT_FALSE(replayed(first));
    const auto again = post(R"({"name":"a"})", kKey);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_TRUE(replayed(again));
    // The same key, said without quotes.
    EXPECT_TRUE(replayed(post(R"({"name":"a"})", "8e03978e-40d5-43e8-bc93-6894a57f9324")));
    EXPECT_EQ(made, 1);
    EXPECT_EQ(post(R"({"name":"a"})", "\"another\"").body.at("number"), 2);
    EXPECT_EQ(post(R"({"name":"a"})", "").body.at("number"), 3);
    EXPECT_EQ(kept(), 2);
}

TEST_F(IdempotencyTest, AnotherRequestWithTheKeyIsRefused) {
    post(R"({"name":"a"})", kKey);
    const auto other = post(R"({"name":"b"})", kKey);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(code(other), "key_taken");
    EXPECT_EQ(code(post(R"({"name":"a"})", kKey, "/others")), "key_taken");
    EXPECT_EQ(made, 1);
}

TEST_F(IdempotencyTest, ARefusalIsAnAnswerTooAndOurFaultIsNone) {
    EXPECT_EQ(post(R"({"name":"taken"})", kKey).status, 409);
    const auto again = post(R"({"name":"taken"})", kKey);
    EXPECT_EQ(code(again), "name_taken");
    EXPECT_TRUE(replayed(again));
    EXPECT_EQ(made, 1);
    EXPECT_EQ(post(R"({"name":"broken"})", "\"b\"").status, 500);
    EXPECT_EQ(post(R"({"name":"broken"})", "\"b\"").status, 500);
    EXPECT_EQ(post(R"({"name":"later"})", "\"c\"").status, 503);
    EXPECT_EQ(post(R"({"name":"now"})", "\"c\"").status, 201);
    EXPECT_EQ(made, 5);
    EXPECT_EQ(kept(), 2);
}

TEST_F(IdempotencyTest, WhileTheFirstIsCarriedOutTheSecondWaitsOutside) {
    std::latch begun(1);
    std::latch go_on(1);
    before = [&] {
        begun.count_down();
        go_on.wait();
    };
    auto first = std::async(std::launch::async, [&] { return post(R"({"name":"a"})", kKey); });
    begun.wait();
    const auto second = post(R"({"name":"a"})", kKey);
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(code(second), "still_running");
    EXPECT_EQ(code(post(R"({"name":"b"})", kKey)), "key_taken");
    go_on.count_down();
    EXPECT_EQ(first.get().status, 201);
    EXPECT_TRUE(replayed(post(R"({"name":"a"})", kKey)));
    EXPECT_EQ(made, 1);
}

TEST_F(IdempotencyTest, WhoDiedOverItIsFollowedAfterAMinute) {
    const std::string body = R"({"name":"a"})";
    const http::Repeatable asked{caller, "k", http::verb::post, "/things", body};
    const auto died = replies.begin(asked);
    ASSERT_TRUE(died);
    EXPECT_FALSE(died->earlier);
    clock.advance(59s);
    EXPECT_EQ(code(post(body, "k")), "still_running");
    clock.advance(2s);
    EXPECT_EQ(post(body, "k").status, 201);
    // Were it alive after all, it would change nothing any more.
    replies.keep(asked, died->at, {418});
    replies.forget(asked, died->at);
    EXPECT_EQ(post(body, "k").status, 201);
    EXPECT_EQ(made, 1);
}

TEST_F(IdempotencyTest, AKeyIsOnePersonsOfOneCompany) {
    post(R"({"name":"a"})", kKey);
    caller.person = PersonId::from_bytes({3});
    EXPECT_FALSE(replayed(post(R"({"name":"b"})", kKey)));
    caller.company = CompanyId::from_bytes({4});
    EXPECT_FALSE(replayed(post(R"({"name":"c"})", kKey)));
    EXPECT_EQ(made, 3);
}

TEST_F(IdempotencyTest, AfterADayItIsForgotten) {
    post(R"({"name":"a"})", kKey);
    clock.advance(24h);
    EXPECT_TRUE(replayed(post(R"({"name":"a"})", kKey)));
    EXPECT_EQ(replies.forget_old(caller.company), 0);
    clock.advance(1s);
    EXPECT_EQ(post(R"({"name":"b"})", kKey).body.at("number"), 2);
    clock.advance(25h);
    EXPECT_EQ(replies.forget_old(caller.company), 1);
    EXPECT_EQ(kept(), 0);
}

TEST_F(IdempotencyTest, WhatIsKeptCannotBeReadFromTheDatabase) {
    post(R"({"name":"a secret"})", kKey);
    static constexpr pg::Query kRows{
        "test.rows", "SELECT r::text AS row FROM idempotency.reply r WHERE company_id = $1"};
    auto tx = pool.begin(caller.company);
    const auto row = *tx.run(kRows, caller.company).first([](const pg::Row& one) {
        return one.get<std::string>("row");
    });
    EXPECT_EQ(row.find("secret"), std::string::npos);
}

TEST_F(IdempotencyTest, WhatAPersonWasAnsweredIsTakenAlongAndErased) {
    post(R"({"name":"a"})", kKey);
    caller.person = PersonId::from_bytes({3});
    post(R"({"name":"a"})", kKey);
    const auto of = [this](PersonId person) {
        auto tx = pool.begin(caller.company);
        return holder().take_along(tx, {person});
    };
    ASSERT_EQ(of(caller.person).size(), 1U);
    EXPECT_EQ(
        of(caller.person)[0],
        (boost::json::object{
            {"place", "idempotency.reply"}, {"asked_at", "2026-08-21T09:30:00.000000Z"}}));
    {
        auto tx = pool.begin(caller.company);
        const auto erased = holder().erase(tx, {caller.person}, clock.now());
        EXPECT_EQ(erased->at(0).erased, 1);
        tx.commit();
    }
    EXPECT_EQ(of(caller.person).size(), 0U);
    EXPECT_EQ(kept(), 1);
}

TEST_F(IdempotencyTest, AKeyThatIsNoneIsRefused) {
    for (const std::string bad :
         {"\"\"", "\"", "\"a", "a\"b", "a b", "a, b", "\"a\";x=1", "\"a\\b\"", "\"\x7f\""}) {
        const auto refused = post(R"({"name":"a"})", bad);
        EXPECT_EQ(refused.status, 400) << bad;
        EXPECT_EQ(code(refused), "bad_idempotency_key");
    }
    EXPECT_EQ(post(R"({"name":"a"})", std::string(256, 'a')).status, 400);
    EXPECT_EQ(made, 0);
    EXPECT_EQ(http::idempotency_key(R"("a\"b\\c")"), "a\"b\\c");
    EXPECT_EQ(post(R"({"name":"a"})", std::string(255, 'a')).status, 201);
}

}  // namespace
}  // namespace mobilytics::idempotency
