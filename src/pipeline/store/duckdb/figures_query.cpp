// Sums and different devices: over slots of time, and by asset.

#include "pipeline/store/duckdb/duckdb_snapshot.h"
#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/slots.h"
#include "pipeline/store/duckdb/statements.h"

namespace mobilytics::store {

namespace {

#define MOB_FILTER                                                    \
    "e.company_id = $1 AND e.source BETWEEN $2::radio AND $3::radio " \
    "AND e.motion BETWEEN $4::motion AND $5::motion "
#define MOB_OF_ASSETS "AND e.asset_id IN (SELECT unnest($18::UUID[])) "

#define MOB_TIMES(starts, slots)                                           \
    "JOIN (SELECT unnest(" starts "::TIMESTAMP[]) AS start, unnest(" slots \
    "::BIGINT[]) AS slot) AS wanted "

// The hours and the two runs of quarters that a SlotPlan names, with `key` beside the sums.
#define MOB_SLICES(hours, key, more)                                                            \
    "WITH slice AS ("                                                                           \
    "SELECT " key ", " MOB_SUMMED ", reach FROM " hours " AS e " MOB_TIMES(                     \
        "$6",                                                                                   \
        "$7") "ON e.hour = wanted.start WHERE " MOB_FILTER more                                 \
              "AND e.hour >= $8 AND e.hour <= $9 UNION ALL "                                    \
              "SELECT " key ", " MOB_SUMMED ", reach FROM exposure AS e " MOB_TIMES(            \
                  "$10",                                                                        \
                  "$11") "ON e.bucket = wanted.start WHERE " MOB_FILTER more                    \
                         "AND e.bucket >= $12 AND e.bucket <= $13 UNION ALL "                   \
                         "SELECT " key ", " MOB_SUMMED ", reach FROM exposure AS e " MOB_TIMES( \
                             "$14", "$15") "ON e.bucket = wanted.start WHERE " MOB_FILTER more  \
                                           "AND e.bucket >= $16 AND e.bucket <= $17) "

constexpr duckdb::Query kFigures{
    "store.figures",
    MOB_SLICES(
        "exposure_company_hour", "wanted.slot",
        "") "SELECT slot, " MOB_SUMS ", reach_count(reach) FROM slice GROUP BY slot"};

constexpr duckdb::Query kFiguresOfAssets{
    "store.figures_of_assets",
    MOB_SLICES(
        "exposure_hour", "wanted.slot",
        MOB_OF_ASSETS) "SELECT slot, " MOB_SUMS ", reach_count(reach) FROM slice GROUP BY slot"};

constexpr duckdb::Query kFiguresByAsset{
    "store.figures_by_asset",
    MOB_SLICES(
        "exposure_hour", "e.asset_id", "") "SELECT asset_id, " MOB_SUMS
                                           ", reach_count(reach) FROM slice GROUP BY asset_id "
                                           "ORDER BY asset_id"};

constexpr duckdb::Query kFiguresByAssetOfAssets{
    "store.figures_by_asset_of_assets",
    MOB_SLICES(
        "exposure_hour", "e.asset_id",
        MOB_OF_ASSETS) "SELECT asset_id, " MOB_SUMS
                       ", reach_count(reach) FROM slice GROUP BY asset_id "
                       "ORDER BY asset_id"};

#define MOB_COVERAGE(more) \
    "SELECT wanted.slot, sum(covered_us)::BIGINT, sum(reports)::BIGINT, "             \
    "sum(observations)::BIGINT, count(DISTINCT e.asset_id) FILTER (reports > 0), "    \
    "bool_or(corrected) FROM coverage AS e " MOB_TIMES("$2", "$3")                    \
    "ON e.bucket = wanted.start WHERE e.company_id = $1 AND e.bucket >= $4 "          \
    "AND e.bucket <= $5 " more "GROUP BY wanted.slot"

constexpr duckdb::Query kCoverage{"store.coverage", MOB_COVERAGE("")};
constexpr duckdb::Query kCoverageOfAssets{
    "store.coverage_of_assets", MOB_COVERAGE("AND e.asset_id IN (SELECT unnest($6::UUID[])) ")};

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
    out.devices = row.get<double>(column);
    return out;
}

template <class... More>
duckdb::Rows run_slices(
    duckdb::Connection& connection, duckdb::Query query, CompanyId company, const Filter& filter,
    const SlotPlan& plan, const More&... more) {
    const auto [source_from, source_to] =
        words_between(filter.source, wire::RadioKind::wifi, wire::RadioKind::ble);
    const auto [motion_from, motion_to] =
        words_between(filter.motion, measure::Motion::fixed, measure::Motion::unknown);
    const auto& [hours, head, tail] = plan;
    return connection.run(
        query, company, source_from, source_to, motion_from, motion_to, hours.starts, hours.slots,
        hours.from(), hours.last(), head.starts, head.slots, head.from(), head.last(), tail.starts,
        tail.slots, tail.from(), tail.last(), more...);
}

std::size_t slots_between(std::span<const Instant> boundaries) {
    return boundaries.empty() ? 0 : boundaries.size() - 1;
}

}  // namespace

std::vector<Figures> DuckdbSnapshot::figures(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) {
    const auto plan = slot_plan(boundaries, read_progress(*connection_).settled_until);
    std::vector<Figures> out(slots_between(boundaries));
    auto rows =
        filter.assets.empty()
            ? run_slices(*connection_, kFigures, company, filter, plan)
            : run_slices(*connection_, kFiguresOfAssets, company, filter, plan, filter.assets);
    rows.all([&](duckdb::Row row) {
        out[static_cast<std::size_t>(row.get<std::int64_t>(0))] = figures_of(row);
        return true;
    });
    return out;
}

std::vector<AssetFigures> DuckdbSnapshot::figures_by_asset(
    CompanyId company, const Filter& filter, Period period) {
    const std::array boundaries{period.from, period.to};
    const auto plan = slot_plan(boundaries, read_progress(*connection_).settled_until);
    auto rows =
        filter.assets.empty()
            ? run_slices(*connection_, kFiguresByAsset, company, filter, plan)
            : run_slices(
                  *connection_, kFiguresByAssetOfAssets, company, filter, plan, filter.assets);
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
