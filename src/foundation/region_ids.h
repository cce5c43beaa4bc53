#pragma once
// The id of a company's set of regions, which domain and pipeline both speak of.

#include <string_view>

#include "foundation/id.h"

namespace mobilytics {

struct RegionSetIdentity {
    static constexpr std::string_view kIdPrefix = "region_set";
};
/// Areas of one kind that a company looks at together: states, counties, zones of its own.
using RegionSetId = Id<RegionSetIdentity>;

}  // namespace mobilytics
