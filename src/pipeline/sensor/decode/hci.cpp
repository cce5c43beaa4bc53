#include "pipeline/sensor/decode/hci.h"

#include <algorithm>
#include <array>

#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

constexpr std::uint8_t kLeMetaEvent = 0x3E;
constexpr std::uint8_t kLegacyReports = 0x02;
constexpr std::uint8_t kDirectedReports = 0x0B;
constexpr std::uint8_t kExtendedReports = 0x0D;
constexpr std::uint8_t kEventPacket = 0x04;
constexpr std::uint16_t kMonitorEvent = 3;

/// Of the address kinds 0 public, 1 random, 2 public and 3 random identity.
constexpr std::uint8_t kAddressKindMax = 3;

std::optional<std::int8_t> strength(std::uint8_t octet) {
    constexpr std::uint8_t kNotAvailable = 127;
    if (octet == kNotAvailable) return std::nullopt;
    return static_cast<std::int8_t>(octet);
}

/// A legacy report's event type as the PDU type it was made of.
AdvertisingType legacy_type(std::uint8_t event_type) {
    constexpr std::array kTypes{
        AdvertisingType::adv_ind, AdvertisingType::adv_direct_ind, AdvertisingType::adv_scan_ind,
        AdvertisingType::adv_nonconn_ind, AdvertisingType::scan_rsp};
    return kTypes[std::min<std::size_t>(event_type, kTypes.size() - 1)];
}

/// An extended report's: bit 4 says legacy, 3 scan response, 2 directed, 1 scannable, 0
/// connectable.
AdvertisingType extended_type(std::uint16_t event_type) {
    if ((event_type & 0x10) == 0) return AdvertisingType::adv_ext_ind;
    if ((event_type & 0x08) != 0) return AdvertisingType::scan_rsp;
    if ((event_type & 0x04) != 0) return AdvertisingType::adv_direct_ind;
    if ((event_type & 0x01) != 0) return AdvertisingType::adv_ind;
    if ((event_type & 0x02) != 0) return AdvertisingType::adv_scan_ind;
    return AdvertisingType::adv_nonconn_ind;
}

void read_address(OctetReader& in, std::uint8_t& kind, Advertisement& out) {
    kind = in.u8();
    out.random_address = (kind & 1) != 0;
    std::ranges::reverse_copy(in.take(6), out.address.begin());
}

}  // namespace

std::optional<Octets> hci_event(LinkType link, Octets frame) {
    OctetReader in(frame);
    if (link == LinkType::linux_monitor) {
        in.skip(2);  // The adapter.
        if (in.big16() != kMonitorEvent) return std::nullopt;
    } else if (link != LinkType::hci_event) {
        if (link == LinkType::hci_h4_directed) in.skip(4);
        if (in.u8() != kEventPacket) return std::nullopt;
    }
    return in.rest();
}

HciReports::HciReports(Octets event) {
    OctetReader in(event);
    if (in.u8() != kLeMetaEvent) {
        good_ = !event.empty();
        left_ = 1;
        return;
    }
    OctetReader body(in.take(in.u8()));
    kind_ = body.u8();
    const bool ours =
        kind_ == kLegacyReports || kind_ == kDirectedReports || kind_ == kExtendedReports;
    left_ = ours ? body.u8() : 1;
    good_ = in.good() && body.good();
    if (!ours) kind_ = 0;
    if (left_ == 0 || left_ > 25) good_ = false;
    if (!good_) left_ = 1;
    rest_ = body.rest();
}

HciReport HciReports::read_legacy(bool directed, std::uint8_t& address_kind) {
    OctetReader in(rest_);
    HciReport out;
    const std::uint8_t event_type = in.u8();
    good_ = event_type <= 4;
    out.advertisement.type = legacy_type(event_type);
    read_address(in, address_kind, out.advertisement);
    if (directed) {
        in.skip(7);
    } else {
        out.advertisement.data = in.take(in.u8());
    }
    out.rssi_dbm = strength(in.u8());
    good_ = good_ && in.good();
    rest_ = in.rest();
    return out;
}

HciReport HciReports::read_extended(std::uint8_t& address_kind) {
    OctetReader in(rest_);
    HciReport out;
    out.advertisement.type = extended_type(in.little16());
    read_address(in, address_kind, out.advertisement);
    in.skip(4);  // PHYs, advertising set, power.
    out.rssi_dbm = strength(in.u8());
    in.skip(2 + 7);  // Interval of the periodic train, whom it is directed at.
    out.advertisement.data = in.take(in.u8());
    good_ = in.good();
    rest_ = in.rest();
    return out;
}

std::variant<HciReport, FrameDrop> HciReports::next() {
    --left_;
    if (!good_) return FrameDrop::hci_malformed;
    if (kind_ == 0) return FrameDrop::hci_not_advertising;
    std::uint8_t address_kind = 0;
    const HciReport out = kind_ == kExtendedReports
                              ? read_extended(address_kind)
                              : read_legacy(kind_ == kDirectedReports, address_kind);
    if (!good_) {
        left_ = 0;
        return FrameDrop::hci_malformed;
    }
    if (address_kind > kAddressKindMax) return FrameDrop::ble_no_address;
    return out;
}

}  // namespace mobilytics::sensor
