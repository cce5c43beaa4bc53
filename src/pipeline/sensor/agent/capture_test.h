#pragma once
// Frames for tests: a probe request behind radiotap, and files of them.

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::sensor {

inline std::string address_bytes(const Address& address) {
    return {reinterpret_cast<const char*>(address.data()), address.size()};
}

/// As a phone sends it that looks for `ssid`.
inline std::string probe_request(
    const Address& address, std::string_view ssid, std::uint16_t sequence, std::int8_t rssi_dbm) {
    std::string out("\x00\x00\x0d\x00\x28\x00\x00\x00", 8);  // Channel and strength.
    out += std::string("\x85\x09\xa0\x00", 4);               // 2437 MHz: channel 6.
    out += static_cast<char>(rssi_dbm);
    out += std::string("\x40\x00\x00\x00", 4) + std::string(6, '\xff') + address_bytes(address) +
           std::string(6, '\xff');
    const auto control = static_cast<std::uint16_t>(sequence << 4);
    out += static_cast<char>(control);
    out += static_cast<char>(control >> 8);
    out += std::string(1, '\0') + static_cast<char>(ssid.size()) + std::string(ssid);
    out += std::string("\x01\x04\x02\x04\x0b\x16", 6);      // Rates.
    out += std::string("\xdd\x05\x00\x50\xf2\x08\x00", 7);  // A vendor's.
    return out;
}

inline RawFrame frame_of(const std::string& bytes, Instant at) {
    RawFrame out;
    out.at = at;
    out.bytes = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    out.original_bytes = static_cast<std::uint32_t>(bytes.size());
    return out;
}

struct Captured {
    Instant at;
    std::string bytes;
};

/// A pcap file with microseconds and radiotap.
inline void write_pcap(const std::string& path, const std::vector<Captured>& frames) {
    std::string out("\xd4\xc3\xb2\xa1\x02\x00\x04\x00", 8);
    const auto put = [&](std::uint64_t number) {
        for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
    };
    for (const std::uint32_t number : {0u, 0u, 65'535u, 127u}) put(number);
    for (const auto& [at, bytes] : frames) {
        const auto us = static_cast<std::uint64_t>(at.time_since_epoch().count());
        for (const auto number : {us / 1'000'000, us % 1'000'000, bytes.size(), bytes.size()}) {
            put(number);
        }
        out += bytes;
    }
    std::ofstream(path, std::ios::binary) << out;
}

}  // namespace mobilytics::sensor
