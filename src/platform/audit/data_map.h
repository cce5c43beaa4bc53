#pragma once
// What the trail keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::audit {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "audit.entry",
        .about = privacy::About::people,
        .data = "id; address, user agent, names and values that changed",
        .purpose = "evidence of who did what, until it is sealed",
        .kept = "a second or so, then in audit.sealed",
        .on_erasure = privacy::OnErasure::kept_as_audit},
    privacy::Kept{
        .place = "audit.sealed",
        .about = privacy::About::people,
        .data =
            "id; address, user agent, names and values that changed, which an erasure blacks out",
        .purpose = "evidence of who did what: security, fraud, accountability",
        .kept = "24 months; what is about people as audit_details says",
        .on_erasure = privacy::OnErasure::kept_as_audit},
    privacy::Kept{
        .place = "audit.head",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "where each chain of entries ends",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "audit.root",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "signed proof of each hour's entries",
        .kept = "for good",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "audit.retirement",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "signed proof of the months that were let go",
        .kept = "for good",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "objects: audit/",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "copies of the signed roots",
        .kept = "for good",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::audit
