#include "domains/optouts/optout_store.h"

namespace mobilytics::optouts {

namespace {

constexpr pg::Query kInsertList{"optouts.insert_list", R"sql(
    INSERT INTO optouts.list (company_id, sealed_key, version, changed_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT (company_id) DO NOTHING
)sql"};

constexpr pg::Query kLockList{"optouts.lock_list", R"sql(
    SELECT sealed_key, version, changed_at FROM optouts.list WHERE company_id = $1 FOR UPDATE
)sql"};

constexpr pg::Query kSelectList{"optouts.select_list", R"sql(
    SELECT sealed_key, version, changed_at FROM optouts.list WHERE company_id = $1
)sql"};

constexpr pg::Query kUpdateVersion{"optouts.update_version", R"sql(
    UPDATE optouts.list SET version = $2, changed_at = $3 WHERE company_id = $1
)sql"};

constexpr pg::Query kInsertEntry{"optouts.insert_entry", R"sql(
    INSERT INTO optouts.entry (company_id, id, digest, added_at) VALUES ($1, $2, $3, $4)
)sql"};

constexpr pg::Query kSelectByDigest{"optouts.select_by_digest", R"sql(
    SELECT id, digest, added_at FROM optouts.entry WHERE company_id = $1 AND digest = $2
)sql"};

constexpr pg::Query kRemove{"optouts.remove", R"sql(
    DELETE FROM optouts.entry WHERE company_id = $1 AND id = $2 RETURNING id
)sql"};

constexpr pg::Query kCount{"optouts.count", R"sql(
    SELECT count(*) AS entries FROM optouts.entry WHERE company_id = $1
)sql"};

constexpr pg::Query kSelectAfter{"optouts.select_after", R"sql(
    SELECT id, digest, added_at FROM optouts.entry
    WHERE company_id = $1 AND id > $2 ORDER BY id LIMIT $3
)sql"};

constexpr pg::Query kAllDigests{"optouts.all_digests", R"sql(
    SELECT digest FROM optouts.entry WHERE company_id = $1 ORDER BY digest
)sql"};

constexpr pg::Query kFollowers{"optouts.followers", R"sql(
    SELECT device_id, version, since FROM optouts.follower WHERE company_id = $1
)sql"};

constexpr pg::Query kNoteFollower{"optouts.note_follower", R"sql(
    INSERT INTO optouts.follower AS kept (company_id, device_id, version, since)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (company_id, device_id) DO UPDATE SET
        version = excluded.version, since = excluded.since
    WHERE kept.version <> excluded.version
)sql"};

ListRow list_from(const pg::Row& row) {
    return {
        .sealed_key = row.get<std::string>("sealed_key"),
        .version = row.get<std::string>("version"),
        .changed_at = row.get<Instant>("changed_at"),
    };
}

EntryRow entry_from(const pg::Row& row) {
    return {
        .id = row.get<OptOutId>("id"),
        .digest = row.get<std::string>("digest"),
        .added_at = row.get<Instant>("added_at"),
    };
}

}  // namespace

ListRow insert_or_lock(pg::Transaction& tx, const ListRow& list) {
    tx.run(kInsertList, tx.company(), list.sealed_key, list.version, list.changed_at);
    const auto kept = tx.run(kLockList, tx.company()).first(list_from);
    VERIFY(kept);
    return *kept;
}

std::optional<ListRow> select_list(pg::Transaction& tx) {
    return tx.run(kSelectList, tx.company()).first(list_from);
}

void update_version(pg::Transaction& tx, const std::string& version, Instant changed_at) {
    tx.run(kUpdateVersion, tx.company(), version, changed_at);
}

void insert(pg::Transaction& tx, const EntryRow& entry) {
    tx.run(kInsertEntry, tx.company(), entry.id, entry.digest, entry.added_at);
}

std::optional<EntryRow> select_by_digest(pg::Transaction& tx, const std::string& digest) {
    return tx.run(kSelectByDigest, tx.company(), digest).first(entry_from);
}

bool remove(pg::Transaction& tx, OptOutId id) {
    return tx.run(kRemove, tx.company(), id).size() > 0;
}

std::int64_t count_entries(pg::Transaction& tx) {
    const auto count = tx.run(kCount, tx.company()).first([](const pg::Row& row) {
        return row.get<std::int64_t>("entries");
    });
    return count.value_or(0);
}

std::vector<EntryRow> select_after(pg::Transaction& tx, OptOutId after, std::int64_t count) {
    return tx.run(kSelectAfter, tx.company(), after, count).all(entry_from);
}

std::vector<std::string> all_digests(pg::Transaction& tx) {
    return tx.run(kAllDigests, tx.company()).all([](const pg::Row& row) {
        return row.get<std::string>("digest");
    });
}

std::map<DeviceId, Follower> followers(pg::Transaction& tx) {
    std::map<DeviceId, Follower> out;
    tx.run(kFollowers, tx.company()).all([&out](const pg::Row& row) {
        out.emplace(
            row.get<DeviceId>("device_id"),
            Follower{row.get<std::string>("version"), row.get<Instant>("since")});
        return 0;
    });
    return out;
}

void note_follower(
    pg::Transaction& tx, DeviceId device, const std::string& version, Instant since) {
    tx.run(kNoteFollower, tx.company(), device, version, since);
}

}  // namespace mobilytics::optouts
