#pragma once
// What the database's own keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::pg {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "app.migration",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "to know which changes the tables have had",
        .kept = "as long as the database",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::pg
