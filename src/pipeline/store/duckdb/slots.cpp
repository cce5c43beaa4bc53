#include "pipeline/store/duckdb/slots.h"

namespace mobilytics::store {

namespace {

constexpr auto kHour = std::chrono::hours(1);

Instant first_bucket_from(Instant instant) {
    const auto since = instant.time_since_epoch() % measure::kBucket;
    if (since.count() == 0) return instant;
    return instant + (since.count() > 0 ? measure::kBucket - since : -since);
}

/// Quarters after a gap begin the tail.
void add_quarter(SlotPlan& plan, Instant start, std::int64_t slot) {
    const bool in_head =
        plan.tail.starts.empty() &&
        (plan.head.starts.empty() || plan.head.starts.back() + measure::kBucket == start);
    (in_head ? plan.head : plan.tail).add(start, slot);
}

}  // namespace

SlotPlan slot_plan(std::span<const Instant> boundaries, Instant settled_until) {
    VERIFY(std::ranges::is_sorted(boundaries));
    SlotPlan plan;
    for (std::size_t i = 0; i + 1 < boundaries.size(); ++i) {
        const auto slot = static_cast<std::int64_t>(i);
        for (Instant at = first_bucket_from(boundaries[i]); at < boundaries[i + 1];) {
            const bool hour = std::chrono::floor<std::chrono::hours>(at) == at &&
                              at + 3 * measure::kBucket < boundaries[i + 1] &&
                              at + kHour <= settled_until;
            if (hour) {
                plan.hours.add(at, slot);
                at += kHour;
            } else {
                add_quarter(plan, at, slot);
                at += measure::kBucket;
            }
        }
    }
    return plan;
}

SlotPlan quarters_plan(std::span<const Instant> boundaries) {
    VERIFY(std::ranges::is_sorted(boundaries));
    SlotPlan plan;
    for (std::size_t i = 0; i + 1 < boundaries.size(); ++i) {
        Instant at = first_bucket_from(boundaries[i]);
        for (; at < boundaries[i + 1]; at += measure::kBucket) {
            plan.tail.add(at, static_cast<std::int64_t>(i));
        }
    }
    return plan;
}

}  // namespace mobilytics::store
