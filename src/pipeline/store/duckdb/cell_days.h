#pragma once
// Days by cell of the map, made of the quarters of an hour that have settled: for figures of
// regions over weeks. They are the days of days.h, each made once that one is.

#include "pipeline/store/duckdb/rollup.h"
#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// The days that there are in a period, the oldest first; none of them overlap.
std::vector<Period> read_cell_days(
    duckdb::Connection& connection, CompanyId company, Period period);

/// Within the connection's transaction: makes the next one. False when there is none any more.
bool make_cell_day(duckdb::Connection& connection);

/// Forgets the days that these buckets are in, so that they are made again.
void forget_cell_days(duckdb::Connection& connection, const BucketKeys& buckets);

}  // namespace mobilytics::store
