// What an entry costs the transaction that it is written in, and how fast chains are made.

#include <filesystem>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "foundation/log.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/sealer.h"
#include "platform/audit/verify.h"
#include "platform/crypto/signing.h"
#include "platform/objects/objects.h"
#include "platform/pg/connection.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg_migrations.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::audit {
namespace {

constexpr pg::Query kWork{
    "bench.work", "INSERT INTO bench (company_id, id, body) VALUES ($1, $2, 'of some length')"};

/// A server of our own, as an installation has it: synced at each commit.
class World {
  public:
    static std::filesystem::path fresh_folder() {
        const auto folder =
            std::filesystem::temp_directory_path() / ("audit_bench_" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder);
        return folder;
    }
    World() {
        log::set_level(log::Level::warning);
        pg::Connection first({postgres_.url()}, std::chrono::milliseconds(0));
        first.command("bench.drop", "DROP DATABASE IF EXISTS bench");
        first.command("bench.create", "CREATE DATABASE bench");
        pg::migrate(address(""), {pg::kMigrations, kMigrations});
        pg::Connection(address(""), std::chrono::milliseconds(0))
            .command(
                "bench.table",
                "CREATE TABLE bench (company_id uuid, id uuid PRIMARY KEY, body text);"
                "GRANT INSERT ON bench TO mobilytics_app");
    }
    ~World() {
        std::error_code left_behind;
        std::filesystem::remove_all(folder, left_behind);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    pg::Address address(const char* role) const { return {postgres_.url(), "bench", role}; }

    const std::filesystem::path folder = fresh_folder();
    const SystemClock clock;
    services::PrivatePostgres postgres_{folder / "postgres"};
    pg::Pool pool{address("mobilytics_app")};
    pg::SystemPool system{address("mobilytics_system")};
    objects::Objects objects{folder / "objects", clock};
    const crypto::SigningKey key = crypto::SigningKey::fresh();
    metrics::Registry metrics;
    Sealer sealer{system, objects, key, clock, metrics};
    const CompanyId company = CompanyId::fresh(clock.now());

    Entry entry() const {
        return {
            .action = "bench.thing_changed",
            .actor = {ActorKind::person, PersonId::fresh(clock.now()).str()},
            .targets = {{"thing", EntryId::fresh(clock.now()).str(), "A thing"}},
            .before = boost::json::object{{"name", "before"}, {"state", "in_service"}, {"n", 1}},
            .after = boost::json::object{{"name", "after"}, {"state", "retired"}, {"n", 1}}};
    }
};

World& world() {
    static World one;
    return one;
}

/// One row and its commit; with as many entries as the argument says.
void transaction_with_entries(benchmark::State& state) {
    auto& in = world();
    for (auto _ : state) {
        auto tx = in.pool.begin(in.company);
        tx.run(kWork, in.company, EntryId::fresh(in.clock.now()));
        for (int i = 0; i < state.range(0); ++i) append(tx, in.clock.now(), in.entry());
        tx.commit();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(transaction_with_entries)->Arg(0)->Arg(1)->Arg(10)->UseRealTime();
BENCHMARK(transaction_with_entries)->Arg(0)->Arg(1)->Threads(8)->UseRealTime();

/// Many in one transaction: what the statement costs without the commit.
void append_only(benchmark::State& state) {
    auto& in = world();
    auto tx = in.pool.begin(in.company);
    for (auto _ : state) append(tx, in.clock.now(), in.entry());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(append_only)->UseRealTime();

void sealing(benchmark::State& state) {
    auto& in = world();
    constexpr std::int64_t kEach = 20'000;
    while (in.sealer.seal() > 0) continue;
    for (auto _ : state) {
        state.PauseTiming();
        {
            auto tx = in.pool.begin(in.company);
            for (std::int64_t i = 0; i < kEach; ++i) append(tx, in.clock.now(), in.entry());
            tx.commit();
        }
        state.ResumeTiming();
        while (in.sealer.seal() > 0) continue;
    }
    state.SetItemsProcessed(state.iterations() * kEach);
}
BENCHMARK(sealing)->Unit(benchmark::kMillisecond)->Iterations(5)->UseRealTime();

void verifying(benchmark::State& state) {
    auto& in = world();
    std::int64_t entries = 0;
    for (auto _ : state) {
        const auto verdict = verify(in.system, in.objects, in.key.public_key(), in.clock.now());
        VERIFY(verdict.intact());
        entries = verdict.entries;
    }
    state.SetItemsProcessed(state.iterations() * entries);
}
BENCHMARK(verifying)->Unit(benchmark::kMillisecond)->Iterations(3)->UseRealTime();

}  // namespace
}  // namespace mobilytics::audit
