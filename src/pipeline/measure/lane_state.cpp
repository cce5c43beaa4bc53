#include "pipeline/measure/lane_state.h"

#include <algorithm>

namespace mobilytics::measure {

namespace {

/// Of most of its time; of one moment, what it was then.
Motion motion_of(const OpenVisit& visit, const Travel& travel) {
    if (!travel.placed) return Motion::unknown;
    const auto all = visit.last - visit.first;
    const auto driving = travel.last.driving - travel.first.driving;
    const auto parked = travel.last.parked - travel.first.parked;
    if (all == all.zero() || driving + parked == all.zero()) return travel.first.motion;
    const auto unknown = all - driving - parked;
    if (unknown > driving && unknown > parked) return Motion::unknown;
    return driving > parked ? Motion::driving : Motion::parked;
}

/// Where most of its sightings were, of those of which it is known; of two the first.
Cell cell_of(const Travel& travel) {
    const auto most = std::max_element(
        travel.cells.begin(), travel.cells.end(),
        [](const auto& a, const auto& b) { return a.sightings < b.sightings; });
    return most->cell;
}

}  // namespace

HeardBucket* LaneState::find_heard(Instant bucket) {
    for (auto at = heard.rbegin(); at != heard.rend() && at->start >= bucket; ++at) {
        if (at->start == bucket) return &*at;
    }
    return nullptr;
}

void LaneState::seal() {
    if (closed.empty()) return;
    sealed.push_back(std::make_shared<const Visits>(std::move(closed)));
    closed = {};
}

Zone zone_of(int strongest_dbm, const Rules& rules) {
    if (strongest_dbm >= rules.near_dbm) return Zone::near;
    return strongest_dbm >= rules.mid_dbm ? Zone::mid : Zone::far;
}

Visit visit_at(const LaneState& state, const Venue& venue, const Rules& rules, std::uint32_t slot) {
    const OpenVisit& visit = state.visits[slot];
    Visit out;
    out.source = visit.source;
    out.epoch = visit.epoch;
    out.pseudonym = visit.pseudonym;
    out.address_class = visit.address_class;
    out.first = visit.first;
    out.last = visit.last;
    out.sightings = visit.sightings;
    out.strongest_dbm = visit.strongest_dbm;
    out.zone = zone_of(visit.strongest_dbm, rules);
    out.motion = venue.moving ? motion_of(visit, state.travels[slot]) : Motion::fixed;
    out.cell = venue.moving ? cell_of(state.travels[slot]) : venue.cell;
    out.open = visit.state == VisitState::open;
    return out;
}

}  // namespace mobilytics::measure
