#pragma once
// Which kept days, hours and quarters of an hour make up the slots between given boundaries. A day
// that is kept and whole in a slot is read as one, and so is an hour that has settled; all else by
// its quarters.

#include <span>
#include <vector>

#include "pipeline/store/store.h"

namespace mobilytics::store {

/// Times of one grain, ascending, the slot of each, and whether (1 or 0) its slot begins with it.
struct SlotTimes {
    std::vector<Instant> starts;
    std::vector<std::int64_t> slots;
    std::vector<std::int64_t> begins;

    void add(Instant start, std::int64_t slot, bool is_first) {
        starts.push_back(start);
        slots.push_back(slot);
        begins.push_back(is_first ? 1 : 0);
    }
    bool empty() const { return starts.empty(); }
    Instant from() const { return starts.empty() ? Instant() : starts.front(); }
    Instant last() const { return starts.empty() ? Instant() : starts.back(); }
};

struct SlotPlan {
    SlotTimes days, hours;
    // In two runs, so that a quarter at each end of a long time does not have all between read.
    SlotTimes head, tail;
};

/// `boundaries` ascend, and so do the days that are kept; of hours, those up to then are. A bucket
/// belongs to the slot in which it begins.
SlotPlan slot_plan(
    std::span<const Instant> boundaries, Instant hours_until, std::span<const Period> days);

}  // namespace mobilytics::store
