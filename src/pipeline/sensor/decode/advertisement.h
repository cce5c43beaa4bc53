#pragma once
// BLE advertisements: the link layer's PDU and the structures in its data. Source: Bluetooth Core
// 5.4, vol. 6 part B 2.3 (PDUs) and vol. 3 part C 11 (data).

#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::sensor {

inline constexpr std::uint32_t kAdvertisingAccessAddress = 0x8E89BED6;

/// Advertising PDU types, those that an advertiser sends.
enum class AdvertisingType : std::uint8_t {
    adv_ind = 0,
    adv_direct_ind = 1,
    adv_nonconn_ind = 2,
    scan_rsp = 4,
    adv_scan_ind = 6,
    adv_ext_ind = 7,  // All extended ones.
};

struct Advertisement {
    AdvertisingType type = AdvertisingType::adv_ind;
    bool random_address = false;
    Address address{};
    std::span<const std::uint8_t> data;  // Structures, not yet looked into.
};

/// Reads a PDU from its header on, without the CRC; `pdu` may be longer. A FrameDrop of BLE if it
/// is not an advertisement that says who sent it.
std::variant<Advertisement, FrameDrop> read_advertisement(std::span<const std::uint8_t> pdu);

/// Octets of a PDU: its header's two and as many as that says. Nothing if it is cut.
std::optional<std::size_t> pdu_bytes(std::span<const std::uint8_t> pdu);

/// Who made what is advertised.
struct Maker {
    /// The company of the first manufacturer data; without any, the first 16-bit UUID of service
    /// data that the Bluetooth SIG gave to a member (0xFC00..0xFEFF: no company has these), such as
    /// 0xFD6F, exposure notification; kNoCompany without that.
    std::uint16_t company = kNoCompany;
    std::uint8_t continuity = 0;  // Of Apple's data, the first type; 0 none.
};
/// A structure that reaches past the end ends the reading, as does one of length 0.
Maker read_maker(std::span<const std::uint8_t> data);

wire::AddressClass ble_address_class(const Address& address, bool random_address);

}  // namespace mobilytics::sensor
