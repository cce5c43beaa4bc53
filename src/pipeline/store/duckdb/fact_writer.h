#pragma once
// Writes facts: what was known of a bucket gives way to what is known now.

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Within the connection's transaction. Visits that began before `visits_from` are not kept.
void write(
    duckdb::Connection& connection, const measure::FactBatch& batch, Instant visits_from,
    Instant now);

ingest::StreamPosition read_position(duckdb::Connection& connection);
Instant read_settled_until(duckdb::Connection& connection);
std::vector<measure::Checkpoint> read_checkpoints(duckdb::Connection& connection);
std::vector<measure::BucketFacts> read_buckets(
    duckdb::Connection& connection, AssetId asset, Period period);

}  // namespace mobilytics::store
