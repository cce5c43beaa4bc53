#pragma once
// What counting is told of a frame, and how it looks at what is counted.

#include <compare>
#include <cstdint>

#include "foundation/vocabulary.h"

namespace mobilytics::measure {

/// One probe request, of one salt epoch, as the platform gets it.
struct Heard {
    std::int64_t at_ms = 0;  // Since 1970.
    std::uint64_t pseudonym = 0;
    std::uint32_t coarse = 0;  // Fingerprints; see docs/protocol.md.
    std::uint32_t fine = 0;
    std::int16_t sequence = -1;  // 0..4095; -1: the source has none.
    std::int8_t rssi_dbm = 0;    // 0: not known.
    bool global = false;         // A maker's address, which does not change.
    friend auto operator<=>(const Heard&, const Heard&) = default;
};

/// What a count rests on.
BOOST_DEFINE_ENUM_CLASS(
    Basis,
    tracks,  // Addresses that were linked by fingerprints, numbers, strength and time.
    grid,    // The same, and the timers by which identical devices send.
    blind)   // Neither strength nor numbers were heard: fingerprints and time alone.

/// In thousandths of a device. The truth lies between low and high 90 times in 100.
struct Estimate {
    std::int32_t value_milli = 0;
    std::int32_t low_milli = 0;
    std::int32_t high_milli = 0;
    Basis basis = Basis::tracks;
    friend bool operator==(const Estimate&, const Estimate&) = default;
};

}  // namespace mobilytics::measure
