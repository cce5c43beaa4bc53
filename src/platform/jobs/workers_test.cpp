#include "platform/jobs/workers.h"

#include <future>
#include <latch>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foundation/monotonic.h"
#include "platform/jobs/jobs_test.h"

namespace mobilytics::jobs {
namespace {

constexpr pg::Query kNote{"test.note", R"sql(
    INSERT INTO test.effect (company_id, text) VALUES ($1, $2)
)sql"};
constexpr pg::Query kNoted{"test.noted", "SELECT count(*) AS count FROM test.effect"};

class WorkersTest : public JobsTest {
  protected:
    WorkersTest() {
        pg::Connection connection(owner, 0ms);
        connection.command("test.schema", R"sql(
            CREATE SCHEMA test;
            CREATE TABLE test.effect (company_id uuid NOT NULL, text text NOT NULL);
            GRANT USAGE ON SCHEMA test TO mobilytics_app, mobilytics_system;
            GRANT SELECT, INSERT ON test.effect TO mobilytics_app, mobilytics_system;
        )sql");
    }

    static Done note(const Say& say) {
        return {[say](pg::Transaction& tx) { tx.run(kNote, tx.company(), say.text); }};
    }
    std::int64_t noted() {
        auto tx = system.begin();
        return *tx.run(kNoted).first([](pg::Row r) { return r.get<std::int64_t>("count"); });
    }
    /// Waits for what other threads do.
    template <class Condition>
    void until(const Condition& holds) {
        const Deadline patience(60s);
        while (!holds()) {
            ASSERT_FALSE(patience.passed());
            std::this_thread::sleep_for(2ms);
        }
    }
    std::unique_ptr<Workers> more(WorkersConfig config = {}) {
        return std::make_unique<Workers>(
            Ground{pool, system, as("mobilytics_system"), clock, registry}, config);
    }
};

TEST_F(WorkersTest, EffectsStandWithTheCompletionOrNotAtAll) {
    int runs = 0;
    workers.handle<Say>([&](JobRun&, const Say& say) -> Outcome {
        if (++runs > 1) return note(say);
        return Done{[say](pg::Transaction& tx) {
            tx.run(kNote, tx.company(), say.text);
            throw std::runtime_error("after it was written");
        }};
    });
    const auto id = put({"a"});
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(noted(), 0);
    EXPECT_EQ(row(id).state, State::retryable);
    EXPECT_EQ(row(id).errors.at(0).message, "after it was written");
    clock.advance(1min);
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(noted(), 1);
    EXPECT_EQ(row(id).state, State::completed);
}

TEST_F(WorkersTest, ASystemsHandlerWritesForAnyCompany) {
    workers.handle_as_system<Say>([&](JobRun& run, const Say& say) -> SystemOutcome {
        return SystemDone{[company = run.company, say](pg::SystemTransaction& tx) {
            tx.run(kNote, company, say.text);
        }};
    });
    put(ours, Say{"a"});
    put(other, Say{"b"});
    EXPECT_EQ(workers.run_due(), 2);
    EXPECT_EQ(noted(), 2);
}

TEST_F(WorkersTest, AgainEverLaterUntilItIsADeadLetter) {
    workers.handle<Say>(
        [](JobRun&, const Say&) -> Outcome {
            return Failed{.code = "no_answer", .message = "nobody there"};
        },
        {.retry = {.attempts_max = 4, .wait_min = 10s, .growth = 3, .wait_max = 60s}});
    const auto id = put({"a"});
    for (const auto most : {10s, 30s, 60s}) {
        EXPECT_EQ(workers.run_due(), 1);
        const auto now = row(id);
        EXPECT_EQ(now.state, State::retryable);
        EXPECT_GE(now.due_at, clock.now() + most / 2);
        EXPECT_LE(now.due_at, clock.now() + most);
        clock.advance(most);
    }
    EXPECT_EQ(workers.run_due(), 1);
    const auto dead = row(id);
    EXPECT_EQ(dead.state, State::discarded);
    EXPECT_EQ(dead.attempt, 4);
    ASSERT_EQ(dead.errors.size(), 4U);
    EXPECT_EQ(dead.errors[3].attempt, 4);
    EXPECT_EQ(dead.errors[3].code, "no_answer");
    EXPECT_EQ(dead.errors[3].at, clock.now());
    clock.advance(24h);
    EXPECT_EQ(workers.run_due(), 0);

    {
        auto tx = system.begin();
        EXPECT_EQ(queue.redrive_all(tx, {.error_code = "another"}, 10), 0);
        EXPECT_EQ(queue.redrive_all(tx, {.error_code = "no_answer"}, 10), 1);
        tx.commit();
    }
    EXPECT_EQ(row(id).attempt, 0);
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(row(id).state, State::retryable);
}

TEST_F(WorkersTest, OfManyErrorsTheFirstAndTheNewestAreKept) {
    workers.handle<Say>(
        [](JobRun& run, const Say&) -> Outcome {
            return Failed{
                .code = "no", .message = std::string(2'000, 'x') + std::to_string(run.attempt)};
        },
        {.retry = {.attempts_max = 15, .wait_min = 1ms, .growth = 1}});
    const auto id = put({"a"});
    while (row(id).state != State::discarded) {
        workers.run_due();
        clock.advance(1s);
    }
    const auto dead = row(id);
    ASSERT_EQ(dead.errors.size(), 10U);
    EXPECT_EQ(dead.errors[0].attempt, 1);
    EXPECT_EQ(dead.errors[1].attempt, 7);
    EXPECT_EQ(dead.errors[9].attempt, 15);
    EXPECT_EQ(dead.errors[9].message.size(), 500U);
}

TEST_F(WorkersTest, ASnoozeCostsNoAttempt) {
    int runs = 0;
    workers.handle<Say>(
        [&](JobRun& run, const Say&) -> Outcome {
            EXPECT_EQ(run.attempt, 1);
            if (++runs < 5) return Snooze{10s};
            return Done{};
        },
        {.retry = {.attempts_max = 1}});
    const auto id = put({"a"});
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(workers.run_due(), 1);
        clock.advance(10s);
    }
    EXPECT_EQ(row(id).state, State::completed);
    EXPECT_EQ(row(id).attempt, 1);
}

TEST_F(WorkersTest, WhatIsTooLateIsNotBegun) {
    workers.handle<Say>([](JobRun&, const Say& say) -> Outcome {
        if (say.text == "fails") return Failed{.code = "no", .message = "no", .wait = 2h};
        return Done{};
    });
    const auto late = put({"late"}, {.deadline = clock.now() + 1min});
    clock.advance(2min);
    const auto fails = put({"fails"}, {.deadline = clock.now() + 1h});
    EXPECT_EQ(workers.run_due(), 2);
    EXPECT_EQ(row(late).state, State::discarded);
    EXPECT_EQ(row(late).errors.at(0).code, "too_late");
    EXPECT_EQ(row(fails).state, State::discarded);  // The next time would be too late.
}

TEST_F(WorkersTest, WhatIsPoisonInABatchSpoilsOnlyItself) {
    workers.handle_batch<Count>(
        [](const std::vector<JobRun>& runs, const std::vector<Count>& all) -> SystemDone {
            for (const auto& each : all) {
                if (each.number == 7) throw std::runtime_error("seven");
            }
            return {[runs, all](pg::SystemTransaction& tx) {
                for (std::size_t i = 0; i < all.size(); ++i) {
                    tx.run(kNote, runs[i].company, std::to_string(all[i].number));
                }
            }};
        },
        100, {.retry = {.attempts_max = 1}});
    for (int i = 0; i < 20; ++i) put(ours, Count{i});
    workers.run_due();
    EXPECT_EQ(noted(), 19);
    auto tx = system.begin();
    const auto dead = queue.list(tx, {.state = State::discarded}, {})->items;
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].errors.at(0).message, "seven");
}

TEST_F(WorkersTest, AVendorIsAskedNoMoreOftenThanAllowed) {
    workers.limit("vendor", {.per_second = 2, .burst = 5});
    workers.handle<Say>(
        [](JobRun&, const Say&) -> Outcome { return Done{}; }, {.vendor = "vendor"});
    workers.handle<Count>(
        [](JobRun&, const Count&) -> Outcome { return Done{}; }, {.vendor = "vendor"});
    for (int i = 0; i < 20; ++i) {
        put({"a"});
        put(ours, Count{i});
    }
    EXPECT_EQ(workers.run_due(), 5);
    clock.advance(400ms);
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(600ms);
    EXPECT_EQ(workers.run_due(), 2);
    clock.advance(-1h);  // Put back: nothing comes in, nothing is lost.
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(24h);  // Put forward: a burst and no more.
    EXPECT_EQ(workers.run_due(), 5);
}

TEST_F(WorkersTest, ASchedulesMissedTimesAreMadeUpForOnce) {
    workers.handle<Say>([](JobRun&, const Say& say) -> Outcome { return note(say); });
    workers.schedule({"nightly", "0 3 * * *", "America/Chicago"}, Say{"nightly"});
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(24h);
    EXPECT_EQ(workers.run_due(), 1);
    clock.advance(5 * 24h);
    EXPECT_EQ(workers.run_due(), 1);
    {
        auto tx = system.begin();
        const auto plan = queue.schedules(tx).at(0);
        EXPECT_EQ(to_iso8601(plan.next_run_at), "2026-08-28T08:00:00.000000Z");
        EXPECT_EQ(plan.last_run_at, clock.now());
        EXPECT_TRUE(queue.pause_schedule(tx, "nightly", true));
        EXPECT_EQ(queue.pause_schedule(tx, "daily", true).error().code, "no_such_schedule");
        tx.commit();
    }
    clock.advance(5 * 24h);
    EXPECT_EQ(workers.run_due(), 0);
}

TEST_F(WorkersTest, AClockThatWasSetWrongForAWhileLeavesSchedulesRight) {
    workers.handle<Say>([](JobRun&, const Say& say) -> Outcome { return note(say); });
    workers.schedule({"hourly", "0 * * * *", "UTC"}, Say{"hourly"});
    workers.run_due();     // 09:30
    clock.advance(31min);  // 10:01
    EXPECT_EQ(workers.run_due(), 1);
    clock.advance(24h * 365);  // Wrong by a year.
    EXPECT_EQ(workers.run_due(), 1);
    clock.advance(-24h * 365);  // Right again: 10:01.
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(1h);  // 11:01, a time that was made up for in the wrong year.
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(1h);
    EXPECT_EQ(workers.run_due(), 1);
    clock.advance(-30min);  // Back over a time that has been: not again.
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(30min);
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(1h);
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(noted(), 4);
}

TEST_F(WorkersTest, TwoSchedulersRunEachTimeOnce) {
    auto second = more();
    for (auto* each : {&workers, second.get()}) {
        each->handle<Say>([](JobRun&, const Say& say) -> Outcome { return note(say); });
        each->schedule({"often", "* * * * *", "UTC"}, Say{"often"});
        each->run_due();
    }
    for (int minute = 0; minute < 20; ++minute) {
        clock.advance(1min);
        auto beside = std::async(std::launch::async, [&] { second->run_due(); });
        workers.run_due();
        beside.get();
    }
    EXPECT_EQ(noted(), 20);
}

TEST_F(WorkersTest, FinishedOnesAreForgottenInTime) {
    workers.handle<Say>([](JobRun&, const Say& say) -> Outcome {
        if (say.text == "done") return Done{};
        return Failed{.code = "no", .message = "no", .permanent = true};
    });
    const auto done = put({"done"});
    const auto dead = put({"dead"});
    workers.run_due();
    clock.advance(25h);
    more()->run_due();
    const auto is_there = [this](JobId id) {
        auto tx = system.begin();
        return queue.find(tx, id).has_value();
    };
    EXPECT_FALSE(is_there(done));
    EXPECT_TRUE(is_there(dead));
    clock.advance(24h * 30);
    more()->run_due();
    EXPECT_FALSE(is_there(dead));
}

TEST_F(WorkersTest, OneThatRunsIsToldThatItIsCancelled) {
    std::latch began(1);
    workers.handle<Say>([&](JobRun& run, const Say&) -> Outcome {
        run.progress(40, "of the way");
        began.count_down();
        while (!run.should_stop()) std::this_thread::yield();
        EXPECT_EQ(run.stop_reason(), StopReason::cancelled);
        return Cancelled{"as asked"};
    });
    workers.start();
    const auto id = put({"a"});
    began.wait();
    until([&] { return row(id).progress_percent == 40; });
    EXPECT_EQ(row(id).progress_note, "of the way");
    {
        auto tx = system.begin();
        EXPECT_TRUE(queue.cancel(tx, id)->cancel_asked);
        tx.commit();
    }
    until([&] { return row(id).state == State::cancelled; });
    EXPECT_EQ(row(id).errors.at(0).message, "as asked");
}

TEST_F(WorkersTest, WhatIsToBeCancelledDoesNotRunAgain) {
    workers.handle<Say>([&](JobRun& run, const Say& say) -> Outcome {
        auto tx = system.begin();
        EXPECT_TRUE(queue.cancel(tx, run.id));
        tx.commit();
        if (say.text == "snoozes") return Snooze{1s};
        return Failed{.code = "no", .message = "no"};
    });
    const auto snoozes = put({"snoozes"}), fails = put({"fails"});
    EXPECT_EQ(workers.run_due(), 2);
    EXPECT_EQ(row(snoozes).state, State::cancelled);
    EXPECT_EQ(row(fails).state, State::cancelled);
    EXPECT_EQ(row(fails).errors.at(0).code, "no");
}

TEST_F(WorkersTest, StoppingGivesBackWhatWasNotDone) {
    auto own = more({.threads = 1, .ahead = 4, .drain_max = 20ms});
    std::latch began(1);
    own->handle<Say>([&](JobRun& run, const Say&) -> Outcome {
        began.count_down();
        while (!run.should_stop()) std::this_thread::yield();
        throw std::runtime_error("interrupted");
    });
    std::vector<JobId> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(put({"a"}));
    own->start();
    began.wait();
    own->stop();
    for (const auto id : ids) {
        EXPECT_EQ(row(id).state, State::available);
        EXPECT_EQ(row(id).attempt, 0);
        EXPECT_TRUE(row(id).errors.empty());
    }
}

TEST_F(WorkersTest, WhatRunsTooLongIsToldSo) {
    workers.handle<Say>(
        [&](JobRun& run, const Say&) -> Outcome {
            while (!run.should_stop()) std::this_thread::yield();
            return Cancelled{"was told to"};
        },
        {.retry = {.attempts_max = 1}, .run_max = 10ms});
    workers.start();
    const auto id = put({"a"});
    until([&] { return row(id).state == State::discarded; });
    EXPECT_EQ(row(id).errors.at(0).code, "run_too_long");
}

TEST_F(WorkersTest, WhatIsStuckIsRunAgainAndItsLateEffectIsRefused) {
    std::latch second(1);
    workers.handle<Say>(
        [&](JobRun& run, const Say& say) -> Outcome {
            if (run.attempt == 1) second.wait();  // Heeds nothing.
            return note(say);
        },
        {.retry = {.wait_min = 1ms}, .run_max = 10ms, .grace = 10ms});
    workers.start();
    const auto id = put({"a"});
    until([&] { return row(id).state == State::retryable; });
    clock.advance(1s);
    until([&] { return row(id).state == State::completed; });
    second.count_down();
    workers.stop();
    EXPECT_EQ(noted(), 1);
    EXPECT_EQ(row(id).attempt, 2);
}

TEST_F(WorkersTest, LimitsHoldOverAllWorkersTogether) {
    std::atomic<int> says = 0, all = 0, most_says = 0, most_all = 0;
    const auto raise = [](std::atomic<int>& most, int now) {
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
    };
    const auto busy = [&](std::atomic<int>* also) {
        raise(most_all, ++all);
        if (also != nullptr) raise(most_says, ++*also);
        std::this_thread::sleep_for(1ms);
        if (also != nullptr) --*also;
        --all;
    };
    std::vector<std::unique_ptr<Workers>> both;
    for (int i = 0; i < 2; ++i) {
        auto& each = *both.emplace_back(more({.threads = 6, .ahead = 6, .look_every = 5ms}));
        each.limit("vendor", {.concurrency_max = 5});
        each.handle<Say>(
            [&](JobRun&, const Say& say) -> Outcome {
                busy(&says);
                return note(say);
            },
            {.concurrency_max = 3, .vendor = "vendor"});
        each.handle<Count>(
            [&](JobRun&, const Count&) -> Outcome {
                busy(nullptr);
                return Done{};
            },
            {.vendor = "vendor"});
    }
    for (int i = 0; i < 60; ++i) {
        put({"a"});
        put(other, Count{i});
    }
    for (auto& each : both) each->start();
    until([&] {
        auto tx = system.begin();
        std::int64_t completed = 0;
        for (const auto& depth : queue.depths(tx)) completed += depth.completed;
        return completed == 120;
    });
    EXPECT_LE(most_says, 3);
    EXPECT_LE(most_all, 5);
    EXPECT_EQ(noted(), 60);
}

TEST_F(WorkersTest, ALeaseDependsOnNobodysClock) {
    auto second = more({.lease_max = 1s});
    std::latch began(1), go_on(1);
    auto first = more({.beat_every = 10ms, .lease_max = 1s});
    for (auto* each : {first.get(), second.get()}) {
        each->handle<Say>([&](JobRun&, const Say& say) -> Outcome {
            began.count_down();
            go_on.wait();
            return note(say);
        });
    }
    first->start();
    const auto id = put({"a"});
    began.wait();
    // For longer than a lease, by the only clock that counts.
    for (const Deadline watched(1'500ms); !watched.passed();) {
        clock.advance(24h);
        EXPECT_EQ(second->run_due(), 0);
        clock.advance(-34h);
        EXPECT_EQ(second->run_due(), 0);
    }
    EXPECT_EQ(row(id).state, State::running);
    go_on.count_down();
    until([&] { return row(id).state == State::completed; });
    EXPECT_EQ(row(id).attempt, 1);
}

}  // namespace
}  // namespace mobilytics::jobs
