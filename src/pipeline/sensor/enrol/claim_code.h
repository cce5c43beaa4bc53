#pragma once
// The code that a person types at a sensor so that it may join: XXXXX-XXXXX-PPPPP-PPPPP in
// Crockford's base 32. The first half is chance, known to the platform only; the second pins the
// platform's certificate authority, so that whoever stands in between is noticed, also over plain
// HTTP.

#include <string>
#include <string_view>

#include "foundation/result.h"

namespace mobilytics::sensor {

struct ClaimCode {
    std::string text;  // As the platform compares it: 20 characters, upper case.
    std::string pin;   // The last 10.
};

/// As people write: small letters, O for 0, I and L for 1, with or without dashes and spaces.
/// invalid `bad_claim_code`.
Result<ClaimCode> parse_claim_code(std::string_view text);

}  // namespace mobilytics::sensor
