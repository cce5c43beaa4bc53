#pragma once
// What sniffers put around a packet of the BLE link layer: link types 251, 256 and 272. Sources:
// tcpdump.org/linktypes/LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR.html and LINKTYPE_NORDIC_BLE.html.

#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::sensor {

struct BlePacket {
    std::span<const std::uint8_t> pdu;  // From its header to the CRC's end; perhaps longer.
    std::optional<std::int8_t> rssi_dbm;
    std::uint8_t channel = 0;  // Channel index 0..39; 0 also where it is not known.
    /// What the radio found; none: the CRC is to be checked.
    std::optional<bool> crc_good;
};

/// The packet on an advertising channel in a frame of one of the three link types, or why not.
std::variant<BlePacket, FrameDrop> read_ble_link(
    LinkType link, std::span<const std::uint8_t> frame);

/// Whether the CRC behind the PDU is right; a PDU that is cut has none.
bool ble_crc_good(std::span<const std::uint8_t> pdu);

}  // namespace mobilytics::sensor
