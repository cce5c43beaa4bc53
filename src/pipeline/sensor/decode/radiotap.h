#pragma once
// The header that a monitoring interface puts before an 802.11 frame. Source: radiotap.org.

#include <cstdint>
#include <optional>
#include <span>

namespace mobilytics::sensor {

struct Radiotap {
    std::size_t header_bytes = 0;  // The frame begins behind them.
    std::optional<std::uint64_t> tsft_us;
    std::optional<std::uint8_t> flags;
    std::optional<std::int8_t> signal_dbm;  // Of all antennas; else of the strongest.
    std::uint16_t frequency_mhz = 0;        // 0 unknown.
    std::uint16_t receive_flags = 0;

    bool fcs_at_end() const { return flags && (*flags & 0x10) != 0; }
    /// Marked by the radio: a bad FCS or a bad PLCP header.
    bool bad() const { return (flags && (*flags & 0x40) != 0) || (receive_flags & 0x02) != 0; }
};

/// None if the header is not version 0, or its fields do not fit within its length, or that not
/// within `frame`. A field of later versions ends the reading, and what was read stands.
std::optional<Radiotap> read_radiotap(std::span<const std::uint8_t> frame);

/// 1..14 (2.4 GHz), 32..196 (5 GHz), 1..233 (6 GHz); 0 for what is none of them.
std::uint8_t channel_of(std::uint16_t frequency_mhz);

}  // namespace mobilytics::sensor
