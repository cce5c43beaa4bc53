#pragma once
// Which counting made a number: its name, its version, and all of its constants as text, so that
// whoever keeps a number can tell whether another was made the same way.

#include <string>
#include <string_view>

#include "pipeline/measure/tracks/counting_rules.h"
#include "pipeline/measure/tracks/stays.h"

namespace mobilytics::measure {

inline constexpr std::string_view kCountingName = "tracks";
/// Of what is done with the constants; raised with every change that changes a count.
inline constexpr std::string_view kCountingVersion = "3";

/// The same for the same constants, and for no others.
std::string text_of(const CountingRules& rules, const StayRules& stays);

}  // namespace mobilytics::measure
