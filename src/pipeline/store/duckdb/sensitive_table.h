#pragma once
// Places in which nobody is counted, as the business has told them.

#include "pipeline/store/sensitive.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Within the connection's transaction: keeps the cells, and forgets what was heard in them, with
/// all hours and days that were made of it. False for those that are known.
bool write(duckdb::Connection& connection, const SensitivePlaces& places);

/// What was heard in such cells, and of assets that stand in one also what has no place.
void forget_heard(duckdb::Connection& connection, CompanyId company, const SensitiveCells& cells);

SensitiveCells read_sensitive(duckdb::Connection& connection, CompanyId company);
SensitiveByCompany read_sensitive(duckdb::Connection& connection);

}  // namespace mobilytics::store
