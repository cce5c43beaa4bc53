#include "platform/jobs/jobs.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "platform/jobs/jobs_test.h"

namespace mobilytics::jobs {
namespace {

using namespace std::chrono_literals;

constexpr pg::Query kCount{"test.count", "SELECT count(*) AS count FROM jobs.job"};

TEST_F(JobsTest, AJobIsThereExactlyWhenItsTransactionIs) {
    {
        auto tx = pool.begin(ours);
        enqueue(tx, clock.now(), Say{"never"});
    }
    auto tx = pool.begin(ours);
    const auto kept = enqueue(tx, clock.now(), Say{"once"});
    tx.commit();
    std::vector<std::string> said;
    workers.handle<Say>([&](JobRun& run, const Say& say) -> Outcome {
        EXPECT_EQ(run.id, kept.id);
        EXPECT_EQ(run.company, ours);
        EXPECT_EQ(run.attempt, 1);
        EXPECT_EQ(run.idempotency_key(), kept.id.str());
        said.push_back(say.text);
        return Done{};
    });
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(said, std::vector<std::string>{"once"});
    const auto after = row(kept.id);
    EXPECT_EQ(after.state, State::completed);
    EXPECT_EQ(after.finished_at, clock.now());
    EXPECT_EQ(after.company_id, ours);
    EXPECT_EQ(workers.run_due(), 0);
}

TEST_F(JobsTest, TheSystemsJobsAreNobodysAndNoCompanySeesAnothers) {
    auto tx = system.begin();
    const auto none = enqueue(tx, CompanyId(), clock.now(), Say{"system"});
    const auto theirs = enqueue(tx, other, clock.now(), Say{"theirs"});
    tx.commit();
    EXPECT_EQ(row(none.id).company_id, std::nullopt);
    auto mine = pool.begin(ours);
    EXPECT_EQ(queue.find(mine, theirs.id).error().code, "no_such_job");
    EXPECT_EQ(queue.cancel(mine, theirs.id).error().code, "no_such_job");
    EXPECT_EQ(mine.run(kCount).first([](pg::Row r) { return r.get<std::int64_t>("count"); }), 0);
}

TEST_F(JobsTest, ManyAreEnqueuedAtOnce) {
    auto tx = system.begin();
    std::vector<Count> counts;
    for (int i = 0; i < 1'000; ++i) counts.push_back({i});
    const auto ids = enqueue_all(tx, ours, clock.now(), counts);
    tx.commit();
    EXPECT_EQ(ids.size(), 1'000U);
    std::int64_t sum = 0, batches = 0;
    workers.handle_batch<Count>(
        [&](const std::vector<JobRun>& runs, const std::vector<Count>& all) -> SystemDone {
            EXPECT_EQ(runs.size(), all.size());
            ++batches;
            for (const auto& each : all) sum += each.number;
            return {};
        },
        300);
    EXPECT_EQ(workers.run_due(), 1'000);
    EXPECT_EQ(sum, 999 * 1'000 / 2);
    EXPECT_EQ(batches, 4);
    EXPECT_EQ(state(ids.at(500)), State::completed);
}

TEST_F(JobsTest, AKeyIsTakenOnceWhileItIsHeld) {
    const Options options{.unique_key = "nightly"};
    const auto first = put({"a"}, options);
    EXPECT_EQ(put({"b"}, options), first);
    EXPECT_NE(put(other, Say{"c"}, options), first);
    EXPECT_NE(put(ours, Count{1}, options), first);  // Another kind.
    workers.handle<Say>([&](JobRun&, const Say&) -> Outcome { return Done{}; });
    workers.run_due();
    const auto next = put({"d"}, options);
    EXPECT_NE(next, first);

    const Options ever{.unique_key = "ever", .unique_in = kUnfinished | kFinished};
    const auto once = put({"e"}, ever);
    workers.run_due();
    EXPECT_EQ(state(once), State::completed);
    EXPECT_EQ(put({"f"}, ever), once);
}

TEST_F(JobsTest, OneThatWaitsTakesThePlaceOfOneThatFailed) {
    const Options waiting{.unique_key = "k", .unique_in = kWaiting};
    JobId second;
    workers.handle<Say>([&](JobRun&, const Say& say) -> Outcome {
        if (say.text == "second") return Done{};
        second = put({"second"}, waiting);  // While the first runs.
        return Failed{.code = "no_luck", .message = "again"};
    });
    const auto first = put({"first"}, waiting);
    workers.run_due();
    EXPECT_NE(second, first);
    EXPECT_EQ(state(first), State::cancelled);
    EXPECT_EQ(row(first).errors.at(0).code, "no_luck");
    EXPECT_EQ(state(second), State::completed);
    auto tx = system.begin();
    EXPECT_TRUE(queue.retry(tx, first));  // Nobody holds the key any more.
}

TEST_F(JobsTest, TheUrgentAndTheOldestAreFirst) {
    std::vector<std::string> said;
    workers.handle<Say>([&](JobRun&, const Say& say) -> Outcome {
        said.push_back(say.text);
        return Done{};
    });
    put({"low"}, {.priority = Priority::low});
    put({"normal 1"});
    clock.advance(1ms);
    put({"normal 2"});
    put({"urgent"}, {.priority = Priority::urgent});
    put({"later"}, {.due = clock.now() + 1h});
    EXPECT_EQ(workers.run_due(), 4);
    EXPECT_EQ(said, (std::vector<std::string>{"urgent", "normal 1", "normal 2", "low"}));
    clock.advance(1h);
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(said.back(), "later");
}

TEST_F(JobsTest, ABacklogOfOneCompanyDelaysNoOther) {
    std::vector<CompanyId> served;
    workers.handle<Count>([&](JobRun& run, const Count&) -> Outcome {
        served.push_back(run.company);
        return Done{};
    });
    {
        auto tx = system.begin();
        enqueue_all(tx, ours, clock.now(), std::vector<Count>(200));
        clock.advance(1s);
        enqueue_all(tx, other, clock.now(), std::vector<Count>(20));
        tx.commit();
    }
    EXPECT_EQ(workers.run_due(), 220);
    EXPECT_EQ(std::count(served.begin(), served.begin() + 40, other), 20);
}

/// What the queue should do, said in the simplest way, and done beside it by the same script.
struct ModelJob {
    State state{};
    Instant due;
    int attempt = 0;
    std::string key;
};

class ModelTest : public JobsTest {
  protected:
    static constexpr int kAttemptsMax = 3;

    void handle(Workers& own) {
        own.handle<Say>(
            [this](JobRun& run, const Say&) { return outcome(run); },
            {.retry = {
                 .attempts_max = kAttemptsMax, .wait_min = 60s, .growth = 1, .wait_max = 60s}});
    }
    Outcome outcome(const JobRun& run) {
        if (run.company != company) return Cancelled{"of a case before"};
        auto& job = model.at(run.id);
        RC_ASSERT(job.state == State::available);
        RC_ASSERT(run.attempt == job.attempt + 1);
        const auto ends =
            *rc::gen::element<std::string>("done", "fail", "never", "snooze", "throw", "cancel");
        if (ends == "snooze") {
            job.state = State::scheduled;
            job.due = clock.now() + 5s;
            return Snooze{5s};
        }
        ++job.attempt;
        job.state = ends == "done" ? State::completed : State::cancelled;
        if (ends == "done") return Done{};
        if (ends == "cancel") return Cancelled{"enough"};
        const bool last = ends == "never" || job.attempt == kAttemptsMax;
        job.state = last ? State::discarded : State::retryable;
        job.due = clock.now() + 70s;
        if (ends == "throw") {
            job.due = clock.now() + 60s;  // At the latest.
            throw std::runtime_error("thrown");
        }
        return Failed{.code = "f", .message = "m", .permanent = ends == "never", .wait = 70s};
    }
    bool held(const std::string& key, std::optional<JobId> but) const {
        for (const auto& [id, job] : model) {
            const bool unfinished = (states({job.state}) & kUnfinished) != 0;
            if (id != but && !key.empty() && job.key == key && unfinished) return true;
        }
        return false;
    }
    void enqueue_one() {
        Options options;
        if (*rc::gen::arbitrary<bool>()) options.due = clock.now() + 30s;
        options.unique_key = *rc::gen::element<std::string>("", "x", "y");
        auto tx = pool.begin(company);
        const auto done = enqueue(tx, clock.now(), Say{"x"}, options);
        tx.commit();
        RC_ASSERT(done.fresh == !held(options.unique_key, std::nullopt));
        if (!done.fresh) return;
        model[done.id] = {
            options.due ? State::scheduled : State::available, options.due.value_or(clock.now()), 0,
            options.unique_key};
    }
    void run_all(Workers& own) {
        // Jitter: what is thrown is due 30 to 60 s after it; nothing is asked in between.
        clock.advance(std::chrono::seconds(*rc::gen::element(1, 6, 61, 100)));
        std::vector<JobId> due;
        for (auto& [id, job] : model) {
            const bool waits = job.state == State::scheduled || job.state == State::retryable;
            if (waits && row(id).due_at <= clock.now()) job.state = State::available;
        }
        own.run_due();
    }
    void cancel(JobId id) {
        auto& job = model.at(id);
        auto tx = system.begin();
        const auto done = queue.cancel(tx, id);
        tx.commit();
        RC_ASSERT(done.has_value() == ((states({job.state}) & kWaiting) != 0));
        if (done) job.state = State::cancelled;
    }
    void retry(JobId id) {
        auto& job = model.at(id);
        auto tx = system.begin();
        const auto done = queue.retry(tx, id);
        tx.commit();
        RC_ASSERT(done.has_value() == !held(job.key, id));
        if (done) job = {State::available, clock.now(), 0, job.key};
    }
    void step(Workers& own) {
        const auto what = *rc::gen::inRange(0, 6);
        if (what <= 1 || model.empty()) return enqueue_one();
        if (what <= 3) return run_all(own);
        auto at = model.begin();
        std::advance(at, *rc::gen::inRange<std::size_t>(0, model.size()));
        if (what == 4) return cancel(at->first);
        retry(at->first);
    }

    CompanyId company;
    std::map<JobId, ModelJob> model;
};

TEST_F(ModelTest, WhateverHappensTheStatesAreThoseOfTheModel) {
    const auto holds = [this] {
        company = CompanyId::fresh(clock.now());
        model.clear();
        Workers own(pool, system, as("mobilytics_system"), clock, registry);
        handle(own);
        const auto steps = *rc::gen::inRange(5, 25);
        for (int i = 0; i < steps; ++i) {
            step(own);
            auto tx = system.begin();
            const auto seen = queue.list(tx, {.company = company}, PageRequest{"", 200})->items;
            RC_ASSERT(seen.size() == model.size());
            for (const auto& each : seen) {
                RC_ASSERT(each.state == model.at(each.id).state);
                RC_ASSERT(each.attempt == model.at(each.id).attempt);
            }
        }
    };
    EXPECT_TRUE(rc::check("the states are the model's", holds));
}

}  // namespace
}  // namespace mobilytics::jobs
