#pragma once
// What this module keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::mail {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "mail.outbox",
        .about = privacy::About::people,
        .data = "e-mail, name, what they were written",
        .purpose = "to send it, and to show that it was sent",
        .kept = "90 days, or as long as the company says",
        .on_erasure = privacy::OnErasure::erased},
};

}  // namespace mobilytics::mail
