// How each asset was heard, over slots of time: for the quality of data. No sketch is read.

#include <map>

#include "pipeline/store/duckdb/days.h"
#include "pipeline/store/duckdb/duckdb_snapshot.h"
#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/packed.h"

namespace mobilytics::store {

namespace {

// clang-format off: the pieces are read better as they are.
#define MOB_SLOTS(table, time, starts, slots, from, last, columns)                  \
    "SELECT wanted.slot, e.asset_id, " columns " FROM " table " AS e "              \
    "JOIN (SELECT unnest(" starts "::TIMESTAMP[]) AS start, "                       \
    "unnest(" slots "::BIGINT[]) AS slot) AS wanted ON e." time " = wanted.start "  \
    "WHERE e.company_id = $1 "                                                      \
    "AND (len($2::UUID[]) = 0 OR e.asset_id IN (SELECT unnest($2::UUID[]))) "       \
    "AND e." time " >= " from " AND e." time " <= " last " "

#define MOB_HEARD "covered_us, observations, corrected"

constexpr duckdb::Query kVisits{
    "store.visits_by_asset",
    "WITH slice AS ("
    MOB_SLOTS("exposure_day", "start", "$3", "$4", "$5", "$6", "visits") "UNION ALL "
    MOB_SLOTS("exposure_hour", "hour", "$7", "$8", "$9", "$10", "visits") "UNION ALL "
    MOB_SLOTS("exposure", "bucket", "$11", "$12", "$13", "$14", "visits") "UNION ALL "
    MOB_SLOTS("exposure", "bucket", "$15", "$16", "$17", "$18", "visits") ") "
    "SELECT slot, asset_id, sum(visits)::BIGINT FROM slice GROUP BY slot, asset_id"};

constexpr duckdb::Query kHeard{
    "store.heard_by_asset",
    "WITH slice AS ("
    MOB_SLOTS("coverage_day", "start", "$3", "$4", "$5", "$6", MOB_HEARD) "UNION ALL "
    MOB_SLOTS("coverage", "bucket", "$7", "$8", "$9", "$10", MOB_HEARD) "UNION ALL "
    MOB_SLOTS("coverage", "bucket", "$11", "$12", "$13", "$14", MOB_HEARD) ") "
    "SELECT slot, asset_id, sum(covered_us)::BIGINT, sum(observations)::BIGINT, "
    "bool_or(corrected) FROM slice GROUP BY slot, asset_id"};

constexpr duckdb::Query kDropped{
    "store.dropped_by_asset",
    "SELECT asset_id, bucket, dropped FROM coverage WHERE company_id = $1 "
    "AND (len($2::UUID[]) = 0 OR asset_id IN (SELECT unnest($2::UUID[]))) "
    "AND bucket >= $3 AND bucket < $4"};
// clang-format on

using Key = std::pair<std::size_t, AssetId>;

Key key_of(duckdb::Row row) {
    return {static_cast<std::size_t>(row.get<std::int64_t>(0)), row.get<AssetId>(1)};
}

}  // namespace

std::vector<AssetSlot> DuckdbSnapshot::slots_by_asset(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) {
    std::map<Key, AssetSlot> slots;
    const auto at = [&](const Key& key) -> AssetSlot& {
        auto& slot = slots[key];
        slot.slot = key.first;
        slot.asset = key.second;
        return slot;
    };
    const auto settled = read_progress(*connection_).settled_until;
    {
        const auto [days, hours, head, tail] =
            kept_plan(*connection_, company, boundaries, settled);
        auto rows = connection_->run(
            kVisits, company, filter.assets, days.starts, days.slots, days.from(), days.last(),
            hours.starts, hours.slots, hours.from(), hours.last(), head.starts, head.slots,
            head.from(), head.last(), tail.starts, tail.slots, tail.from(), tail.last());
        rows.all([&](duckdb::Row row) {
            at(key_of(row)).visits = row.get<std::int64_t>(2);
            return true;
        });
    }
    // Of what was heard no hours are kept.
    const auto [days, hours, head, tail] =
        kept_plan(*connection_, company, boundaries, Instant::min());
    auto rows = connection_->run(
        kHeard, company, filter.assets, days.starts, days.slots, days.from(), days.last(),
        head.starts, head.slots, head.from(), head.last(), tail.starts, tail.slots, tail.from(),
        tail.last());
    rows.all([&](duckdb::Row row) {
        auto& slot = at(key_of(row));
        slot.covered_us = row.get<std::int64_t>(2);
        slot.observations = row.get<std::int64_t>(3);
        slot.corrected = row.get<bool>(4);
        return true;
    });
    std::vector<AssetSlot> out;
    out.reserve(slots.size());
    for (const auto& [key, slot] : slots) out.push_back(slot);
    return out;
}

std::vector<AssetDropped> DuckdbSnapshot::dropped_by_asset(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) {
    if (boundaries.empty()) return {};
    std::map<Key, AssetDropped> slots;
    auto rows =
        connection_->run(kDropped, company, filter.assets, boundaries.front(), boundaries.back());
    rows.all([&](duckdb::Row row) {
        const auto after = std::ranges::upper_bound(boundaries, row.get<Instant>(1));
        const Key key{
            static_cast<std::size_t>(after - boundaries.begin() - 1), row.get<AssetId>(0)};
        auto& slot = slots[key];
        slot.slot = key.first;
        slot.asset = key.second;
        const auto dropped = dropped_of(row.get<duckdb::Blob>(2).bytes);
        for (std::size_t i = 0; i < dropped.size(); ++i) slot.dropped[i] += dropped[i];
        return true;
    });
    std::vector<AssetDropped> out;
    out.reserve(slots.size());
    for (const auto& [key, slot] : slots) out.push_back(slot);
    return out;
}

}  // namespace mobilytics::store
