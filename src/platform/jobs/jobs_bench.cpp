// Jobs with a PostgreSQL of our own that really writes: how many a second singly, each in a
// transaction of its own, and in batches; and how soon a job begins that is put behind a million
// others. Prints "name,value,unit,bar,met".

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <latch>

#include "platform/jobs/jobs_migrations.h"
#include "platform/jobs/workers.h"
#include "platform/metrics/metrics.h"
#include "platform/pg/connection.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg_migrations.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::jobs {
namespace {

constexpr std::int64_t kSingly = 30'000;
constexpr std::int64_t kInBatches = 300'000;
constexpr std::int64_t kBacklog = 1'000'000;
constexpr int kBatchMax = 500;
constexpr int kThreads = 16;
constexpr std::size_t kPings = 400;

struct Work {
    static constexpr std::string_view kName = "bench.work.v1";
    std::int64_t number = 0;
    boost::json::value to_json() const { return {{"number", number}}; }
    static Work from_json(const boost::json::value& json) {
        return {json.at("number").to_number<std::int64_t>()};
    }
};
struct Ping : Work {
    static constexpr std::string_view kName = "bench.ping.v1";
    static Ping from_json(const boost::json::value& json) { return {Work::from_json(json)}; }
};

class Bench {
  public:
    Bench()
        : folder_(std::filesystem::temp_directory_path() / "mobilytics_jobs_bench"),
          postgres_(folder_ / "postgres"),
          owner_{postgres_.url()},
          system_address_{owner_.server, "", "mobilytics_system"},
          pool_({owner_.server, "", "mobilytics_app"}, {.connections_max = kThreads + 4}),
          system_(system_address_, {.connections_max = kThreads + 4, .statement_max = 60s}) {
        pg::migrate(owner_, {pg::kMigrations, kMigrations});
        pg::Connection(owner_, 0ms).command("bench.empty", "TRUNCATE jobs.job, jobs.worker");
        for (int i = 0; i < 20; ++i) companies_.push_back(CompanyId::fresh(clock_.now()));
    }
    ~Bench() { std::filesystem::remove_all(folder_); }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void run() {
        enqueue_singly();
        singly();
        in_batches();
        behind_a_backlog();
    }

  private:
    static void figure(const char* name, double value, const char* unit) {
        std::printf("%s,%.1f,%s\n", name, value, unit);
        std::fflush(stdout);
    }
    static void at_least(const char* name, double value, const char* unit, double bar) {
        std::printf(
            "%s,%.1f,%s,%.0f,%s\n", name, value, unit, bar, value >= bar ? "met" : "missed");
        std::fflush(stdout);
    }

    std::unique_ptr<Workers> workers(WorkersConfig config) {
        registries_.push_back(std::make_unique<metrics::Registry>());
        return std::make_unique<Workers>(
            pool_, system_, system_address_, clock_, *registries_.back(), config);
    }
    void fill(std::int64_t count) {
        constexpr std::int64_t kAtOnce = 10'000;
        for (std::int64_t done = 0; done < count; done += kAtOnce) {
            auto tx = system_.begin();
            const auto company = companies_[static_cast<std::size_t>(done / kAtOnce) % 20];
            enqueue_all(tx, company, clock_.now(), std::vector<Work>(kAtOnce));
            tx.commit();
        }
        pg::Connection(owner_, 0ms).command("bench.analyze", "VACUUM ANALYZE jobs.job");
    }

    void enqueue_singly() {
        constexpr int kEach = 400, kClients = 4;
        const Stopwatch took;
        std::vector<std::thread> clients;
        for (int i = 0; i < kClients; ++i) {
            clients.emplace_back([this, company = companies_.at(static_cast<std::size_t>(i))] {
                for (int j = 0; j < kEach; ++j) {
                    auto tx = pool_.begin(company);
                    enqueue(tx, clock_.now(), Work{j}, {.due = clock_.now() + 24h});
                    tx.commit();
                }
            });
        }
        for (auto& client : clients) client.join();
        figure("jobs/enqueued singly", kEach * kClients / took.seconds(), "jobs/s");
    }

    void singly() {
        fill(kSingly);
        std::latch done(kSingly);
        auto all = workers({.threads = kThreads, .ahead = 2 * kThreads});
        all->handle<Work>([&](JobRun&, const Work&) -> Outcome {
            return Done{[&](pg::Transaction&) { done.count_down(); }};
        });
        const Stopwatch took;
        all->start();
        done.wait();
        at_least("jobs/done singly", kSingly / took.seconds(), "jobs/s", 2'000);
        all->stop();
    }

    void in_batches() {
        fill(kInBatches);
        std::latch done(kInBatches);
        auto all = workers({.threads = 4, .ahead = 2});
        all->handle_batch<Work>(
            [&](const std::vector<JobRun>& runs, const std::vector<Work>&) -> SystemDone {
                return {[&, count = std::ssize(runs)](pg::SystemTransaction&) {
                    done.count_down(count);
                }};
            },
            kBatchMax);
        const Stopwatch took;
        all->start();
        done.wait();
        at_least("jobs/done in batches of 500", kInBatches / took.seconds(), "jobs/s", 20'000);
        all->stop();
    }

    void behind_a_backlog() {
        fill(kBacklog);
        std::vector<std::atomic<std::int64_t>> begun(kPings);
        auto all = workers({.threads = kThreads, .ahead = 0});
        all->handle<Work>([&](JobRun&, const Work&) -> Outcome { return Done{}; });
        all->handle<Ping>([&](JobRun&, const Ping& ping) -> Outcome {
            begun[static_cast<std::size_t>(ping.number)] = now_us();
            return Done{};
        });
        all->start();
        const auto company = CompanyId::fresh(clock_.now());
        std::vector<double> waits;
        for (std::size_t i = 0; i < kPings; ++i) {
            auto tx = pool_.begin(company);
            enqueue(tx, clock_.now(), Ping{static_cast<std::int64_t>(i)});
            tx.commit();
            const auto committed = now_us();
            while (begun[i] == 0) std::this_thread::sleep_for(200us);
            waits.push_back(std::max(0.0, static_cast<double>(begun[i] - committed) / 1000));
        }
        all->stop();
        std::sort(waits.begin(), waits.end());
        figure("jobs/begins behind 1 M others p50", waits[kPings / 2], "ms");
        figure("jobs/begins behind 1 M others p99", waits[kPings * 99 / 100], "ms");
    }

    std::int64_t now_us() const { return clock_.now().time_since_epoch().count(); }

    const SystemClock clock_;
    const std::filesystem::path folder_;
    services::PrivatePostgres postgres_;
    pg::Address owner_, system_address_;
    pg::Pool pool_;
    pg::SystemPool system_;
    std::vector<CompanyId> companies_;
    std::vector<std::unique_ptr<metrics::Registry>> registries_;
};

}  // namespace
}  // namespace mobilytics::jobs

int main() {
    mobilytics::jobs::Bench().run();
    return 0;
}
