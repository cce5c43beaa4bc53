#pragma once
// The checksums of the air.

#include <cstdint>
#include <span>

namespace mobilytics::sensor {

/// CRC-32 of 802.11 and Ethernet, over a frame without its last four octets, which hold it little
/// endian. Source: IEEE 802.11-2020 9.2.4.8.
std::uint32_t frame_check(std::span<const std::uint8_t> octets);

/// CRC-24 of the BLE link layer, over header and payload of a PDU on an advertising channel, as the
/// three octets behind it read little endian. Source: Bluetooth Core 5.4, vol. 6 part B 3.1.1.
std::uint32_t ble_check(std::span<const std::uint8_t> octets);

}  // namespace mobilytics::sensor
