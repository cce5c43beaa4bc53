// What measure reads back: checkpoints, and buckets as they were written.

#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/packed.h"

namespace mobilytics::store {

namespace {

using measure::BucketFacts;

constexpr duckdb::Query kCheckpoints{"store.checkpoints", R"sql(
    SELECT asset_id, moment, bytes FROM checkpoint ORDER BY asset_id
)sql"};

constexpr duckdb::Query kCoverage{"store.bucket_coverage", R"sql(
    SELECT bucket, covered_us, reports, observations, dropped, corrected, heard_until FROM coverage
    WHERE asset_id = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket
)sql"};

constexpr duckdb::Query kExposures{"store.bucket_exposures", R"sql(
    SELECT bucket, source, motion, cell, visits, visits_ended, occupancy_min, occupancy_max,
           presence_us, sightings, dwell_single, dwell_0, dwell_5, dwell_15, dwell_30, dwell_60,
           dwell_300, dwell_900, dwell_us, reach, visits_carried
    FROM exposure WHERE asset_id = $1 AND bucket >= $2 AND bucket < $3
    ORDER BY bucket, source, motion, cell
)sql"};

constexpr duckdb::Query kCounted{"store.bucket_counted", R"sql(
    SELECT bucket, devices_milli, devices_low_milli, devices_high_milli, basis, ble_milli,
           ble_low_milli, ble_high_milli, present_80_ms, present_78_ms, present_76_ms,
           present_74_ms, present_72_ms, present_70_ms, present_68_ms, present_66_ms,
           present_64_ms, present_62_ms, present_60_ms, span_ms
    FROM counted WHERE asset_id = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket
)sql"};

constexpr duckdb::Query kVisits{"store.bucket_visits", R"sql(
    SELECT bucket, source, epoch, pseudonym, address_class, first, last, sightings, strongest_dbm,
           zone, motion, cell, open
    FROM visit WHERE asset_id = $1 AND bucket >= $2 AND bucket < $3
    ORDER BY bucket, first, source, pseudonym, epoch
)sql"};

measure::Exposure exposure_of(duckdb::Row row) {
    measure::Exposure out;
    out.source = row.get<wire::RadioKind>(1);
    out.motion = row.get<measure::Motion>(2);
    out.cell = row.get<std::uint64_t>(3);
    out.visits_begun = row.get<std::int64_t>(4);
    out.visits_ended = row.get<std::int64_t>(5);
    out.occupancy_min = row.get<std::int64_t>(6);
    out.occupancy_max = row.get<std::int64_t>(7);
    out.presence_us = row.get<std::int64_t>(8);
    out.sightings = row.get<std::int64_t>(9);
    for (std::size_t i = 0; i < measure::kDwellBins; ++i) {
        out.dwell_bins[i] = row.get<std::int64_t>(10 + i);
    }
    out.dwell_us = row.get<std::int64_t>(18);
    auto reach = measure::ReachSketch::from_bytes(row.get<duckdb::Blob>(19).bytes);
    VERIFY(reach);
    out.reach = *std::move(reach);
    out.visits_carried = row.get<std::int64_t>(20);
    return out;
}

measure::Counted counted_of(duckdb::Row row) {
    const auto number = [&](std::size_t column) { return row.get<std::int32_t>(column); };
    measure::Counted out{
        {number(1), number(2), number(3), row.get<measure::Basis>(4)},
        {number(5), number(6), number(7), measure::Basis::tracks},
        {},
        0};
    std::size_t column = 8;
    for (auto& present_ms : out.present_ms) present_ms = row.get<std::int64_t>(column++);
    out.span_ms = row.get<std::int64_t>(column);
    return out;
}

measure::Visit visit_of(duckdb::Row row) {
    return {
        .source = row.get<wire::RadioKind>(1),
        .epoch = row.get<std::uint64_t>(2),
        .pseudonym = row.get<std::uint64_t>(3),
        .address_class = row.get<wire::AddressClass>(4),
        .first = row.get<Instant>(5),
        .last = row.get<Instant>(6),
        .sightings = row.get<std::uint32_t>(7),
        .strongest_dbm = row.get<std::int8_t>(8),
        .zone = row.get<measure::Zone>(9),
        .motion = row.get<measure::Motion>(10),
        .cell = row.get<std::uint64_t>(11),
        .open = row.get<bool>(12),
    };
}

BucketFacts bucket_of(duckdb::Row row) {
    BucketFacts out;
    out.start = row.get<Instant>(0);
    out.coverage.covered_us = row.get<std::int64_t>(1);
    out.coverage.reports = row.get<std::int64_t>(2);
    out.coverage.observations = row.get<std::int64_t>(3);
    out.coverage.dropped = dropped_of(row.get<duckdb::Blob>(4).bytes);
    out.corrected = row.get<bool>(5);
    out.coverage.heard_until = row.get<Instant>(6);
    return out;
}

/// Gives each bucket what `read` makes of the rows that begin with its start.
template <class Read>
void fill(std::vector<BucketFacts>& buckets, duckdb::Rows rows, Read read) {
    auto bucket = buckets.begin();
    rows.all([&](duckdb::Row row) {
        const auto start = row.get<Instant>(0);
        while (bucket != buckets.end() && bucket->start < start) ++bucket;
        VERIFY(bucket != buckets.end() && bucket->start == start);
        read(*bucket, row);
        return true;
    });
}

}  // namespace

std::vector<measure::Checkpoint> read_checkpoints(duckdb::Connection& connection) {
    return connection.run(kCheckpoints).all([](duckdb::Row row) {
        return measure::Checkpoint{
            row.get<AssetId>(0), row.get<Instant>(1), std::string(row.get<duckdb::Blob>(2).bytes)};
    });
}

std::vector<BucketFacts> read_buckets(
    duckdb::Connection& connection, AssetId asset, Period period) {
    auto buckets = connection.run(kCoverage, asset, period.from, period.to).all(bucket_of);
    fill(
        buckets, connection.run(kExposures, asset, period.from, period.to),
        [](BucketFacts& bucket, duckdb::Row row) { bucket.exposures.push_back(exposure_of(row)); });
    fill(
        buckets, connection.run(kCounted, asset, period.from, period.to),
        [](BucketFacts& bucket, duckdb::Row row) { bucket.counted = counted_of(row); });
    fill(
        buckets, connection.run(kVisits, asset, period.from, period.to),
        [](BucketFacts& bucket, duckdb::Row row) { bucket.visits.push_back(visit_of(row)); });
    return buckets;
}

}  // namespace mobilytics::store
