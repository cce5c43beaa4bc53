#include "pipeline/sensor/decode/ble_link.h"

#include "pipeline/sensor/decode/advertisement.h"
#include "pipeline/sensor/decode/checksums.h"
#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

using Packet = std::variant<BlePacket, FrameDrop>;

/// Physical channels count by frequency, channel indices have the advertising ones last.
std::uint8_t channel_index(unsigned physical) {
    if (physical == 0) return 37;
    if (physical == 12) return 38;
    if (physical == 39) return 39;
    if (physical > 39) return 0;
    return static_cast<std::uint8_t>(physical < 12 ? physical - 1 : physical - 2);
}

/// The link layer's packet: access address, on the coded PHY an octet that says how, PDU.
Packet read_link_layer(Octets octets, BlePacket out, bool coded) {
    OctetReader in(octets);
    const std::uint32_t access_address = in.little32();
    if (coded) in.skip(1);
    if (!in.good()) return FrameDrop::truncated;
    if (access_address != kAdvertisingAccessAddress) return FrameDrop::ble_not_advertising;
    out.pdu = in.rest();
    return out;
}

Packet read_with_radio(Octets frame) {
    OctetReader in(frame);
    BlePacket out;
    out.channel = channel_index(in.u8());
    const auto signal_dbm = static_cast<std::int8_t>(in.u8());
    in.skip(2);  // Noise, offences against the access address.
    in.skip(4);  // The access address that was looked for.
    const std::uint16_t flags = in.little16();
    if (!in.good()) return FrameDrop::truncated;
    if ((flags & 0x0001) == 0) return FrameDrop::ble_whitened;
    if ((flags & 0x0002) != 0) out.rssi_dbm = signal_dbm;
    if ((flags & 0x0400) != 0) out.crc_good = (flags & 0x0800) != 0;
    const bool coded = flags >> 14 == 2;
    return read_link_layer(in.rest(), out, coded);
}

/// nRF Sniffer's own header, versions 0 to 3. Whatever is no received packet (its dialogue with the
/// host) is not an advertisement.
Packet read_nordic(Octets frame) {
    constexpr std::uint16_t kLegacyMarker = 0xBEEF;  // Before version 0, which has no number.
    OctetReader in(frame);
    std::size_t payload_bytes = 0;
    unsigned packet_id = 0;
    unsigned version = 0;
    if (OctetReader(frame).big16() == kLegacyMarker) {
        in.skip(2);
        packet_id = in.u8();
        in.skip(4);  // Counter, unused.
        payload_bytes = in.u8();
    } else {
        in.skip(1);  // The board.
        const std::uint16_t lengths = in.little16();
        version = in.u8();
        in.skip(2);  // Counter.
        packet_id = in.u8();
        payload_bytes = version == 1 ? lengths >> 8 : lengths;
        if (version == 0 || version > 3) return FrameDrop::bad_radiotap;
        if (version == 1 && (lengths & 0xFF) != 6) return FrameDrop::bad_radiotap;
    }
    if (!in.good()) return FrameDrop::truncated;
    if (in.rest().size() != payload_bytes) return FrameDrop::bad_radiotap;
    const bool advertising = version == 3 && packet_id == 0x02;
    if (packet_id != 0x06 && !advertising) return FrameDrop::ble_not_advertising;

    const std::size_t header_bytes = in.u8();
    const std::uint8_t flags = in.u8();
    BlePacket out;
    out.channel = in.u8();
    const unsigned strength = in.u8();
    in.skip(6);  // Event counter, time.
    if (!in.good()) return FrameDrop::truncated;
    if (header_bytes != 10 || out.channel > 39) return FrameDrop::bad_radiotap;
    if (strength <= 127) out.rssi_dbm = static_cast<std::int8_t>(-static_cast<int>(strength));
    out.crc_good = (flags & 1) != 0;
    const bool coded = (flags >> 4 & 7) == 2;
    return read_link_layer(in.rest(), out, coded);
}

}  // namespace

Packet read_ble_link(LinkType link, Octets frame) {
    if (link == LinkType::ble) return read_link_layer(frame, {}, false);
    if (link == LinkType::ble_with_radio) return read_with_radio(frame);
    return read_nordic(frame);
}

bool ble_crc_good(Octets pdu) {
    const auto bytes = pdu_bytes(pdu);
    if (!bytes || pdu.size() - *bytes < 3) return false;
    OctetReader in(pdu.subspan(*bytes));
    const std::uint32_t low = in.little16();
    return ble_check(pdu.first(*bytes)) == (low | std::uint32_t{in.u8()} << 16);
}

}  // namespace mobilytics::sensor
