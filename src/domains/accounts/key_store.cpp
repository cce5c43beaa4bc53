#include "domains/accounts/key_store.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kFindKey{"accounts.find_api_key", R"sql(
    SELECT id, company_id, role, scopes, networks, expires_at, used_at
    FROM accounts.api_key_of($1, $2)
)sql"};

constexpr pg::Query kUpdateUsed{"accounts.update_used", R"sql(
    UPDATE accounts.api_key SET used_at = $3 WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kInsertKey{"accounts.insert_api_key", R"sql(
    INSERT INTO accounts.api_key (company_id, id, name, prefix, role, scopes, networks,
        secret_sha256, added_at, added_by, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr pg::Query kSelectKey{"accounts.select_api_key", R"sql(
    SELECT id, name, prefix, role, scopes, networks, added_at, added_by, expires_at, used_at,
           revoked_at, previous_until
    FROM accounts.api_key WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kUpdateSecret{"accounts.update_secret", R"sql(
    UPDATE accounts.api_key SET previous_sha256 = secret_sha256, previous_until = $4,
        secret_sha256 = $3
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdateRevoked{"accounts.update_revoked", R"sql(
    UPDATE accounts.api_key SET revoked_at = $3
    WHERE company_id = $1 AND id = $2 AND revoked_at IS NULL
)sql"};

constexpr pg::Query kSelectKeys{"accounts.select_api_keys", R"sql(
    WITH listed AS (
        SELECT id, name, prefix, role, scopes, networks, added_at, added_by, expires_at, used_at,
               revoked_at, previous_until,
               (CASE $2 WHEN 'name' THEN lower(name)
                        ELSE coalesce(to_char(
                            (CASE $2 WHEN 'expires_at' THEN expires_at WHEN 'used_at' THEN used_at
                                     ELSE added_at END) AT TIME ZONE 'UTC',
                            'YYYYMMDDHH24MISSUS'), '') END) COLLATE "C" AS key
        FROM accounts.api_key WHERE company_id = $1)
    SELECT * FROM listed
    WHERE $5 = '' OR CASE WHEN $3 THEN (key, id) < ($4 COLLATE "C", nullif($5, '')::uuid)
                          ELSE (key, id) > ($4 COLLATE "C", nullif($5, '')::uuid) END
    ORDER BY CASE WHEN $3 THEN key END DESC, CASE WHEN $3 THEN id END DESC, key, id
    LIMIT $6
)sql"};

ApiKey key_from(const pg::Row& row) {
    return {
        .id = row.get<ApiKeyId>("id"),
        .name = row.get<std::string>("name"),
        .prefix = row.get<std::string>("prefix"),
        .role = row.get<Role>("role"),
        .scopes = row.get<std::vector<std::string>>("scopes"),
        .networks = row.get<std::vector<std::string>>("networks"),
        .added_at = row.get<Instant>("added_at"),
        .added_by = row.get<PersonId>("added_by"),
        .expires_at = row.optional<Instant>("expires_at"),
        .used_at = row.optional<Instant>("used_at"),
        .revoked_at = row.optional<Instant>("revoked_at"),
        .previous_until = row.optional<Instant>("previous_until"),
    };
}

}  // namespace

std::optional<KnownKey> find_api_key(pg::Transaction& tx, const std::string& sha256, Instant now) {
    return tx.run(kFindKey, sha256, now).first([](const pg::Row& row) {
        return KnownKey{
            .id = row.get<ApiKeyId>("id"),
            .company = row.get<CompanyId>("company_id"),
            .role = row.get<Role>("role"),
            .scopes = row.get<std::vector<std::string>>("scopes"),
            .networks = row.get<std::vector<std::string>>("networks"),
            .expires_at = row.optional<Instant>("expires_at"),
            .used_at = row.optional<Instant>("used_at"),
        };
    });
}

void update_used(pg::Transaction& tx, ApiKeyId id, Instant now) {
    tx.run(kUpdateUsed, tx.company(), id, now);
}

void insert(pg::Transaction& tx, const ApiKey& key, const std::string& sha256) {
    tx.run(
        kInsertKey, tx.company(), key.id, key.name, key.prefix, key.role, key.scopes, key.networks,
        sha256, key.added_at, key.added_by, key.expires_at);
}

std::optional<ApiKey> select_api_key(pg::Transaction& tx, ApiKeyId id) {
    return tx.run(kSelectKey, tx.company(), id).first(key_from);
}

void update_secret(
    pg::Transaction& tx, const ApiKey& key, const std::string& sha256, Instant previous_until) {
    tx.run(kUpdateSecret, tx.company(), key.id, sha256, previous_until);
}

void update_revoked(pg::Transaction& tx, ApiKeyId id, Instant now) {
    tx.run(kUpdateRevoked, tx.company(), id, now);
}

std::vector<std::pair<ApiKey, std::string>> select_api_keys(
    pg::Transaction& tx, const Sorting& sorting, std::int64_t limit) {
    return tx
        .run(
            kSelectKeys, tx.company(), sorting.by, sorting.descending, sorting.after_key,
            sorting.after_id, limit)
        .all([](const pg::Row& row) {
            return std::pair(key_from(row), row.get<std::string>("key"));
        });
}

}  // namespace mobilytics::accounts
