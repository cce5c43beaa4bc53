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

/// Whether grids of their bursts are looked for.
bool are_regular(std::span<const Member> members, const CountingRules& rules);

/// `members` by their bursts, descending; `at`, when these were, ascending, of all of them: none
/// are needed of who is not regular. `found` is what is known of the grids of such bursts.
Count count_family(
    std::span<const Member> members, std::span<const Burst> at, const CountingRules& rules,
    FoundGrids& found);

/// Who was heard in a span where devices pass.
struct Passers {
    std::uint32_t makers = 0;     // Makers' addresses,
    std::uint32_t kept = 0;       // others that were kept since before it,
    std::uint32_t addresses = 0;  // new ones of those that hide,
    std::uint32_t bursts = 0;     // and the bursts of all that hide.
};
/// By what makers' addresses sent, by how those that hide arrive, or both: one of them is known.
Count count_passing(
    const Passers& passers, const Passing& passing, const Arrivals::Known& arrivals,
    const CountingRules& rules);

/// `blind`: no sighting had a strength or a number.
Estimate estimate_of(const Count& all, bool blind, const CountingRules& rules);

/// Nobody knows which of two it is: halfway, as factors go, and from the least to the most.
Estimate between(const Estimate& one, const Estimate& other);

}  // namespace mobilytics::measure
