#pragma once
// For tests and benchmarks that write octets down.

#include <cstdint>
#include <string_view>
#include <vector>

#include "foundation/result.h"

namespace mobilytics::sensor {

/// "4000 ffff": two hexadecimal digits an octet, spaces anywhere between.
inline std::vector<std::uint8_t> octets(std::string_view text) {
    std::vector<std::uint8_t> out;
    int half = -1;
    for (const char c : text) {
        if (c == ' ' || c == '\n') continue;
        const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        VERIFY(digit >= 0 && digit < 16);
        if (half < 0) {
            half = digit;
        } else {
            out.push_back(static_cast<std::uint8_t>(half << 4 | digit));
            half = -1;
        }
    }
    VERIFY(half < 0);
    return out;
}

}  // namespace mobilytics::sensor
