#include "pipeline/report/people.h"

#include <gtest/gtest.h>

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kQuarterUs = 900'000'000;

store::Calibration factor_of(double factor, double low, double high, std::int64_t days) {
    store::Calibration out;
    out.model = "model_1";
    out.factor = factor;
    out.low = low;
    out.high = high;
    out.days = days;
    out.newest_day = "2026-08-20";
    return out;
}
CalibratedPart part(const store::Calibration& by, double present, std::int64_t quarters) {
    const auto covered = quarters * kQuarterUs;
    return {by, static_cast<std::int64_t>(present * static_cast<double>(covered)), covered, 50};
}

TEST(People, AreDevicesTimesTheFactorWithBothUncertainties) {
    // No other uncertainty than the count's: Garwood's of 20 at one moment, times 1.5.
    const auto sure = factor_of(1.5, 1.5, 1.5, 5);
    const auto moment = people_of(std::vector{part(sure, 20, 1)}, 15min);
    EXPECT_EQ(moment, (PeopleFigures{30, 19.8, 43.6}));
    // Over a day, a twenty-fourth of its variance is left.
    const auto day = people_of(std::vector{part(sure, 20, 96)}, 24h);
    EXPECT_EQ(day, (PeopleFigures{30, 27.9, 32.8}));
    // Of a single day of counting: half to twice, however long it is.
    const auto single = factor_of(1.5, 0.75, 3, 1);
    const auto wide = people_of(std::vector{part(single, 20, 96)}, 24h);
    EXPECT_EQ(wide->mean, 30);
    EXPECT_NEAR(wide->low, 15, 0.3);
    EXPECT_NEAR(wide->high, 60, 0.3);
    // Of five days within a tenth: one more day may be off by the root of six times that.
    const auto days = factor_of(1.5, 1.5 / 1.1, 1.5 * 1.1, 5);
    const auto usual = people_of(std::vector{part(days, 20, 96)}, 24h);
    EXPECT_NEAR(usual->high, 38.4, 0.2);
    EXPECT_NEAR(people_of(std::vector{part(days, 20, 96 * 30)}, 24h * 30)->high, 33.3, 0.2);
}

TEST(People, PartsAreWeighedByHowLongTheyWereHeard) {
    const auto one = factor_of(1, 1, 1, 3), two = factor_of(2, 2, 2, 3);
    const auto both = people_of(std::vector{part(one, 10, 3), part(two, 10, 1)}, 1h);
    EXPECT_EQ(both->mean, 12.5);
    EXPECT_EQ(people_of({}, 1h), std::nullopt);
    EXPECT_EQ(people_of(std::vector{part(one, 0, 4)}, 1h)->mean, 0);
}

TEST(People, AFactorAgesAndDrifts) {
    const auto now = *parse_iso8601("2026-08-21T12:00:00Z");
    auto by = factor_of(1.23456, 1, 2, 3);
    EXPECT_EQ(told(by, now).age_days, 1);
    EXPECT_EQ(told(by, now).factor, 1.2346);
    EXPECT_EQ(told(by, now).gate_dbm, std::nullopt);
    EXPECT_EQ(told(by, now).state, CalibrationState::fresh);
    EXPECT_EQ(told(by, now + 24h * 90).state, CalibrationState::ageing);
    EXPECT_EQ(told(by, now + 24h * 366).state, CalibrationState::old);
    by.drifting = true;
    EXPECT_EQ(told(by, now).state, CalibrationState::drifting);
}

TEST(People, RestOnEnoughDevicesInEveryPart) {
    const auto by = factor_of(1, 1, 1, 3);
    CalibratedSlots slots{{{part(by, 10, 4)}, {part(by, 10, 4), part(by, 10, 4)}}, {}};
    slots.slots[1][1].devices = 3;
    const std::vector<Instant> ends{Instant{}, Instant{1h}, Instant{2h}};
    const auto by_slot = people_by_slot(slots, ends, 10);
    EXPECT_EQ(by_slot[0]->mean, 10);
    EXPECT_EQ(by_slot[1], std::nullopt);
    EXPECT_EQ(people_together(slots, ends, 10), std::nullopt);
    EXPECT_EQ(people_together(slots, ends, 3)->mean, 10);
    const auto partly = told(slots, true, 24 * kQuarterUs, Instant{1000h});
    EXPECT_EQ(partly.basis, Basis::people);
    EXPECT_EQ(partly.share, 0.5);
    EXPECT_EQ(partly.models.size(), 1U);
    EXPECT_EQ(told(slots, false, 24 * kQuarterUs, Instant{1000h}).reason, NoPeople::suppressed);
}

}  // namespace
}  // namespace mobilytics::report
