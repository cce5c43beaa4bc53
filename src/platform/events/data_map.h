#pragma once
// What the outbox keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::events {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "events.outbox",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "to tell modules of each other's changes; bodies name assets and sensors",
        .kept = "7 days after all have taken it",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "events.subscriber",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "to know what a module has taken",
        .kept = "as long as the database",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "events.dead_letter",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what could not be delivered",
        .kept = "until somebody has looked",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::events
