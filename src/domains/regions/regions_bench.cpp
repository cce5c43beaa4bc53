// The counties of the United States, and a set as large as one may be, into a PostgreSQL of our own
// that really writes: read, mended, tried, imported; and how much memory that took.

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "domains/regions/region_rules.h"
#include "domains/regions/regions_migrations.h"
#include "foundation/monotonic.h"
#include "platform/audit/audit_migrations.h"
#include "platform/events/events_migrations.h"
#include "platform/geojson/topology_test.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg.h"
#include "platform/pg/pg_migrations.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::regions {
namespace {

void figure(const std::string& name, double value, const char* unit) {
    std::printf("%s,%.2f,%s,,\n", name.c_str(), value, unit);
    std::fflush(stdout);
}

/// "VmRSS:", what is in memory; "VmHWM:", the most of it since forget_peak().
double memory_mb(std::string_view which) {
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(which)) return std::stod(line.substr(which.size())) / 1024;
    }
    return 0;
}
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

/// Round regions beside each other, of so many points; the ring of the first `bad` runs back.
std::string round_regions(int count, int points, int bad) {
    std::string out = R"({"type":"FeatureCollection","features":[)";
    for (int i = 0; i < count; ++i) {
        out += (i > 0 ? "," : "") +
               (R"({"type":"Feature","properties":{"code":")" + std::to_string(i)) +
               R"("},"geometry":{"type":"Polygon","coordinates":[[)";
        std::array<char, 64> place{};
        for (int j = 0; j <= points; ++j) {
            const double angle = 2 * M_PI * (j % points) / points;
            std::snprintf(
                place.data(), place.size(), "[%.5f,%.5f],", i % 100 + 0.45 * std::cos(angle),
                i / 100 + 0.45 * std::sin(angle));
            out += place.data();
        }
        if (i < bad) {  // A spike, back to where it began.
            out += "[" + std::to_string(i % 100) + ",0.02]," + std::string(place.data());
        }
        out.back() = ']';
        out += "]}}";
    }
    return out + "]}";
}

void run() {
    const SystemClock clock;
    const auto folder = std::filesystem::temp_directory_path() / "mobilytics_regions_bench";
    services::PrivatePostgres postgres(folder / "postgres");
    const pg::Address owner{postgres.url()};
    pg::migrate(owner, {pg::kMigrations, audit::kMigrations, events::kMigrations, kMigrations});
    pg::Pool pool({owner.server, "", "mobilytics_app"});
    const Caller caller{CompanyId::fresh(clock.now()), Role::owner, PersonId::fresh(clock.now())};
    Regions regions(pool, clock);

    const auto take = [&](const std::string& name, const std::string& file) {
        const auto set = regions.make_region_set(caller, {name, RegionSetKind::county});
        VERIFY(set);
        figure("regions/" + name + " file", static_cast<double>(file.size()) / 1e6, "MB");
        forget_peak();
        const double before = memory_mb("VmRSS:");
        Mapping mapping;
        mapping.repair = true;
        {
            const Stopwatch watch;
            VERIFY(regions_of(file, mapping, {}));
            figure("regions/" + name + " read and mended", watch.seconds(), "s");
        }
        mapping.dry_run = true;
        {
            const Stopwatch watch;
            VERIFY(regions.import_regions(caller, set->id, mapping, file));
            figure("regions/" + name + " tried", watch.seconds(), "s");
        }
        mapping.dry_run = false;
        const Stopwatch watch;
        const auto done = regions.import_regions(caller, set->id, mapping, file);
        VERIFY(done);
        figure("regions/" + name + " imported", watch.seconds(), "s");
        figure("regions/" + name + " regions", static_cast<double>(done->regions), "");
        figure("regions/" + name + " mended", static_cast<double>(done->mended_regions), "");
        figure("regions/" + name + " points", static_cast<double>(done->points), "");
        figure("regions/" + name + " memory beside the file", memory_mb("VmHWM:") - before, "MB");
    };
    const auto counties = geojson::borders("us-atlas", "counties-10m.json");
    if (!counties.empty()) {
        auto file = geojson::geojson_of(counties, "counties");
        // Falls Church is a point there.
        const auto at = file.find(R"({"type":"Feature","properties":{"code":"51610")");
        VERIFY(at != file.npos);
        file.erase(at, file.find(R"({"type":"Feature")", at + 1) - at);
        take("counties", file);
    }
    take("large", round_regions(4'000, 400, 0));
    take("large and bad", round_regions(4'000, 400, 4'000));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mobilytics::regions

int main() {
    mobilytics::regions::run();
    return 0;
}
