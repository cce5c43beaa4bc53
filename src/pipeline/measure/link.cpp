// The step that joins sightings to visits. It sees every sighting, so it is the one that must be
// fast.

#include <algorithm>
#include <bit>

#include "pipeline/measure/fold.h"

namespace mobilytics::measure {

using std::chrono::microseconds;

namespace {

/// An address that its maker gave stays the same, so its hours can be counted.
bool is_makers(wire::AddressClass address_class) {
    return address_class == wire::AddressClass::global ||
           address_class == wire::AddressClass::ble_public;
}

}  // namespace

void link(PieceWork& work) { work.fold.link(work.piece); }

void Fold::link(const Piece& piece) {
    const Instant before = bucket_ - kBucket;
    bool marks_before = false;
    OpenVisits& visits = state_.visits;
    linked_.clear();
    for (const Sighting& sighting : piece.sightings) {
        const DeviceKey device{piece.epoch, sighting.pseudonym, sighting.source()};
        const Instant at = piece.key.started + microseconds(sighting.at_us);
        std::uint32_t slot = visits.find(device);
        const bool known = slot != OpenVisits::kNone;
        if (known && visits[slot].state == VisitState::retracted) {
            drop(DropReason::co_traveller);
            continue;
        }
        const bool wifi = sighting.source() == wire::RadioKind::wifi;
        const bool goes_on = known && visits[slot].state == VisitState::open &&
                             at - visits[slot].last <= rules_.gap(wifi);
        if (!goes_on && sighting.rssi_dbm < rules_.enter_dbm) {
            drop(DropReason::weak_signal);
            continue;
        }
        if (is_makers(sighting.address_class) &&
            is_resident(device, goes_on ? slot : OpenVisits::kNone)) {
            drop(DropReason::resident);
            continue;
        }
        if (!goes_on) {
            slot = begin_visit(device, at, slot);
            if (slot == OpenVisits::kNone) continue;
            visits[slot].address_class = sighting.address_class;
            visits[slot].strongest_dbm = sighting.rssi_dbm;
            visits[slot].hour = hour_;
        }
        OpenVisit& visit = visits[slot];
        // Its first bucket changes too, but one long past waits for the next quarter: see Shown.
        marks_before |= visit.last < bucket_ || (visit.first < bucket_ && visit.first >= before);
        visit.first = std::min(visit.first, at);
        visit.last = std::max(visit.last, at);
        visit.strongest_dbm = std::max(visit.strongest_dbm, sighting.rssi_dbm);
        ++visit.sightings;
        if (counts_) {
            linked_.push_back(&sighting);
        }
        if (venue_.moving) {
            ++visit.waiting;
            state_.waiting.push_back({at, slot});
        }
    }
    if (marks_before && state_.find_heard(before) != nullptr) marks_.mark(before);
}

/// Counts the hour, and says whether it is one hour too many.
bool Fold::is_resident(const DeviceKey& device, std::uint32_t slot) {
    // Nothing changes within an hour.
    if (slot != OpenVisits::kNone && state_.visits[slot].hour == hour_) return false;
    auto& hours = state_.hours[device];
    hours |= 1U << hour_;
    const int count = std::popcount(hours);
    const bool resident = count >= rules_.resident_hours_min &&
                          count > rules_.resident_share * std::popcount(state_.hours_heard);
    if (!resident && slot != OpenVisits::kNone) state_.visits[slot].hour = hour_;
    return resident;
}

/// The slot of a new visit; kNone, if it may not be. `before` is its device's visit before.
std::uint32_t Fold::begin_visit(const DeviceKey& device, Instant at, std::uint32_t before) {
    if (venue_.moving && state_.companions.contains(device)) {
        drop(DropReason::co_traveller);
        return OpenVisits::kNone;
    }
    if (state_.visits.size() >= rules_.open_visits_max) {
        drop(DropReason::lane_full);
        return OpenVisits::kNone;
    }
    if (before != OpenVisits::kNone && state_.visits[before].state == VisitState::open) {
        close(before);
    }
    const std::uint32_t slot = state_.visits.add(device);
    state_.visits[slot].first = at;
    state_.visits[slot].last = at;
    if (venue_.moving) {
        state_.travels.resize(state_.visits.slots().size());
        Travel& travel = state_.travels[slot] = {};
        const bool near =
            before != OpenVisits::kNone && at - state_.visits[before].last <= rules_.wifi_gap;
        if (near) travel.before = before;
    }
    return slot;
}

}  // namespace mobilytics::measure
