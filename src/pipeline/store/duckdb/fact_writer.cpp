#include "pipeline/store/duckdb/fact_writer.h"

#include <algorithm>
#include <limits>
#include <set>

#include "pipeline/store/duckdb/cell_days.h"
#include "pipeline/store/duckdb/days.h"
#include "pipeline/store/duckdb/packed.h"
#include "pipeline/store/duckdb/rollup.h"
#include "platform/duckdb/appender.h"

namespace mobilytics::store {

namespace {

using measure::AssetFacts;
using measure::BucketFacts;

#define MOB_DELETE_BUCKETS(table)                                                            \
    "DELETE FROM " table                                                                     \
    " AS t USING (SELECT unnest($1::UUID[]) AS company_id, unnest($2::UUID[]) AS asset_id, " \
    "unnest($3::TIMESTAMP[]) AS bucket) AS wanted "                                          \
    "WHERE t.company_id = wanted.company_id AND t.asset_id = wanted.asset_id "               \
    "AND t.bucket = wanted.bucket AND t.bucket >= $4 AND t.bucket <= $5"

constexpr duckdb::Query kDeleteVisits{"store.delete_visits", MOB_DELETE_BUCKETS("visit")};
constexpr duckdb::Query kDeleteRecentExposure{
    "store.delete_recent_exposure", MOB_DELETE_BUCKETS("exposure_recent")};
constexpr duckdb::Query kDeleteSettledExposure{
    "store.delete_settled_exposure", MOB_DELETE_BUCKETS("exposure_settled")};
constexpr duckdb::Query kDeleteRecentCoverage{
    "store.delete_recent_coverage", MOB_DELETE_BUCKETS("coverage_recent")};
constexpr duckdb::Query kDeleteSettledCoverage{
    "store.delete_settled_coverage", MOB_DELETE_BUCKETS("coverage_settled")};

constexpr duckdb::Query kDeleteRecentCounted{
    "store.delete_recent_counted", MOB_DELETE_BUCKETS("counted_recent")};
constexpr duckdb::Query kDeleteSettledCounted{
    "store.delete_settled_counted", MOB_DELETE_BUCKETS("counted_settled")};

constexpr duckdb::Query kDeleteRoutes{"store.delete_routes", R"sql(
    DELETE FROM route AS r
    USING (SELECT unnest($1::UUID[]) AS company_id, unnest($2::UUID[]) AS asset_id,
                  unnest($3::TIMESTAMP[]) AS started) AS wanted
    WHERE r.company_id = wanted.company_id AND r.asset_id = wanted.asset_id
      AND r.started >= wanted.started
)sql"};

constexpr duckdb::Query kDeleteCheckpoints{"store.delete_checkpoints", R"sql(
    DELETE FROM checkpoint WHERE asset_id IN (SELECT unnest($1::UUID[]))
)sql"};

constexpr duckdb::Query kStrict{"store.strict_companies", R"sql(
    SELECT company_id FROM company WHERE strict
)sql"};

constexpr duckdb::Query kOwners{"store.owners", R"sql(
    SELECT asset_id, company_id FROM asset
    WHERE valid_to IS NULL AND asset_id IN (SELECT unnest($1::UUID[]))
)sql"};

constexpr duckdb::Query kProgress{"store.progress", R"sql(
    SELECT stream_transaction, stream_number, settled_until, dimensions_version FROM progress
)sql"};
// Never an UPDATE: after one DuckDB makes no checkpoint while anybody reads.
constexpr duckdb::Query kDeleteProgress{"store.delete_progress", "DELETE FROM progress"};
constexpr duckdb::Query kInsertProgress{"store.insert_progress", R"sql(
    INSERT INTO progress (stream_transaction, stream_number, settled_until, dimensions_version)
    VALUES ($1, $2, $3, $4)
)sql"};

/// One number of two, for counting by: the finalizer of splitmix64, over both.
std::uint64_t device_number(std::uint64_t epoch, std::uint64_t pseudonym) {
    const auto mixed = [](std::uint64_t x) {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    };
    return mixed(mixed(epoch) ^ pseudonym);
}

struct SplitKeys {
    BucketKeys recent, settled;
};

SplitKeys keys_of(const measure::FactBatch& batch, Instant settled_until) {
    SplitKeys keys;
    for (const auto& facts : batch.assets) {
        for (const auto& bucket : facts.buckets) {
            auto& into = bucket.start < settled_until ? keys.settled : keys.recent;
            into.add(facts.company, facts.asset, bucket.start);
        }
    }
    return keys;
}

void delete_buckets(duckdb::Connection& connection, duckdb::Query query, const BucketKeys& keys) {
    connection.run(query, keys.companies, keys.assets, keys.starts, keys.first(), keys.last());
}

void append_exposure(duckdb::Appender& into, const AssetFacts& facts, const BucketFacts& bucket) {
    for (const auto& exposure : bucket.exposures) {
        const std::string reach = exposure.reach.bytes();
        into.row(
            facts.company, facts.asset, bucket.start, exposure.source, exposure.motion,
            exposure.cell, exposure.visits_begun, exposure.visits_ended, exposure.sightings,
            exposure.presence_us, exposure.occupancy_min, exposure.occupancy_max,
            exposure.dwell_bins, exposure.dwell_us, exposure.reach.estimate(), duckdb::Blob{reach},
            exposure.visits_carried);
    }
}

void append_visits(
    duckdb::Appender& into, const AssetFacts& facts, const BucketFacts& bucket,
    const VisitsFrom& from, bool strict, Instant now) {
    for (const auto& visit : bucket.visits) {
        if (visit.first < from.usual || (strict && visit.last < from.strict)) continue;
        into.row(
            facts.company, facts.asset, bucket.start, visit.source, visit.epoch, visit.pseudonym,
            device_number(visit.epoch, visit.pseudonym), visit.address_class, visit.first,
            visit.last, visit.sightings, visit.strongest_dbm, visit.zone, visit.motion, visit.cell,
            visit.open, now);
    }
}

void append_coverage(duckdb::Appender& into, const AssetFacts& facts, const BucketFacts& bucket) {
    const auto& coverage = bucket.coverage;
    const std::string dropped = packed(coverage.dropped);
    into.row(
        facts.company, facts.asset, bucket.start, coverage.covered_us, coverage.reports,
        coverage.observations, duckdb::Blob{dropped}, bucket.corrected, coverage.heard_until);
}

void append_counted(duckdb::Appender& into, const AssetFacts& facts, const BucketFacts& bucket) {
    if (!bucket.counted) return;
    const auto& [devices, ble, present_ms, span_ms] = *bucket.counted;
    into.row(
        facts.company, facts.asset, bucket.start, devices.value_milli, devices.low_milli,
        devices.high_milli, devices.basis, ble.value_milli, ble.low_milli, ble.high_milli,
        present_ms, span_ms);
}

/// The buckets of one side of `settled_until`.
void append_buckets(
    duckdb::Connection& connection, const measure::FactBatch& batch, Instant settled_until,
    bool settled) {
    duckdb::Appender exposure(connection, settled ? "exposure_settled" : "exposure_recent");
    duckdb::Appender coverage(connection, settled ? "coverage_settled" : "coverage_recent");
    duckdb::Appender counted(connection, settled ? "counted_settled" : "counted_recent");
    for (const auto& facts : batch.assets) {
        for (const auto& bucket : facts.buckets) {
            if ((bucket.start < settled_until) != settled) continue;
            append_exposure(exposure, facts, bucket);
            append_coverage(coverage, facts, bucket);
            append_counted(counted, facts, bucket);
        }
    }
    exposure.close();
    coverage.close();
    counted.close();
}

void write_visits(
    duckdb::Connection& connection, const measure::FactBatch& batch, const VisitsFrom& from,
    Instant now) {
    const auto list =
        connection.run(kStrict).all([](duckdb::Row row) { return row.get<CompanyId>(0); });
    const std::set<CompanyId> strict(list.begin(), list.end());
    duckdb::Appender visits(connection, "visit");
    for (const auto& facts : batch.assets) {
        for (const auto& bucket : facts.buckets) {
            append_visits(visits, facts, bucket, from, strict.contains(facts.company), now);
        }
    }
    visits.close();
}

GeoBox box_of(const std::vector<measure::PathPoint>& path) {
    constexpr auto lowest = std::numeric_limits<std::int32_t>::min();
    constexpr auto highest = std::numeric_limits<std::int32_t>::max();
    GeoBox box{highest, highest, lowest, lowest};
    for (const auto& point : path) {
        box.west_e7 = std::min(box.west_e7, point.longitude_e7);
        box.south_e7 = std::min(box.south_e7, point.latitude_e7);
        box.east_e7 = std::max(box.east_e7, point.longitude_e7);
        box.north_e7 = std::max(box.north_e7, point.latitude_e7);
    }
    return box;
}

void write_routes(duckdb::Connection& connection, const measure::FactBatch& batch) {
    BucketKeys replaced;
    for (const auto& facts : batch.assets) {
        if (facts.routes_from) replaced.add(facts.company, facts.asset, *facts.routes_from);
    }
    if (replaced.empty()) return;
    connection.run(kDeleteRoutes, replaced.companies, replaced.assets, replaced.starts);
    duckdb::Appender routes(connection, "route");
    for (const auto& facts : batch.assets) {
        if (!facts.routes_from) continue;
        for (const auto& route : facts.routes) {
            const std::string path = packed(route.path);
            const GeoBox box = box_of(route.path);
            routes.row(
                facts.company, facts.asset, route.started, route.ended, route.distance_m,
                route.driving_us, route.parked_us, box.west_e7, box.south_e7, box.east_e7,
                box.north_e7, duckdb::Blob{path});
        }
    }
    routes.close();
}

void write_checkpoints(duckdb::Connection& connection, const measure::FactBatch& batch) {
    if (batch.checkpoints.empty()) return;
    std::vector<AssetId> assets;
    for (const auto& checkpoint : batch.checkpoints) assets.push_back(checkpoint.asset);
    std::map<AssetId, CompanyId> owners;
    connection.run(kOwners, assets).all([&](duckdb::Row row) {
        return owners.emplace(row.get<AssetId>(0), row.get<CompanyId>(1)).second;
    });
    connection.run(kDeleteCheckpoints, assets);
    duckdb::Appender checkpoints(connection, "checkpoint");
    for (const auto& checkpoint : batch.checkpoints) {
        checkpoints.row(
            owners[checkpoint.asset], checkpoint.asset, checkpoint.at,
            duckdb::Blob{checkpoint.bytes});
    }
    checkpoints.close();
}

}  // namespace

void write(
    duckdb::Connection& connection, const measure::FactBatch& batch, const VisitsFrom& visits_from,
    Instant now) {
    auto progress = read_progress(connection);
    const Instant settled_until = progress.settled_until;
    const auto [recent, settled] = keys_of(batch, settled_until);
    if (!recent.empty()) {
        delete_buckets(connection, kDeleteRecentExposure, recent);
        delete_buckets(connection, kDeleteRecentCoverage, recent);
        delete_buckets(connection, kDeleteRecentCounted, recent);
        delete_buckets(connection, kDeleteVisits, recent);
        append_buckets(connection, batch, settled_until, false);
    }
    if (!settled.empty()) {
        delete_buckets(connection, kDeleteSettledExposure, settled);
        delete_buckets(connection, kDeleteSettledCoverage, settled);
        delete_buckets(connection, kDeleteSettledCounted, settled);
        delete_buckets(connection, kDeleteVisits, settled);
        append_buckets(connection, batch, settled_until, true);
        make_hours_again(connection, settled);
        make_days_again(connection, settled);
        forget_cell_days(connection, settled);
    }
    write_visits(connection, batch, visits_from, now);
    write_routes(connection, batch);
    write_checkpoints(connection, batch);
    progress.position = batch.position;
    write(connection, progress);
}

Progress read_progress(duckdb::Connection& connection) {
    return *connection.run(kProgress).first([](duckdb::Row row) {
        return Progress{
            {row.get<std::uint64_t>(0), row.get<std::uint64_t>(1)},
            row.get<Instant>(2),
            row.get<std::int64_t>(3)};
    });
}

void write(duckdb::Connection& connection, const Progress& progress) {
    connection.run(kDeleteProgress);
    connection.run(
        kInsertProgress, progress.position.transaction, progress.position.number,
        progress.settled_until, progress.dimensions_version);
}

}  // namespace mobilytics::store
