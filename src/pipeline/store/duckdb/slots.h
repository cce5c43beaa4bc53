#pragma once
// Which kept hours and which quarters of an hour make up the slots between given boundaries. An
// hour that has settled and is whole in a slot is read as one; all else by its quarters.

#include <span>
#include <vector>

#include "pipeline/store/store.h"

namespace mobilytics::store {

/// Times of one grain, ascending, and the slot of each.
struct SlotTimes {
    std::vector<Instant> starts;
    std::vector<std::int64_t> slots;

    void add(Instant start, std::int64_t slot) {
        starts.push_back(start);
        slots.push_back(slot);
    }
    Instant from() const { return starts.empty() ? Instant() : starts.front(); }
    Instant last() const { return starts.empty() ? Instant() : starts.back(); }
};

struct SlotPlan {
    SlotTimes hours;
    // In two runs, so that a quarter at each end of a long time does not have all between read.
    SlotTimes head, tail;
};

/// `boundaries` ascend. A bucket belongs to the slot in which it begins.
SlotPlan slot_plan(std::span<const Instant> boundaries, Instant settled_until);

/// By quarters only, all of them in `tail`.
SlotPlan quarters_plan(std::span<const Instant> boundaries);

}  // namespace mobilytics::store
