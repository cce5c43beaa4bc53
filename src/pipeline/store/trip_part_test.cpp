#include "pipeline/store/trip_part.h"

#include <gtest/gtest.h>

namespace mobilytics::store {
namespace {

using namespace std::chrono_literals;

/// An hour along a meridian at an even pace, then an hour's stand.
measure::Route route() {
    const Instant start{};
    return {
        .started = start,
        .ended = start + 2h,
        .distance_m = 10'000,
        .driving_us = 3'600'000'000,
        .parked_us = 3'600'000'000,
        .path = {
            {start, 418'000'000, -877'000'000},
            {start + 1h, 418'900'000, -877'000'000},
            {start + 2h, 418'900'000, -877'000'000}}};
}

TripSums part(Instant from, Instant to) {
    TripSums out;
    add_part(out, route(), {from, to});
    return out;
}

TEST(TripPart, IsCutAlongThePath) {
    const Instant start{};
    EXPECT_EQ(part(start, start + 2h), (TripSums{1, 10'000, 3'600'000'000, 3'600'000'000}));
    EXPECT_EQ(part(start - 1h, start + 30min), (TripSums{1, 5'000, 1'800'000'000, 0}));
    EXPECT_EQ(part(start + 1h, start + 3h), (TripSums{1, 0, 0, 3'600'000'000}));
    EXPECT_EQ(
        part(start + 30min, start + 90min), (TripSums{1, 5'000, 1'800'000'000, 1'800'000'000}));
}

TEST(TripPart, PartsMakeTheWhole) {
    const Instant start{};
    TripSums sums;
    for (auto at = start; at < start + 2h; at += 15min) add_part(sums, route(), {at, at + 15min});
    EXPECT_EQ(sums.distance_m, 10'000);
    EXPECT_EQ(sums.driving_us, 3'600'000'000);
    EXPECT_EQ(sums.parked_us, 3'600'000'000);
}

}  // namespace
}  // namespace mobilytics::store
