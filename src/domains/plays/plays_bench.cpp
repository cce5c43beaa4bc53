// A play log of a million lines, into a PostgreSQL of our own that really writes: read, tried,
// imported, imported again, asked for, taken back; and how much memory that took.

#include <cstdio>
#include <filesystem>

#include <sys/resource.h>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_migrations.h"
#include "domains/plays/play_file.h"
#include "domains/plays/plays_migrations.h"
#include "foundation/monotonic.h"
#include "platform/audit/audit_migrations.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg.h"
#include "platform/pg/pg_migrations.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::plays {
namespace {

using namespace std::chrono_literals;

constexpr int kLines = 1'000'000;
constexpr auto kEach = 10s;

/// A play every ten seconds, without a break, of six creatives.
std::string log_of(Instant from) {
    std::string out = "start,duration_s,creative\n";
    for (int i = 0; i < kLines; ++i) {
        out += to_iso8601(from + i * kEach) + ",10,creative " + std::to_string(i % 6) + "\n";
    }
    return out;
}

void figure(const char* name, double value, const char* unit) {
    std::printf("%s,%.2f,%s,,\n", name, value, unit);
    std::fflush(stdout);
}

double resident_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

constexpr pg::Query kSize{"bench.size", R"sql(
    SELECT sum(pg_total_relation_size(c.oid))::bigint AS company_bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'plays' AND c.relkind = 'r'
)sql"};

void run() {
    const SystemClock clock;
    const auto folder = std::filesystem::temp_directory_path() / "mobilytics_plays_bench";
    services::PrivatePostgres postgres(folder / "postgres");
    const pg::Address owner{postgres.url()};
    pg::migrate(
        owner, {pg::kMigrations, audit::kMigrations, events::kMigrations, accounts::kMigrations,
                assets::kMigrations, kMigrations});
    pg::Pool pool({owner.server, "", "mobilytics_app"});
    const Caller caller{CompanyId::fresh(clock.now()), Role::owner, PersonId::fresh(clock.now())};
    accounts::Accounts accounts(pool, clock);
    accounts.open_installation(
        {caller.company, "Ours", "UTC", accounts::PrivacyMode::standard, false});
    assets::Assets assets(
        pool, clock, accounts, [](CompanyId, DeviceId) -> Result<> { return {}; });
    const auto asset =
        assets.register_asset(caller, {"S-1", "Screen", assets::AssetKind::screen, {}, {}, "UTC"});
    assets::NewFace wanted;
    wanted.name = "North";
    wanted.medium = assets::FaceMedium::digital;
    wanted.width_m = 6;
    wanted.height_m = 3;
    wanted.loop_s = 60;
    wanted.spot_s = 10;
    wanted.slots = 6;
    const auto face = assets.add_face(caller, asset->id, wanted);
    VERIFY(face);

    Plays plays(pool, clock, assets);
    const auto from = std::chrono::floor<std::chrono::days>(clock.now()) - kLines * kEach;
    const auto file = log_of(from);
    figure("plays/file", static_cast<double>(file.size()) / 1e6, "MB");
    const auto before_mb = resident_mb();
    const auto timed = [](const char* name, auto deed) {
        const Stopwatch took;
        deed();
        figure(name, took.seconds(), "s");
    };
    const Reading reading{
        .format = FileFormat::csv,
        .names = {},
        .versions = {{.from = {}, .to = {}, .digital = true, .loop_s = 60, .spot_s = 10}},
        .covers = {},
        .now = clock.now()};
    timed("plays/1 M lines read", [&] { VERIFY(read_log(file, reading, {})); });
    timed("plays/1 M lines tried", [&] {
        VERIFY(plays.import_log(caller, face->id, {.dry_run = true}, file)->log.plays == kLines);
    });
    PlayLogId id;
    timed("plays/1 M lines imported", [&] {
        const auto done = plays.import_log(caller, face->id, {}, file);
        VERIFY(done && done->log.plays == kLines);
        id = done->log.id;
    });
    const auto bytes = *pool.begin(caller.company).run(kSize).first([](const pg::Row& row) {
        return row.get<std::int64_t>("company_bytes");
    });
    figure("plays/1 M plays on the disk", static_cast<double>(bytes) / 1e6, "MB");
    timed("plays/the same plays again, in another file", [&] {
        VERIFY(plays.import_log(caller, face->id, {}, file + "\n")->already);
    });
    figure("plays/memory of all this, beside the file", resident_mb() - before_mb, "MB");
    std::vector<Instant> slots;
    for (int i = 0; i <= 93 * 24; ++i) slots.push_back(from + i * 1h);
    timed("plays/93 days asked for, by hour and creative", [&] {
        VERIFY(plays.logged(caller.company, face->id, slots).plays.size() == 93UL * 24 * 6);
    });
    timed(
        "plays/1 M plays taken back", [&] { VERIFY(plays.remove_play_log(caller, face->id, id)); });
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mobilytics::plays

int main() {
    mobilytics::plays::run();
    return 0;
}
