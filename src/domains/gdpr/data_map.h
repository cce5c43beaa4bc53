#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::gdpr {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "gdpr.export",
        .about = privacy::About::people,
        .data = "id of whose data were put into a file",
        .purpose = "to answer who asked what is kept of them",
        .kept = "7 days, and so is the file",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "objects: privacy/exports/",
        .about = privacy::About::people,
        .data = "all that is kept of them",
        .purpose = "the file itself",
        .kept = "7 days",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "gdpr.erasure",
        .about = privacy::About::people,
        .data = "id of who was erased",
        .purpose = "to prove that it was done",
        .kept = "for good",
        .on_erasure = privacy::OnErasure::kept_by_law},
    privacy::Kept{
        .place = "gdpr.consent",
        .about = privacy::About::people,
        .data = "whose consent, how they gave it",
        .purpose = "to prove consent",
        .kept = "as long as the company; whose goes with an erasure",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "gdpr.retention",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "how long a company keeps what",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::gdpr
