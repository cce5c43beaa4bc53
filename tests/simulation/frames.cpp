#include "simulation/frames.h"

#include "pipeline/sensor/decode/checksums.h"

namespace mobilytics::simulation {

namespace {

using Bytes = std::initializer_list<std::uint8_t>;

void append(Octets& out, std::span<const std::uint8_t> octets) {
    out.insert(out.end(), octets.begin(), octets.end());
}
void append(Octets& out, Bytes octets) { out.insert(out.end(), octets); }
void append_little(Octets& out, std::uint64_t value, int octets) {
    for (int i = 0; i < octets; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

/// Radiotap: flags, rate, channel, signal, antenna.
void append_radiotap(const WifiReception& reception, Octets& out) {
    constexpr std::uint8_t kFcsAtEnd = 0x10;
    constexpr std::uint8_t kBadFcs = 0x40;
    const std::uint8_t flags = kFcsAtEnd | (reception.damage == Damage::marked ? kBadFcs : 0);
    append(out, {0, 0, 16, 0, 0x2E, 0x08, 0, 0, flags, 2});
    append_little(out, 2407U + 5U * reception.channel, 2);
    append(out, {0xA0, 0x00, static_cast<std::uint8_t>(reception.rssi_dbm), 0});
}

void append_header(
    std::uint8_t control, const sensor::Address& from, std::span<const std::uint8_t> network,
    std::uint16_t sequence, Octets& out) {
    append(out, {control, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF});
    append(out, from);
    append(out, network);
    append_little(out, std::uint64_t{sequence} << 4, 2);
}

void append_ssid(std::string_view ssid, Octets& out) {
    append(out, {0, static_cast<std::uint8_t>(ssid.size())});
    for (const char c : ssid) out.push_back(static_cast<std::uint8_t>(c));
}

/// The FCS behind what began at `begin`; damage comes after it.
void finish(std::size_t begin, Damage damage, Octets& out) {
    append_little(out, sensor::frame_check(std::span(out).subspan(begin)), 4);
    if (damage == Damage::none) return;
    const std::size_t size = out.size() - begin;
    out[begin + 12 + size / 3] ^= 0x41;
    out[begin + size / 2] ^= 0x08;
}

}  // namespace

void append_probe_request(
    const sensor::Address& from, std::uint16_t sequence, std::string_view ssid,
    std::span<const std::uint8_t> elements, const WifiReception& reception, Octets& out) {
    constexpr std::array<std::uint8_t, 6> kAny{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    append_radiotap(reception, out);
    const std::size_t begin = out.size();
    append_header(0x40, from, kAny, sequence, out);
    append_ssid(ssid, out);
    for (std::size_t i = 0; i + 2 <= elements.size(); i += std::size_t{2} + elements[i + 1]) {
        const std::size_t element = out.size();
        append(out, elements.subspan(i, std::size_t{2} + elements[i + 1]));
        constexpr std::uint8_t kDsParameterSet = 3;
        if (elements[i] == kDsParameterSet) out[element + 2] = reception.channel;
    }
    finish(begin, reception.damage, out);
}

void append_beacon(
    const sensor::Address& from, std::uint16_t sequence, std::string_view ssid,
    std::uint64_t uptime_us, const WifiReception& reception, Octets& out) {
    append_radiotap(reception, out);
    const std::size_t begin = out.size();
    append_header(0x80, from, from, sequence, out);
    append_little(out, uptime_us, 8);
    append(out, {100, 0, 0x11, 0x04});
    append_ssid(ssid, out);
    append(out, {1, 8, 0x82, 0x84, 0x8B, 0x96, 0x0C, 0x12, 0x18, 0x24, 3, 1, reception.channel});
    finish(begin, reception.damage, out);
}

void append_advertisement(
    std::span<const std::uint8_t> pdu, const BleReception& reception, Octets& out) {
    const std::uint8_t physical = reception.channel == 37 ? 0 : reception.channel == 38 ? 12 : 39;
    // Dewhitened, strength valid, address valid; where the radio says so: CRC checked, and wrong.
    const bool marked = reception.damage == Damage::marked;
    append(out, {physical, static_cast<std::uint8_t>(reception.rssi_dbm), 0x80, 0});
    append(out, {0xD6, 0xBE, 0x89, 0x8E});
    append_little(out, marked ? 0x0413 : 0x0013, 2);
    append(out, {0xD6, 0xBE, 0x89, 0x8E});
    const std::size_t begin = out.size();
    append(out, pdu);
    append_little(out, sensor::ble_check(pdu), 3);
    constexpr std::size_t kInAddress = 4;
    if (reception.damage != Damage::none) out[begin + kInAddress] ^= 0x11;
}

}  // namespace mobilytics::simulation
