#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::fleet {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "fleet.device",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "the sensors",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "fleet.claim",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "codes by which a sensor joins",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "fleet.claim_code",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which company a code is of",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "fleet.salt",
        .about = privacy::About::passers_by,
        .data = "what pseudonyms of one day are made with, sealed",
        .purpose = "to count a device once a day",
        .kept = "24 hours after its day; destroyed",
        .on_erasure = privacy::OnErasure::ends_by_itself},
};

}  // namespace mobilytics::fleet
