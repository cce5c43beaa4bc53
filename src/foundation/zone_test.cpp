#include "foundation/zone.h"

#include <algorithm>
#include <functional>

#include <date/tz.h>
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
    for (const char* zone :
         {"", "Chicago", "../etc/passwd", "/etc/passwd", "America/Nowhere", "right/Europe/Madrid",
          "posixrules", "localtime", "America"}) {
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

TEST(Zone, ADayWhoseMidnightComesTwiceHasBegunTheFirstTime) {
    // 00:01 became 23:01 of the day before, which was over.
    const auto begun = *LocalDay::parse("2010-11-07");
    EXPECT_EQ(start_of(begun, "America/St_Johns"), at("2010-11-07T02:30:00Z"));
    EXPECT_EQ(local_day(at("2010-11-07T02:29:59Z"), "America/St_Johns").str(), "2010-11-06");
    EXPECT_EQ(local_day(at("2010-11-07T03:00:00Z"), "America/St_Johns"), begun);
    // One became midnight.
    EXPECT_EQ(
        start_of(*LocalDay::parse("2023-11-05"), "America/Havana"), at("2023-11-05T04:00:00Z"));
}

TEST(Zone, ADayThatTheCalendarSkippedIsNoBucket) {
    EXPECT_EQ(
        written(boundaries(
            at("2011-12-30T09:00:00Z"), at("2011-12-30T11:00:00Z"), Grain::day, "Pacific/Apia")),
        (std::vector<std::string>{"12-29T10:00", "12-30T10:00", "12-31T10:00"}));
}

/// Any zone whose clocks do something odd, and any moment since 1980; half of them when they do it.
struct Somewhere {
    std::string zone;
    Instant from, to;
};
Somewhere anywhere() {
    using std::chrono::seconds;
    const auto zone = *rc::gen::element<std::string>(
        "America/Chicago", "America/Santiago", "America/Sao_Paulo", "America/Havana",
        "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Tehran", "Pacific/Apia", "Pacific/Chatham",
        "Africa/Casablanca", "America/St_Johns", "Europe/Dublin", "Antarctica/Troll", "Asia/Gaza",
        "UTC");
    auto from = Instant(seconds(*rc::gen::inRange<std::int64_t>(315'532'800, 2'208'988'800)));
    if (*rc::gen::arbitrary<bool>()) {
        const auto changed =
            date::locate_zone(zone)->get_info(std::chrono::floor<seconds>(from)).begin;
        from = std::max<Instant>(
            changed + seconds(*rc::gen::inRange(-7'500, 7'500)), Instant(seconds(0)));
    }
    return {zone, from, from + seconds(*rc::gen::inRange<std::int64_t>(1, 40 * 86'400))};
}

RC_GTEST_PROP(Zone, BoundariesCoverTheSpanWithoutAGap, ()) {
    const auto [zone, from, to] = anywhere();
    for (const auto grain : {Grain::quarter, Grain::hour, Grain::day}) {
        const auto found = boundaries(from, to, grain, zone);
        RC_ASSERT(found.size() >= 2U);
        RC_ASSERT(found.front() <= from && from < found[1]);
        RC_ASSERT(found[found.size() - 2] < to && to <= found.back());
        RC_ASSERT(
            std::adjacent_find(found.begin(), found.end(), std::greater_equal<>()) == found.end());
    }
}

RC_GTEST_PROP(Zone, BoundariesOfOneGrainAreAlsoThoseOfTheFiner, ()) {
    const auto [zone, from, to] = anywhere();
    const auto days = boundaries(from, to, Grain::day, zone);
    const auto hours = boundaries(days.front(), days.back(), Grain::hour, zone);
    const auto quarters = boundaries(days.front(), days.back(), Grain::quarter, zone);
    RC_ASSERT(std::includes(hours.begin(), hours.end(), days.begin(), days.end()));
    RC_ASSERT(std::includes(quarters.begin(), quarters.end(), hours.begin(), hours.end()));
    for (const auto quarter : quarters) {
        RC_ASSERT(quarter.time_since_epoch() % std::chrono::minutes(15) == Instant::duration(0));
    }
}

RC_GTEST_PROP(Zone, ADayHoldsTheInstantsThatAreOfIt, ()) {
    const auto [zone, from, to] = anywhere();
    const auto day = local_day(from, zone);
    const auto start = start_of(day, zone);
    const auto end = start_of(day.plus(std::chrono::days(1)), zone);
    RC_ASSERT(start <= from && from < end);
    RC_ASSERT(local_day(start, zone) == day);
    RC_ASSERT(local_day(end - Instant::duration(1), zone) == day);
}

}  // namespace
}  // namespace mobilytics
