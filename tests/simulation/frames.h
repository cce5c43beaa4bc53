#pragma once
// Octets of frames as a sensor's drivers give them: 802.11 behind radiotap with an FCS at the end,
// BLE behind the pseudo-header of link type 256.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::simulation {

using Octets = std::vector<std::uint8_t>;

enum class Damage {
    none,
    marked,  // Broken, and the radio says so.
    silent,  // Broken, and only the checksum tells.
};

struct WifiReception {
    std::int8_t rssi_dbm = 0;
    std::uint8_t channel = 1;
    Damage damage = Damage::none;
};
void append_probe_request(
    const sensor::Address& from, std::uint16_t sequence, std::string_view ssid,
    std::span<const std::uint8_t> elements, const WifiReception& reception, Octets& out);
void append_beacon(
    const sensor::Address& from, std::uint16_t sequence, std::string_view ssid,
    std::uint64_t uptime_us, const WifiReception& reception, Octets& out);

struct BleReception {
    std::int8_t rssi_dbm = 0;
    std::uint8_t channel = 37;
    Damage damage = Damage::none;
};
/// Puts header, access address and CRC around a PDU.
void append_advertisement(
    std::span<const std::uint8_t> pdu, const BleReception& reception, Octets& out);

}  // namespace mobilytics::simulation
