#pragma once
// The list in Postgres. All of this domain's SQL is in optout_store.cpp.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domains/optouts/optouts.h"
#include "platform/pg/pg.h"

namespace mobilytics::optouts {

struct ListRow {
    std::string sealed_key;
    std::string version;
    Instant changed_at;
};
/// The row as it stands afterwards, locked: the one that was first stays.
ListRow insert_or_lock(pg::Transaction& tx, const ListRow& list);
std::optional<ListRow> select_list(pg::Transaction& tx);
void update_version(pg::Transaction& tx, const std::string& version, Instant changed_at);

struct EntryRow {
    OptOutId id;
    std::string digest;
    Instant added_at;
};
void insert(pg::Transaction& tx, const EntryRow& entry);
std::optional<EntryRow> select_by_digest(pg::Transaction& tx, const std::string& digest);
/// False, where there was none.
bool remove(pg::Transaction& tx, OptOutId id);
std::int64_t count_entries(pg::Transaction& tx);
/// In the order of their ids, of those behind `after`.
std::vector<EntryRow> select_after(pg::Transaction& tx, OptOutId after, std::int64_t count);
std::vector<std::string> all_digests(pg::Transaction& tx);

struct Follower {
    std::string version;
    Instant since;
};
std::map<DeviceId, Follower> followers(pg::Transaction& tx);
/// Where it is the same version, since when stays.
void note_follower(pg::Transaction& tx, DeviceId device, const std::string& version, Instant since);

}  // namespace mobilytics::optouts
