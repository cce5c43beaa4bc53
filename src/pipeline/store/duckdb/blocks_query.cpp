// Sums of blocks that rest on enough devices: docs/decisions/0017.

#include <map>
#include <numeric>

#include "pipeline/store/duckdb/duckdb_snapshot.h"
#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/slots.h"
#include "pipeline/store/duckdb/statements.h"

namespace mobilytics::store {

namespace {

// clang-format off: the pieces are read better as they are.
#define MOB_PART(table, time, starts, slots, begins, from, last)                     \
    "SELECT e.asset_id, e.source, e.motion, wanted.slot, " MOB_SUMMED ", "           \
    "visits_carried * wanted.begins AS visits_carried, reach FROM " table " AS e "   \
    "JOIN (SELECT unnest(" starts "::TIMESTAMP[]) AS start, "                        \
    "unnest(" slots "::BIGINT[]) AS slot, unnest(" begins "::BIGINT[]) AS begins) "  \
    "AS wanted ON e." time " = wanted.start "                                        \
    "WHERE e.company_id = $1 AND e.source BETWEEN $2::radio AND $3::radio "          \
    "AND e.motion BETWEEN $4::motion AND $5::motion "                                \
    "AND (len($21::UUID[]) = 0 OR list_contains($21::UUID[], e.asset_id)) "          \
    "AND e." time " >= " from " AND e." time " <= " last " "

// A part is enough where both its devices and the visits that began are; or where there is nothing.
#define MOB_ENOUGH(devices, visits)                                                  \
    "(" devices " < 0.5 OR (" devices " + 0.5 >= $26::BIGINT AND "                   \
    "(" visits " = 0 OR " visits " >= $26::BIGINT)))"

#define MOB_BLOCKS(key, of)                                                           \
    "WITH slice AS ("                                                                \
    MOB_PART("exposure_hour", "hour", "$6", "$7", "$8", "$9", "$10") "UNION ALL "    \
    MOB_PART("exposure", "bucket", "$11", "$12", "$13", "$14", "$15") "UNION ALL "   \
    MOB_PART("exposure", "bucket", "$16", "$17", "$18", "$19", "$20") "), "          \
    "part AS (SELECT asset_id, source, motion, slot AS part, " MOB_SUMS ", "         \
    "sum(visits_carried)::BIGINT AS visits_carried, reach_count(reach) AS devices, " \
    "reach_union(reach) AS reach FROM slice GROUP BY asset_id, source, motion, slot), " \
    "place AS (SELECT unnest($22::BIGINT[]) AS whole, unnest($23::BIGINT[]) AS slot, " \
    "unnest($24::BIGINT[]) AS is_over, unnest($25::BIGINT[]) AS is_first, "          \
    "unnest($28::BIGINT[]) AS part), "                                               \
    "judged AS (SELECT part.*, place.whole, place.slot, place.is_over, place.is_first, "     \
    MOB_ENOUGH("devices", "visits") " AS enough, devices >= 0.5 AS is_any "          \
    "FROM part JOIN place ON part.part = place.part), "                                  \
    "whole AS (SELECT asset_id, source, motion, whole, "                             \
    "bool_or(enough AND is_any) AS any_part, bool_and(enough) AS all_parts, "        \
    MOB_ENOUGH("reach_count(reach)", "sum(visits)") " AS whole_enough "                    \
    "FROM judged GROUP BY asset_id, source, motion, whole), "                        \
    "told AS (SELECT j.*, CASE WHEN $27::BOOLEAN THEN w.all_parts "                  \
    "ELSE j.enough OR (j.is_over = 1 AND NOT w.any_part AND w.whole_enough) END AS shown " \
    "FROM judged AS j JOIN whole AS w ON j.asset_id = w.asset_id "                   \
    "AND j.source = w.source AND j.motion = w.motion AND j.whole = w.whole) "        \
    "SELECT " key ", shown, " MOB_SUMS ", coalesce(sum(CASE WHEN is_first = 1 "      \
    "AND visits_carried >= $26::BIGINT THEN visits_carried ELSE 0 END), 0)::BIGINT, "\
    "reach_count(reach)" of " FROM told WHERE slot >= 0 GROUP BY " key of ", shown "       \
    "ORDER BY " key of

constexpr duckdb::Query kBlocks{"store.blocks", MOB_BLOCKS("slot", "")};
constexpr duckdb::Query kBlocksByAsset{"store.blocks_by_asset", MOB_BLOCKS("slot", ", asset_id")};
// clang-format on

constexpr std::size_t kAssetColumn = 2 + kSummedColumns + 2;

Figures figures_of(duckdb::Row row) {
    Figures out;
    std::size_t column = 2;
    const auto next = [&] { return row.get<std::int64_t>(column++); };
    out.visits = next();
    out.visits_ended = next();
    out.sightings = next();
    out.presence_us = next();
    out.occupancy_max = next();
    for (auto& bin : out.dwell_bins) bin = next();
    out.dwell_us = next();
    VERIFY(column == 2 + kSummedColumns);
    out.visits_carried = next();
    out.devices = row.get<double>(column);
    return out;
}

duckdb::Rows run(
    duckdb::Connection& connection, duckdb::Query query, CompanyId company, const Filter& filter,
    const BlockQuestion& asked) {
    const auto sources = words_between(filter.source, wire::RadioKind::wifi, wire::RadioKind::ble);
    const auto motions =
        words_between(filter.motion, measure::Motion::fixed, measure::Motion::unknown);
    const auto [days, hours, head, tail] =
        slot_plan(asked.boundaries, read_progress(connection).settled_until, {});
    VERIFY(days.empty());
    std::vector<std::int64_t> parts(asked.wholes.size());
    std::iota(parts.begin(), parts.end(), 0);
    return connection.run(
        query, company, sources.first, sources.second, motions.first, motions.second, hours.starts,
        hours.slots, hours.begins, hours.from(), hours.last(), head.starts, head.slots, head.begins,
        head.from(), head.last(), tail.starts, tail.slots, tail.begins, tail.from(), tail.last(),
        filter.assets, asked.wholes, asked.slots, asked.is_over, asked.is_first, asked.devices_min,
        asked.all_or_none, parts);
}

void add(BlockFigures& to, duckdb::Row row) {
    if (row.get<bool>(1)) {
        to.figures = figures_of(row);
    } else {
        to.held_back = true;
    }
}

}  // namespace

std::vector<BlockFigures> DuckdbSnapshot::blocks(
    CompanyId company, const Filter& filter, const BlockQuestion& question) {
    std::vector<BlockFigures> out(question.slot_count);
    if (question.wholes.empty()) return out;
    run(*connection_, kBlocks, company, filter, question).all([&](duckdb::Row row) {
        add(out.at(static_cast<std::size_t>(row.get<std::int64_t>(0))), row);
        return true;
    });
    return out;
}

std::vector<AssetBlocks> DuckdbSnapshot::blocks_by_asset(
    CompanyId company, const Filter& filter, const BlockQuestion& question) {
    std::map<AssetId, std::vector<BlockFigures>> of;
    if (question.wholes.empty()) return {};
    run(*connection_, kBlocksByAsset, company, filter, question).all([&](duckdb::Row row) {
        const auto asset = row.get<AssetId>(kAssetColumn);
        auto& its = of[asset];
        its.resize(question.slot_count);
        add(its.at(static_cast<std::size_t>(row.get<std::int64_t>(0))), row);
        return true;
    });
    std::vector<AssetBlocks> out;
    for (auto& [asset, slots] : of) out.push_back({asset, std::move(slots)});
    return out;
}

}  // namespace mobilytics::store
