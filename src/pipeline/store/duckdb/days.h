#pragma once
// Days, made of the quarters of an hour that have settled: by the wall clock of their company, for
// by such days it asks. Which ones there are is kept beside them, so that a company may get another
// time zone.

#include "pipeline/store/duckdb/rollup.h"
#include "pipeline/store/duckdb/slots.h"
#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// The days that there are in a period, the oldest first; none of them overlap.
std::vector<Period> read_days(duckdb::Connection& connection, CompanyId company, Period period);

/// What is kept as one between the ends of `boundaries`, hours up to then, and what is not.
SlotPlan kept_plan(
    duckdb::Connection& connection, CompanyId company, std::span<const Instant> boundaries,
    Instant hours_until);

/// Within the connection's transaction: makes the next day, of any company, that has settled. False
/// when there is none any more.
bool make_day(duckdb::Connection& connection);

/// Makes those days anew that these buckets are in.
void make_days_again(duckdb::Connection& connection, const BucketKeys& buckets);

}  // namespace mobilytics::store
