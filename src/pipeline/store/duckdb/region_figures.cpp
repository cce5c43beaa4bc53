// Figures of cells, put together in groups: by days where days by cell are kept, else by quarters.

#include "pipeline/store/duckdb/cell_days.h"
#include "pipeline/store/duckdb/duckdb_snapshot.h"
#include "pipeline/store/duckdb/figures_row.h"
#include "pipeline/store/duckdb/region_table.h"
#include "pipeline/store/duckdb/slots.h"
#include "pipeline/store/duckdb/statements.h"
#include "pipeline/store/region_index.h"

namespace mobilytics::store {

namespace {

// clang-format off: the pieces are read better as they are.
#define MOB_TIMES(starts, slots, begins)                                            \
    "(SELECT unnest(" starts "::TIMESTAMP[]) AS start, "                            \
    "unnest(" slots "::BIGINT[]) AS slot, "                                         \
    "unnest(" begins "::BIGINT[]) AS begins) AS wanted "
#define MOB_ROWS(table, time, starts, slots, begins, from, last, any, assets)       \
    "FROM " table " AS e JOIN " MOB_TIMES(starts, slots, begins)                    \
    "ON e." time " = wanted.start "                                                 \
    "WHERE e.company_id = $1 AND e.source BETWEEN $2::radio AND $3::radio "         \
    "AND e.motion BETWEEN $4::motion AND $5::motion "                               \
    "AND e." time " >= " from " AND e." time " <= " last " "                        \
    "AND (" any " OR e.asset_id IN (SELECT unnest(" assets "::UUID[]))) "
#define MOB_ALL_ROWS(select)                                                        \
    select MOB_ROWS("exposure_cell_day", "start", "$6", "$7", "$8", "$9", "$10", "$21", "$22") \
    "UNION ALL "                                                                    \
    select MOB_ROWS("exposure", "bucket", "$11", "$12", "$13", "$14", "$15", "$21", "$22") \
    "UNION ALL "                                                                    \
    select MOB_ROWS("exposure", "bucket", "$16", "$17", "$18", "$19", "$20", "$21", "$22")

constexpr duckdb::Query kCells{
    "store.cells_heard",
    "SELECT DISTINCT cell FROM (" MOB_ALL_ROWS("SELECT e.cell ") ") ORDER BY cell"};

constexpr duckdb::Query kFigures{
    "store.figures_of_cells",
    "WITH slice AS (" MOB_ALL_ROWS(
        "SELECT wanted.slot, cell, " MOB_SUMMED
        ", visits_carried * wanted.begins AS visits_carried, reach ") ") "
    "SELECT slot, g.kind, " MOB_SUMS ", sum(visits_carried)::BIGINT, reach_count(reach) "
    "FROM slice JOIN (SELECT unnest($23::UBIGINT[]) AS cell, unnest($24::BIGINT[]) AS kind) AS g "
    "ON slice.cell = g.cell GROUP BY slot, g.kind ORDER BY slot, g.kind"};
// clang-format on

template <class... More>
duckdb::Rows run_cells(
    duckdb::Connection& connection, duckdb::Query query, CompanyId company, const Filter& filter,
    std::span<const Instant> boundaries, const More&... more) {
    const auto sources = words_between(filter.source, wire::RadioKind::wifi, wire::RadioKind::ble);
    const auto motions =
        words_between(filter.motion, measure::Motion::fixed, measure::Motion::unknown);
    const auto days = read_cell_days(connection, company, {boundaries.front(), boundaries.back()});
    const auto plan = slot_plan(boundaries, Instant::min(), days);
    VERIFY(plan.hours.empty());
    const auto& [by_day, hours, head, tail] = plan;
    return connection.run(
        query, company, sources.first, sources.second, motions.first, motions.second, by_day.starts,
        by_day.slots, by_day.begins, by_day.from(), by_day.last(), head.starts, head.slots,
        head.begins, head.from(), head.last(), tail.starts, tail.slots, tail.begins, tail.from(),
        tail.last(), filter.assets.empty(), filter.assets, more...);
}

}  // namespace

std::vector<RegionSet> DuckdbSnapshot::region_sets(CompanyId company) {
    return read_region_sets(*connection_, company);
}

std::shared_ptr<const RegionIndex> DuckdbSnapshot::regions(
    CompanyId company, RegionSetId set, std::optional<std::int64_t> version) {
    auto found = read_region_set(*connection_, company, set, version);
    if (!found) return nullptr;
    return indexes_.get({company, set, found->version}, [&] {
        return std::optional(with_regions(*connection_, *std::move(found)));
    });
}

std::vector<measure::Cell> DuckdbSnapshot::cells(
    CompanyId company, const Filter& filter, Period period) {
    const std::array boundaries{period.from, period.to};
    return run_cells(*connection_, kCells, company, filter, boundaries).all([](duckdb::Row row) {
        return measure::Cell{row.get<std::uint64_t>(0)};
    });
}

std::vector<GroupFigures> DuckdbSnapshot::figures_of_cells(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries,
    const CellGroups& groups) {
    if (boundaries.size() < 2 || groups.cells.empty()) return {};
    auto rows =
        run_cells(*connection_, kFigures, company, filter, boundaries, groups.cells, groups.groups);
    return rows.all([](duckdb::Row row) {
        return GroupFigures{
            row.get<std::int64_t>(0), row.get<std::int64_t>(1), figures_from(row, 2)};
    });
}

}  // namespace mobilytics::store
