#include "pipeline/store/duckdb/days.h"

#include <algorithm>
#include <map>
#include <set>

#include "foundation/zone.h"
#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/statements.h"

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kDays{"store.days", R"sql(
    SELECT start, until FROM united_day WHERE company_id = $1 AND until > $2 AND start < $3
    ORDER BY start
)sql"};

constexpr duckdb::Query kReached{"store.days_reached", R"sql(
    SELECT h.company_id, c.time_zone, h.first, d.until
    FROM (SELECT company_id, min(hour) AS first FROM exposure_company_hour GROUP BY company_id) AS h
    LEFT JOIN company AS c ON h.company_id = c.company_id
    LEFT JOIN (SELECT company_id, max(until) AS until FROM united_day GROUP BY company_id) AS d
        ON h.company_id = d.company_id
    ORDER BY h.company_id
)sql"};

constexpr duckdb::Query kInsertDay{"store.insert_day", R"sql(
    INSERT INTO united_day (company_id, start, until) VALUES ($1, $2, $3)
)sql"};

constexpr duckdb::Query kInsertAssets{
    "store.insert_day_of_assets",
    "INSERT INTO exposure_day BY NAME "
    "SELECT company_id, asset_id, $2::TIMESTAMP AS start, source, motion, " MOB_SUMS
    ", " MOB_CARRIED_INTO("$2") ", reach_union(reach) AS reach "
    "FROM exposure_settled WHERE company_id = $1 AND bucket >= $2 AND bucket < $3 "
    "GROUP BY company_id, asset_id, source, motion "
    "ORDER BY company_id, asset_id, source, motion"};

constexpr duckdb::Query kInsertCompany{
    "store.insert_day_of_company",
    "INSERT INTO exposure_company_day BY NAME "
    "SELECT company_id, start, source, motion, " MOB_SUMS
    ", sum(visits_carried)::BIGINT AS visits_carried, reach_union(reach) AS reach "
    "FROM exposure_day WHERE company_id = $1 AND start = $2 "
    "GROUP BY company_id, start, source, motion ORDER BY source, motion"};

#define MOB_COVERED                                                            \
    "sum(covered_us)::BIGINT AS covered_us, sum(reports)::BIGINT AS reports, " \
    "sum(observations)::BIGINT AS observations, bool_or(corrected) AS corrected "

constexpr duckdb::Query kInsertCoverage{
    "store.insert_day_of_coverage",
    "INSERT INTO coverage_day BY NAME "
    "SELECT company_id, asset_id, $2::TIMESTAMP AS start, " MOB_COVERED
    "FROM coverage_settled WHERE company_id = $1 AND bucket >= $2 AND bucket < $3 "
    "GROUP BY company_id, asset_id ORDER BY company_id, asset_id"};

// The days of some assets.
#define MOB_ASSET_DAYS                                                           \
    "(SELECT unnest($1::UUID[]) AS company_id, unnest($2::UUID[]) AS asset_id, " \
    "unnest($3::TIMESTAMP[]) AS start, unnest($4::TIMESTAMP[]) AS until) AS wanted "

#define MOB_DELETE_DAYS(table)                                                     \
    "DELETE FROM " table                                                           \
    " AS e "                                                                       \
    "USING (SELECT unnest($1::UUID[]) AS company_id, "                             \
    "unnest($2::UUID[]) AS asset_id, unnest($3::TIMESTAMP[]) AS start) AS wanted " \
    "WHERE e.company_id = wanted.company_id AND e.asset_id = wanted.asset_id "     \
    "AND e.start = wanted.start"

constexpr duckdb::Query kDeleteAssetsAgain{
    "store.delete_days_of_assets", MOB_DELETE_DAYS("exposure_day")};
constexpr duckdb::Query kDeleteCoverageAgain{
    "store.delete_days_of_coverage", MOB_DELETE_DAYS("coverage_day")};

constexpr duckdb::Query kInsertCoverageAgain{
    "store.insert_days_of_coverage",
    "INSERT INTO coverage_day BY NAME "
    "SELECT e.company_id, e.asset_id, wanted.start, " MOB_COVERED
    "FROM coverage_settled AS e JOIN " MOB_ASSET_DAYS
    "ON e.company_id = wanted.company_id AND e.asset_id = wanted.asset_id "
    "AND e.bucket >= wanted.start AND e.bucket < wanted.until "
    "WHERE e.bucket >= $5 AND e.bucket < $6 "
    "GROUP BY e.company_id, e.asset_id, wanted.start"};

constexpr duckdb::Query kInsertAssetsAgain{
    "store.insert_days_of_assets",
    "INSERT INTO exposure_day BY NAME "
    "SELECT e.company_id, e.asset_id, wanted.start, source, motion, " MOB_SUMS
    ", " MOB_CARRIED_INTO("wanted.start") ", reach_union(reach) AS reach "
    "FROM exposure_settled AS e JOIN " MOB_ASSET_DAYS
    "ON e.company_id = wanted.company_id AND e.asset_id = wanted.asset_id "
    "AND e.bucket >= wanted.start AND e.bucket < wanted.until "
    "WHERE e.bucket >= $5 AND e.bucket < $6 "
    "GROUP BY e.company_id, e.asset_id, wanted.start, source, motion"};

// The days of some companies.
#define MOB_COMPANY_DAYS \
    "(SELECT unnest($1::UUID[]) AS company_id, unnest($2::TIMESTAMP[]) AS start) AS wanted "

constexpr duckdb::Query kDeleteCompaniesAgain{
    "store.delete_days_of_companies",
    "DELETE FROM exposure_company_day AS e USING " MOB_COMPANY_DAYS
    "WHERE e.company_id = wanted.company_id AND e.start = wanted.start"};

constexpr duckdb::Query kInsertCompaniesAgain{
    "store.insert_days_of_companies",
    "INSERT INTO exposure_company_day BY NAME "
    "SELECT e.company_id, e.start, source, motion, " MOB_SUMS
    ", sum(visits_carried)::BIGINT AS visits_carried, reach_union(reach) AS reach "
    "FROM exposure_day AS e JOIN " MOB_COMPANY_DAYS
    "ON e.company_id = wanted.company_id AND e.start = wanted.start "
    "GROUP BY e.company_id, e.start, source, motion"};

/// How far a company's days have come.
struct Reached {
    CompanyId company;
    std::string zone;
    Instant next;   // When the next begins, or within it.
    bool is_first;  // None was made before.
};

std::vector<Reached> read_reached(duckdb::Connection& connection) {
    return connection.run(kReached).all([](duckdb::Row row) {
        auto zone = row.optional<std::string>(1).value_or("UTC");
        return Reached{
            row.get<CompanyId>(0), zone_exists(zone) ? std::move(zone) : "UTC",
            row.optional<Instant>(3).value_or(row.get<Instant>(2)), !row.optional<Instant>(3)};
    });
}

/// The first day from then on; the one then, where none was made before.
Period day_from(const Reached& reached) {
    const auto days =
        boundaries(reached.next, reached.next + std::chrono::days(2), Grain::day, reached.zone);
    const std::size_t at = reached.is_first || days[0] == reached.next ? 0 : 1;
    return {days[at], days[at + 1]};
}

}  // namespace

std::vector<Period> read_days(duckdb::Connection& connection, CompanyId company, Period period) {
    return connection.run(kDays, company, period.from, period.to).all([](duckdb::Row row) {
        return Period{row.get<Instant>(0), row.get<Instant>(1)};
    });
}

SlotPlan kept_plan(
    duckdb::Connection& connection, CompanyId company, std::span<const Instant> boundaries,
    Instant hours_until) {
    std::vector<Period> days;
    if (!boundaries.empty()) {
        days = read_days(connection, company, {boundaries.front(), boundaries.back()});
    }
    return slot_plan(boundaries, hours_until, days);
}

bool make_day(duckdb::Connection& connection) {
    const Instant settled_until = read_progress(connection).settled_until;
    for (const auto& reached : read_reached(connection)) {
        const auto [start, until] = day_from(reached);
        if (until > settled_until) continue;
        connection.run(kInsertAssets, reached.company, start, until);
        connection.run(kInsertCompany, reached.company, start);
        connection.run(kInsertCoverage, reached.company, start, until);
        connection.run(kInsertDay, reached.company, start, until);
        return true;
    }
    return false;
}

void make_days_again(duckdb::Connection& connection, const BucketKeys& buckets) {
    std::map<CompanyId, std::vector<Period>> days;
    for (const auto& company : buckets.companies) {
        if (days.contains(company)) continue;
        const Period period{buckets.first(), buckets.last() + measure::kBucket};
        days.emplace(company, read_days(connection, company, period));
    }
    std::set<std::tuple<CompanyId, AssetId, Instant, Instant>> asset_days;
    std::set<std::pair<CompanyId, Instant>> company_days;
    for (std::size_t i = 0; i < buckets.starts.size(); ++i) {
        for (const auto& day : days.at(buckets.companies[i])) {
            if (buckets.starts[i] < day.from || buckets.starts[i] >= day.to) continue;
            asset_days.emplace(buckets.companies[i], buckets.assets[i], day.from, day.to);
            company_days.emplace(buckets.companies[i], day.from);
        }
    }
    if (asset_days.empty()) return;
    BucketKeys wanted;
    std::vector<Instant> ends;
    for (const auto& [company, asset, start, until] : asset_days) {
        wanted.add(company, asset, start);
        ends.push_back(until);
    }
    const Instant last = *std::ranges::max_element(ends);
    connection.run(kDeleteAssetsAgain, wanted.companies, wanted.assets, wanted.starts);
    connection.run(
        kInsertAssetsAgain, wanted.companies, wanted.assets, wanted.starts, ends, wanted.first(),
        last);
    connection.run(kDeleteCoverageAgain, wanted.companies, wanted.assets, wanted.starts);
    connection.run(
        kInsertCoverageAgain, wanted.companies, wanted.assets, wanted.starts, ends, wanted.first(),
        last);
    std::vector<CompanyId> companies;
    std::vector<Instant> starts;
    for (const auto& [company, start] : company_days) {
        companies.push_back(company);
        starts.push_back(start);
    }
    connection.run(kDeleteCompaniesAgain, companies, starts);
    connection.run(kInsertCompaniesAgain, companies, starts);
}

}  // namespace mobilytics::store
