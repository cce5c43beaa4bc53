#pragma once
// Sensitive places in Postgres.

#include "domains/regions/region_rules.h"
#include "platform/pg/pg.h"

namespace mobilytics::regions {

/// All of them, by code.
std::vector<Kept> select_sensitive(pg::Transaction& tx);
std::vector<SensitivePlace> select_sensitive_after(
    pg::Transaction& tx, const std::string& after, std::int64_t count);
/// In the place of those of their codes.
void put_sensitive(pg::Transaction& tx, const std::vector<const Kept*>& places, Instant now);
void delete_sensitive(pg::Transaction& tx, const std::string& code);

}  // namespace mobilytics::regions
