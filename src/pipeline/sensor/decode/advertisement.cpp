#include "pipeline/sensor/decode/advertisement.h"

#include <algorithm>

#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kLegacyPayloadMax = 37;
constexpr std::uint8_t kServiceData = 0x16;
constexpr std::uint8_t kManufacturerData = 0xFF;
constexpr std::uint16_t kApple = 0x004C;

/// From the order of the air to that of people.
Address read_address(OctetReader& in) {
    Address address{};
    std::ranges::reverse_copy(in.take(6), address.begin());
    return address;
}

std::variant<Advertisement, FrameDrop> read_extended(Octets payload, Advertisement out) {
    OctetReader in(payload);
    const std::size_t header_bytes = in.u8() & 0x3F;
    OctetReader header(in.take(header_bytes));
    if (!in.good()) return FrameDrop::ble_malformed;
    const std::uint8_t present = header_bytes > 0 ? header.u8() : 0;
    if ((present & 0x01) == 0) return FrameDrop::ble_no_address;
    out.address = read_address(header);
    // TargetA, CTEInfo, ADI, AuxPtr, SyncInfo, TxPower: only whether they fit.
    constexpr std::array<std::size_t, 6> kSizes{6, 1, 2, 3, 18, 1};
    for (std::size_t i = 0; i < kSizes.size(); ++i) {
        if ((present >> (i + 1) & 1) != 0) header.skip(kSizes[i]);
    }
    if (!header.good()) return FrameDrop::ble_malformed;
    out.data = in.rest();
    return out;
}

}  // namespace

std::optional<std::size_t> pdu_bytes(Octets pdu) {
    if (pdu.size() < 2 || pdu.size() - 2 < pdu[1]) return std::nullopt;
    return std::size_t{2} + pdu[1];
}

std::variant<Advertisement, FrameDrop> read_advertisement(Octets pdu) {
    const auto bytes = pdu_bytes(pdu);
    if (!bytes) return FrameDrop::truncated;
    const Octets payload = pdu.subspan(2, *bytes - 2);
    const unsigned type = pdu[0] & 0x0F;
    constexpr unsigned kLegacyTypes = 0b101'0111;  // 0, 1, 2, 4, 6.
    const bool extended = type == static_cast<unsigned>(AdvertisingType::adv_ext_ind);
    if (!extended && (kLegacyTypes >> type & 1) == 0) return FrameDrop::ble_not_advertising;
    Advertisement out;
    out.type = static_cast<AdvertisingType>(type);
    out.random_address = (pdu[0] & 0x40) != 0;
    if (extended) return read_extended(payload, out);

    const std::size_t behind_address = out.type == AdvertisingType::adv_direct_ind ? 6 : 0;
    if (payload.size() < 6 + behind_address || payload.size() > kLegacyPayloadMax) {
        return FrameDrop::ble_malformed;
    }
    OctetReader in(payload);
    out.address = read_address(in);
    if (behind_address == 0) out.data = in.rest();
    return out;
}

Maker read_maker(Octets data) {
    Maker out;
    for (std::size_t at = 0; at < data.size() && data[at] > 0;) {
        const std::size_t length = data[at];
        if (data.size() - at - 1 < length) break;
        OctetReader body(data.subspan(at + 2, length - 1));
        const std::uint8_t kind = data[at + 1];
        at += 1 + length;
        if (kind == kManufacturerData && length >= 3) {
            out.company = body.little16();
            if (out.company == kApple) out.continuity = body.u8();
            break;
        }
        if (kind == kServiceData && length >= 3 && out.company == kNoCompany) {
            const std::uint16_t service = body.little16();
            if (service >= 0xFC00 && service <= 0xFEFF) out.company = service;
        }
    }
    return out;
}

wire::AddressClass ble_address_class(const Address& address, bool random_address) {
    if (!random_address) return wire::AddressClass::ble_public;
    switch (address[0] >> 6) {
        case 0b11: return wire::AddressClass::ble_static;
        case 0b01: return wire::AddressClass::ble_resolvable;
        default: return wire::AddressClass::ble_non_resolvable;
    }
}

}  // namespace mobilytics::sensor
