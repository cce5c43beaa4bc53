#include "pipeline/measure/lane.h"

#include <algorithm>
#include <utility>

#include "pipeline/measure/base.h"
#include "pipeline/measure/lane_bytes.h"

namespace mobilytics::measure {

namespace {

/// For so long it is remembered what was told of a bucket. A day, and what its zone may add.
constexpr std::chrono::hours kToldFor{30};

bool key_before(const Piece& a, const Piece& b) { return a.key < b.key; }

void put_in_order(std::vector<Piece>& pieces) {
    if (!std::is_sorted(pieces.begin(), pieces.end(), key_before)) {
        std::sort(pieces.begin(), pieces.end(), key_before);
    }
    const auto same = [](const Piece& a, const Piece& b) { return a.key == b.key; };
    pieces.erase(std::unique(pieces.begin(), pieces.end(), same), pieces.end());
}

std::size_t bytes_of(const std::vector<Piece>& pieces) {
    std::size_t out = 0;
    for (const Piece& piece : pieces) out += piece.bytes();
    return out;
}

}  // namespace

Lane::Lane(Venue venue, const Rules& rules, LaneLimits limits, Instant complete_from)
    : venue_(std::move(venue)), rules_(rules), limits_(limits), complete_from_(complete_from) {
    snapshots_.emplace_back();
}

void Lane::set_basis(Venue venue, std::vector<Attachment> attachments) {
    venue_ = std::move(venue);
    attachments_ = std::move(attachments);
}

bool Lane::has(const PieceKey& key) const {
    const auto at = std::lower_bound(
        log_.begin(), log_.end(), key,
        [](const Piece& piece, const PieceKey& wanted) { return piece.key < wanted; });
    return at != log_.end() && at->key == key;
}

std::optional<Instant> Lane::take(std::vector<Piece>& pieces, Tally& tally) {
    put_in_order(pieces);
    if (state_.begun && !pieces.empty() && pieces.front().key <= state_.frontier) {
        std::erase_if(pieces, [&](const Piece& piece) {
            return piece.key == state_.frontier || has(piece.key);
        });
    }
    if (pieces.empty()) return std::nullopt;

    const PieceKey first = pieces.front().key;
    // A visit from before may go on with it.
    if (begins_ != Instant::min() && first.started < begins_ + rules_.all_closed_after()) {
        return first.started;
    }
    const bool is_late = state_.begun && first < state_.frontier;
    if (is_late && !rewind(first)) return first.started;
    if (is_late) {
        tally.late_pieces += std::count_if(pieces.begin(), pieces.end(), [&](const Piece& piece) {
            return late_ && piece.key.started < *late_;
        });
    }

    for (const Piece& piece : pieces) log_bytes_ += piece.bytes();
    const auto from_log = std::upper_bound(
        log_.begin(), log_.end(), state_.frontier,
        [&](const PieceKey& key, const Piece& piece) { return key < piece.key; });
    std::size_t next = state_.begun ? static_cast<std::size_t>(from_log - log_.begin()) : 0;
    log_.insert(
        log_.end(), std::make_move_iterator(pieces.begin()), std::make_move_iterator(pieces.end()));
    pieces.clear();
    if (is_late) {
        std::sort(log_.begin() + static_cast<std::ptrdiff_t>(next), log_.end(), key_before);
    }
    Fold fold(state_, venue_, rules_, marks_, tally);
    for (; next < log_.size(); ++next) apply(log_[next], fold, tally);
    trim();
    return std::nullopt;
}

void Lane::apply(const Piece& piece, Fold& fold, Tally& tally) {
    const Instant now = piece.key.started;
    const Instant current = bucket_of(now);
    const bool crosses = state_.begun && current != bucket_of(state_.frontier.started);
    if (crosses) {
        state_.seal();
        snapshots_.push_back(state_);
    }
    fold.advance(now, crosses);
    if (crosses) {
        release(current, fold, tally);
        fold.forget(current);
    }
    fold.take(piece);
}

/// Makes the facts of the buckets that are let go now: later nothing is left to make them of.
void Lane::release(Instant current, const Fold& fold, Tally& tally) {
    std::erase_if(marks_.buckets, [&](Instant bucket) {
        if (fold.is_kept(bucket, current)) return false;
        ready_[bucket] = facts_of(state_, venue_, rules_, bucket, current, draft_, tally);
        return true;
    });
}

/// Back to the last snapshot before `to`; false without one.
bool Lane::rewind(const PieceKey& to) {
    const auto is_after = [&](const LaneState& state) {
        return state.begun && state.frontier >= to;
    };
    const auto after = std::find_if(snapshots_.begin(), snapshots_.end(), is_after);
    if (after == snapshots_.begin()) return false;
    late_ = std::max(late_.value_or(state_.frontier.started), state_.frontier.started);
    if (checkpoint_ && to < *checkpoint_) checkpoint_stale_ = true;
    snapshots_.erase(after, snapshots_.end());
    state_ = snapshots_.back();
    mark_open();
    forget_trips(routes_open_from());
    return true;
}

/// Trips that began before this are as they are; later ones come from the fold again.
Instant Lane::routes_open_from() const {
    if (const auto started = state_.trip.started()) return *started;
    if (const auto fix = state_.track.unsettled()) return *fix;
    if (state_.begun) return state_.frontier.started;
    // Nothing was taken: open are all that this lane has told, but none of the days before.
    return begins_ != Instant::min() ? begins_ : log_.front().key.started;
}

/// Of a lane that begins within a day, the first trip may be the rest of one that was told whole.
Instant Lane::trips_from() const {
    if (begins_ == Instant::min() || venue_day(venue_.time_zone, begins_).start == begins_) {
        return begins_;
    }
    return begins_ + rules_.fix_gap_max;
}

void Lane::forget_trips(Instant from) {
    if (!venue_.moving) return;
    marks_.trips.erase(marks_.trips.lower_bound(from), marks_.trips.end());
    marks_.mark_routes(from);
}

/// What a visit that goes on may have told otherwise, before we went back; of a moving asset the
/// last two buckets, whose visits may have been a co-traveller's: see Fold::retract; and of a fixed
/// one all, whose counts may have been of what is taken again: see Fold::count_ended.
void Lane::mark_open() {
    for (const HeardBucket& heard : state_.heard) {
        if (venue_.moving && heard.start + kBucket < bucket_of(state_.frontier.started)) continue;
        marks_.mark(heard.start);
    }
    for (const OpenVisit& visit : state_.visits.slots()) {
        if (visit.state != VisitState::open && visit.state != VisitState::closed) continue;
        const Instant first = bucket_of(visit.first);
        for (const HeardBucket& heard : state_.heard) {
            if (heard.start == first || (venue_.moving && heard.start > first)) {
                marks_.mark(heard.start);
            }
        }
    }
}

void Lane::trim() {
    const auto is_old = [&](std::size_t number) {
        return snapshots_[number].frontier.started + limits_.horizon < state_.frontier.started;
    };
    std::size_t old = 0;
    while (deep_ == 0 && old + 1 < snapshots_.size() && is_old(old + 1)) ++old;
    if (old == 0) return;
    snapshots_.erase(snapshots_.begin(), snapshots_.begin() + static_cast<std::ptrdiff_t>(old));
    const auto first = std::partition_point(log_.begin(), log_.end(), [&](const Piece& piece) {
        return piece.key <= snapshots_.front().frontier;
    });
    // Older ones do no harm: it is done for many at once.
    if (2 * (first - log_.begin()) < std::ssize(log_)) return;
    log_.erase(log_.begin(), first);
    log_bytes_ = bytes_of(log_);
}

void Lane::forget_changes() {
    // Told, but not what: next time they are told in any case.
    for (const Instant bucket : marks_.buckets) told_[bucket].digest = 0;
    for (const auto& [bucket, facts] : ready_) told_[bucket].digest = 0;
    marks_.clear();
    ready_.clear();
    late_.reset();
}

void Lane::rest() {
    state_.seal();
    snapshots_.assign(1, state_);
    log_ = {};
    log_bytes_ = 0;
    deep_ = 0;
}

void Lane::rebuild(Past past, Tally& tally) {
    if (state_.begun) {
        late_ = std::max(late_.value_or(state_.frontier.started), state_.frontier.started);
    }
    const Marks marks = std::exchange(marks_, {});
    auto ready = std::exchange(ready_, {});
    put_in_order(past.pieces);
    log_ = std::move(past.pieces);
    log_bytes_ = bytes_of(log_);
    state_ = {};
    snapshots_.assign(1, LaneState{});
    deep_ = limits_.deep_collections;
    checkpoint_stale_ = true;
    begins_ = past.from;
    complete_from_ = Instant::min();
    bases_.clear();

    Fold fold(state_, venue_, rules_, marks_, tally);
    std::size_t next = 0;
    while (next < log_.size() && log_[next].key.started < past.changed_from) {
        apply(log_[next++], fold, tally);
    }
    // Up to here nothing is new, but for what was not told yet.
    for (const Instant bucket : marks.buckets) {
        const auto made = ready_.find(bucket);
        if (made != ready_.end()) ready[bucket] = std::move(made->second);
    }
    ready_ = std::move(ready);
    marks_ = marks;
    marks_.trips_from = trips_from();
    std::erase_if(marks_.buckets, [&](Instant bucket) { return ready_.contains(bucket); });
    mark_open();
    forget_trips(routes_open_from());
    if (past.changed_all) {
        const auto first = told_.lower_bound(bucket_of(past.changed_from));
        for (auto told = first; told != told_.end(); ++told) marks_.mark(told->first);
        // What was made and not told yet may be of reports that are gone.
        const auto stale = ready_.lower_bound(bucket_of(past.changed_from));
        for (auto made = stale; made != ready_.end(); ++made) marks_.mark(made->first);
        ready_.erase(stale, ready_.end());
        for (const Instant bucket : past.left) {
            if (bucket >= bucket_of(past.changed_from)) marks_.mark(bucket);
        }
    }
    for (; next < log_.size(); ++next) apply(log_[next], fold, tally);
}

std::optional<Fix> Lane::last_fix() const {
    return state_.track.empty() ? std::nullopt : std::optional(state_.track.last_fix());
}

std::vector<Instant> Lane::without_base() const {
    std::vector<Instant> out;
    const auto ask = [&](Instant bucket) {
        if (bucket < complete_from_ && !bases_.contains(bucket)) out.push_back(bucket);
    };
    for (const Instant bucket : marks_.buckets) ask(bucket);
    for (const auto& [bucket, facts] : ready_) ask(bucket);
    return out;
}

void Lane::set_base(Instant bucket, std::optional<BucketFacts> facts) {
    bases_[bucket] = std::move(facts);
}

bool Lane::collect(AssetFacts& facts, Tally& tally) {
    facts.company = venue_.company;
    facts.asset = venue_.asset;
    if (deep_ > 0) --deep_;
    Fold(state_, venue_, rules_, marks_, tally).mark_waiting();
    std::optional<LaneState> settled;
    if (!marks_.buckets.empty() && !state_.waiting.empty()) {
        settled = state_;
        Marks unused;
        Fold(*settled, venue_, rules_, unused, tally).assume_no_more_fixes();
    }
    LaneState& state = settled ? *settled : state_;
    const Instant current = bucket_of(state.frontier.started);
    for (const Instant bucket : marks_.buckets) {
        ready_[bucket] = facts_of(state, venue_, rules_, bucket, current, draft_, tally);
    }
    marks_.buckets.clear();
    for (auto& [bucket, made] : ready_) {
        if (finish(made)) facts.buckets.push_back(std::move(made));
    }
    ready_.clear();
    late_.reset();
    told_.erase(told_.begin(), told_.lower_bound(current - kToldFor));
    if (complete_from_ <= current - kToldFor) bases_.clear();

    facts.routes_from = std::exchange(marks_.routes_from, std::nullopt);
    for (auto& [started, trip] : std::exchange(marks_.trips, {})) {
        facts.routes.push_back(std::move(trip));
    }
    if (facts.routes_from) {
        auto shown = state_.trip.shown();
        if (shown && shown->started >= std::max(*facts.routes_from, marks_.trips_from)) {
            facts.routes.push_back(*std::move(shown));
        }
    }
    return !facts.buckets.empty() || facts.routes_from;
}

/// Adds what the store had, and says whether anything is new.
bool Lane::finish(BucketFacts& facts) {
    const Instant bucket = facts.start;
    bool corrected = late_ && bucket + 2 * kBucket <= *late_;
    if (const auto base = bases_.find(bucket); base != bases_.end() && base->second) {
        corrected = corrected || base->second->corrected || complete_from_ == Instant::max();
        add_base(facts, *base->second);
    }
    const Told now{digest_of(facts), corrected};
    const auto [told, is_new] = told_.try_emplace(bucket, now);
    if (!is_new && told->second.digest == now.digest) return false;
    facts.corrected = corrected || told->second.corrected;
    told->second = {now.digest, facts.corrected};
    return true;
}

bool Lane::needs_checkpoint() const {
    if (!state_.begun) return checkpoint_stale_ && checkpoint_.has_value();
    return checkpoint_stale_ ||
           bucket_of(checkpoint_->started) != bucket_of(state_.frontier.started);
}

template <class Archive>
void Lane::transfer_all(Archive& archive) {
    archive(venue_, attachments_, complete_from_, begins_, state_, told_, bases_);
}

Checkpoint Lane::checkpoint() {
    ArchiveWriter archive;
    archive(kLaneBytesVersion);
    transfer_all(archive);
    checkpoint_ = state_.frontier;
    checkpoint_stale_ = false;
    return {venue_.asset, state_.frontier.started, archive.take()};
}

bool Lane::restore(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::uint32_t version = 0;
    archive(version);
    if (version != kLaneBytesVersion) return false;
    const AssetId asset = venue_.asset;
    transfer_all(archive);
    if (!archive.at_end() || venue_.asset != asset) return false;
    snapshots_.assign(1, state_);
    marks_.trips_from = trips_from();
    checkpoint_ = state_.frontier;
    checkpoint_stale_ = false;
    return true;
}

}  // namespace mobilytics::measure
