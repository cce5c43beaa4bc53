#pragma once
// Choices, and what was told, in Postgres. All of this domain's SQL is in notice_store.cpp.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domains/notices/notices.h"

namespace mobilytics::notices {

/// By kind.
std::map<std::string, bool> select_choices(pg::Transaction& tx, PersonId person);
/// Those who chose, of a kind.
std::map<PersonId, bool> select_choosers(pg::Transaction& tx, const std::string& kind);
void upsert_choice(pg::Transaction& tx, PersonId person, const std::string& kind, bool mailed);
std::int64_t erase_choices(pg::Transaction& tx, PersonId person);

/// What waits to be mailed about somebody, or to them alone.
std::int64_t erase_about(pg::Transaction& tx, PersonId person);

/// False, when it was taken before.
bool take(pg::Transaction& tx, const std::string& what, Instant now);
void forget(pg::Transaction& tx, Instant before);

struct Recent {
    Instant mailed_at;
    int since = 0;
    News newest;
};
/// With its row locked.
std::optional<Recent> select_recent(
    pg::Transaction& tx, const std::string& kind, const std::string& target);
/// The first, or it is locked by whoever was first.
bool insert_recent(pg::Transaction& tx, const News& news, Instant now);
void update_recent(pg::Transaction& tx, const News& news, const Recent& recent);

}  // namespace mobilytics::notices
