#include "pipeline/ingest/boot_clock.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pipeline/ingest/boot_state.h"

namespace mobilytics::ingest {
namespace {

using namespace std::chrono_literals;
using wire::ClockState;

constexpr Instant kNow{std::chrono::microseconds{1'787'304'600'000'000}};
constexpr std::chrono::hours kYear{24 * 365};
const TimePolicy kPolicy;

OwnTime own(ClockState state, Instant started, std::uint64_t mono_us = 60'000'000) {
    return {started, state, mono_us, 2s};
}

TEST(BootClock, AStrongClockIsBelieved) {
    for (const auto state : {ClockState::ntp, ClockState::gps}) {
        EXPECT_EQ(
            timing_of(own(state, kNow - 2s), {}, kNow, kPolicy),
            (Timing{kNow - 2s, TimedBy::clock, false}));
        EXPECT_EQ(
            timing_of(own(state, kNow - 30 * kYear), {}, kNow, kPolicy),
            (Timing{kNow - 30 * kYear, TimedBy::clock, false}));  // An old capture.
    }
}

TEST(BootClock, TheFutureIsNotBelieved) {
    EXPECT_EQ(
        timing_of(own(ClockState::ntp, kNow + 5min), {}, kNow, kPolicy),
        (Timing{kNow + 5min, TimedBy::clock, false}));
    const auto late = own(ClockState::ntp, kNow + 5min + 1us);
    EXPECT_EQ(timing_of(late, {}, kNow, kPolicy), (Timing{kNow - 2s, TimedBy::bracket, true}));
    const auto decade = own(ClockState::rtc, kNow + 10 * kYear);
    EXPECT_EQ(timing_of(decade, {}, kNow, kPolicy), (Timing{kNow - 2s, TimedBy::bracket, true}));
    BootClock boot;
    EXPECT_TRUE(offer_anchor(boot, {50'000'000, kNow - 12s, ClockState::ntp, 0}, kNow, kPolicy));
    EXPECT_EQ(timing_of(decade, boot, kNow, kPolicy), (Timing{kNow - 2s, TimedBy::anchor, false}));
}

TEST(BootClock, ABatteryClockGivesWayToAStrongAnchorOnly) {
    const auto report = own(ClockState::rtc, kNow - 1h);
    BootClock boot;
    EXPECT_EQ(timing_of(report, boot, kNow, kPolicy), (Timing{kNow - 1h, TimedBy::clock, false}));
    ASSERT_TRUE(offer_anchor(boot, {60'000'000, kNow - 2h, ClockState::rtc, 0}, kNow, kPolicy));
    EXPECT_EQ(timing_of(report, boot, kNow, kPolicy), (Timing{kNow - 1h, TimedBy::clock, false}));
    ASSERT_TRUE(offer_anchor(boot, {90'000'000, kNow - 30s, ClockState::gps, 0}, kNow, kPolicy));
    EXPECT_EQ(timing_of(report, boot, kNow, kPolicy), (Timing{kNow - 60s, TimedBy::anchor, false}));
    // One whose battery is empty is none.
    EXPECT_EQ(
        timing_of(own(ClockState::rtc, kNow - 20 * kYear), {}, kNow, kPolicy).by, TimedBy::bracket);
}

TEST(BootClock, WithoutAnyClockAReportIsBracketedAndUncertain) {
    BootClock boot;
    const auto first = own(ClockState::unset, Instant(), 10'000'000);
    const auto second = own(ClockState::floor, kNow - 100h, 12'000'000);
    offer_arrival(boot, first, kNow);
    offer_arrival(boot, second, kNow);
    // The second was there at kNow, so that the first was over two seconds before.
    EXPECT_EQ(timing_of(first, boot, kNow, kPolicy), (Timing{kNow - 4s, TimedBy::bracket, true}));
    EXPECT_EQ(timing_of(second, boot, kNow, kPolicy), (Timing{kNow - 2s, TimedBy::bracket, true}));
    boot.not_before = kNow - 3s;
    EXPECT_EQ(timing_of(first, boot, kNow, kPolicy), (Timing{kNow - 3s, TimedBy::bracket, true}));
    boot.not_before = kNow + 1h;
    EXPECT_EQ(timing_of(first, boot, kNow, kPolicy), (Timing{kNow - 2s, TimedBy::bracket, true}));
}

TEST(BootClock, ABadAnchorIsNone) {
    BootClock boot;
    const wire::ClockAnchor bad[] = {
        {0, kNow, ClockState::unset, 0},
        {0, kNow, ClockState::floor, 0},
        {0, kNow + 5min + 1us, ClockState::ntp, 0},
        {0, kTimeEarliest - 1us, ClockState::gps, 0},
        {0, kBatteryClockEarliest - 1us, ClockState::rtc, 0},
        {0, kNow, ClockState::ntp, 10'000'001},
        {kMonotonicMaxUs + 1, kNow, ClockState::ntp, 0},
    };
    for (const auto& anchor : bad) EXPECT_FALSE(offer_anchor(boot, anchor, kNow, kPolicy));
    EXPECT_EQ(boot, BootClock());
}

TEST(BootClock, WhatIsTooOldByPolicyIsUncertain) {
    const TimePolicy policy{.age_max = 24h};
    EXPECT_FALSE(timing_of(own(ClockState::ntp, kNow - 24h), {}, kNow, policy).uncertain);
    EXPECT_TRUE(timing_of(own(ClockState::ntp, kNow - 24h - 1us), {}, kNow, policy).uncertain);
}

TEST(BootClock, ASensorThatChangesItsMindTooOftenIsNotListenedTo) {
    BootClock boot;
    for (int i = 0; i < 2 * kRetimingsMax; ++i) {
        const auto mono = static_cast<std::uint64_t>(1'000'000 - i);
        EXPECT_EQ(
            offer_anchor(boot, {mono, kNow, ClockState::ntp, 0}, kNow, kPolicy), i < kRetimingsMax);
    }
}

RC_GTEST_PROP(BootClock, TheBestAnchorIsTheSameInAnyOrder, ()) {
    std::vector<wire::ClockAnchor> anchors;
    for (int i = *rc::gen::inRange(1, 8); i > 0; --i) {
        anchors.push_back(
            {*rc::gen::inRange<std::uint64_t>(0, 1000),
             kNow - std::chrono::seconds(*rc::gen::inRange(-600, 600)),
             *rc::gen::element(
                 ClockState::floor, ClockState::rtc, ClockState::ntp, ClockState::gps),
             *rc::gen::inRange<std::uint32_t>(0, 20'000'000)});
    }
    const auto best = [&](const auto& order) {
        BootClock boot;
        for (const auto& anchor : order) offer_anchor(boot, anchor, kNow, kPolicy);
        return boot.anchor;
    };
    auto shuffled = anchors;
    std::ranges::sort(shuffled, {}, &wire::ClockAnchor::wall);
    RC_ASSERT(best(anchors) == best(shuffled));
}

}  // namespace
}  // namespace mobilytics::ingest
