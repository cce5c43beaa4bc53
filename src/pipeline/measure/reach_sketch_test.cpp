#include "pipeline/measure/reach_sketch.h"

#include <cmath>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mobilytics::measure {
namespace {

/// The devices first, first + 1, ... of one epoch.
ReachSketch sketch_of(std::uint64_t first, std::size_t count) {
    ReachSketch out;
    for (std::uint64_t i = 0; i < count; ++i) out.add(7, first + i);
    return out;
}

TEST(ReachSketch, NobodyIsNobody) {
    EXPECT_EQ(ReachSketch().estimate(), 0.0);
    EXPECT_TRUE(ReachSketch().empty());
    EXPECT_EQ(ReachSketch::from_bytes(ReachSketch().bytes()), ReachSketch());
}

TEST(ReachSketch, ADeviceIsCountedOnceInAnEpoch) {
    ReachSketch sketch;
    for (int i = 0; i < 3; ++i) sketch.add(1, 42);
    EXPECT_EQ(std::lround(sketch.estimate()), 1);
    sketch.add(2, 42);
    EXPECT_EQ(std::lround(sketch.estimate()), 2);
}

TEST(ReachSketch, SmallCountsAreExact) {
    for (const std::size_t count : {1, 9, 10, 11, 100, 500}) {
        EXPECT_EQ(std::lround(sketch_of(1'000'000 * count, count).estimate()), count);
    }
}

/// Relative root mean square error over `runs` sets of `count` devices, and the mean error.
std::pair<double, double> errors(std::size_t count, int runs) {
    double squares = 0;
    double sum = 0;
    for (int run = 0; run < runs; ++run) {
        const auto first = static_cast<std::uint64_t>(run) << 40 | count << 20;
        const double off = sketch_of(first, count).estimate() / double(count) - 1;
        squares += off * off;
        sum += off;
    }
    return {std::sqrt(squares / runs), sum / runs};
}

TEST(ReachSketch, SmallSketchesAreOffByOneInAThousandAtMost) {
    for (const std::size_t count : {1'000, 2'000, 4'000}) {
        EXPECT_LT(errors(count, 30).first, 0.001) << count;
    }
}

/// The promise of 0.81 %; of 60 runs, the spread lies within a third of it, and the mean within
/// three of its own standard errors.
TEST(ReachSketch, TheStandardErrorIsAsPromisedAtEverySize) {
    for (const std::size_t count : {5'000, 8'000, 16'000, 40'000, 100'000}) {
        const auto [spread, bias] = errors(count, 60);
        EXPECT_LT(spread, 0.0081 * 1.33) << count;
        EXPECT_LT(std::abs(bias), 3 * 0.0081 / std::sqrt(60)) << count;
    }
}

TEST(ReachSketch, AMillionIsWithinThreeStandardErrors) {
    EXPECT_NEAR(sketch_of(1, 1'000'000).estimate(), 1e6, 3 * 0.0081 * 1e6);
}

RC_GTEST_PROP(ReachSketch, TheBytesDoNotDependOnTheOrder, ()) {
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    const auto count = *rc::gen::elementOf(std::vector<std::size_t>{3, 300, 4'096, 4'097, 9'000});
    std::vector<std::uint64_t> devices(count);
    std::mt19937_64 random(seed);
    for (auto& device : devices) device = random();
    ReachSketch one;
    for (const auto device : devices) one.add(1, device);
    std::shuffle(devices.begin(), devices.end(), random);
    ReachSketch other;
    for (const auto device : devices) {
        other.add(1, device);
        if (device % 3 == 0) other.add(1, device);
    }
    RC_ASSERT(one.bytes() == other.bytes());
    RC_ASSERT(ReachSketch::from_bytes(one.bytes()) == one);
}

RC_GTEST_PROP(ReachSketch, TheUnionIsTheSketchOfTheUnion, ()) {
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint32_t>());
    const auto size = [] {
        return *rc::gen::elementOf(std::vector<std::size_t>{0, 1, 50, 3'000, 4'096, 20'000});
    };
    ReachSketch one;
    ReachSketch other;
    ReachSketch both;
    const std::uint64_t range = size() + size() + 1;  // Small ones overlap.
    for (std::size_t i = size(); i > 0; --i) {
        const auto device = random() % range;
        one.add(1, device);
        both.add(1, device);
    }
    for (std::size_t i = size(); i > 0; --i) {
        const auto device = random() % range;
        other.add(1, device);
        both.add(1, device);
    }
    auto united = one;
    united.unite(other);
    auto from_bytes = other;
    RC_ASSERT(from_bytes.unite(one.bytes()));
    RC_ASSERT(united == both);
    RC_ASSERT(from_bytes == both);
    RC_ASSERT(both.estimate() >= std::max(one.estimate(), other.estimate()) - 1e-6);
}

TEST(ReachSketch, OtherBytesAreRefusedAndChangeNothing) {
    const auto small = sketch_of(1, 5).bytes();
    const auto large = sketch_of(1, 5'000).bytes();
    auto swapped = small;
    std::swap_ranges(swapped.begin() + 1, swapped.begin() + 5, swapped.begin() + 5);
    auto twice = small + small.substr(small.size() - 4);
    auto rank = large;
    rank[9] = 52;
    auto none = small;
    none[1] = static_cast<char>(none[1] & ~63);
    auto sketch = sketch_of(100, 7);
    const auto before = sketch;
    for (const auto& bad :
         {std::string(), std::string("\3"), small.substr(0, 6), large.substr(0, 99), swapped, twice,
          rank, none, large + "x", std::string(1 + 4 * 4'097, '\1')}) {
        EXPECT_FALSE(sketch.unite(bad));
        EXPECT_FALSE(ReachSketch::from_bytes(bad));
        EXPECT_EQ(sketch, before);
    }
}

/// Stored sketches must stay readable: these bytes never change.
TEST(ReachSketch, TheBytesAreThoseOfTheFormat) {
    ReachSketch sketch;
    sketch.add(0, 0);
    sketch.add(1, 2);
    const auto bytes = sketch.bytes();
    ASSERT_EQ(bytes.size(), 9);
    EXPECT_EQ(bytes[0], 1);
    std::string hex;
    for (const char c : bytes) {
        hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        hex += "0123456789abcdef"[c & 15];
    }
    EXPECT_EQ(hex, "01032e0d0402c11024");
}

}  // namespace
}  // namespace mobilytics::measure
