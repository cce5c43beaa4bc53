#pragma once
// What of before and after is kept.

#include <string_view>
#include <utility>

#include <boost/json/value.hpp>

#include "platform/audit/audit.h"

namespace mobilytics::audit {

/// Before and after as they are kept: what differs, secrets as hashes of `salt` and themselves.
std::pair<boost::json::value, boost::json::value> changes_of(
    const Entry& entry, std::string_view salt);

/// Whether a field of this name is a secret's, whoever appends it.
bool names_a_secret(std::string_view field);

}  // namespace mobilytics::audit
