#include "pipeline/measure/fold.h"

#include <algorithm>
#include <bit>

namespace mobilytics::measure {

namespace chrono = std::chrono;
using chrono::microseconds;

namespace {

/// Days have up to 25 hours.
constexpr int kHoursMax = 25;

auto minute_of(Instant at) { return chrono::floor<chrono::minutes>(at); }

}  // namespace

void Marks::mark(Instant bucket) {
    if (!buckets.empty() && buckets.back() == bucket) return;
    if (std::find(buckets.begin(), buckets.end(), bucket) == buckets.end()) {
        buckets.push_back(bucket);
    }
}

void Marks::unmark(Instant bucket) { std::erase(buckets, bucket); }

void Marks::mark_routes(Instant from) {
    from = std::max(from, trips_from);
    routes_from = routes_from ? std::min(*routes_from, from) : from;
}

void Marks::end_trip(Route trip) {
    if (trip.started < trips_from) return;
    mark_routes(trip.started);
    trips[trip.started] = std::move(trip);
}

void Marks::clear() {
    buckets.clear();
    routes_from.reset();
    trips.clear();
}

void Fold::drop(DropReason reason, std::int64_t count) {
    heard_->coverage.dropped[static_cast<std::size_t>(reason)] += count;
    tally_.drop(reason, count);
}

void Fold::advance(Instant now, bool crosses) {
    bucket_ = bucket_of(state_.frontier.started);
    heard_ = state_.find_heard(bucket_);
    if (crosses) count_ended();
    if (!state_.begun || now >= state_.day.end) begin_day(now);
    if (state_.begun && minute_of(now) == minute_of(state_.frontier.started)) return;
    expire(now);
    if (venue_.moving && state_.trip.started()) {
        state_.trip.show();
        marks_.mark_routes(*state_.trip.started());
    }
    if (!crosses) return;
    marks_.mark(bucket_);  // Its occupancy was known up to there.
    state_.heard_until = std::max(state_.heard_until, now);
    remember_shown(bucket_of(now));
}

/// What is remembered of a day ends with it, and so do its way and its trip: a day can be measured
/// again without the one before.
void Fold::begin_day(Instant now) {
    if (venue_.moving && state_.begun) {
        state_.track.finish(rules_, settled_);
        place_waiting(now, true);
        state_.track.end_day(rules_, settled_);
        route();
        if (const auto started = state_.trip.started()) marks_.mark_routes(*started);
        if (auto trip = state_.trip.end()) marks_.end_trip(*std::move(trip));
    }
    state_.day = venue_day(venue_.time_zone, now);
    state_.hours_heard = 0;
    state_.hours.clear();
    state_.companions.clear();
    state_.crowds.clear();
}

/// Closes the visits whose gap has passed, once a minute: which visits are open depends on the
/// pieces only, not on when somebody looks.
void Fold::expire(Instant now) {
    const auto slots = static_cast<std::uint32_t>(state_.visits.slots().size());
    for (std::uint32_t slot = 0; slot < slots; ++slot) {
        const OpenVisit& visit = state_.visits[slot];
        if (visit.state == VisitState::free) continue;
        if (now - visit.last <= rules_.gap(visit.source == wire::RadioKind::wifi)) continue;
        if (visit.state == VisitState::open) close(slot);
        // Of a moving asset it stays for who may go on with its run.
        const bool done =
            !venue_.moving || (visit.waiting == 0 && now - visit.last > rules_.wifi_gap);
        if (done) remove(slot);
    }
}

void Fold::close(std::uint32_t slot) {
    OpenVisit& visit = state_.visits[slot];
    visit.state = VisitState::closed;
    marks_.mark(bucket_of(visit.first));
    marks_.mark(bucket_of(visit.last));
}

/// A closed visit becomes one that nothing changes any more; a retracted one was none.
void Fold::remove(std::uint32_t slot) {
    const OpenVisit visit = state_.visits[slot];
    if (visit.state == VisitState::closed) {
        state_.closed.push_back(visit_at(state_, venue_, rules_, slot));
        const auto shown = state_.shown.find(slot);
        if (shown != state_.shown.end()) {
            const Visit& now = state_.closed.back();
            if (shown->second.motion != now.motion || shown->second.cell != now.cell) {
                mark_visit(visit);
            }
            marks_.mark(bucket_of(visit.first));
        }
    }
    state_.shown.erase(slot);
    if (venue_.moving) state_.travels[slot] = {};
    state_.visits.remove(slot);
}

/// All that a visit is part of.
void Fold::mark_visit(const OpenVisit& visit) {
    const Instant last = bucket_of(visit.last);
    for (Instant bucket = bucket_of(visit.first); bucket <= last; bucket += kBucket) {
        if (state_.find_heard(bucket) != nullptr) marks_.mark(bucket);
    }
}

void Fold::remember_shown(Instant current) {
    const auto slots = static_cast<std::uint32_t>(state_.visits.slots().size());
    for (std::uint32_t slot = 0; slot < slots; ++slot) {
        const OpenVisit& visit = state_.visits[slot];
        if (visit.state != VisitState::open && visit.state != VisitState::closed) continue;
        const Instant first = bucket_of(visit.first);
        if (first + kBucket >= current) continue;
        const Visit now = visit_at(state_, venue_, rules_, slot);
        const Shown shown{now.last, now.sightings, now.strongest_dbm, now.motion, now.cell};
        const auto [at, is_new] = state_.shown.try_emplace(slot, shown);
        const bool moved = at->second.motion != shown.motion || at->second.cell != shown.cell;
        if (venue_.moving && (is_new || moved)) mark_visit(visit);
        marks_.mark(first);
        at->second = shown;
    }
}

/// Kept are this bucket and the one before; of a fixed asset those whose counts may change; those
/// in which visits that may go on began; and of a moving asset all since the first of these, for
/// such a visit may yet be another place's, or a co-traveller's.
bool Fold::is_kept(Instant bucket, Instant current) const {
    if (bucket + (venue_.moving ? kBucket : kCountedAgain) >= current) return true;
    for (const OpenVisit& visit : state_.visits.slots()) {
        if (visit.state == VisitState::free || visit.state == VisitState::retracted) continue;
        const Instant first = bucket_of(visit.first);
        if (first == bucket || (venue_.moving && first < bucket)) return true;
    }
    return false;
}

void Fold::forget(Instant current) {
    std::erase_if(
        state_.heard, [&](const HeardBucket& heard) { return !is_kept(heard.start, current); });
    const auto is_needed = [&](const Visit& visit) {
        return std::any_of(state_.heard.begin(), state_.heard.end(), [&](const auto& heard) {
            return visit.first < heard.start + kBucket && visit.last >= heard.start;
        });
    };
    std::erase_if(state_.sealed, [&](const auto& visits) {
        return std::none_of(visits->begin(), visits->end(), is_needed);
    });
    // Who can no longer become a resident today need not be remembered.
    const auto hour = (current - state_.day.start) / chrono::hours(1);
    const int left = kHoursMax - std::clamp(static_cast<int>(hour), 0, kHoursMax);
    const int heard = std::popcount(state_.hours_heard);
    boost::unordered::erase_if(state_.hours, [&](const auto& entry) {
        const int most = std::popcount(entry.second) + left;
        return most < rules_.resident_hours_min || most <= rules_.resident_share * (heard + left);
    });
}

void Fold::cover(const Piece& piece, HeardBucket& heard) {
    Coverage& coverage = heard.coverage;
    const Instant from = std::max(piece.key.started, state_.covered_until);
    if (piece.ended() > from) {
        coverage.covered_us += (piece.ended() - from).count();
        state_.covered_until = piece.ended();
    }
    coverage.heard_until = std::max(coverage.heard_until, piece.ended());
    coverage.reports += piece.begins_report ? 1 : 0;
    coverage.observations += piece.observations;
    for (std::size_t i = 0; i < kDropReasons; ++i) coverage.dropped[i] += piece.dropped[i];
}

void Fold::take(const Piece& piece) {
    bucket_ = bucket_of(piece.key.started);
    marks_.mark(bucket_);
    heard_ = state_.find_heard(bucket_);
    if (heard_ == nullptr) heard_ = &state_.heard.emplace_back(HeardBucket{bucket_, {}, {}});
    cover(piece, *heard_);
    hour_ = static_cast<std::uint8_t>((piece.key.started - state_.day.start) / chrono::hours(1));
    state_.hours_heard |= 1U << hour_;

    PieceWork work{*this, piece};
    run_steps(kPieceSteps, work, tally_);

    state_.begun = true;
    state_.frontier = piece.key;
    state_.heard_until = std::max(state_.heard_until, piece.ended());
}

}  // namespace mobilytics::measure
