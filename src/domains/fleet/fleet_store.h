#pragma once
// Sensors, claims and salts in Postgres. All of this domain's SQL is in fleet_store.cpp.

#include <optional>
#include <string>
#include <vector>

#include "domains/fleet/fleet.h"
#include "platform/pg/pg.h"

namespace mobilytics::fleet {

struct ClaimRow {
    ClaimId id;
    std::string name;
    std::optional<AssetId> asset_id;
    Instant expires_at;
    std::optional<DeviceId> device_id;
    std::optional<std::string> key_sha256;
};

struct CodeOwner {
    CompanyId company;
    ClaimId claim;
};

struct DeviceKey {
    std::string key_sha256;
    std::string certificate_serial;
};

void insert(pg::Transaction& tx, const ClaimRow& claim, const std::string& code_sha256);
/// Asked of no company: whose the code is.
std::optional<CodeOwner> select_code(pg::Transaction& tx, const std::string& code_sha256);
/// Locked until the transaction ends.
std::optional<ClaimRow> select_claim(pg::Transaction& tx, ClaimId id);
void update_taken(pg::Transaction& tx, const ClaimRow& claim);

void upsert(pg::Transaction& tx, const Device& device, const DeviceKey& key);
std::optional<Device> select_device(pg::Transaction& tx, DeviceId id);
std::optional<DeviceKey> select_key(pg::Transaction& tx, DeviceId id);
std::vector<Device> select_after(pg::Transaction& tx, DeviceId after, std::int64_t count);

std::vector<RevokedCertificate> select_revoked(pg::Transaction& tx);

struct SaltRow {
    std::string day;  // YYYY-MM-DD.
    std::string epoch;
    std::optional<std::string> sealed;
    Instant expires_at;
};
/// The row as it stands afterwards: the one that was first stays.
SaltRow insert_or_select(pg::Transaction& tx, const SaltRow& salt);
std::optional<SaltRow> select_salt(pg::Transaction& tx, const std::string& day);
std::int64_t destroy_salts(pg::Transaction& tx, Instant now);
/// Destroys all, also those whose time is not over. The epochs that were in force.
std::vector<std::string> revoke_salts(pg::Transaction& tx, Instant now);
std::vector<std::string> epochs_in_force(pg::Transaction& tx, Instant now);

}  // namespace mobilytics::fleet
