#pragma once
// Regions, as the business tells them, and figures of the cells of the map that are in them. A cell
// belongs to a region where its middle lies in it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/region_ids.h"
#include "pipeline/store/figures.h"

namespace mobilytics::store {

struct Region {
    std::string code, name;
    std::optional<std::int64_t> population;
    std::string population_source;
    double area_m2 = 0;
    std::string shape;  // As platform/geojson packs it.
    friend bool operator==(const Region&, const Region&) = default;
};

/// A company's set of regions, as it is from then on.
struct RegionSet {
    CompanyId company;
    RegionSetId set;
    std::string name;
    std::string kind;  // The business's word: "county".
    std::int64_t version = 0;
    Instant valid_from;
    std::vector<Region> regions;  // By code.
    friend bool operator==(const RegionSet&, const RegionSet&) = default;
};

/// Cells, and the group that each is counted in; a cell may be there several times.
struct CellGroups {
    std::vector<measure::Cell> cells;
    std::vector<std::int64_t> groups;
    void add(measure::Cell cell, std::int64_t group) {
        cells.push_back(cell);
        groups.push_back(group);
    }
};

/// Of the buckets of a slot, in the cells of a group.
struct GroupFigures {
    std::int64_t slot = 0, group = 0;
    Figures figures;
    friend bool operator==(const GroupFigures&, const GroupFigures&) = default;
};

}  // namespace mobilytics::store
