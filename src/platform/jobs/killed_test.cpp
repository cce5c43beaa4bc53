// Processes that die while they run jobs. The process is this program again, which runs one test
// that is otherwise disabled.

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include "foundation/monotonic.h"
#include "platform/jobs/jobs_test.h"

namespace mobilytics::jobs {
namespace {

constexpr pg::Query kEffect{"test.effect", R"sql(
    INSERT INTO test.effect (company_id, job_id) VALUES ($1, $2)
)sql"};
constexpr pg::Query kBegun{"test.begun", R"sql(
    INSERT INTO test.begun (key, pid) VALUES ($1, $2)
)sql"};
constexpr pg::Query kEffects{"test.effects", R"sql(
    SELECT count(*) AS all, count(DISTINCT job_id) AS jobs FROM test.effect
)sql"};
constexpr pg::Query kBegunOf{"test.begun_of", R"sql(
    SELECT count(*) AS count FROM test.begun WHERE pid = $1
)sql"};
constexpr pg::Query kBegunKeys{"test.begun_keys", R"sql(
    SELECT count(*) AS all, count(DISTINCT key) AS keys FROM test.begun
)sql"};

constexpr WorkersConfig kConfig{
    .threads = 4, .ahead = 4, .look_every = 20ms, .beat_every = 20ms, .lease_max = 400ms};
constexpr KindOptions kQuick() {
    KindOptions out;
    out.retry = {.attempts_max = 3, .wait_min = 1ms, .growth = 1, .wait_max = 1ms};
    return out;
}

/// What a handler does outside: not undone when we die.
void note_begun(pg::SystemPool& system, const JobRun& run) {
    auto tx = system.begin();
    tx.run(kBegun, run.idempotency_key(), static_cast<std::int64_t>(::getpid()));
    tx.commit();
}

void handle_all(Workers& workers, pg::SystemPool& system) {
    workers.handle<Count>(
        [&system](JobRun& run, const Count&) -> Outcome {
            note_begun(system, run);
            return Done{[id = run.id](pg::Transaction& tx) { tx.run(kEffect, tx.company(), id); }};
        },
        kQuick());
    workers.handle<Say>(
        [&system](JobRun& run, const Say& say) -> Outcome {
            note_begun(system, run);
            if (say.text == "poison") std::_Exit(1);
            while (say.text == "hangs" && run.attempt == 1) ::pause();
            return Done{[id = run.id](pg::Transaction& tx) { tx.run(kEffect, tx.company(), id); }};
        },
        kQuick());
}

class KilledTest : public JobsTest {
  protected:
    KilledTest() : JobsTest({.connections_max = 12}) {
        pg::Connection connection(owner, 0ms);
        connection.command("test.schema", R"sql(
            CREATE SCHEMA test;
            CREATE TABLE test.effect (company_id uuid NOT NULL, job_id uuid NOT NULL);
            CREATE TABLE test.begun (key text NOT NULL, pid bigint NOT NULL);
            GRANT USAGE ON SCHEMA test TO mobilytics_app, mobilytics_system;
            GRANT SELECT, INSERT ON test.effect, test.begun TO mobilytics_app, mobilytics_system;
        )sql");
    }
    ~KilledTest() override {
        for (const auto process : processes_) end(process);
    }

    pid_t spawn() {
        ::setenv("JOBS_TEST_SERVER", owner.server.c_str(), 1);
        ::setenv("JOBS_TEST_DATABASE", owner.database.c_str(), 1);
        std::string words[] = {
            "jobs_test", "--gtest_filter=JobsProcess.DISABLED_RunsUntilItIsKilled",
            "--gtest_also_run_disabled_tests"};
        char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
        pid_t process = 0;
        VERIFY(
            ::posix_spawn(&process, "/proc/self/exe", nullptr, nullptr, arguments, environ) == 0);
        processes_.insert(process);
        return process;
    }
    void end(pid_t process) {
        ::kill(process, SIGKILL);
        ::waitpid(process, nullptr, 0);
    }
    void kill(pid_t process) {
        end(process);
        processes_.erase(process);
    }
    template <class Condition>
    void until(const Condition& holds) {
        const Deadline patience(120s);
        while (!holds()) {
            ASSERT_FALSE(patience.passed());
            std::this_thread::sleep_for(5ms);
        }
    }
    std::int64_t begun_by(pid_t process) {
        auto tx = system.begin();
        return *tx.run(kBegunOf, static_cast<std::int64_t>(process)).first([](pg::Row r) {
            return r.get<std::int64_t>("count");
        });
    }
    std::pair<std::int64_t, std::int64_t> pair_of(pg::Query query, const char* a, const char* b) {
        auto tx = system.begin();
        return *tx.run(query).first(
            [&](pg::Row r) { return std::pair(r.get<std::int64_t>(a), r.get<std::int64_t>(b)); });
    }
    std::int64_t unfinished() {
        auto tx = system.begin();
        std::int64_t out = 0;
        for (const auto& depth : queue.depths(tx)) {
            out += depth.available + depth.scheduled + depth.retryable + depth.running;
        }
        return out;
    }

    const SystemClock real;
    Workers mine{pool, system, as("mobilytics_system"), real, registry, kConfig};

  private:
    std::set<pid_t> processes_;
};

TEST(JobsProcess, DISABLED_RunsUntilItIsKilled) {
    const char* server = std::getenv("JOBS_TEST_SERVER");
    const char* database = std::getenv("JOBS_TEST_DATABASE");
    if (server == nullptr || database == nullptr) GTEST_SKIP() << "is run by the tests below";
    const SystemClock clock;
    metrics::Registry registry;
    const pg::Address address{server, database, "mobilytics_system"};
    pg::Pool pool({server, database, "mobilytics_app"});
    pg::SystemPool system(address);
    Workers workers(pool, system, address, clock, registry, kConfig);
    handle_all(workers, system);
    workers.start();
    for (;;) ::pause();
}

TEST_F(KilledTest, AJobOfADeadProcessIsRunAgainAndTakesEffectOnce) {
    const auto id = put({"hangs"});
    const auto process = spawn();
    until([&] { return begun_by(process) == 1; });
    kill(process);
    EXPECT_EQ(row(id).state, State::running);
    handle_all(mine, system);
    mine.start();
    until([&] { return row(id).state == State::completed; });
    EXPECT_EQ(row(id).attempt, 2);
    EXPECT_EQ(row(id).errors.at(0).code, "worker_died");
    EXPECT_EQ(pair_of(kEffects, "all", "jobs"), std::pair(std::int64_t{1}, std::int64_t{1}));
    // What it did outside was done twice, and could be known again by its key.
    EXPECT_EQ(pair_of(kBegunKeys, "all", "keys"), std::pair(std::int64_t{2}, std::int64_t{1}));
}

TEST_F(KilledTest, HoweverManyDieEachJobTakesEffectOnce) {
    constexpr std::int64_t kJobs = 600;
    {
        auto tx = system.begin();
        enqueue_all(tx, ours, real.now(), std::vector<Count>(kJobs / 2), {.attempts_max = 50});
        enqueue_all(tx, other, real.now(), std::vector<Count>(kJobs / 2), {.attempts_max = 50});
        tx.commit();
    }
    for (int i = 0; i < 4; ++i) {
        const auto process = spawn();
        until([&] { return begun_by(process) >= 20 * (i + 1) || unfinished() == 0; });
        kill(process);
    }
    handle_all(mine, system);
    mine.start();
    until([&] { return unfinished() == 0; });
    EXPECT_EQ(pair_of(kEffects, "all", "jobs"), std::pair(kJobs, kJobs));
}

TEST_F(KilledTest, AJobThatKillsItsProcessIsADeadLetterInTheEnd) {
    const auto poison = put({"poison"}, {.attempts_max = 2});
    for (int i = 0; i < 2; ++i) {
        const auto process = spawn();
        until([&] { return begun_by(process) == 1; });
        kill(process);
    }
    const auto fine = put({"fine"});
    handle_all(mine, system);
    mine.start();
    until([&] {
        return row(poison).state == State::discarded && row(fine).state == State::completed;
    });
    ASSERT_EQ(row(poison).errors.size(), 2U);
    EXPECT_EQ(row(poison).errors[1].code, "worker_died");
}

TEST_F(KilledTest, AProcessThatStoodStillHasLostItsJobsAndGoesOnWithOthers) {
    const auto id = put({"hangs"});
    const auto process = spawn();
    until([&] { return begun_by(process) == 1; });
    ::kill(process, SIGSTOP);
    handle_all(mine, system);
    mine.start();
    until([&] { return row(id).state == State::completed; });
    mine.stop();
    ::kill(process, SIGCONT);
    const auto next = put({"next"});
    until([&] { return row(next).state == State::completed; });
    EXPECT_EQ(pair_of(kEffects, "all", "jobs"), std::pair(std::int64_t{2}, std::int64_t{2}));
    kill(process);
}

}  // namespace
}  // namespace mobilytics::jobs
