#pragma once
// Numbers as text, and columns.

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace mobilytics::accuracy {

inline std::string fixed(double value, int digits) {
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%.*f", digits, value);
    return out.data();
}
/// With its sign, whichever it is.
inline std::string signed_fixed(double value, int digits) {
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%+.*f", digits, value);
    return out.data();
}
/// Blanks behind it, up to a width; `right`: before it.
inline std::string padded(std::string_view text, std::size_t width, bool right = false) {
    const std::string blanks(width > text.size() ? width - text.size() : 0, ' ');
    return right ? blanks + std::string(text) : std::string(text) + blanks;
}

}  // namespace mobilytics::accuracy
