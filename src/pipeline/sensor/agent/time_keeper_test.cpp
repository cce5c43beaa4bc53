#include "pipeline/sensor/agent/time_keeper.h"

#include <gtest/gtest.h>

namespace mobilytics::sensor {
namespace {

using wire::ClockState;

struct ManualMachine final : MachineTime {
    Reading read() const override { return reading; }
    void pass(std::uint64_t us) {
        reading.mono_us += us;
        reading.wall += std::chrono::microseconds(us);
    }
    Reading reading;
};

Instant instant(std::string_view text) { return *parse_iso8601(text); }

TEST(TimeKeeper, WithoutAClockGoesOnFromTheLastTimeKnown) {
    ManualMachine machine;
    machine.reading.mono_us = 7'000'000;  // 1970, seven seconds after power came.
    TimeKeeper keeper(machine, instant("2026-08-21T09:00:00Z"));
    machine.pass(60'000'000);
    keeper.update();
    EXPECT_EQ(to_iso8601(keeper.now().wall), "2026-08-21T09:01:00.000000Z");
    EXPECT_EQ(keeper.now().state, ClockState::floor);
    EXPECT_TRUE(keeper.take_anchors().empty());
}

TEST(TimeKeeper, IsNeverBeforeItsProgram) {
    ManualMachine machine;
    const TimeKeeper keeper(machine, Instant());
    EXPECT_EQ(keeper.now().wall, kEarliest);
}

TEST(TimeKeeper, AnchorsWhenTheNetworksTimeComes) {
    ManualMachine machine;
    machine.reading.mono_us = 7'000'000;
    TimeKeeper keeper(machine, instant("2026-08-21T09:00:00Z"));
    machine.pass(60'000'000);
    machine.reading.wall = instant("2026-08-23T12:00:00Z");
    machine.reading.synchronised = true;
    machine.reading.error_us = 4'000;
    keeper.update();
    EXPECT_EQ(keeper.now().state, ClockState::ntp);
    EXPECT_EQ(keeper.now().wall, machine.reading.wall);
    const std::vector<wire::ClockAnchor> expected{
        {67'000'000, instant("2026-08-23T12:00:00Z"), ClockState::ntp, 4'000}};
    EXPECT_EQ(keeper.take_anchors(), expected);
    EXPECT_TRUE(keeper.take_anchors().empty());
    keeper.update();
    EXPECT_TRUE(keeper.take_anchors().empty());
}

TEST(TimeKeeper, TakesTheTimeOfSatellitesWhereThereIsNoNetwork) {
    ManualMachine machine;
    TimeKeeper keeper(machine, instant("2026-08-21T09:00:00Z"));
    machine.pass(5'000'000);
    keeper.fix_heard(instant("2006-08-21T09:00:00Z"));  // Twenty years and a bit too early.
    EXPECT_EQ(keeper.now().state, ClockState::floor);
    keeper.fix_heard(instant("2026-08-22T10:00:00Z"));
    EXPECT_EQ(keeper.now().state, ClockState::gps);
    EXPECT_EQ(keeper.now().wall, instant("2026-08-22T10:00:00Z"));
    ASSERT_EQ(keeper.take_anchors().size(), 1u);
    machine.pass(1'000'000);
    keeper.fix_heard(instant("2026-08-22T10:00:01.4Z"));  // Jitter: not worth a step.
    EXPECT_EQ(keeper.now().wall, instant("2026-08-22T10:00:01Z"));
    EXPECT_TRUE(keeper.take_anchors().empty());
    machine.pass(3'600'000'000);  // Tunnels: it goes on by the monotonic clock.
    keeper.update();
    EXPECT_EQ(keeper.now().wall, instant("2026-08-22T11:00:01Z"));
    EXPECT_EQ(keeper.now().state, ClockState::gps);
}

TEST(TimeKeeper, AnchorsAStepAndNotASlew) {
    ManualMachine machine;
    machine.reading.wall = instant("2026-08-21T09:00:00Z");
    machine.reading.synchronised = true;
    TimeKeeper keeper(machine, Instant());
    EXPECT_EQ(keeper.take_anchors().size(), 1u);
    machine.reading.wall += std::chrono::milliseconds(900);
    keeper.update();
    EXPECT_TRUE(keeper.take_anchors().empty());
    EXPECT_EQ(keeper.now().wall, machine.reading.wall);
    machine.reading.wall += std::chrono::milliseconds(1'500);
    keeper.update();
    EXPECT_EQ(keeper.take_anchors().size(), 1u);
}

TEST(TimeKeeper, BelievesARealTimeClockMoreThanTheLastTimeKnown) {
    ManualMachine machine;
    machine.reading.wall = instant("2026-08-21T09:00:00Z");
    machine.reading.has_rtc = true;
    const TimeKeeper keeper(machine, instant("2026-08-20T09:00:00Z"));
    EXPECT_EQ(keeper.now().state, ClockState::rtc);
    EXPECT_EQ(keeper.now().wall, machine.reading.wall);
}

TEST(TimeKeeper, KnowsWhenAStampWas) {
    ManualMachine machine;
    machine.reading.wall = instant("2026-08-21T09:00:00Z");
    machine.reading.mono_us = 50'000'000;
    const TimeKeeper keeper(machine, Instant());
    EXPECT_EQ(keeper.mono_of(instant("2026-08-21T08:59:59.5Z")), 49'500'000u);
    EXPECT_EQ(keeper.mono_of(instant("2020-08-21T08:59:59.5Z")), 0u);
}

}  // namespace
}  // namespace mobilytics::sensor
