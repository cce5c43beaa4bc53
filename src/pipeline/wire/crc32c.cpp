#include <array>
#include <cstring>

#include "pipeline/wire/wire.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace mobilytics::wire {

namespace {

using Table = std::array<std::uint32_t, 256>;

// Eight bytes a step: M. Kounavis, F. Berry, "A systematic approach to building high performance
// software-based CRC generators", 2005. 0x82F63B78 is Castagnoli's polynomial, bits reversed.
constexpr std::array<Table, 8> kTables = [] {
    std::array<Table, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
        tables[0][i] = crc;
    }
    for (std::uint32_t i = 0; i < 256; ++i) {
        for (std::size_t table = 1; table < 8; ++table) {
            const std::uint32_t before = tables[table - 1][i];
            tables[table][i] = before >> 8 ^ tables[0][before & 0xFF];
        }
    }
    return tables;
}();

std::uint32_t portable(std::uint32_t crc, const std::uint8_t* at, std::size_t size) {
    for (; size >= 8; size -= 8, at += 8) {
        std::uint32_t low = 0;
        std::uint32_t high = 0;
        std::memcpy(&low, at, 4);
        std::memcpy(&high, at + 4, 4);
        low ^= crc;
        crc = kTables[7][low & 0xFF] ^ kTables[6][low >> 8 & 0xFF] ^ kTables[5][low >> 16 & 0xFF] ^
              kTables[4][low >> 24] ^ kTables[3][high & 0xFF] ^ kTables[2][high >> 8 & 0xFF] ^
              kTables[1][high >> 16 & 0xFF] ^ kTables[0][high >> 24];
    }
    for (; size > 0; --size, ++at) crc = crc >> 8 ^ kTables[0][(crc ^ *at) & 0xFF];
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(
    std::uint32_t crc, const std::uint8_t* at, std::size_t size) {
    std::uint64_t wide = crc;
    for (; size >= 8; size -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    crc = static_cast<std::uint32_t>(wide);
    for (; size > 0; --size, ++at) crc = _mm_crc32_u8(crc, *at);
    return crc;
}
bool has_instruction() { return __builtin_cpu_supports("sse4.2") != 0; }
#elif defined(__aarch64__)
// Debian's arm64 is ARMv8.0, where the instruction is optional; what sensors run on has it.
__attribute__((target("+crc"))) std::uint32_t by_instruction(
    std::uint32_t crc, const std::uint8_t* at, std::size_t size) {
    for (; size >= 8; size -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        crc = __crc32cd(crc, word);
    }
    for (; size > 0; --size, ++at) crc = __crc32cb(crc, *at);
    return crc;
}
bool has_instruction() { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }
#else
std::uint32_t by_instruction(std::uint32_t crc, const std::uint8_t* at, std::size_t size) {
    return portable(crc, at, size);
}
bool has_instruction() { return false; }
#endif

}  // namespace

std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before) {
    static const bool fast = has_instruction();
    return ~(fast ? by_instruction : portable)(~before, bytes.data(), bytes.size());
}

std::uint32_t crc32c_portable(std::span<const std::uint8_t> bytes, std::uint32_t before) {
    return ~portable(~before, bytes.data(), bytes.size());
}

}  // namespace mobilytics::wire
