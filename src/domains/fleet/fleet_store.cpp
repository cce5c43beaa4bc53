#include "domains/fleet/fleet_store.h"

namespace mobilytics::fleet {

namespace {

constexpr pg::Query kInsertClaim{"fleet.insert_claim", R"sql(
    INSERT INTO fleet.claim (company_id, id, name, asset_id, expires_at)
    VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr pg::Query kInsertCode{"fleet.insert_code", R"sql(
    INSERT INTO fleet.claim_code (code_sha256, claim_company, claim_id) VALUES ($1, $2, $3)
)sql"};

constexpr pg::Query kSelectCode{"fleet.select_code", R"sql(
    SELECT claim_company, claim_id FROM fleet.claim_code WHERE code_sha256 = $1
)sql"};

constexpr pg::Query kSelectClaim{"fleet.select_claim", R"sql(
    SELECT id, name, asset_id, expires_at, device_id, key_sha256
    FROM fleet.claim WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kUpdateTaken{"fleet.update_taken", R"sql(
    UPDATE fleet.claim SET device_id = $3, key_sha256 = $4 WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpsertDevice{"fleet.upsert_device", R"sql(
    INSERT INTO fleet.device (company_id, id, name, state, key_sha256, certificate_serial,
                              certificate_expires_at, enrolled_at, revoked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (company_id, id) DO UPDATE SET
        state = excluded.state, key_sha256 = excluded.key_sha256,
        certificate_serial = excluded.certificate_serial,
        certificate_expires_at = excluded.certificate_expires_at, revoked_at = excluded.revoked_at
)sql"};

constexpr pg::Query kSelectDevice{"fleet.select_device", R"sql(
    SELECT id, name, state, enrolled_at, certificate_expires_at, revoked_at
    FROM fleet.device WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kSelectKey{"fleet.select_key", R"sql(
    SELECT key_sha256, certificate_serial FROM fleet.device WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectAfter{"fleet.select_after", R"sql(
    SELECT id, name, state, enrolled_at, certificate_expires_at, revoked_at
    FROM fleet.device WHERE company_id = $1 AND id > $2 ORDER BY id LIMIT $3
)sql"};

constexpr pg::Query kSelectRevoked{"fleet.select_revoked", R"sql(
    SELECT id, certificate_serial, revoked_at FROM fleet.device
    WHERE company_id = $1 AND state = 'revoked' ORDER BY id
)sql"};

constexpr pg::Query kInsertSalt{"fleet.insert_salt", R"sql(
    INSERT INTO fleet.salt (company_id, day, epoch, sealed, expires_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (company_id, day) DO NOTHING
)sql"};

constexpr pg::Query kSelectSalt{"fleet.select_salt", R"sql(
    SELECT day::text AS day, epoch, sealed, expires_at
    FROM fleet.salt WHERE company_id = $1 AND day = $2
)sql"};

constexpr pg::Query kDestroySalts{"fleet.destroy_salts", R"sql(
    UPDATE fleet.salt SET sealed = NULL
    WHERE company_id = $1 AND expires_at <= $2 AND sealed IS NOT NULL RETURNING day
)sql"};

constexpr pg::Query kRevokeSalts{"fleet.revoke_salts", R"sql(
    UPDATE fleet.salt SET sealed = NULL, revoked_at = $2
    WHERE company_id = $1 AND revoked_at IS NULL AND expires_at > $2 RETURNING epoch
)sql"};

constexpr pg::Query kEpochsInForce{"fleet.epochs_in_force", R"sql(
    SELECT epoch FROM fleet.salt
    WHERE company_id = $1 AND sealed IS NOT NULL AND expires_at > $2 ORDER BY day
)sql"};

Device device_from(const pg::Row& row) {
    return {
        .id = row.get<DeviceId>("id"),
        .name = row.get<std::string>("name"),
        .state = row.get<DeviceState>("state"),
        .enrolled_at = row.get<Instant>("enrolled_at"),
        .certificate_expires_at = row.get<Instant>("certificate_expires_at"),
        .revoked_at = row.optional<Instant>("revoked_at"),
    };
}

ClaimRow claim_from(const pg::Row& row) {
    return {
        .id = row.get<ClaimId>("id"),
        .name = row.get<std::string>("name"),
        .asset_id = row.optional<AssetId>("asset_id"),
        .expires_at = row.get<Instant>("expires_at"),
        .device_id = row.optional<DeviceId>("device_id"),
        .key_sha256 = row.optional<std::string>("key_sha256"),
    };
}

}  // namespace

void insert(pg::Transaction& tx, const ClaimRow& claim, const std::string& code_sha256) {
    tx.run(kInsertClaim, tx.company(), claim.id, claim.name, claim.asset_id, claim.expires_at);
    tx.run(kInsertCode, code_sha256, tx.company(), claim.id);
}

std::optional<CodeOwner> select_code(pg::Transaction& tx, const std::string& code_sha256) {
    return tx.run(kSelectCode, code_sha256).first([](const pg::Row& row) {
        return CodeOwner{row.get<CompanyId>("claim_company"), row.get<ClaimId>("claim_id")};
    });
}

std::optional<ClaimRow> select_claim(pg::Transaction& tx, ClaimId id) {
    return tx.run(kSelectClaim, tx.company(), id).first(claim_from);
}

void update_taken(pg::Transaction& tx, const ClaimRow& claim) {
    tx.run(kUpdateTaken, tx.company(), claim.id, claim.device_id, claim.key_sha256);
}

void upsert(pg::Transaction& tx, const Device& device, const DeviceKey& key) {
    tx.run(
        kUpsertDevice, tx.company(), device.id, device.name, device.state, key.key_sha256,
        key.certificate_serial, device.certificate_expires_at, device.enrolled_at,
        device.revoked_at);
}

std::optional<Device> select_device(pg::Transaction& tx, DeviceId id) {
    return tx.run(kSelectDevice, tx.company(), id).first(device_from);
}

std::optional<DeviceKey> select_key(pg::Transaction& tx, DeviceId id) {
    return tx.run(kSelectKey, tx.company(), id).first([](const pg::Row& row) {
        return DeviceKey{
            row.get<std::string>("key_sha256"), row.get<std::string>("certificate_serial")};
    });
}

std::vector<Device> select_after(pg::Transaction& tx, DeviceId after, std::int64_t count) {
    return tx.run(kSelectAfter, tx.company(), after, count).all(device_from);
}

std::vector<RevokedCertificate> select_revoked(pg::Transaction& tx) {
    return tx.run(kSelectRevoked, tx.company()).all([](const pg::Row& row) {
        return RevokedCertificate{
            row.get<DeviceId>("id"), row.get<std::string>("certificate_serial"),
            row.get<Instant>("revoked_at")};
    });
}

SaltRow insert_or_select(pg::Transaction& tx, const SaltRow& salt) {
    tx.run(kInsertSalt, tx.company(), salt.day, salt.epoch, salt.sealed, salt.expires_at);
    const auto kept = select_salt(tx, salt.day);
    VERIFY(kept);
    return *kept;
}

std::optional<SaltRow> select_salt(pg::Transaction& tx, const std::string& day) {
    return tx.run(kSelectSalt, tx.company(), day).first([](const pg::Row& row) {
        return SaltRow{
            .day = row.get<std::string>("day"),
            .epoch = row.get<std::string>("epoch"),
            .sealed = row.optional<std::string>("sealed"),
            .expires_at = row.get<Instant>("expires_at"),
        };
    });
}

std::vector<std::string> revoke_salts(pg::Transaction& tx, Instant now) {
    return tx.run(kRevokeSalts, tx.company(), now).all([](const pg::Row& row) {
        return row.get<std::string>("epoch");
    });
}

std::vector<std::string> epochs_in_force(pg::Transaction& tx, Instant now) {
    return tx.run(kEpochsInForce, tx.company(), now).all([](const pg::Row& row) {
        return row.get<std::string>("epoch");
    });
}

std::int64_t destroy_salts(pg::Transaction& tx, Instant now) {
    return tx.run(kDestroySalts, tx.company(), now).size();
}

}  // namespace mobilytics::fleet
