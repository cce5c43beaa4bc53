#pragma once
// Ingest in Postgres: boots, reports, refusals and devices. All SQL of writing is in
// ingest_store.cpp; stored_reports.cpp reads the stream.

#include <span>
#include <vector>

#include "pipeline/ingest/ledger.h"
#include "pipeline/ingest/settlement.h"
#include "platform/pg/pg.h"

namespace mobilytics::ingest {

/// Locks the rows of `keys`, in their order, making those that are not there. Throws Unavailable
/// when another has made one of them meanwhile: then all is to be done again.
Boots lock_boots(pg::SystemTransaction& tx, const std::set<BootKey>& keys, Instant now);
void update_boots(pg::SystemTransaction& tx, const Boots& boots, const std::set<BootKey>& changed);

void insert_reports(pg::SystemTransaction& tx, const std::vector<AcceptedRow>& rows);
void insert_losses(pg::SystemTransaction& tx, const std::vector<LossRow>& rows);
/// Of each the first `content_bytes_max` bytes. What is kept already is counted.
void insert_refused(
    pg::SystemTransaction& tx, const std::vector<RefusedRow>& rows, std::size_t content_bytes_max);

/// Moves a boot's earlier reports to where its anchor says that they belong, which puts them at the
/// stream's end again; gives how many.
std::int64_t retime_reports(
    pg::SystemTransaction& tx, const BootKey& key, const BootClock& clock,
    const TimePolicy& policy);

/// Nothing older replaces what is newer.
void upsert_devices(pg::SystemTransaction& tx, const std::map<DeviceId, DeviceNews>& devices);

/// Without a lock; none for a boot never heard of.
std::optional<BootState> select_boot(pg::SystemTransaction& tx, const BootKey& key);
/// All boots of `devices`, ordered by (device, first heard).
std::vector<DeviceBoot> select_boots(pg::AnyTransaction& tx, std::span<const DeviceId> devices);

void open_partition(pg::SystemTransaction& tx, Instant moment);

}  // namespace mobilytics::ingest
