#pragma once
// Plays in Postgres. All of this domain's SQL is in play_store.cpp.

#include "domains/plays/play_file.h"
#include "platform/pg/pg.h"

namespace mobilytics::plays {

/// False while another transaction of the same company has it.
bool try_lock(pg::Transaction& tx);

struct Usage {
    std::int64_t logs = 0, plays = 0;
};
Usage usage_of(pg::Transaction& tx);

void insert(pg::Transaction& tx, const PlayLog& log, const std::string& sha256);
void insert_stretches(pg::Transaction& tx, const PlayLog& log, const std::vector<Stretch>& covered);
std::optional<PlayLog> select(pg::Transaction& tx, FaceId face, PlayLogId id);
std::optional<PlayLog> select_same(pg::Transaction& tx, FaceId face, const std::string& sha256);
/// The newest first; none: from the newest.
std::vector<PlayLog> select_before(
    pg::Transaction& tx, FaceId face, std::optional<PlayLogId> before, std::int64_t count);
void erase(pg::Transaction& tx, const PlayLog& log);

/// Which of these lines are kept already, by their places among them.
std::vector<std::size_t> known(
    pg::Transaction& tx, FaceId face, const std::vector<std::string>& creatives,
    std::span<const Line> lines);
/// Adds single plays, none of which is known, and their quarters.
void insert_plays(
    pg::Transaction& tx, const PlayLog& log, const std::vector<std::string>& creatives,
    std::span<const Line> lines);
/// Adds hours' counts, spread over their quarters.
void insert_counts(
    pg::Transaction& tx, const PlayLog& log, const std::vector<std::string>& creatives,
    std::span<const Line> lines);
/// What is counted already in the hours of these lines, each of its creative.
std::vector<std::int64_t> counted(
    pg::Transaction& tx, FaceId face, const std::vector<std::string>& creatives,
    std::span<const Line> lines);

/// A log of the other form whose stretches touch these.
std::optional<PlayLog> other_form(
    pg::Transaction& tx, const PlayLog& log, const std::vector<Stretch>& covered);
/// Playing time of a quarter of an hour.
struct Airtime {
    Instant quarter;
    std::int64_t airtime_ms = 0;
};
/// In how many of these more would be played than time is, together with what is known of them.
std::int64_t overfull(pg::Transaction& tx, FaceId face, std::span<const Airtime> more);

std::vector<SlotPlays> plays_of(pg::Transaction& tx, FaceId face, std::span<const Instant> slots);
std::vector<Stretch> stretches_of(pg::Transaction& tx, FaceId face, const Stretch& within);
std::optional<Instant> imported_at(pg::Transaction& tx, FaceId face, const Stretch& within);

}  // namespace mobilytics::plays
