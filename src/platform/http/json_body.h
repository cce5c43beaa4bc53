#pragma once
// JSON that everybody reads in one way.

#include <string_view>

#include <boost/json/value.hpp>

#include "foundation/result.h"

namespace mobilytics::http {

/// invalid `bad_json`: what is no JSON, what is deeper than 32, and what names a member twice, of
/// which one program would heed the first and another the last.
Result<boost::json::value> parse_json(std::string_view text);

}  // namespace mobilytics::http
