#pragma once
// OpenOOH's words for the places where faces are: the codes that a face may have.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mobilytics::assets {

struct VenueType {
    std::int64_t code;      // Of taxonomy 1.2.
    std::string_view name;  // "outdoor.billboards".
    std::int64_t code_1_1;  // What it is traded as, for AdCOM knows 1.1 only; 0: nothing is said.
};

/// All of them, ordered by code.
std::span<const VenueType> venue_types();
std::optional<VenueType> venue_type(std::int64_t code);

}  // namespace mobilytics::assets
