#include "pipeline/store/duckdb/rollup.h"

#include <algorithm>
#include <set>

#include "pipeline/store/duckdb/statements.h"

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kInsertHours{
    "store.insert_hours",
    "INSERT INTO exposure_hour BY NAME "
    "SELECT company_id, asset_id, date_trunc('hour', bucket) AS hour, source, motion, " MOB_SUMS
    ", " MOB_CARRIED_INTO("date_trunc('hour', bucket)") ", reach_union(reach) AS reach "
    "FROM exposure_settled WHERE bucket >= $1 AND bucket < $2 "
    "GROUP BY company_id, asset_id, hour, source, motion "
    "ORDER BY company_id, asset_id, hour, source, motion"};

constexpr duckdb::Query kInsertCompanyHours{
    "store.insert_company_hours",
    "INSERT INTO exposure_company_hour BY NAME "
    "SELECT company_id, hour, source, motion, " MOB_SUMS
    ", sum(visits_carried)::BIGINT AS visits_carried, reach_union(reach) AS reach "
    "FROM exposure_hour WHERE hour >= $1 AND hour < $2 "
    "GROUP BY company_id, hour, source, motion ORDER BY company_id, hour, source, motion"};

// The hours of some assets.
#define MOB_ASSET_HOURS                                                          \
    "(SELECT unnest($1::UUID[]) AS company_id, unnest($2::UUID[]) AS asset_id, " \
    "unnest($3::TIMESTAMP[]) AS hour) AS wanted "

constexpr duckdb::Query kDeleteAssetHours{
    "store.delete_asset_hours",
    "DELETE FROM exposure_hour AS e USING " MOB_ASSET_HOURS
    "WHERE e.company_id = wanted.company_id AND e.asset_id = wanted.asset_id "
    "AND e.hour = wanted.hour AND e.hour >= $4 AND e.hour <= $5"};

constexpr duckdb::Query kInsertAssetHours{
    "store.insert_asset_hours",
    "INSERT INTO exposure_hour BY NAME "
    "SELECT e.company_id, e.asset_id, wanted.hour, source, motion, " MOB_SUMS
    ", " MOB_CARRIED_INTO("wanted.hour") ", reach_union(reach) AS reach "
    "FROM exposure_settled AS e JOIN " MOB_ASSET_HOURS
    "ON e.company_id = wanted.company_id AND e.asset_id = wanted.asset_id "
    "AND date_trunc('hour', e.bucket) = wanted.hour "
    "WHERE e.bucket >= $4 AND e.bucket < $5 + INTERVAL 1 HOUR "
    "GROUP BY e.company_id, e.asset_id, wanted.hour, source, motion"};

// The hours of some companies.
#define MOB_COMPANY_HOURS \
    "(SELECT unnest($1::UUID[]) AS company_id, unnest($2::TIMESTAMP[]) AS hour) AS wanted "

constexpr duckdb::Query kDeleteSomeCompanyHours{
    "store.delete_some_company_hours",
    "DELETE FROM exposure_company_hour AS e USING " MOB_COMPANY_HOURS
    "WHERE e.company_id = wanted.company_id AND e.hour = wanted.hour "
    "AND e.hour >= $3 AND e.hour <= $4"};

constexpr duckdb::Query kInsertSomeCompanyHours{
    "store.insert_some_company_hours",
    "INSERT INTO exposure_company_hour BY NAME "
    "SELECT e.company_id, e.hour, source, motion, " MOB_SUMS
    ", sum(visits_carried)::BIGINT AS visits_carried, reach_union(reach) AS reach "
    "FROM exposure_hour AS e JOIN " MOB_COMPANY_HOURS
    "ON e.company_id = wanted.company_id AND e.hour = wanted.hour "
    "WHERE e.hour >= $3 AND e.hour <= $4 "
    "GROUP BY e.company_id, e.hour, source, motion"};

}  // namespace

void make_hours(duckdb::Connection& connection, Period period) {
    connection.run(kInsertHours, period.from, period.to);
    connection.run(kInsertCompanyHours, period.from, period.to);
}

void make_hours_again(duckdb::Connection& connection, const BucketKeys& buckets) {
    std::set<std::tuple<CompanyId, AssetId, Instant>> asset_hours;
    std::set<std::pair<CompanyId, Instant>> company_hours;
    for (std::size_t i = 0; i < buckets.starts.size(); ++i) {
        const Instant hour = std::chrono::floor<std::chrono::hours>(buckets.starts[i]);
        asset_hours.emplace(buckets.companies[i], buckets.assets[i], hour);
        company_hours.emplace(buckets.companies[i], hour);
    }
    BucketKeys wanted;
    for (const auto& [company, asset, hour] : asset_hours) wanted.add(company, asset, hour);
    connection.run(
        kDeleteAssetHours, wanted.companies, wanted.assets, wanted.starts, wanted.first(),
        wanted.last());
    connection.run(
        kInsertAssetHours, wanted.companies, wanted.assets, wanted.starts, wanted.first(),
        wanted.last());
    std::vector<CompanyId> companies;
    std::vector<Instant> hours;
    for (const auto& [company, hour] : company_hours) {
        companies.push_back(company);
        hours.push_back(hour);
    }
    connection.run(kDeleteSomeCompanyHours, companies, hours, wanted.first(), wanted.last());
    connection.run(kInsertSomeCompanyHours, companies, hours, wanted.first(), wanted.last());
}

}  // namespace mobilytics::store
