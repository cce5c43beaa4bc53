#pragma once
// A request's target, taken apart: for this folder.

#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.h"

namespace mobilytics::http {

struct Target {
    std::vector<std::string> segments;  // Decoded; "/a/b%2Fc" has two.
    Query query;                        // Decoded.
};

/// Origin form only. invalid `bad_target`: what is not one, or decodes to something that is not
/// UTF-8 or has control characters, or has more than 100 parameters or 100 segments.
Result<Target> parse_target(std::string_view target);

/// The path, without the query; as it came.
std::string_view path_of(std::string_view target);

}  // namespace mobilytics::http
