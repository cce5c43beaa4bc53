// Devices behind changing addresses, over slots of time.

#include <numeric>

#include "pipeline/store/duckdb/days.h"
#include "pipeline/store/duckdb/duckdb_snapshot.h"
#include "pipeline/store/duckdb/slots.h"
#include "pipeline/store/duckdb/statements.h"

namespace mobilytics::store {

namespace {

// clang-format off: the pieces are read better as they are.
#define MOB_COUNTED(table, time, starts, slots, from, last, more)                    \
    "SELECT wanted.slot, " MOB_COUNTED_COLUMNS "FROM " table " AS e "                \
    "JOIN (SELECT unnest(" starts "::TIMESTAMP[]) AS start, "                        \
    "unnest(" slots "::BIGINT[]) AS slot) AS wanted ON e." time " = wanted.start "   \
    "WHERE e.company_id = $1 AND e." time " >= " from " AND e." time " <= " last " " more
#define MOB_COUNTED_ALL(more)                                                        \
    "WITH slice AS ("                                                                \
    MOB_COUNTED("counted_day", "start", "$2", "$3", "$4", "$5", more) "UNION ALL "   \
    MOB_COUNTED("counted", "bucket", "$6", "$7", "$8", "$9", more) "UNION ALL "      \
    MOB_COUNTED("counted", "bucket", "$10", "$11", "$12", "$13", more) ") "
#define MOB_OF_ASSETS "AND e.asset_id IN (SELECT unnest($14::UUID[])) "
#define MOB_BY_SLOT "SELECT slot, " MOB_COUNTED_SUMS "FROM slice GROUP BY slot"

constexpr duckdb::Query kBySlot{"store.counted", MOB_COUNTED_ALL("") MOB_BY_SLOT};
constexpr duckdb::Query kBySlotOfAssets{
    "store.counted_of_assets", MOB_COUNTED_ALL(MOB_OF_ASSETS) MOB_BY_SLOT};

// A part is enough where one of its quarters is; or where nobody was there.
constexpr duckdb::Query kBlocks{
    "store.counted_blocks",
    "WITH part AS (SELECT e.asset_id, wanted.part, " MOB_COUNTED_SUMS ", "
    "max(devices_milli) AS most FROM counted AS e "
    "JOIN (SELECT unnest($2::TIMESTAMP[]) AS start, unnest($3::BIGINT[]) AS part) AS wanted "
    "ON e.bucket = wanted.start "
    "WHERE e.company_id = $1 AND e.bucket >= $4 AND e.bucket <= $5 "
    "AND (len($6::UUID[]) = 0 OR list_contains($6::UUID[], e.asset_id)) "
    "GROUP BY e.asset_id, wanted.part), "
    "place AS (SELECT unnest($7::BIGINT[]) AS part, unnest($8::BIGINT[]) AS whole, "
    "unnest($9::BIGINT[]) AS slot), "
    "judged AS (SELECT part.*, place.whole, place.slot, "
    "most = 0 OR most + 500 >= 1000 * $10::BIGINT AS enough "
    "FROM part JOIN place ON part.part = place.part), "
    "told AS (SELECT *, CASE WHEN $11::BOOLEAN "
    "THEN bool_and(enough) OVER (PARTITION BY asset_id, whole) ELSE enough END AS shown "
    "FROM judged) "
    "SELECT slot, " MOB_COUNTED_SUMS ", shown FROM told WHERE slot >= 0 GROUP BY slot, shown"};
constexpr std::size_t kShownColumn = 22;
// clang-format on

Counted counted_of(duckdb::Row row) {
    Counted out;
    std::size_t column = 1;
    for (std::int64_t* const to :
         {&out.quarters, &out.grid_quarters, &out.blind_quarters, &out.devices_milli,
          &out.low_milli, &out.high_milli, &out.ble_milli, &out.ble_low_milli,
          &out.ble_high_milli}) {
        *to = row.get<std::int64_t>(column++);
    }
    for (auto& present_ms : out.present_ms) present_ms = row.get<std::int64_t>(column++);
    out.span_ms = row.get<std::int64_t>(column);
    return out;
}

/// `all` of the company's assets, or `of_assets`, where the filter names some.
duckdb::Rows run(
    duckdb::Connection& connection, duckdb::Query all, duckdb::Query of_assets, CompanyId company,
    const Filter& filter, std::span<const Instant> boundaries) {
    std::vector<Period> kept;
    if (!boundaries.empty()) {
        kept = read_days(connection, company, {boundaries.front(), boundaries.back()});
    }
    const auto [days, hours, head, tail] = slot_plan(boundaries, Instant::min(), kept);
    VERIFY(hours.empty());
    const auto run = [&](duckdb::Query query, const auto&... more) {
        return connection.run(
            query, company, days.starts, days.slots, days.from(), days.last(), head.starts,
            head.slots, head.from(), head.last(), tail.starts, tail.slots, tail.from(), tail.last(),
            more...);
    };
    return filter.assets.empty() ? run(all) : run(of_assets, filter.assets);
}

}  // namespace

std::vector<Counted> DuckdbSnapshot::counted(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) {
    std::vector<Counted> out(boundaries.empty() ? 0 : boundaries.size() - 1);
    auto rows = run(*connection_, kBySlot, kBySlotOfAssets, company, filter, boundaries);
    rows.all([&](duckdb::Row row) {
        out[static_cast<std::size_t>(row.get<std::int64_t>(0))] = counted_of(row);
        return true;
    });
    return out;
}

std::vector<CountedBlocks> DuckdbSnapshot::counted_blocks(
    CompanyId company, const Filter& filter, const BlockQuestion& question) {
    std::vector<CountedBlocks> out(question.slot_count);
    if (question.wholes.empty()) return out;
    const auto quarters = slot_plan(question.boundaries, Instant::min(), {}).head;
    std::vector<std::int64_t> parts(question.wholes.size());
    std::iota(parts.begin(), parts.end(), 0);
    auto rows = connection_->run(
        kBlocks, company, quarters.starts, quarters.slots, quarters.from(), quarters.last(),
        filter.assets, parts, question.wholes, question.slots, question.devices_min,
        question.all_or_none);
    rows.all([&](duckdb::Row row) {
        auto& slot = out.at(static_cast<std::size_t>(row.get<std::int64_t>(0)));
        if (row.get<bool>(kShownColumn)) {
            slot.counted = counted_of(row);
        } else {
            slot.held_back = true;
        }
        return true;
    });
    return out;
}

}  // namespace mobilytics::store
