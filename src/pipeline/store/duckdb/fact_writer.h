#pragma once
// Writes facts: what was known of a bucket gives way to what is known now.

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Which visits are kept: those that began from `usual` on, and of strict companies only those that
/// were seen from `strict` on.
struct VisitsFrom {
    Instant usual, strict;
};

/// Within the connection's transaction.
void write(
    duckdb::Connection& connection, const measure::FactBatch& batch, const VisitsFrom& visits_from,
    Instant now);

/// How far all has come.
struct Progress {
    ingest::StreamPosition position;
    Instant settled_until;
    std::int64_t dimensions_version = 0;
};
Progress read_progress(duckdb::Connection& connection);
void write(duckdb::Connection& connection, const Progress& progress);

std::vector<measure::Checkpoint> read_checkpoints(duckdb::Connection& connection);
std::vector<measure::BucketFacts> read_buckets(
    duckdb::Connection& connection, AssetId asset, Period period);

}  // namespace mobilytics::store
