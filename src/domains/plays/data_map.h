#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::plays {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "plays.log",
        .about = privacy::About::people,
        .data = "the id of who imported it",
        .purpose = "which play logs were imported, and who answers for them",
        .kept = "until it is removed",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "plays.play",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what a screen showed, and when",
        .kept = "as its log",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "plays.quarter",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "how often a screen showed what, by the quarter of an hour",
        .kept = "as its log",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "plays.stretch",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "when a log was kept",
        .kept = "as its log",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::plays
