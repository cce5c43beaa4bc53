#pragma once
// Ids of what is traded, that both the pipeline and the domains speak of: named_ids.h has the rest.

#include <string_view>

#include "foundation/id.h"

namespace mobilytics {

struct FaceIdentity {
    static constexpr std::string_view kIdPrefix = "face";
};
/// A surface of an asset on which advertising is shown.
using FaceId = Id<FaceIdentity>;

struct MarketIdentity {
    static constexpr std::string_view kIdPrefix = "market";
};
/// A population that rating points are of.
using MarketId = Id<MarketIdentity>;

}  // namespace mobilytics
