#pragma once
// What happens to counts when captures are worse, or phones other, than those that the rules were
// measured on.

#include "apps/accuracy/evaluation.h"

namespace mobilytics::accuracy {

/// A share of the frames is not heard.
Change with_loss(double share);
Change without_numbers();
Change without_strength();
/// Each frame's time is off by up to so much.
Change with_jitter(std::int64_t most_ms);
/// Half of the devices have two or three lists, one at each burst, or at each frame.
Change with_several_lists(bool by_frame);
/// A share of the devices sends one of 55 forms of the same list, another at each burst, or frame.
Change with_varying_octets(double share, bool by_frame);
/// One after the other.
Change both(Change first, Change second);

/// Of the devices of counted rooms, made to hide, a line for each.
std::vector<Figure> evaluate_perturbed(
    const std::vector<Recording>& recordings, std::uint64_t seed);

}  // namespace mobilytics::accuracy
