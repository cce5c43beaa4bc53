#pragma once
// How well a sequence number goes on from another.

#include <array>
#include <cstddef>
#include <cstdint>

#include "pipeline/measure/tracks/logarithm.h"

namespace mobilytics::measure {

/// Of 64 numbers, which 64; of -1 none of them.
inline std::size_t hundred_of(std::int16_t sequence) {
    return static_cast<std::size_t>(sequence >> 6);
}
inline std::uint32_t ahead_of(std::int16_t sequence, std::int16_t next) {
    return static_cast<std::uint32_t>(next - sequence) & 0xFFF;
}

struct NumberScore {
    Nats score = 0;
    std::uint32_t by_number = 0;  // How likely it is that the number went on, in 2^-16.
};

/// `ahead` by 0..4095 after `dt_ms`; `rate` is the track's, in 1/256 a second, or -1; `carry` the
/// share of this model's links whose numbers went on, in 2^-16. Against a number of chance.
NumberScore score_number(
    std::uint32_t ahead, std::int64_t dt_ms, std::int32_t rate, std::uint32_t carry);

namespace tables {

/// By `ahead`, in eights. A density of mean m is at most 4096/m e^(-ahead/m), and a third more
/// where numbers wrap within some means of 3 000; of all m of 4 and more that is at most 1024, and
/// 4096 / (e ahead), which is where m is ahead.
constexpr auto most_of_numbers() {
    std::array<std::uint64_t, 512> out{};  // In 2^-16.
    for (std::size_t eight = 0; eight < out.size(); ++eight) {
        const double peak =
            eight == 0 ? 1'024 : 4'096 / (2.718281828 * 8 * static_cast<double>(eight));
        out[eight] = static_cast<std::uint64_t>(1.36 * (peak < 1'024 ? peak : 1'024) * 65'536 + 1);
    }
    return out;
}
inline constexpr auto kMostOfNumbers = most_of_numbers();

}  // namespace tables

/// What score_number() is worth at most, whatever the silence and the rate.
inline Nats most_by_number(std::uint32_t ahead, std::uint32_t carry) {
    constexpr std::uint32_t whole = 1 << 16;
    const std::uint64_t most = (carry * tables::kMostOfNumbers[ahead >> 3] >> 16) + whole - carry;
    return log_of(most + 1) - 16 * kLog2 + 2;
}

}  // namespace mobilytics::measure
