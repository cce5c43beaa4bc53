#pragma once
// The facts of a quarter of an hour, from the visits that touch it: the bucket steps.

#include <vector>

#include "pipeline/measure/lane_state.h"
#include "pipeline/measure/steps.h"

namespace mobilytics::measure {

/// What the bucket steps work on. Kept from bucket to bucket for its memory.
struct BucketDraft {
    Instant start, end;
    Instant until;                      // Heard so far, within it.
    std::vector<Visit> open;            // Those that may still change, as they stand.
    std::vector<const Visit*> present;  // All, in the order in which facts list them.
    std::vector<std::uint32_t> row;     // Of each of them, in facts.exposures.
    // Sorted: row << 32 | what it is about.
    std::vector<std::uint64_t> comings, goings;  // Microseconds since the start.
    std::vector<std::uint64_t> devices;          // Entries of the rows' sketches.
    BucketFacts facts;
};

/// Which of the bins of dwell a visit falls into.
std::size_t dwell_bin(const Visit& visit);

/// As the asset's time stands in the bucket `current`. Without positions to come: see
/// Fold::assume_no_more_fixes.
BucketFacts facts_of(
    LaneState& state, const Venue& venue, const Rules& rules, Instant bucket, Instant current,
    BucketDraft& draft, Tally& tally);

/// For the order in which facts list them.
bool comes_before(const Exposure& a, const Exposure& b);
bool comes_before(const Visit& a, const Visit& b);

}  // namespace mobilytics::measure
