#include "foundation/zone.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mobilytics {
namespace {

Instant at(const char* text) { return *parse_iso8601(text); }

std::vector<std::string> written(const std::vector<Instant>& instants) {
    std::vector<std::string> out;
    for (const auto instant : instants) out.push_back(to_iso8601(instant).substr(5, 11));
    return out;
}

TEST(Zone, OnlyIanaNamesExist) {
    for (const char* zone : {"America/Chicago", "UTC", "Asia/Kathmandu", "Australia/Lord_Howe"}) {
        EXPECT_TRUE(zone_exists(zone)) << zone;
    }
    for (const char* zone : {"", "Chicago", "../etc/passwd", "/etc/passwd", "America/Nowhere"}) {
        EXPECT_FALSE(zone_exists(zone)) << zone;
    }
}

TEST(Zone, ADayIsTheZones) {
    EXPECT_EQ(local_day(at("2026-08-21T04:59:59Z"), "America/Chicago").str(), "2026-08-20");
    EXPECT_EQ(local_day(at("2026-08-21T05:00:00Z"), "America/Chicago").str(), "2026-08-21");
    EXPECT_EQ(
        start_of(*LocalDay::parse("2026-08-21"), "America/Chicago"), at("2026-08-21T05:00:00Z"));
    for (const char* bad : {"2026-8-21", "2026-02-30", "21.8.2026", ""}) {
        EXPECT_FALSE(LocalDay::parse(bad)) << bad;
    }
}

TEST(Zone, ADayBeginsWhereMidnightIsSkipped) {
    // In Chile clocks go from 00:00 to 01:00.
    EXPECT_EQ(
        start_of(*LocalDay::parse("2026-09-06"), "America/Santiago"), at("2026-09-06T04:00:00Z"));
}

TEST(Zone, HoursAreSkippedAndRepeatedAsTheClocksAre) {
    EXPECT_EQ(
        written(boundaries(
            at("2026-03-08T07:00:00Z"), at("2026-03-08T09:30:00Z"), Grain::hour,
            "America/Chicago")),
        (std::vector<std::string>{"03-08T07:00", "03-08T08:00", "03-08T09:00", "03-08T10:00"}));
    const auto days = boundaries(
        at("2026-10-31T05:00:00Z"), at("2026-11-02T06:00:00Z"), Grain::day, "America/Chicago");
    EXPECT_EQ(
        written(days), (std::vector<std::string>{"10-31T05:00", "11-01T05:00", "11-02T06:00"}));
}

TEST(Zone, QuartersFollowZonesOfOddOffsets) {
    EXPECT_EQ(
        written(boundaries(
            at("2026-08-21T00:05:00Z"), at("2026-08-21T00:20:00Z"), Grain::hour, "Asia/Kathmandu")),
        (std::vector<std::string>{"08-20T23:15", "08-21T00:15", "08-21T01:15"}));
    // Lord Howe puts its clocks from 02:00 to 02:30: that hour is half as long.
    EXPECT_EQ(
        written(boundaries(
            at("2026-10-03T14:00:00Z"), at("2026-10-03T16:00:00Z"), Grain::hour,
            "Australia/Lord_Howe")),
        (std::vector<std::string>{"10-03T13:30", "10-03T14:30", "10-03T15:30", "10-03T16:00"}));
}

RC_GTEST_PROP(Zone, BoundariesCoverTheSpanWithoutAGap, ()) {
    const auto zone = *rc::gen::element<std::string>(
        "America/Chicago", "UTC", "Europe/Madrid", "Asia/Kathmandu", "America/Santiago",
        "Australia/Lord_Howe", "Africa/Casablanca");
    const auto grain = *rc::gen::element(Grain::quarter, Grain::hour, Grain::day);
    const auto from =
        at("2020-01-01T00:00:00Z") + std::chrono::seconds(*rc::gen::inRange(0, 86400 * 2000));
    const auto to = from + std::chrono::seconds(*rc::gen::inRange(1, 86400 * 5));
    const auto found = boundaries(from, to, grain, zone);
    RC_ASSERT(found.size() >= 2U);
    RC_ASSERT(found.front() <= from);
    RC_ASSERT(found[1] > from);
    RC_ASSERT(found.back() >= to);
    RC_ASSERT(found[found.size() - 2] < to);
    for (std::size_t i = 1; i < found.size(); ++i) {
        RC_ASSERT(found[i - 1] < found[i]);
        if (grain == Grain::day) {
            RC_ASSERT(
                local_day(found[i], zone) ==
                local_day(found[i - 1], zone).plus(std::chrono::days(1)));
        }
    }
}

}  // namespace
}  // namespace mobilytics
