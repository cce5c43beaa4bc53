#pragma once
// What a change of the dimensions means for what was measured already.

#include <optional>
#include <span>
#include <vector>

#include "pipeline/measure/fact_port.h"
#include "pipeline/measure/lane_state.h"
#include "pipeline/measure/piece.h"
#include "pipeline/measure/rules.h"

namespace mobilytics::measure {

Venue venue_of(const AssetDimension& asset);

/// From when on the asset's reports are others; none, if they are the same. Both are ordered by
/// (device, from).
std::optional<Instant> changed_from(
    std::span<const Attachment> before, std::span<const Attachment> after);

/// Whether a salt epoch was in use right before `midnight` and right after it.
bool crosses(std::span<const Piece> pieces, Instant midnight, const Rules& rules);

}  // namespace mobilytics::measure
