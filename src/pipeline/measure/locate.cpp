// The steps that say where a moving asset was, at each sighting and on its way; and who came along.

#include <algorithm>
#include <utility>

#include "pipeline/measure/fold.h"

namespace mobilytics::measure {

void locate(PieceWork& work) { work.fold.locate(work.piece); }
void route(PieceWork& work) { work.fold.route(); }

void Fold::locate(const Piece& piece) {
    if (!venue_.moving) return;
    const Instant now = piece.key.started;
    Track& track = state_.track;
    if (!track.empty() && !track.finished() && now - track.last() > rules_.fix_gap_max) {
        track.finish(rules_, settled_);  // The next fix begins anew, whenever it comes.
    }
    for (const Fix& fix : piece.fixes) track.add(fix, piece.key.device, rules_, settled_);
    place_waiting(now, state_.waiting.size() > rules_.waiting_max);
    if (!track.empty()) {
        const Instant oldest = state_.waiting.empty() ? now : state_.waiting.front().at;
        track.forget_before(std::min(now, oldest) - wire::kWindowMax);
    }
}

void Fold::route() {
    for (const TrackFix& fix : settled_) {
        if (auto ended = state_.trip.add(fix)) marks_.end_trip(*std::move(ended));
    }
    settled_.clear();
}

/// Gives the sightings that waited their places, in their order, as far as these are settled.
void Fold::place_waiting(Instant frontier, bool all) {
    while (!state_.waiting.empty()) {
        const Waiting sighting = state_.waiting.front();
        if (!all && !state_.track.is_settled(sighting.at, frontier, rules_)) break;
        state_.waiting.pop_front();
        place(sighting, true);
    }
}

void Fold::mark_waiting() {
    std::uint32_t before = OpenVisits::kNone;
    for (const Waiting& sighting : state_.waiting) {
        if (std::exchange(before, sighting.slot) == sighting.slot) continue;
        const OpenVisit& visit = state_.visits[sighting.slot];
        if (visit.state == VisitState::retracted || state_.shown.contains(sighting.slot)) continue;
        mark_visit(visit);
    }
}

void Fold::assume_no_more_fixes() {
    state_.track.finish(rules_, settled_);
    settled_.clear();  // The trip is shown as of the last minute.
    for (const Waiting& sighting : state_.waiting) place(sighting, false);
    state_.waiting.clear();
}

void Fold::place(const Waiting& sighting, bool for_good) {
    OpenVisit& visit = state_.visits[sighting.slot];
    Travel& travel = state_.travels[sighting.slot];
    --visit.waiting;
    if (visit.state == VisitState::retracted) return;
    const Place at = state_.track.at(sighting.at, rules_);
    if (!travel.placed) {
        travel.placed = true;
        travel.first = travel.last = travel.run = at;
        if (travel.before != OpenVisits::kNone) {
            const Travel& before = state_.travels[travel.before];
            const bool same = state_.visits[travel.before].device() == visit.device();
            if (same && before.placed) travel.run = before.run;
        }
    }
    if (at.driving + at.parked >= travel.last.driving + travel.last.parked) travel.last = at;
    if (at.cell != kNoCell) {
        for (auto& count : travel.cells) {
            if (count.sightings != 0 && count.cell != at.cell) continue;
            count.cell = at.cell;
            ++count.sightings;
            break;
        }
    }
    if (!for_good) return;
    const double path_m = double(at.driven_mm - travel.run.driven_mm) / 1000;
    if (path_m > rules_.companion_path_m ||
        at.driving - travel.run.driving > rules_.companion_driving) {
        return retract(sighting.slot);
    }
    if (!state_.shown.contains(sighting.slot)) mark_visit(visit);
}

/// It was no passer-by: neither this visit counts, nor those of its run that can still be changed,
/// nor any that would follow today.
void Fold::retract(std::uint32_t slot) {
    OpenVisit& visit = state_.visits[slot];
    const DeviceKey device = visit.device();
    mark_visit(visit);
    visit.state = VisitState::retracted;
    state_.shown.erase(slot);
    state_.companions.emplace(device, true);
    const Instant from = bucket_ - kBucket;
    const std::int64_t more = take_back(device, from);
    // They count where they were found out.
    marks_.mark(bucket_);
    drop(DropReason::co_traveller, visit.sightings + more);
}

/// Visits of the device that are over, but of buckets that are kept in any case. Gives how many
/// sightings they had.
std::int64_t Fold::take_back(const DeviceKey& device, Instant from) {
    std::int64_t sightings = 0;
    const auto is_its = [&](const Visit& visit) {
        return visit.pseudonym == device.pseudonym && visit.epoch == device.epoch &&
               visit.source == device.source && visit.first >= from;
    };
    const auto take = [&](Visits& visits) {
        std::erase_if(visits, [&](const Visit& visit) {
            if (!is_its(visit)) return false;
            sightings += visit.sightings;
            marks_.mark(bucket_of(visit.first));
            marks_.mark(bucket_of(visit.last));
            return true;
        });
    };
    for (auto& sealed : state_.sealed) {
        if (std::none_of(sealed->begin(), sealed->end(), is_its)) continue;
        auto left = std::make_shared<Visits>(*sealed);  // Others share it.
        take(*left);
        sealed = std::move(left);
    }
    take(state_.closed);
    return sightings;
}

}  // namespace mobilytics::measure
