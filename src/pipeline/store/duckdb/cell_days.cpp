#include "pipeline/store/duckdb/cell_days.h"

#include <set>

#include "pipeline/store/duckdb/statements.h"

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kDays{"store.cell_days", R"sql(
    SELECT start, until FROM cell_day WHERE company_id = $1 AND until > $2 AND start < $3
    ORDER BY start
)sql"};

constexpr duckdb::Query kNext{"store.next_cell_day", R"sql(
    SELECT d.company_id, d.start, d.until FROM united_day AS d
    LEFT JOIN cell_day AS c ON d.company_id = c.company_id AND d.start = c.start
    WHERE c.start IS NULL ORDER BY d.start, d.company_id LIMIT 1
)sql"};

constexpr duckdb::Query kInsertDay{"store.insert_cell_day", R"sql(
    INSERT INTO cell_day (company_id, start, until) VALUES ($1, $2, $3)
)sql"};

constexpr duckdb::Query kInsertCells{
    "store.insert_day_of_cells",
    "INSERT INTO exposure_cell_day BY NAME "
    "SELECT company_id, asset_id, $2::TIMESTAMP AS start, source, motion, cell, " MOB_SUMS
    ", " MOB_CARRIED_INTO("$2") ", reach_union(reach) AS reach "
    "FROM exposure_settled WHERE company_id = $1 AND bucket >= $2 AND bucket < $3 "
    "GROUP BY company_id, asset_id, source, motion, cell "
    "ORDER BY company_id, asset_id, source, motion, cell"};

constexpr duckdb::Query kForgetDay{"store.forget_cell_day", R"sql(
    DELETE FROM cell_day WHERE company_id = $1 AND start = $2
)sql"};
constexpr duckdb::Query kForgetCells{"store.forget_day_of_cells", R"sql(
    DELETE FROM exposure_cell_day WHERE company_id = $1 AND start = $2
)sql"};

}  // namespace

std::vector<Period> read_cell_days(
    duckdb::Connection& connection, CompanyId company, Period period) {
    return connection.run(kDays, company, period.from, period.to).all([](duckdb::Row row) {
        return Period{row.get<Instant>(0), row.get<Instant>(1)};
    });
}

bool make_cell_day(duckdb::Connection& connection) {
    const auto next = connection.run(kNext).first([](duckdb::Row row) {
        return std::pair(row.get<CompanyId>(0), Period{row.get<Instant>(1), row.get<Instant>(2)});
    });
    if (!next) return false;
    const auto& [company, day] = *next;
    connection.run(kInsertCells, company, day.from, day.to);
    connection.run(kInsertDay, company, day.from, day.to);
    return true;
}

void forget_cell_days(duckdb::Connection& connection, const BucketKeys& buckets) {
    const Period period{buckets.first(), buckets.last() + measure::kBucket};
    const std::set companies(buckets.companies.begin(), buckets.companies.end());
    for (const auto& company : companies) {
        for (const auto& day : read_cell_days(connection, company, period)) {
            bool touched = false;
            for (std::size_t i = 0; i < buckets.starts.size(); ++i) {
                touched |= buckets.companies[i] == company && buckets.starts[i] >= day.from &&
                           buckets.starts[i] < day.to;
            }
            if (!touched) continue;
            connection.run(kForgetDay, company, day.from);
            connection.run(kForgetCells, company, day.from);
        }
    }
}

}  // namespace mobilytics::store
