#pragma once
// How well a sequence number goes on from another.

#include <cstdint>

#include "pipeline/measure/tracks/logarithm.h"

namespace mobilytics::measure {

struct NumberScore {
    Nats score = 0;
    std::uint32_t by_number = 0;  // How likely it is that the number went on, in 2^-16.
};

/// `ahead` by 0..4095 after `dt_ms`; `rate` is the track's, in 1/256 a second, or -1; `carry` the
/// share of this model's links whose numbers went on, in 2^-16. Against a number of chance.
NumberScore score_number(
    std::uint32_t ahead, std::int64_t dt_ms, std::int32_t rate, std::uint32_t carry);

}  // namespace mobilytics::measure
