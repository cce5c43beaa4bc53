#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::assets {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "assets.asset",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "the places where advertising is shown",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "assets.attachment",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which sensor was on which asset",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "assets.face",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "the surfaces of an asset, and what they were before they changed",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "assets.market",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "populations that rating points are of",
        .kept = "until it is removed",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "assets.position",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "where an asset stood before it was moved",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::assets
