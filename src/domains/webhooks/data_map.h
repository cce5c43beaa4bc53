#pragma once
// What this module keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::webhooks {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "webhooks.endpoint",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "where a company wants to be told",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "webhooks.message",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what it is told: events of assets and sensors",
        .kept = "30 days, or as long as the company says",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "webhooks.attempt",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "whether it could be told",
        .kept = "as its message",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::webhooks
