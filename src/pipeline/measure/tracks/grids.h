#pragma once
// Timers: a phone that lies still scans every so many seconds, to some 10 ms. Identical phones
// differ in phase, so that bursts that all look the same fall into grids, one a phone.

#include <span>
#include <vector>

#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

/// Bursts at first, first + period, ... that chance does not explain; some may be missing.
struct Grid {
    std::int64_t first_us = 0;
    std::int64_t last_us = 0;
    std::int64_t period_us = 0;
    int bursts = 0;
    friend bool operator==(const Grid&, const Grid&) = default;
};

/// The grids in bursts of one family, ascending, the last rules.grid_bursts of them; the most
/// significant first.
std::vector<Grid> find_grids(std::span<const Burst> bursts, const CountingRules& rules);
/// More than these there cannot be: a grid has two bursts, the first one four.
std::uint64_t grids_most(std::span<const Burst> bursts, const CountingRules& rules);

/// The most of them that run at one moment: of the others, one whose bursts always come shortly
/// after another's is the same scan's second round, one after another's end a timer that was
/// started again.
int at_once(std::span<const Grid> grids, const CountingRules& rules);
/// The same of bursts, which are searched only where they are not those of `found`.
int grids_at_once(std::span<const Burst> bursts, const CountingRules& rules, FoundGrids& found);

}  // namespace mobilytics::measure
