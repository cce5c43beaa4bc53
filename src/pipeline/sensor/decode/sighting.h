#pragma once
// What the radio gives and what is made of it: a RawFrame as it was captured, a Sighting as it was
// decoded. A sighting still has the raw address: it goes to the pseudonymiser and nowhere else, and
// is never logged or kept.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include <boost/mp11/algorithm.hpp>

#include "foundation/vocabulary.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

/// How a frame is wrapped. The numbers are libpcap's link types (tcpdump.org/linktypes.html), but
/// for hci_event, which is ours: one HCI event without anything before its event code.
enum class LinkType : std::uint16_t {
    ieee80211 = 105,        // 802.11 without a radio header: no RSSI.
    radiotap = 127,         // 802.11 behind radiotap.
    hci_h4 = 187,           // Bluetooth HCI, UART.
    hci_h4_directed = 201,  // The same behind four octets of direction.
    ble = 251,              // BLE link layer without a radio header: no RSSI.
    linux_monitor = 254,    // Bluetooth HCI of BlueZ's monitor.
    ble_with_radio = 256,   // BLE link layer behind a pseudo-header.
    nordic_ble = 272,       // nRF Sniffer for Bluetooth LE.
    hci_event = 0xFF00,
};

/// One captured frame. `bytes` lives until the source is asked for the next.
struct RawFrame {
    LinkType link = LinkType::radiotap;
    Instant at;
    std::span<const std::uint8_t> bytes;
    std::uint32_t original_bytes = 0;  // On the air; more than were captured where it was cut.
    std::uint64_t number = 0;          // In its source, from 1.
    std::uint8_t fcs_bytes = 0;        // 4 where the file says that frames end in an FCS.
};

/// Octets in the order in which people write them: the first one has the group bit, for BLE the two
/// bits of the random kind.
using Address = std::array<std::uint8_t, 6>;

inline constexpr std::uint16_t kNoCompany = 0xFFFF;

/// One frame of one device, before pseudonymisation. The spans live until the decoder is asked
/// again.
struct Sighting {
    Instant at;
    wire::RadioKind kind = wire::RadioKind::wifi;
    Address address{};
    wire::AddressClass address_class = wire::AddressClass::global;
    /// Absent only if DecodeOptions::rssi_required is off.
    std::optional<std::int8_t> rssi_dbm;
    std::uint8_t channel = 0;    // Wi-Fi channel number; BLE channel index; 0 unknown.
    std::uint16_t sequence = 0;  // 802.11 sequence number 0..4095; 0 for BLE.
    /// What the coarse and the fine fingerprint are hashed over (fingerprint.h says byte by byte);
    /// empty for BLE.
    std::span<const std::uint8_t> coarse;
    std::span<const std::uint8_t> fine;
    std::uint8_t ble_type = 0;               // Advertising PDU type 0..15.
    std::uint8_t ble_subtype = 0;            // Apple Continuity type, the first in the PDU; 0 none.
    std::uint16_t ble_company = kNoCompany;  // Of the first manufacturer data; kNoCompany: none.
};

/// Why a frame gives no sighting. Closed: the words stand in Health.frames_dropped.
BOOST_DEFINE_ENUM_CLASS(
    FrameDrop,
    unknown_link,         // A link type that is not of LinkType.
    too_long,             // More octets than a frame can have.
    truncated,            // Cut at capture, or shorter than its own headers.
    bad_time,             // A capture time that is no time.
    bad_radiotap,         // A radio header that contradicts itself; also Nordic's and BLE's.
    bad_fcs,              // 802.11: marked as bad by the radio, or found to be.
    not_management,       // 802.11 of another type.
    not_probe_request,    // A management frame of another subtype.
    malformed_element,    // A probe request whose elements do not fit.
    group_address,        // Sent from a group address: not a device.
    no_rssi,              // Its strength is not known, or 0.
    ble_whitened,         // The link layer's octets are still whitened.
    ble_bad_crc,          // As bad_fcs.
    ble_not_advertising,  // Data, scan and connection requests, periodic trains.
    ble_no_address,       // An extended advertisement without the advertiser's address.
    ble_malformed,        // Lengths that do not fit.
    hci_not_advertising,  // Any other HCI traffic.
    hci_malformed)        // An HCI event whose lengths do not fit.

inline constexpr std::size_t kFrameDrops =
    boost::mp11::mp_size<boost::describe::describe_enumerators<FrameDrop>>::value;

/// Since the decoder was made. One frame of HCI may give several sightings and several drops.
struct FrameCounts {
    std::uint64_t frames = 0;
    std::uint64_t sightings = 0;
    std::array<std::uint64_t, kFrameDrops> dropped{};  // By FrameDrop.

    std::uint64_t of(FrameDrop reason) const { return dropped[static_cast<std::size_t>(reason)]; }
    friend bool operator==(const FrameCounts&, const FrameCounts&) = default;
};

}  // namespace mobilytics::sensor
