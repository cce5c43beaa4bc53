#pragma once
// Logarithms and exponentials of whole numbers, by tables: the same bits on every machine, which
// libm does not promise. For what scores evidence; nothing here is exact beyond some 1e-5.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace mobilytics::measure {

/// Evidence: natural logarithms in units of 1/4096.
using Nats = std::int32_t;
inline constexpr int kNatsBits = 12;
constexpr Nats nats(double value) {
    return static_cast<Nats>(value * (1 << kNatsBits) + (value < 0 ? -0.5 : 0.5));
}
inline constexpr Nats kLog2 = nats(0.693147180559945309);

namespace tables {

inline constexpr std::size_t kSteps = 256;
inline constexpr int kLogBits = 24;
inline constexpr int kPowerBits = 30;

/// ln((1 + x) / (1 - x)) / 2.
constexpr double atanh_of(double x) {
    double sum = 0;
    double power = x;
    for (int n = 1; n < 60; n += 2) {
        sum += power / n;
        power *= x * x;
    }
    return sum;
}
constexpr double exp_of(double x) {
    double sum = 1;
    double term = 1;
    for (int n = 1; n < 30; ++n) sum += term *= x / n;
    return sum;
}
constexpr auto logs_above_one() {
    std::array<std::uint32_t, kSteps + 1> out{};
    for (std::size_t i = 0; i <= kSteps; ++i) {
        const double above = static_cast<double>(i) / kSteps;  // ln(1 + above).
        out[i] =
            static_cast<std::uint32_t>(2 * atanh_of(above / (2 + above)) * (1 << kLogBits) + 0.5);
    }
    return out;
}
constexpr auto powers_of_half() {
    std::array<std::uint32_t, kSteps + 1> out{};
    for (std::size_t i = 0; i <= kSteps; ++i) {
        const double x = -0.693147180559945309 * static_cast<double>(i) / kSteps;
        out[i] = static_cast<std::uint32_t>(exp_of(x) * (1 << kPowerBits) + 0.5);
    }
    return out;
}
inline constexpr auto kLogs = logs_above_one();
inline constexpr auto kPowers = powers_of_half();

}  // namespace tables

/// ln(value); of 0 as of 1.
constexpr Nats log_of(std::uint64_t value) {
    using tables::kLogBits;
    using tables::kLogs;
    if (value < 2) return 0;
    const int exponent = 63 - std::countl_zero(value);
    const std::uint64_t mantissa = value << (63 - exponent) << 1;  // What follows the first bit.
    const std::size_t step = mantissa >> 56;
    const std::uint64_t part = mantissa >> 32 & 0xFFFFFF;  // Of 2^24.
    const std::uint64_t log = kLogs[step] + ((kLogs[step + 1] - kLogs[step]) * part >> 24);
    constexpr std::uint64_t kLn2 = 11629080;  // In 2^-24.
    const std::uint64_t sum = static_cast<std::uint64_t>(exponent) * kLn2 + log;
    return static_cast<Nats>((sum + (1U << (kLogBits - kNatsBits - 1))) >> (kLogBits - kNatsBits));
}

/// e^-x in 2^-30, of x in 2^-16.
constexpr std::uint64_t exp_minus(std::uint64_t x) {
    using tables::kPowers;
    constexpr std::uint64_t kLog2Of2 = 94548;  // log2(e) in 2^-16.
    if (x >= 32U << 16) return 0;
    const std::uint64_t halvings = x * kLog2Of2 >> 8;  // In 2^-24.
    const std::uint64_t whole = halvings >> 24;
    if (whole > 31) return 0;
    const std::size_t step = halvings >> 16 & 0xFF;
    const std::uint64_t part = halvings & 0xFFFF;
    const std::uint64_t power = kPowers[step] - ((kPowers[step] - kPowers[step + 1]) * part >> 16);
    return power >> whole;
}

/// The largest whole number whose square is at most `value`. Of what std::sqrt gives, which IEEE
/// 754 prescribes to the last bit.
inline std::uint64_t root_of(std::uint64_t value) {
    constexpr std::uint64_t kMost = 0xFFFFFFFF;
    auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(value)));
    while (root > kMost || root * root > value) --root;
    while (root < kMost && (root + 1) * (root + 1) <= value) ++root;
    return root;
}

}  // namespace mobilytics::measure
