#pragma once
// Sets of regions, as the business has told them.

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Within the connection's transaction. False for a version that is known, or older than that.
bool write(duckdb::Connection& connection, const RegionSet& set);
void forget_regions(duckdb::Connection& connection, CompanyId company, RegionSetId set);

/// The newest version of each set, without its regions, by id.
std::vector<RegionSet> read_region_sets(duckdb::Connection& connection, CompanyId company);
/// The newest unless one is named; without its regions.
std::optional<RegionSet> read_region_set(
    duckdb::Connection& connection, CompanyId company, RegionSetId set,
    std::optional<std::int64_t> version);
/// Fills them in.
RegionSet with_regions(duckdb::Connection& connection, RegionSet set);

}  // namespace mobilytics::store
