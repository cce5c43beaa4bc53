#pragma once
// API keys in Postgres.

#include "domains/accounts/keys.h"
#include "domains/accounts/paging.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// By the digest of its text, of whatever company; of one that opens now.
struct KnownKey {
    ApiKeyId id;
    CompanyId company;
    Role role;
    std::vector<std::string> scopes, networks;
    std::optional<Instant> expires_at, used_at;
};
std::optional<KnownKey> find_api_key(pg::Transaction& tx, const std::string& sha256, Instant now);

// Of the transaction's company.
void update_used(pg::Transaction& tx, ApiKeyId id, Instant now);
void insert(pg::Transaction& tx, const ApiKey& key, const std::string& sha256);
std::optional<ApiKey> select_api_key(pg::Transaction& tx, ApiKeyId id);
/// The one before opens until then.
void update_secret(
    pg::Transaction& tx, const ApiKey& key, const std::string& sha256, Instant previous_until);
void update_revoked(pg::Transaction& tx, ApiKeyId id, Instant now);
std::vector<std::pair<ApiKey, std::string>> select_api_keys(
    pg::Transaction& tx, const Sorting& sorting, std::int64_t limit);

}  // namespace mobilytics::accounts
