#pragma once
// What applies from devices to people, as the business has told it.

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Within the connection's transaction; replaces what was known of the asset. False, when it was
/// known already.
bool write(duckdb::Connection& connection, const Calibrations& calibrations);

/// By asset, those of the company itself first.
std::vector<Calibrations> read_calibrations(duckdb::Connection& connection, CompanyId company);

}  // namespace mobilytics::store
