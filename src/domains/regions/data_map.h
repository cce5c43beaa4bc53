#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::regions {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "regions.region_set",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "sets of areas by which figures are looked at",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "regions.version",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what became of a set of areas, and when",
        .kept = "the last 20 of a set",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "regions.region",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "areas: their borders, names and populations",
        .kept = "as long as one of the last 20 versions has them",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "regions.sensitive_place",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "places in which nobody is counted: their borders, names and kinds",
        .kept = "until the company removes them",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::regions
