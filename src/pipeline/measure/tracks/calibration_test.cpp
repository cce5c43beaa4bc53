#include "pipeline/measure/tracks/calibration.h"

#include <cmath>

#include <gtest/gtest.h>

namespace mobilytics::measure {
namespace {

std::chrono::sys_days day(int number) { return std::chrono::sys_days(std::chrono::days(number)); }

CountedBins bins(const std::vector<std::tuple<int, double, double>>& counted) {
    CountedBins out{{-70}, {}};
    for (const auto& [of, devices, people] : counted) {
        out.bins.push_back({day(of), people, {devices}});
    }
    return out;
}

TEST(Calibration, AnExactFactorIsFound) {
    const auto found = calibrate(bins({{1, 4, 8}, {1, 5, 10}, {2, 3, 6}, {3, 10, 20}}));
    ASSERT_TRUE(found);
    EXPECT_DOUBLE_EQ(found->factor, 2);
    EXPECT_NEAR(found->factor_low, 2, 1e-9);
    EXPECT_NEAR(found->factor_high, 2, 1e-9);
    EXPECT_DOUBLE_EQ(found->dispersion, 0.05);
    EXPECT_NEAR(found->error, 0, 1e-12);
    EXPECT_EQ(found->bins, 4U);
    EXPECT_EQ(found->days, 3U);
    EXPECT_EQ(found->newest, day(3));
    EXPECT_EQ(found->residuals.size(), 4U);
}

TEST(Calibration, TheFactorLiesBetweenThatOfAllAndThatOfTheBusy) {
    // All: 12 people on 8 devices; busy: 10 on 4.
    const auto found = calibrate(bins({{1, 4, 10}, {2, 4, 2}}));
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->factor, std::cbrt(1.5 * 2.5 * 2.5), 1e-12);
}

TEST(Calibration, EachDayIsHeldAgainstTheOthers) {
    const auto found = calibrate(bins({{1, 10, 10}, {2, 10, 20}, {3, 10, 20}}));
    ASSERT_TRUE(found);
    EXPECT_DOUBLE_EQ(found->residuals[0].expected, 20);
    EXPECT_DOUBLE_EQ(found->residuals[1].expected, 15);
    EXPECT_NEAR(found->error, (1.0 + 0.25 + 0.25) / 3, 1e-12);
    EXPECT_LT(found->factor_low, found->factor);
    EXPECT_GT(found->factor_high, found->factor);
}

TEST(Calibration, TheGateIsTheOneThatDoesBestWithItsNeighbours) {
    CountedBins counted{{-80, -76, -60, -40}, {}};
    // -80 and -76 hear the people; -60 does by luck alone, with nobody near it.
    for (int of = 1; of <= 4; ++of) {
        const double people = 5 + of;
        counted.bins.push_back({day(of), people, {people / 2, people / 2 + 0.01, 3, 0}});
    }
    const auto found = calibrate(counted);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->gate_dbm, -80);
}

TEST(Calibration, TheEndsOfARangeHaveHalfANeighbourhood) {
    // -80 alone is exact, and -74 with those on both sides nearly: what is beyond -80 nobody knows.
    CountedBins counted{{-80, -78, -76, -74, -72, -70, -68}, {}};
    for (int of = 1; of <= 4; ++of) {
        const double people = 5 + of;
        const double near = people / 2 + (of % 2 == 0 ? 0.02 : -0.02);
        counted.bins.push_back({day(of), people, {people / 2, near, near, near, near, near, 3}});
    }
    const auto found = calibrate(counted);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->gate_dbm, -76);
}

TEST(Calibration, OfNothingThereIsNone) {
    EXPECT_FALSE(calibrate({}));
    EXPECT_FALSE(calibrate(bins({})));
    EXPECT_FALSE(calibrate(bins({{1, 5, 0}})));
    EXPECT_FALSE(calibrate(bins({{1, 0, 5}})));
}

TEST(Calibration, ASingleDayIsWide) {
    const auto found = calibrate(bins({{1, 4, 8}, {1, 5, 11}}));
    ASSERT_TRUE(found);
    EXPECT_DOUBLE_EQ(found->dispersion, 1);
    EXPECT_DOUBLE_EQ(found->factor_high, 2 * found->factor);
}

TEST(People, HaveAnIntervalThatKnowsSilence) {
    const auto fit = calibrate(bins({{1, 4, 8}, {1, 5, 10}, {2, 3, 6}, {3, 10, 20}}));
    const People none = people_of(0, *fit);
    EXPECT_EQ(none.value, 0);
    EXPECT_EQ(none.low, 0);
    // Garwood's upper limit of nothing, twice the factor's: 2.996 by the exact quantile.
    EXPECT_NEAR(none.high, 6.0, 0.2);
    const People many = people_of(50, *fit);
    EXPECT_EQ(many.value, 100);
    EXPECT_GT(many.low, 90);
    EXPECT_LT(many.high, 110);
}

TEST(Drift, RingsWhenADayIsUnlikeTheOthers) {
    const auto fit =
        calibrate(bins({{1, 10, 19}, {2, 10, 21}, {3, 10, 20}, {4, 10, 20.5}, {5, 10, 19.5}}));
    const auto same = drift_of(*fit, {{day(9), 10, 20}});
    ASSERT_TRUE(same);
    EXPECT_FALSE(same->alarm);
    const auto other = drift_of(*fit, {{day(9), 10, 30}});
    ASSERT_TRUE(other);
    EXPECT_TRUE(other->alarm);
    EXPECT_NEAR(other->ratio, 1.5, 0.01);
    EXPECT_FALSE(drift_of(*fit, {{day(9), 0, 3}}));
    EXPECT_FALSE(drift_of(*calibrate(bins({{1, 4, 8}, {2, 5, 10}})), {{day(9), 10, 20}}));
}

}  // namespace
}  // namespace mobilytics::measure
