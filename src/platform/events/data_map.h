#pragma once
// What the outbox keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::events {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "events.outbox",
        .about = privacy::About::people,
        .data = "e-mail and name of whom a mail is for",
        .purpose = "to tell modules of each other's changes",
        .kept = "7 days after all have taken it",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "events.subscriber",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "to know what a module has taken",
        .kept = "as long as the database",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "events.dead_letter",
        .about = privacy::About::people,
        .data = "as events.outbox",
        .purpose = "what could not be delivered",
        .kept = "until somebody has looked",
        .on_erasure = privacy::OnErasure::ends_by_itself},
};

}  // namespace mobilytics::events
