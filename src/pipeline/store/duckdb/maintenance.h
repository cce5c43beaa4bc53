#pragma once
// What is done now and then: forget, and put in order.

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Within the connection's transaction: visits that began or came before `visits_from`, those of
/// strict companies that were seen last before `strict_from`, checkpoints from before the first,
/// routes that ended before `routes_from`.
Maintained forget(
    duckdb::Connection& connection, Instant visits_from, Instant strict_from, Instant routes_from);

/// Within the connection's transaction: moves the next UTC day that has facts and ends by `until`
/// to what has settled, ordered, and makes its hours. False when there is none any more.
bool settle_day(duckdb::Connection& connection, Instant until);

}  // namespace mobilytics::store
