#include "pipeline/measure/tracks/numbers.h"

#include <algorithm>

namespace mobilytics::measure {

namespace {

constexpr std::uint64_t kOne = 1 << 16;

/// How often more than by chance a number is `ahead`, if such steps are exponential with this mean
/// (in 1/256) and wrap at 4096: in 2^-16.
std::uint64_t density(std::uint64_t ahead, std::uint64_t mean) {
    if (8 * ahead >= mean) return 0;                                  // 32 means and more.
    const std::uint64_t chance = (std::uint64_t{4096} << 24) / mean;  // 4096 / mean, in 2^-16.
    const std::uint64_t more = chance * exp_minus((ahead << 24) / mean);
    const std::uint64_t round = exp_minus(chance);  // Of a whole round: of short steps none.
    return round == 0 ? more >> 30 : more / ((std::uint64_t{1} << 30) - round);
}

}  // namespace

NumberScore score_number(
    std::uint32_t ahead, std::int64_t dt_ms, std::int32_t rate, std::uint32_t carry) {
    // A track's own rate, where it is known, else 0.8 a second; and a quarter of them may be far.
    const std::int64_t near =
        rate >= 0 ? 4 * 256 + rate * dt_ms * 13 / 10'000 : 6 * 256 + dt_ms * 256 * 8 / 10'000;
    const std::int64_t far = 40 * 256 + dt_ms * 256 * 5 / 1'000;
    const auto mean = static_cast<std::uint64_t>(std::min<std::int64_t>(near, 1'500 * 256));
    const auto mean_far = static_cast<std::uint64_t>(std::min<std::int64_t>(far, 3'000 * 256));
    const std::uint64_t went_on =
        carry * ((3 * density(ahead, mean) + density(ahead, mean_far)) / 4) / kOne;
    const std::uint64_t same = std::max<std::uint64_t>(1, went_on + kOne - carry);
    return {log_of(same) - 16 * kLog2, static_cast<std::uint32_t>(went_on * kOne / same)};
}

}  // namespace mobilytics::measure
