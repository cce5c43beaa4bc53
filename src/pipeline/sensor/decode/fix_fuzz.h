#pragma once
// For the fuzzers of positions: whole and in two pieces a text gives the same fixes, and only such
// as can be.

#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/sensor/decode/fix_parser.h"

namespace mobilytics::sensor {

using MakeFixParser = std::unique_ptr<FixParser> (*)();

inline std::vector<Fix> parsed(MakeFixParser make, std::string_view text, std::size_t cut) {
    const auto parser = make();
    std::vector<Fix> fixes;
    if (parser->read(text.substr(0, cut), false, fixes)) {
        [[maybe_unused]] const auto read = parser->read(text.substr(cut), true, fixes);
    }
    if (parser->counts().fixes != fixes.size()) __builtin_trap();
    return fixes;
}

inline void fuzz_fixes(MakeFixParser make, const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto whole = parsed(make, text, size);
    if (whole != parsed(make, text, size / 2)) __builtin_trap();
    for (const Fix& fix : whole) {
        const bool on_earth = fix.latitude_e7 >= -900'000'000 && fix.latitude_e7 <= 900'000'000 &&
                              fix.longitude_e7 >= -1'800'000'000 &&
                              fix.longitude_e7 <= 1'800'000'000;
        if (!on_earth || fix.heading_cdeg.value_or(0) >= 36'000) __builtin_trap();
    }
}

/// nmea_parser() without options.
inline std::unique_ptr<FixParser> plain_nmea_parser() { return nmea_parser(); }

}  // namespace mobilytics::sensor
