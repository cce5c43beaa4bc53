#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::annotations {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "annotations.annotation",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what a company notes beside its figures",
        .kept = "as long as the company, or until it is removed",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::annotations
