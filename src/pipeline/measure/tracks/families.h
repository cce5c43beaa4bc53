#pragma once
// From tracks to a number of devices. A family is the tracks that share fingerprints: one model's,
// or the variants of one phone. Of those, how many devices there are is told by how often tracks
// like these were one, and by the grids of their bursts.

#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

/// In 1/65536 of a device.
struct Count {
    std::uint64_t devices = 0;
    std::uint64_t variance = 0;
    bool by_grid = false;
};

/// A track of a family.
struct Member {
    std::uint16_t bursts = 0;
    bool global = false;
    bool beside = false;  // Heard at a moment at which each greater one of the family was.
};

/// `members` by their bursts, descending; `at`, when these were, ascending, of all of them.
Count count_family(
    std::span<const Member> members, std::span<const Burst> at, const CountingRules& rules);

/// Where phones pass: of all tracks of a span, each with the bursts of who hides.
Count count_passing(
    std::span<const Member> members, const Passing& passing, const CountingRules& rules);

/// `blind`: no sighting had a strength or a number.
Estimate estimate_of(const Count& all, bool blind, const CountingRules& rules);

}  // namespace mobilytics::measure
