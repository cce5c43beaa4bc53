#include "pipeline/sensor/decode/checksums.h"

#include <array>

namespace mobilytics::sensor {

namespace {

/// Tables for eight octets at a time: entry [k][b] is what octet b does to the checksum when k more
/// octets follow it.
template <std::uint32_t polynomial>
constexpr auto slices() {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t octet = 0; octet < 256; ++octet) {
        std::uint32_t value = octet;
        for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? polynomial : 0);
        tables[0][octet] = value;
    }
    for (std::size_t k = 1; k < 8; ++k) {
        for (std::size_t octet = 0; octet < 256; ++octet) {
            const std::uint32_t before = tables[k - 1][octet];
            tables[k][octet] = before >> 8 ^ tables[0][before & 0xFF];
        }
    }
    return tables;
}

/// Octets' bits are taken from the lowest, so polynomial and register stand reflected.
template <std::uint32_t polynomial>
std::uint32_t remainder(std::uint32_t value, std::span<const std::uint8_t> octets) {
    static constexpr auto kSlices = slices<polynomial>();
    std::size_t i = 0;
    for (; i + 8 <= octets.size(); i += 8) {
        const std::uint32_t low =
            value ^ (octets[i] | std::uint32_t{octets[i + 1]} << 8 |
                     std::uint32_t{octets[i + 2]} << 16 | std::uint32_t{octets[i + 3]} << 24);
        value = kSlices[7][low & 0xFF] ^ kSlices[6][low >> 8 & 0xFF] ^
                kSlices[5][low >> 16 & 0xFF] ^ kSlices[4][low >> 24] ^ kSlices[3][octets[i + 4]] ^
                kSlices[2][octets[i + 5]] ^ kSlices[1][octets[i + 6]] ^ kSlices[0][octets[i + 7]];
    }
    for (; i < octets.size(); ++i) value = value >> 8 ^ kSlices[0][(value ^ octets[i]) & 0xFF];
    return value;
}

}  // namespace

std::uint32_t frame_check(std::span<const std::uint8_t> octets) {
    return ~remainder<0xEDB88320>(0xFFFFFFFF, octets);
}

std::uint32_t ble_check(std::span<const std::uint8_t> octets) {
    return remainder<0xDA6000>(0xAAAAAA, octets);
}

}  // namespace mobilytics::sensor
