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

// The times of one grain that a SlotPlan names; with `key` beside the sums. Who was there already
// counts where a slot begins.
#define MOB_SLICE(table, time, starts, slots, begins, from, last, key, more)        \
    "SELECT " key ", " MOB_SUMMED ", "                                              \
    "visits_carried * wanted.begins AS visits_carried, reach FROM " table " AS e "  \
    "JOIN " MOB_TIMES(starts, slots, begins) "ON e." time " = wanted.start "        \
    "WHERE " MOB_FILTER more "AND e." time " >= " from " AND e." time " <= " last " "

#define MOB_SLICES(days, hours, key, more)                                          \
    "WITH slice AS ("                                                               \
    MOB_SLICE(days, "start", "$6", "$7", "$8", "$9", "$10", key, more) "UNION ALL " \
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

/// A question of days alone, of hours alone, and of quarters too; of all assets, and of some.
struct Questions {
    duckdb::Query days, days_of_assets, hours, hours_of_assets, all, all_of_assets;
};

constexpr Questions kBySlot{
    {"store.day_figures",
     MOB_ONE_SLICE("exposure_company_day", "start", "wanted.slot", "") MOB_BY_SLOT},
    {"store.day_figures_of_assets",
     MOB_ONE_SLICE("exposure_day", "start", "wanted.slot", MOB_OF_ASSETS("$11")) MOB_BY_SLOT},
    {"store.hour_figures",
     MOB_ONE_SLICE("exposure_company_hour", "hour", "wanted.slot", "") MOB_BY_SLOT},
    {"store.hour_figures_of_assets",
     MOB_ONE_SLICE("exposure_hour", "hour", "wanted.slot", MOB_OF_ASSETS("$11")) MOB_BY_SLOT},
    {"store.figures",
     MOB_SLICES("exposure_company_day", "exposure_company_hour", "wanted.slot", "") MOB_BY_SLOT},
    {"store.figures_of_assets",
     MOB_SLICES("exposure_day", "exposure_hour", "wanted.slot", MOB_OF_ASSETS("$26"))
     MOB_BY_SLOT}};

constexpr Questions kByAsset{
    {"store.day_figures_by_asset",
     MOB_ONE_SLICE("exposure_day", "start", "e.asset_id", "") MOB_BY_ASSET},
    {"store.day_figures_by_asset_of_assets",
     MOB_ONE_SLICE("exposure_day", "start", "e.asset_id", MOB_OF_ASSETS("$11")) MOB_BY_ASSET},
    {"store.hour_figures_by_asset",
     MOB_ONE_SLICE("exposure_hour", "hour", "e.asset_id", "") MOB_BY_ASSET},
    {"store.hour_figures_by_asset_of_assets",
     MOB_ONE_SLICE("exposure_hour", "hour", "e.asset_id", MOB_OF_ASSETS("$11")) MOB_BY_ASSET},
    {"store.figures_by_asset",
     MOB_SLICES("exposure_day", "exposure_hour", "e.asset_id", "") MOB_BY_ASSET},
    {"store.figures_by_asset_of_assets",
     MOB_SLICES("exposure_day", "exposure_hour", "e.asset_id", MOB_OF_ASSETS("$26"))
     MOB_BY_ASSET}};

#define MOB_SLOTS(starts, slots)                                                    \
    "(SELECT unnest(" starts "::TIMESTAMP[]) AS start, "                            \
    "unnest(" slots "::BIGINT[]) AS slot) AS wanted "
#define MOB_COVERAGE(more)                                                          \
    "SELECT wanted.slot, sum(covered_us)::BIGINT, sum(reports)::BIGINT, "           \
    "sum(observations)::BIGINT, count(DISTINCT e.asset_id) FILTER (reports > 0), "  \
    "bool_or(corrected) FROM coverage AS e JOIN " MOB_SLOTS("$2", "$3")             \
    "ON e.bucket = wanted.start WHERE e.company_id = $1 AND e.bucket >= $4 "        \
    "AND e.bucket <= $5 " more "GROUP BY wanted.slot"

constexpr duckdb::Query kCoverage{"store.coverage", MOB_COVERAGE("")};
constexpr duckdb::Query kCoverageOfAssets{
    "store.coverage_of_assets", MOB_COVERAGE(MOB_OF_ASSETS("$6"))};
// clang-format on

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
    const bool some = !filter.assets.empty();
    const auto& [days, hours, head, tail] = plan;
    if (head.empty() && tail.empty() && (days.empty() || hours.empty())) {
        const auto& times = days.empty() ? hours : days;
        const auto& all = days.empty() ? questions.hours : questions.days;
        const auto& of_assets = days.empty() ? questions.hours_of_assets : questions.days_of_assets;
        return some ? run(of_assets, times, filter.assets) : run(all, times);
    }
    const auto run_all = [&](duckdb::Query query, const auto&... more) {
        return run(
            query, days, hours.starts, hours.slots, hours.begins, hours.from(), hours.last(),
            head.starts, head.slots, head.begins, head.from(), head.last(), tail.starts,
            tail.slots, tail.begins, tail.from(), tail.last(), more...);
    };
    return some ? run_all(questions.all_of_assets, filter.assets) : run_all(questions.all);
}

/// What is kept as one between the ends of `boundaries`, and what is not.
SlotPlan plan_of(
    duckdb::Connection& connection, CompanyId company, std::span<const Instant> boundaries) {
    const Instant settled_until = read_progress(connection).settled_until;
    std::vector<Period> days;
    if (!boundaries.empty()) {
        days = read_days(connection, company, {boundaries.front(), boundaries.back()});
    }
    return slot_plan(boundaries, settled_until, days);
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
    const auto times = quarters_plan(boundaries).tail;
    std::vector<Coverage> out(slots_between(boundaries));
    auto rows = filter.assets.empty()
                    ? connection_->run(
                          kCoverage, company, times.starts, times.slots, times.from(), times.last())
                    : connection_->run(
                          kCoverageOfAssets, company, times.starts, times.slots, times.from(),
                          times.last(), filter.assets);
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
