#pragma once
// What this module keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::notices {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "notices.choice",
        .about = privacy::About::people,
        .data = "id, of what they want mail",
        .purpose = "to mail them what they want and no more",
        .kept = "until the company or they end it",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "notices.taken",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "to tell nothing twice",
        .kept = "90 days",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "notices.recent",
        .about = privacy::About::people,
        .data = "id, of whom something was told or to whom alone",
        .purpose = "to make one mail of what happens often",
        .kept = "90 days",
        .on_erasure = privacy::OnErasure::erased},
};

}  // namespace mobilytics::notices
