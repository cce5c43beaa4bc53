#pragma once
// Counts in Postgres. All SQL about them is in count_store.cpp.

#include <cstdint>
#include <optional>
#include <vector>

#include "domains/calibration/counting_rules.h"
#include "platform/pg/pg.h"

namespace mobilytics::calibration {

enum class Lock { none, for_update };

/// False when the company has a count of this client_id; then nothing is written.
bool insert(pg::Transaction& tx, const Count& count, const std::optional<std::string>& client_id);
std::optional<Count> select_count(pg::Transaction& tx, CountId id, Lock lock);
std::optional<Count> select_count(pg::Transaction& tx, const std::string& client_id);
/// The newest first, at most `limit` of those before `before`; none: of all.
std::vector<Count> select_counts(
    pg::Transaction& tx, std::optional<CountId> before, const ListCountsQuery& query,
    std::int64_t limit);
/// Of these assets, those that have ended, by their beginning.
std::vector<Count> select_ended(pg::Transaction& tx, const std::vector<AssetId>& assets);
/// All but what it is of.
void update(pg::Transaction& tx, const Count& count);

/// Those of these ids that are there.
std::vector<Tap> select_taps(
    pg::Transaction& tx, CountId count, const std::vector<std::string>& ids);
/// Not those that are there.
void insert(pg::Transaction& tx, CountId count, const std::vector<Tap>& taps);
Ledger select_ledger(pg::Transaction& tx, CountId count);
std::vector<Correction> select_corrections(pg::Transaction& tx, CountId count);
void upsert(pg::Transaction& tx, CountId count, const Correction& correction);

/// In the order of time.
std::vector<Total> select_totals(pg::Transaction& tx, CountId count);
void replace(pg::Transaction& tx, CountId count, const std::vector<Total>& totals);

/// How an asset stands: its ended counts, one that goes on, and when the last one ended.
struct Counted {
    AssetId asset;
    std::int64_t counts = 0;
    std::optional<CountId> counting;
    std::optional<Instant> last_at;
};
std::vector<Counted> select_counted(pg::Transaction& tx, const std::vector<AssetId>& assets);

}  // namespace mobilytics::calibration
