#pragma once
// What the store keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::store {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "store: visits",
        .about = privacy::About::passers_by,
        .data = "pseudonym of a day, first and last time near an asset",
        .purpose = "to correct counts that are a day old at most",
        .kept = "24 hours",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "store: facts",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "counts of devices by quarter of an hour; no row is of one device",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::store
