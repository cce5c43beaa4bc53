#include "pipeline/measure/lane_bytes.h"

namespace mobilytics::measure {

namespace {

/// All but what is not a plain value.
template <class Archive>
void transfer_rest(Archive& archive, LaneState& state) {
    archive(
        state.begun, state.frontier, state.heard_until, state.covered_until, state.day,
        state.hours_heard, state.shown, state.hours, state.travels, state.companions, state.waiting,
        state.track, state.trip, state.closed, state.heard, state.crowds);
}

}  // namespace

void transfer(ArchiveWriter& archive, LaneState& state) {
    transfer_rest(archive, state);
    const auto slots = state.visits.slots();
    archive(std::vector<OpenVisit>(slots.begin(), slots.end()));
    archive(std::uint64_t{state.sealed.size()});
    for (const auto& sealed : state.sealed) archive(*sealed);
}

void transfer(ArchiveReader& archive, LaneState& state) {
    transfer_rest(archive, state);
    std::vector<OpenVisit> slots;
    archive(slots);
    state.visits.restore(std::move(slots));
    std::uint64_t count = 0;
    archive(count);
    state.sealed.clear();
    for (; count > 0 && archive.good(); --count) {
        Visits visits;
        archive(visits);
        state.sealed.push_back(std::make_shared<const Visits>(std::move(visits)));
    }
}

}  // namespace mobilytics::measure
