#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::optouts {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "optouts.list",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "the key of the list, sealed; how new it is",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "optouts.entry",
        .about = privacy::About::passers_by,
        .data = "digest of an address, with a sealed key; when it was added",
        .purpose = "that sensors pass over who asked for it",
        .kept = "until it is taken off, as who asked for it wants",
        .on_erasure = privacy::OnErasure::kept_by_law},
    privacy::Kept{
        .place = "optouts.follower",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which sensors follow the list",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::optouts
