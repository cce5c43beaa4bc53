#include "domains/accounts/token_store.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kSelectKeys{"accounts.select_signing_keys", R"sql(
    SELECT sealed FROM accounts.signing_keys -- the installation's, of no company
)sql"};

constexpr pg::Query kLockKeys{"accounts.lock_signing_keys", R"sql(
    SELECT version, sealed
    FROM accounts.signing_keys FOR UPDATE -- the installation's, of no company
)sql"};

constexpr pg::Query kInsertKeys{"accounts.insert_signing_keys", R"sql(
    INSERT INTO accounts.signing_keys (version, sealed, changed_at)
    VALUES (1, $1, $2) ON CONFLICT DO NOTHING -- the installation's, of no company
)sql"};

constexpr pg::Query kUpdateKeys{"accounts.update_signing_keys", R"sql(
    UPDATE accounts.signing_keys SET version = $1, sealed = $2, changed_at = $3
    WHERE version = $1 - 1 -- the installation's, of no company
)sql"};

constexpr pg::Query kSessionDigest{"accounts.select_session_digest", R"sql(
    SELECT token_sha256 FROM accounts.session
    WHERE id = $1 AND person_id = $2 -- a person's own, of whatever company
)sql"};

constexpr pg::Query kKeyDigest{"accounts.select_key_digest", R"sql(
    SELECT secret_sha256 FROM accounts.api_key WHERE company_id = $1 AND id = $2
)sql"};

}  // namespace

std::optional<std::string> select_signing_keys(pg::Transaction& tx) {
    return tx.run(kSelectKeys).first([](const pg::Row& row) {
        return row.get<std::string>("sealed");
    });
}

std::optional<SealedKeys> lock_signing_keys(pg::SystemTransaction& tx) {
    return tx.run(kLockKeys).first([](const pg::Row& row) {
        return SealedKeys{row.get<std::int64_t>("version"), row.get<std::string>("sealed")};
    });
}

bool insert_signing_keys(pg::SystemTransaction& tx, const std::string& sealed, Instant now) {
    return tx.run(kInsertKeys, sealed, now).touched() == 1;
}

void update_signing_keys(pg::SystemTransaction& tx, const SealedKeys& next, Instant now) {
    tx.run(kUpdateKeys, next.version, next.sealed, now);
}

std::optional<std::string> select_digest(pg::Transaction& tx, PersonId person, SessionId session) {
    return tx.run(kSessionDigest, session, person).first([](const pg::Row& row) {
        return row.get<std::string>("token_sha256");
    });
}

std::optional<std::string> select_digest(pg::Transaction& tx, ApiKeyId key) {
    return tx.run(kKeyDigest, tx.company(), key).first([](const pg::Row& row) {
        return row.get<std::string>("secret_sha256");
    });
}

}  // namespace mobilytics::accounts
