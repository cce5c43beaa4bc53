// Sums and different devices: over slots of time, and by asset.

#include "pipeline/store/duckdb/days.h"
#include "pipeline/store/duckdb/duckdb_snapshot.h"
#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/slots.h"
#include "pipeline/store/duckdb/statements.h"

namespace mobilytics::store {

namespace {

// clang-format off: the pieces are read better as they are.
#define MOB_FILTER                                                                  \
    "e.company_id = $1 AND e.source BETWEEN $2::radio AND $3::radio "               \
    "AND e.motion BETWEEN $4::motion AND $5::motion "
#define MOB_OF_ASSETS(list) "AND e.asset_id IN (SELECT unnest(" list "::UUID[])) "

#define MOB_TIMES(starts, slots, begins)                                            \
    "(SELECT unnest(" starts "::TIMESTAMP[]) AS start, "                            \
    "unnest(" slots "::BIGINT[]) AS slot, "                                         \
    "unnest(" begins "::BIGINT[]) AS begins) AS wanted "

// Days are few, and their sketches large: those of others are not even to be read, which a join
// would do. A list is gone through for each, so it is empty where it would be long.
#define MOB_OF_DAYS(few, list)                                                      \
    "AND (len(" few "::UUID[]) = 0 OR list_contains(" few "::UUID[], e.asset_id)) " \
    MOB_OF_ASSETS(list)

// The times of one grain that a SlotPlan names; with `key` beside the sums. Who was there already
// counts where a slot begins.
#define MOB_SLICE(table, time, starts, slots, begins, from, last, key, more)        \
    "SELECT " key ", " MOB_SUMMED ", "                                              \
    "visits_carried * wanted.begins AS visits_carried, reach FROM " table " AS e "  \
    "JOIN " MOB_TIMES(starts, slots, begins) "ON e." time " = wanted.start "        \
    "WHERE " MOB_FILTER more "AND e." time " >= " from " AND e." time " <= " last " "

#define MOB_SLICES(days, hours, key, more_of_days, more)                            \
    "WITH slice AS ("                                                               \
    MOB_SLICE(days, "start", "$6", "$7", "$8", "$9", "$10", key, more_of_days)      \
    "UNION ALL "                                                                    \
    MOB_SLICE(hours, "hour", "$11", "$12", "$13", "$14", "$15", key, more)          \
    "UNION ALL "                                                                    \
    MOB_SLICE("exposure", "bucket", "$16", "$17", "$18", "$19", "$20", key, more)   \
    "UNION ALL "                                                                    \
    MOB_SLICE("exposure", "bucket", "$21", "$22", "$23", "$24", "$25", key, more) ") "
// The same of one grain alone, as where all has settled: less to plan, and the common case.
#define MOB_ONE_SLICE(table, time, key, more)                                       \
    "WITH slice AS ("                                                               \
    MOB_SLICE(table, time, "$6", "$7", "$8", "$9", "$10", key, more) ") "

#define MOB_ALL_SUMS MOB_SUMS ", sum(visits_carried)::BIGINT, reach_count(reach) "
#define MOB_BY_SLOT "SELECT slot, " MOB_ALL_SUMS "FROM slice GROUP BY slot"
#define MOB_BY_ASSET                                                                \
    "SELECT asset_id, " MOB_ALL_SUMS "FROM slice GROUP BY asset_id ORDER BY asset_id"

/// A question of days alone, of hours alone, of one run of quarters alone, and of all that; of all
/// assets, and of some.
struct Questions {
    duckdb::Query days, days_of_assets, hours, hours_of_assets, quarters, quarters_of_assets, all,
        all_of_assets;
};

constexpr Questions kBySlot{
    {"store.day_figures",
     MOB_ONE_SLICE("exposure_company_day", "start", "wanted.slot", "") MOB_BY_SLOT},
    {"store.day_figures_of_assets",
     MOB_ONE_SLICE("exposure_day", "start", "wanted.slot", MOB_OF_DAYS("$12", "$11"))
     MOB_BY_SLOT},
    {"store.hour_figures",
     MOB_ONE_SLICE("exposure_company_hour", "hour", "wanted.slot", "") MOB_BY_SLOT},
    {"store.hour_figures_of_assets",
     MOB_ONE_SLICE("exposure_hour", "hour", "wanted.slot", MOB_OF_ASSETS("$11")) MOB_BY_SLOT},
    {"store.quarter_figures",
     MOB_ONE_SLICE("exposure", "bucket", "wanted.slot", "") MOB_BY_SLOT},
    {"store.quarter_figures_of_assets",
     MOB_ONE_SLICE("exposure", "bucket", "wanted.slot", MOB_OF_ASSETS("$11")) MOB_BY_SLOT},
    {"store.figures",
     MOB_SLICES("exposure_company_day", "exposure_company_hour", "wanted.slot", "", "")
     MOB_BY_SLOT},
    {"store.figures_of_assets",
     MOB_SLICES(
         "exposure_day", "exposure_hour", "wanted.slot", MOB_OF_DAYS("$27", "$26"),
         MOB_OF_ASSETS("$26"))
     MOB_BY_SLOT}};

constexpr Questions kByAsset{
    {"store.day_figures_by_asset",
     MOB_ONE_SLICE("exposure_day", "start", "e.asset_id", "") MOB_BY_ASSET},
    {"store.day_figures_by_asset_of_assets",
     MOB_ONE_SLICE("exposure_day", "start", "e.asset_id", MOB_OF_DAYS("$12", "$11"))
     MOB_BY_ASSET},
    {"store.hour_figures_by_asset",
     MOB_ONE_SLICE("exposure_hour", "hour", "e.asset_id", "") MOB_BY_ASSET},
    {"store.hour_figures_by_asset_of_assets",
     MOB_ONE_SLICE("exposure_hour", "hour", "e.asset_id", MOB_OF_ASSETS("$11")) MOB_BY_ASSET},
    {"store.quarter_figures_by_asset",
     MOB_ONE_SLICE("exposure", "bucket", "e.asset_id", "") MOB_BY_ASSET},
    {"store.quarter_figures_by_asset_of_assets",
     MOB_ONE_SLICE("exposure", "bucket", "e.asset_id", MOB_OF_ASSETS("$11")) MOB_BY_ASSET},
    {"store.figures_by_asset",
     MOB_SLICES("exposure_day", "exposure_hour", "e.asset_id", "", "") MOB_BY_ASSET},
    {"store.figures_by_asset_of_assets",
     MOB_SLICES(
         "exposure_day", "exposure_hour", "e.asset_id", MOB_OF_DAYS("$27", "$26"),
         MOB_OF_ASSETS("$26"))
     MOB_BY_ASSET}};

#define MOB_COVERED(table, time, starts, slots, begins, from, last, more)           \
    "SELECT wanted.slot, asset_id, covered_us, reports, observations, corrected "   \
    "FROM " table " AS e "                                                          \
    "JOIN " MOB_TIMES(starts, slots, begins) "ON e." time " = wanted.start "        \
    "WHERE e.company_id = $1 AND e." time " >= " from " AND e." time " <= " last " " more
#define MOB_COVERED_DAYS(more)                                                      \
    MOB_COVERED("coverage_day", "start", "$2", "$3", "$4", "$5", "$6", more)
#define MOB_COVERED_ALL(more)                                                       \
    MOB_COVERED_DAYS(more) "UNION ALL "                                             \
    MOB_COVERED("coverage", "bucket", "$7", "$8", "$9", "$10", "$11", more)         \
    "UNION ALL "                                                                    \
    MOB_COVERED("coverage", "bucket", "$12", "$13", "$14", "$15", "$16", more)
#define MOB_COVERAGE(slices)                                                        \
    "WITH slice AS (" slices ") "                                                   \
    "SELECT slot, sum(covered_us)::BIGINT, sum(reports)::BIGINT, "                  \
    "sum(observations)::BIGINT, count(DISTINCT asset_id) FILTER (reports > 0), "    \
    "bool_or(corrected) FROM slice GROUP BY slot"

constexpr duckdb::Query kDayCoverage{
    "store.day_coverage", MOB_COVERAGE(MOB_COVERED_DAYS(""))};
constexpr duckdb::Query kDayCoverageOfAssets{
    "store.day_coverage_of_assets", MOB_COVERAGE(MOB_COVERED_DAYS(MOB_OF_ASSETS("$7")))};
constexpr duckdb::Query kCoverage{"store.coverage", MOB_COVERAGE(MOB_COVERED_ALL(""))};
constexpr duckdb::Query kCoverageOfAssets{
    "store.coverage_of_assets", MOB_COVERAGE(MOB_COVERED_ALL(MOB_OF_ASSETS("$17")))};
// clang-format on

constexpr std::size_t kFewAssets = 256;

Figures figures_of(duckdb::Row row) {
    Figures out;
    std::size_t column = 1;
    const auto next = [&] { return row.get<std::int64_t>(column++); };
    out.visits = next();
    out.visits_ended = next();
    out.sightings = next();
    out.presence_us = next();
    out.occupancy_max = next();
    for (auto& bin : out.dwell_bins) bin = next();
    out.dwell_us = next();
    VERIFY(column == 1 + kSummedColumns);
    out.visits_carried = next();
    out.devices = row.get<double>(column);
    return out;
}

duckdb::Rows run_slices(
    duckdb::Connection& connection, const Questions& questions, CompanyId company,
    const Filter& filter, const SlotPlan& plan) {
    const auto sources = words_between(filter.source, wire::RadioKind::wifi, wire::RadioKind::ble);
    const auto motions =
        words_between(filter.motion, measure::Motion::fixed, measure::Motion::unknown);
    const auto run = [&](duckdb::Query query, const SlotTimes& times, const auto&... more) {
        return connection.run(
            query, company, sources.first, sources.second, motions.first, motions.second,
            times.starts, times.slots, times.begins, times.from(), times.last(), more...);
    };
    const auto& assets = filter.assets;
    const bool some = !assets.empty();
    const auto few = assets.size() <= kFewAssets ? assets : std::vector<AssetId>();
    const auto& [days, hours, head, tail] = plan;
    if (head.empty() && tail.empty() && (days.empty() || hours.empty())) {
        if (!days.empty()) {
            return some ? run(questions.days_of_assets, days, assets, few)
                        : run(questions.days, days);
        }
        return some ? run(questions.hours_of_assets, hours, assets) : run(questions.hours, hours);
    }
    if (days.empty() && hours.empty() && tail.empty()) {
        return some ? run(questions.quarters_of_assets, head, assets)
                    : run(questions.quarters, head);
    }
    const auto run_all = [&](duckdb::Query query, const auto&... more) {
        return run(
            query, days, hours.starts, hours.slots, hours.begins, hours.from(), hours.last(),
            head.starts, head.slots, head.begins, head.from(), head.last(), tail.starts, tail.slots,
            tail.begins, tail.from(), tail.last(), more...);
    };
    return some ? run_all(questions.all_of_assets, assets, few) : run_all(questions.all);
}

duckdb::Rows run_coverage(
    duckdb::Connection& connection, CompanyId company, const Filter& filter, const SlotPlan& plan) {
    const auto& [days, hours, head, tail] = plan;
    VERIFY(hours.empty());
    const auto run = [&](duckdb::Query query, const auto&... more) {
        return connection.run(
            query, company, days.starts, days.slots, days.begins, days.from(), days.last(),
            more...);
    };
    const auto& assets = filter.assets;
    if (head.empty() && tail.empty()) {
        return assets.empty() ? run(kDayCoverage) : run(kDayCoverageOfAssets, assets);
    }
    const auto run_all = [&](duckdb::Query query, const auto&... more) {
        return run(
            query, head.starts, head.slots, head.begins, head.from(), head.last(), tail.starts,
            tail.slots, tail.begins, tail.from(), tail.last(), more...);
    };
    return assets.empty() ? run_all(kCoverage) : run_all(kCoverageOfAssets, assets);
}

SlotPlan plan_of(
    duckdb::Connection& connection, CompanyId company, std::span<const Instant> boundaries) {
    return kept_plan(connection, company, boundaries, read_progress(connection).settled_until);
}

std::size_t slots_between(std::span<const Instant> boundaries) {
    return boundaries.empty() ? 0 : boundaries.size() - 1;
}

}  // namespace

std::vector<Figures> DuckdbSnapshot::figures(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) {
    const auto plan = plan_of(*connection_, company, boundaries);
    std::vector<Figures> out(slots_between(boundaries));
    auto rows = run_slices(*connection_, kBySlot, company, filter, plan);
    rows.all([&](duckdb::Row row) {
        out[static_cast<std::size_t>(row.get<std::int64_t>(0))] = figures_of(row);
        return true;
    });
    return out;
}

std::vector<AssetFigures> DuckdbSnapshot::figures_by_asset(
    CompanyId company, const Filter& filter, Period period) {
    const std::array boundaries{period.from, period.to};
    const auto plan = plan_of(*connection_, company, boundaries);
    auto rows = run_slices(*connection_, kByAsset, company, filter, plan);
    return rows.all(
        [](duckdb::Row row) { return AssetFigures{row.get<AssetId>(0), figures_of(row)}; });
}

std::vector<Coverage> DuckdbSnapshot::coverage(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) {
    std::vector<Coverage> out(slots_between(boundaries));
    auto rows = run_coverage(
        *connection_, company, filter,
        kept_plan(*connection_, company, boundaries, Instant::min()));
    rows.all([&](duckdb::Row row) {
        out[static_cast<std::size_t>(row.get<std::int64_t>(0))] = {
            .covered_us = row.get<std::int64_t>(1),
            .reports = row.get<std::int64_t>(2),
            .observations = row.get<std::int64_t>(3),
            .assets_heard = row.get<std::int64_t>(4),
            .corrected = row.get<bool>(5),
        };
        return true;
    });
    return out;
}

}  // namespace mobilytics::store
