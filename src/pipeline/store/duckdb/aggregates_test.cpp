#include "pipeline/store/duckdb/aggregates.h"

#include <cstring>
#include <random>

#include <gtest/gtest.h>

namespace mobilytics::store {
namespace {

using measure::ReachSketch;

/// Sketches of all sizes, overlapping, united in any order and in two heaps.
TEST(ReachAccumulator, GivesWhatUnitingOneAfterTheOtherGives) {
    for (const std::uint64_t devices : {0, 1, 400, 600, 4000, 4096, 4200, 9000, 60'000}) {
        SCOPED_TRACE(devices);
        std::mt19937_64 random(devices);
        ReachSketch expected;
        ReachAccumulator one;
        ReachAccumulator two;
        for (std::uint64_t first = 0; first < devices;) {
            ReachSketch sketch;
            const auto count = 1 + random() % (first % 7 == 0 ? 6000 : 90);
            for (std::uint64_t i = 0; i < count; ++i) {
                sketch.add(1, std::min(devices, first + random() % (2 * count)));
            }
            first += count;
            expected.unite(sketch);
            const auto bytes = sketch.bytes();
            EXPECT_TRUE((random() % 3 == 0 ? one : two).add({bytes}));
        }
        auto copy = two;
        ReachAccumulator first_in_two = std::move(copy);
        first_in_two.unite(ReachAccumulator(one));
        one.unite(std::move(two));
        EXPECT_EQ(one.sketch(), expected);
        EXPECT_EQ(first_in_two.sketch(), expected);
        EXPECT_EQ(one.sketch().bytes(), expected.bytes());
    }
}

TEST(ReachAccumulator, KnowsWhatIsNoSketch) {
    ReachAccumulator reach;
    for (const std::string_view bytes :
         {"", "\3", "\1abc", "\2abc", "\1\xff\xff\xff\xff", "nonsense"}) {
        EXPECT_FALSE(reach.add({bytes}));
    }
    EXPECT_TRUE(reach.add({"\1"}));
    EXPECT_TRUE(reach.sketch().empty());
}

TEST(FrequencyBins, CountsEveryDeviceOnce) {
    FrequencyBins one;
    FrequencyBins two;
    std::array<std::int64_t, kFrequencyBins + 1> expected{};
    std::mt19937_64 random(1);
    for (int i = 0; i < 5000; ++i) {
        const auto device = random();
        const auto visits = static_cast<std::int64_t>(1 + random() % 13);
        for (std::int64_t visit = 0; visit < visits; ++visit) {
            (random() % 2 == 0 ? one : two).add(device);
        }
        ++expected[static_cast<std::size_t>(std::min<std::int64_t>(visits, 10) - 1)];
        expected.back() += visits;
    }
    for (const std::uint64_t device : {std::uint64_t{0}, ~std::uint64_t{0}}) {
        one.add(device);
        ++expected[0];
        ++expected.back();
    }
    one.unite(std::move(two));
    one.unite(FrequencyBins());
    const auto bytes = one.finish();
    ASSERT_EQ(bytes.size(), sizeof expected);
    EXPECT_EQ(std::memcmp(bytes.data(), expected.data(), sizeof expected), 0);
}

}  // namespace
}  // namespace mobilytics::store
