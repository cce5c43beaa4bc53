#pragma once
// Regions in Postgres. All of this domain's SQL is in region_store.cpp.

#include "domains/regions/region_rules.h"
#include "platform/pg/pg.h"

namespace mobilytics::regions {

enum class Lock { none, for_update };

/// What a company has in use.
struct Usage {
    std::int64_t sets = 0, points = 0;
};
/// Others of the same company that ask wait for this transaction.
Usage lock_usage(pg::Transaction& tx);

/// False when the company has this name in use already; then nothing is written.
bool insert(pg::Transaction& tx, const RegionSet& set);
/// Also one that was removed.
std::optional<RegionSet> select(pg::Transaction& tx, RegionSetId id, Lock lock);
std::vector<RegionSet> select_after(pg::Transaction& tx, RegionSetId after, std::int64_t count);
/// Its state, version and counts.
void update(pg::Transaction& tx, const RegionSet& set);

/// As they are now, by code.
std::vector<Kept> select_now(pg::Transaction& tx, RegionSetId set);
std::vector<Region> select_regions_after(
    pg::Transaction& tx, RegionSetId set, const std::string& after, std::int64_t count);
/// As they were in a version, by code.
std::vector<Content::Entry> select_content(
    pg::Transaction& tx, RegionSetId set, std::int64_t version);

void end(
    pg::Transaction& tx, RegionSetId set, const std::vector<std::string>& codes,
    std::int64_t version);
void insert(
    pg::Transaction& tx, RegionSetId set, std::int64_t version,
    const std::vector<const Kept*>& regions);

void insert(pg::Transaction& tx, RegionSetId set, const Version& version);
/// The newest first.
std::vector<Version> select_versions(pg::Transaction& tx, RegionSetId set, std::int64_t count);
/// Versions up to that one, and regions of no later one.
void forget_until(pg::Transaction& tx, RegionSetId set, std::int64_t version);
void forget_regions(pg::Transaction& tx, RegionSetId set);

}  // namespace mobilytics::regions
