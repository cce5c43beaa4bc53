#include "platform/jobs/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/jobs/depth_metrics.h"
#include "platform/jobs/jobs_test.h"

namespace mobilytics::jobs {
namespace {

using QueueTest = JobsTest;

TEST_F(QueueTest, StaffSeeCountAndCancelThem) {
    workers.handle<Say>([](JobRun&, const Say&) -> Outcome { return Done{}; });
    std::vector<JobId> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(put({"a"}));
        clock.advance(1s);
    }
    put(other, Say{"b"}, {.due = clock.now() + 1h});
    {
        auto tx = system.begin();
        const auto depth = queue.depths(tx).at(0);
        EXPECT_EQ(depth.kind, "test.say.v1");
        EXPECT_EQ(depth.available, 5);
        EXPECT_EQ(depth.scheduled, 1);
        EXPECT_EQ(depth.oldest_age_s, 5);
        const auto page = *queue.list(tx, {.company = ours}, PageRequest{"", 2});
        ASSERT_EQ(page.items.size(), 2U);
        EXPECT_EQ(page.items[0].id, ids[4]);
        const auto next = *queue.list(tx, {.company = ours}, PageRequest{*page.next_cursor, 200});
        EXPECT_EQ(next.items.size(), 3U);
        EXPECT_EQ(next.next_cursor, std::nullopt);
        EXPECT_EQ(queue.list(tx, {.kind = "none"}, {})->items.size(), 0U);
        EXPECT_EQ(queue.cancel(tx, ids[0])->state, State::cancelled);
        EXPECT_EQ(queue.cancel(tx, ids[0]).error().code, "job_finished");
        EXPECT_EQ(queue.cancel_all(tx, {.company = ours}, 3), 3);
        EXPECT_EQ(queue.retry(tx, ids[0])->state, State::available);
        tx.commit();
    }
    EXPECT_EQ(workers.run_due(), 2);
    EXPECT_THAT(
        registry.text(),
        testing::HasSubstr(R"(mobilytics_jobs_depth{kind="test.say.v1",state="scheduled"} 1)"));
    EXPECT_THAT(
        registry.text(),
        testing::HasSubstr(
            R"(mobilytics_jobs_runs_total{kind="test.say.v1",outcome="completed"} 2)"));
}

TEST_F(QueueTest, AListIsSortedAndItsCursorAgrees) {
    const auto third = put({"a"}, {.due = clock.now() + 3h});
    clock.advance(1s);
    const auto first = put({"b"}, {.due = clock.now() + 1h});
    clock.advance(1s);
    const auto second = put(ours, Count{1}, {.due = clock.now() + 2h});
    const auto ids = [this](const std::string& sort) {
        std::vector<JobId> out;
        PageRequest page{"", 1};
        auto tx = system.begin();
        for (;;) {
            const auto got = queue.list(tx, {}, page, sort);
            for (const auto& each : got->items) out.push_back(each.id);
            if (!got->next_cursor) return out;
            page.cursor = *got->next_cursor;
        }
    };
    EXPECT_EQ(ids("due_at"), (std::vector{first, second, third}));
    EXPECT_EQ(ids("-due_at"), (std::vector{third, second, first}));
    EXPECT_EQ(ids("enqueued_at"), (std::vector{third, first, second}));
    EXPECT_EQ(ids("-enqueued_at"), (std::vector{second, first, third}));
    EXPECT_EQ(ids("kind").front(), second);  // test.count before test.say.
    EXPECT_EQ(ids("-kind").back(), second);
    auto tx = system.begin();
    EXPECT_EQ(queue.list(tx, {}, {}, "payload").error().code, "bad_sort");
    const auto page = *queue.list(tx, {}, PageRequest{"", 1}, "kind");
    EXPECT_EQ(
        queue.list(tx, {}, PageRequest{*page.next_cursor, 1}, "due_at").error().code, "bad_cursor");
}

TEST_F(QueueTest, AKindWithoutJobsHasNoOldestOne) {
    workers.handle<Say>([](JobRun&, const Say&) -> Outcome { return Done{}; });
    metrics::Registry told;
    const auto depths = std::make_shared<DepthMetrics>(system, clock, told, 0ms);
    DepthMetrics::refresh_with(told, depths);
    put({"a"});
    clock.advance(30s);
    using testing::HasSubstr;
    EXPECT_THAT(told.text(), HasSubstr(R"(mobilytics_jobs_oldest_seconds{kind="test.say.v1"} 30)"));
    EXPECT_EQ(workers.run_due(), 1);
    clock.advance(25h);  // It is forgotten, and with it the last of its kind.
    Workers({pool, system, as("mobilytics_system"), clock, registry}).run_due();
    const auto after = told.text();
    EXPECT_THAT(after, HasSubstr(R"(mobilytics_jobs_oldest_seconds{kind="test.say.v1"} 0)"));
    EXPECT_THAT(
        after, HasSubstr(R"(mobilytics_jobs_depth{kind="test.say.v1",state="available"} 0)"));
    depths->end();
}

}  // namespace
}  // namespace mobilytics::jobs
