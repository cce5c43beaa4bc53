#pragma once
// What tokens stand on, in Postgres: the keys that sign them, and whoever gave them out.

#include <cstdint>
#include <optional>
#include <string>

#include "domains/accounts/account_types.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// The sealed keys; none before the first start.
std::optional<std::string> select_signing_keys(pg::Transaction& tx);
/// The same, for whoever turns them: nobody else does until the transaction's end.
struct SealedKeys {
    std::int64_t version;
    std::string sealed;
};
std::optional<SealedKeys> lock_signing_keys(pg::SystemTransaction& tx);
/// False when another process was faster.
bool insert_signing_keys(pg::SystemTransaction& tx, const std::string& sealed, Instant now);
void update_signing_keys(pg::SystemTransaction& tx, const SealedKeys& next, Instant now);

/// By which find_session() finds it. Of the person that the transaction acts as.
std::optional<std::string> select_digest(pg::Transaction& tx, PersonId person, SessionId session);
/// By which find_api_key() finds it. Of the transaction's company.
std::optional<std::string> select_digest(pg::Transaction& tx, ApiKeyId key);

}  // namespace mobilytics::accounts
