#pragma once
// What this keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::idempotency {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "idempotency.reply",
        .about = privacy::About::people,
        .data = "id of who asked; the answer they were given, sealed",
        .purpose = "to answer the same request the same way",
        .kept = "24 hours",
        .on_erasure = privacy::OnErasure::erased},
};

}  // namespace mobilytics::idempotency
