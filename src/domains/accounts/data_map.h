#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::accounts {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "accounts.company",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "the customers",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "accounts.person",
        .about = privacy::About::people,
        .data = "name, role, hash of the password",
        .purpose = "to let people in",
        .kept = "until they leave",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.session",
        .about = privacy::About::people,
        .data = "id; when they were here",
        .purpose = "to keep people signed in",
        .kept = "12 hours after the last request",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "accounts.installation",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which company was first",
        .kept = "as long as the database",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::accounts
