#include "pipeline/store/duckdb/sensitive_table.h"

#include <set>

#include "pipeline/store/duckdb/cell_days.h"
#include "pipeline/store/duckdb/days.h"
#include "pipeline/store/duckdb/dimension_table.h"
#include "pipeline/store/duckdb/rollup.h"
#include "platform/duckdb/appender.h"

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kRuns{"store.sensitive_runs", R"sql(
    SELECT first_cell, last_cell FROM sensitive_run WHERE company_id = $1 ORDER BY first_cell
)sql"};
constexpr duckdb::Query kEveryRun{"store.every_sensitive_run", R"sql(
    SELECT company_id, first_cell, last_cell FROM sensitive_run ORDER BY company_id, first_cell
)sql"};
constexpr duckdb::Query kDeleteRuns{"store.delete_sensitive_runs", R"sql(
    DELETE FROM sensitive_run WHERE company_id = $1
)sql"};

constexpr duckdb::Query kHeardCells{"store.heard_cells", R"sql(
    SELECT DISTINCT cell FROM exposure WHERE company_id = $1
    UNION SELECT DISTINCT cell FROM visit WHERE company_id = $1
)sql"};

// Of all assets, where none are named.
#define MOB_IN_CELLS                                                    \
    "WHERE company_id = $1 AND cell IN (SELECT unnest($2::UBIGINT[])) " \
    "AND (len($3::UUID[]) = 0 OR list_contains($3::UUID[], asset_id))"

constexpr duckdb::Query kBuckets{
    "store.sensitive_buckets", "SELECT DISTINCT asset_id, bucket FROM exposure " MOB_IN_CELLS};
constexpr duckdb::Query kDeleteVisits{
    "store.delete_sensitive_visits", "DELETE FROM visit " MOB_IN_CELLS};
constexpr duckdb::Query kDeleteRecent{
    "store.delete_sensitive_recent", "DELETE FROM exposure_recent " MOB_IN_CELLS};
constexpr duckdb::Query kDeleteSettled{
    "store.delete_sensitive_settled", "DELETE FROM exposure_settled " MOB_IN_CELLS};

// Of assets that stand there: counts of buckets in which nothing else was heard.
constexpr duckdb::Query kCountedAlone{"store.sensitive_counted", R"sql(
    SELECT c.asset_id, c.bucket FROM counted AS c
    WHERE c.company_id = $1 AND c.asset_id IN (SELECT unnest($2::UUID[]))
      AND NOT EXISTS (SELECT 1 FROM exposure AS e WHERE e.company_id = $1
                      AND e.asset_id = c.asset_id AND e.bucket = c.bucket)
)sql"};

#define MOB_DELETE_COUNTED(table)                                           \
    "DELETE FROM " table                                                    \
    " AS t USING (SELECT unnest($2::UUID[]) AS asset_id, "                  \
    "unnest($3::TIMESTAMP[]) AS bucket) AS wanted WHERE t.company_id = $1 " \
    "AND t.asset_id = wanted.asset_id AND t.bucket = wanted.bucket"

constexpr duckdb::Query kDeleteRecentCounted{
    "store.delete_sensitive_counted_recent", MOB_DELETE_COUNTED("counted_recent")};
constexpr duckdb::Query kDeleteSettledCounted{
    "store.delete_sensitive_counted_settled", MOB_DELETE_COUNTED("counted_settled")};

std::vector<measure::Cell> heard_in(
    duckdb::Connection& connection, CompanyId company, const SensitiveCells& cells) {
    auto out = connection.run(kHeardCells, company).all([](duckdb::Row row) {
        return row.get<std::uint64_t>(0);
    });
    std::erase_if(out, [&](measure::Cell cell) { return !cells.has(cell); });
    return out;
}

}  // namespace

void forget_heard(duckdb::Connection& connection, CompanyId company, const SensitiveCells& cells) {
    std::set<std::pair<AssetId, Instant>> touched;
    const auto touch = [&](duckdb::Row row) {
        return touched.emplace(row.get<AssetId>(0), row.get<Instant>(1)).second;
    };
    const auto remove = [&](const std::vector<measure::Cell>& of,
                            const std::vector<AssetId>& assets) {
        connection.run(kBuckets, company, of, assets).all(touch);
        connection.run(kDeleteVisits, company, of, assets);
        connection.run(kDeleteRecent, company, of, assets);
        connection.run(kDeleteSettled, company, of, assets);
    };
    const auto heard = heard_in(connection, company, cells);
    if (!heard.empty()) remove(heard, {});
    std::vector<AssetId> standing;
    for (const auto& asset : read_assets(connection, company)) {
        if (cells.has(asset.dimension)) standing.push_back(asset.dimension.asset);
    }
    if (!standing.empty()) {
        remove({measure::kNoCell}, standing);  // Before it was known where they stand.
        connection.run(kCountedAlone, company, standing).all(touch);
    }
    if (touched.empty()) return;
    BucketKeys keys;
    for (const auto& [asset, bucket] : touched) keys.add(company, asset, bucket);
    connection.run(kDeleteRecentCounted, company, keys.assets, keys.starts);
    connection.run(kDeleteSettledCounted, company, keys.assets, keys.starts);
    // Of those that have not settled there are no hours and no days: nothing is made of them.
    make_hours_again(connection, keys);
    make_days_again(connection, keys);
    forget_cell_days(connection, keys);
}

bool write(duckdb::Connection& connection, const SensitivePlaces& places) {
    const SensitiveCells cells(places);
    if (read_sensitive(connection, places.company) == cells) return false;
    connection.run(kDeleteRuns, places.company);
    duckdb::Appender rows(connection, "sensitive_run");
    for (const auto& run : cells.runs()) rows.row(places.company, run.first, run.last);
    rows.close();
    forget_heard(connection, places.company, cells);
    return true;
}

SensitiveCells read_sensitive(duckdb::Connection& connection, CompanyId company) {
    return SensitiveCells(connection.run(kRuns, company).all([](duckdb::Row row) {
        return geojson::CellRun{row.get<std::uint64_t>(0), row.get<std::uint64_t>(1)};
    }));
}

SensitiveByCompany read_sensitive(duckdb::Connection& connection) {
    std::map<CompanyId, std::vector<geojson::CellRun>> runs;
    connection.run(kEveryRun).all([&](duckdb::Row row) {
        runs[row.get<CompanyId>(0)].push_back(
            {row.get<std::uint64_t>(1), row.get<std::uint64_t>(2)});
        return true;
    });
    SensitiveByCompany out;
    for (auto& [company, its] : runs) out.emplace(company, SensitiveCells(std::move(its)));
    return out;
}

}  // namespace mobilytics::store
