#pragma once
// Ids that both the pipeline and the domains speak of, though neither knows the other.

#include <string_view>

#include "foundation/id.h"

namespace mobilytics {

struct AssetIdentity {
    static constexpr std::string_view kIdPrefix = "asset";
};
/// A place where advertising is shown: what people are counted at.
using AssetId = Id<AssetIdentity>;

struct DeviceIdentity {
    static constexpr std::string_view kIdPrefix = "device";
};
/// A sensor, as the fleet knows it.
using DeviceId = Id<DeviceIdentity>;

}  // namespace mobilytics
