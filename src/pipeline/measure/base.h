#pragma once
// Facts of one bucket from two sources that do not know each other's visits.

#include "pipeline/measure/facts.h"

namespace mobilytics::measure {

/// Adds what was known before, from reports that are no longer kept. Counts add up; of occupancy
/// nothing better is known than that it was at least the larger and at most the sum: the larger
/// least, and the sum of the most, are told. Devices are counted where both were: see unite().
/// Time covered at most is all of it.
void add_base(BucketFacts& facts, const BucketFacts& base);

/// Of all but `corrected`: equal facts, equal digests.
std::uint64_t digest_of(const BucketFacts& facts);

}  // namespace mobilytics::measure
