#include "pipeline/store/duckdb/slots.h"

#include <algorithm>

namespace mobilytics::store {

namespace {

constexpr auto kHour = std::chrono::hours(1);

Instant first_bucket_from(Instant instant) {
    const auto since = instant.time_since_epoch() % measure::kBucket;
    if (since.count() == 0) return instant;
    return instant + (since.count() > 0 ? measure::kBucket - since : -since);
}

/// Quarters after a gap begin the tail.
void add_quarter(SlotPlan& plan, Instant start, std::int64_t slot, bool is_first) {
    const bool in_head =
        plan.tail.starts.empty() &&
        (plan.head.starts.empty() || plan.head.starts.back() + measure::kBucket == start);
    (in_head ? plan.head : plan.tail).add(start, slot, is_first);
}

}  // namespace

SlotPlan slot_plan(
    std::span<const Instant> boundaries, Instant hours_until, std::span<const Period> days) {
    VERIFY(std::ranges::is_sorted(boundaries));
    SlotPlan plan;
    for (std::size_t i = 0; i + 1 < boundaries.size(); ++i) {
        const auto slot = static_cast<std::int64_t>(i);
        const Instant first = first_bucket_from(boundaries[i]);
        for (Instant at = first; at < boundaries[i + 1];) {
            const auto day = std::ranges::lower_bound(days, at, {}, &Period::from);
            if (day != days.end() && day->from == at && day->to <= boundaries[i + 1]) {
                plan.days.add(at, slot, at == first);
                at = day->to;
                continue;
            }
            const bool hour = std::chrono::floor<std::chrono::hours>(at) == at &&
                              at + 3 * measure::kBucket < boundaries[i + 1] &&
                              at + kHour <= hours_until;
            if (hour) {
                plan.hours.add(at, slot, at == first);
                at += kHour;
            } else {
                add_quarter(plan, at, slot, at == first);
                at += measure::kBucket;
            }
        }
    }
    return plan;
}

}  // namespace mobilytics::store
