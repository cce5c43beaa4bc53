#include "platform/http/trace.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <random>

namespace mobilytics::http {

namespace {

constexpr std::size_t kSize = 55;  // "00-" and 32, "-" and 16, "-" and 2.

std::string random_hex(std::size_t digits) {
    thread_local std::mt19937_64 random{std::random_device()()};
    std::string out;
    while (out.size() < digits) {
        std::array<char, 17> text{};
        std::snprintf(
            text.data(), text.size(), "%016llx", static_cast<unsigned long long>(random()));
        out += text.data();
    }
    return out.substr(0, digits);
}

bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

}  // namespace

Trace trace_of(std::string_view text) {
    Trace out;
    out.span = random_hex(16);
    const auto dashes = [&] { return text[2] == '-' && text[35] == '-' && text[52] == '-'; };
    if (text.size() < kSize || !dashes()) {
        out.id = random_hex(32);
        return out;
    }
    const auto version = text.substr(0, 2), id = text.substr(3, 32), parent = text.substr(36, 16),
               flags = text.substr(53, 2);
    // Later versions may say more behind it, after another dash.
    const bool ends =
        version == "00" ? text.size() == kSize : text.size() == kSize || text[kSize] == '-';
    const bool good = ends && is_hex(version) && version != "ff" && is_hex(id) && !is_zero(id) &&
                      is_hex(parent) && !is_zero(parent) && is_hex(flags);
    out.id = good ? std::string(id) : random_hex(32);
    if (!good) return out;
    out.parent = parent;
    out.sampled = std::string_view("13579bdf").find(flags[1]) != std::string_view::npos;
    return out;
}

}  // namespace mobilytics::http
