#pragma once
// How cells are put together to regions, and what of them may be shown: pure functions.

#include <set>
#include <span>
#include <vector>

#include "pipeline/report/region_answers.h"
#include "pipeline/store/store.h"

namespace mobilytics::report {

/// Cells by region: group i is region i, then `outside` of all of them, then `unplaced`, where the
/// place was not known; then for each pair of `nested`, what the larger has beside the smaller.
struct Placed {
    store::CellGroups groups;
    std::vector<std::int64_t> cells;         // How many each region has, of those that were heard.
    std::int64_t outside = 0, unplaced = 0;  // Their groups.
    bool overlapping = false;                // Some cell is in more than one.
    struct Nested {
        std::int64_t smaller = 0, larger = 0;  // Regions; every cell of one is in the other.
    };
    std::vector<Nested> nested;
    std::vector<std::int64_t> withheld;  // Regions that are in too many others to be told apart.
    std::int64_t group_of(std::size_t pair) const {
        return unplaced + 1 + static_cast<std::int64_t>(pair);
    }
};
Placed placed(const store::RegionIndex& index, std::span<const measure::Cell> cells);

/// Regions that have cells in which nothing is counted.
std::set<std::uint32_t> sensitive_regions(
    const store::RegionIndex& index, const store::SensitiveCells& cells);

/// Which groups of `placed` are not shown: those of fewer devices than the floor; where regions
/// part the whole, more, until it cannot be had by subtraction; where they overlap, a region within
/// another that has fewer than the floor beside it. `figures` are by group, empty where there are
/// none.
std::vector<bool> withheld(
    const Placed& placed, std::span<const store::Figures> figures, std::int64_t floor);

/// Figures as they are shown, to the grid of the floor: no two such answers differ by 1 to k-1, and
/// all that is said beside counts is made of counts as they are shown. Of a time so long, of which
/// so much has passed.
RegionFigures told(
    const store::Figures& figures, bool withheld, std::chrono::microseconds passed,
    std::int64_t floor);

}  // namespace mobilytics::report
