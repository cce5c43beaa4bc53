#include "platform/jobs/cron.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/zone.h"

namespace mobilytics::jobs {
namespace {

Instant at(const char* text) { return *parse_iso8601(text); }

std::vector<std::string> some(const char* cron, const char* zone, const char* after, int count) {
    const auto read = Cron::parse(cron, zone);
    EXPECT_TRUE(read);
    std::vector<std::string> out;
    for (auto now = at(after); count > 0; --count) {
        now = read->next(now);
        out.push_back(to_iso8601(now).substr(0, 16));
    }
    return out;
}

std::string code(const char* cron, const char* zone = "UTC") {
    const auto read = Cron::parse(cron, zone);
    return read ? "" : read.error().code;
}

using Times = std::vector<std::string>;

TEST(Cron, EachFieldSaysWhen) {
    EXPECT_EQ(
        some("*/20 8-9 * * *", "UTC", "2026-08-21T08:30:00Z", 4),
        (Times{"2026-08-21T08:40", "2026-08-21T09:00", "2026-08-21T09:20", "2026-08-21T09:40"}));
    EXPECT_EQ(
        some("0 12 1,15 feb *", "UTC", "2026-08-21T00:00:00Z", 2),
        (Times{"2027-02-01T12:00", "2027-02-15T12:00"}));
    EXPECT_EQ(
        some("0 6 * * mon-fri", "UTC", "2026-08-21T06:00:00Z", 2),  // That is a Friday.
        (Times{"2026-08-24T06:00", "2026-08-25T06:00"}));
    EXPECT_EQ(some("0 0 * * 7", "UTC", "2026-08-21T00:00:00Z", 1), Times{"2026-08-23T00:00"});
    EXPECT_EQ(some("5/20 0 1 1 *", "UTC", "2026-01-01T00:10:00Z", 1), Times{"2026-01-01T00:25"});
}

TEST(Cron, OfTwoDaysEitherWillDo) {
    EXPECT_EQ(
        some("0 0 13 * 5", "UTC", "2026-08-10T00:00:00Z", 3),
        (Times{"2026-08-13T00:00", "2026-08-14T00:00", "2026-08-21T00:00"}));
}

TEST(Cron, ALeapDayComesAfterACenturysEndToo) {
    EXPECT_EQ(some("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1), Times{"2104-02-29T00:00"});
}

TEST(Cron, ATimeThatTheClocksSkipComesWhenTheyGoOn) {
    // Chicago, 8 March 2026: 02:00 CST is followed by 03:00 CDT, which is 08:00 UTC.
    EXPECT_EQ(
        some("30 2 * * *", "America/Chicago", "2026-03-07T12:00:00Z", 2),
        (Times{"2026-03-08T08:00", "2026-03-09T07:30"}));
    // All that were skipped come together, once.
    EXPECT_EQ(
        some("10,30 2 * * *", "America/Chicago", "2026-03-07T12:00:00Z", 2),
        (Times{"2026-03-08T08:00", "2026-03-09T07:10"}));
    EXPECT_EQ(
        some("0 * * * *", "America/Chicago", "2026-03-08T06:30:00Z", 3),
        (Times{"2026-03-08T07:00", "2026-03-08T08:00", "2026-03-08T09:00"}));
}

TEST(Cron, ATimeThatTheClocksRepeatComesOnce) {
    // Chicago, 1 November 2026: 01:00 to 02:00 is shown twice, from 06:00 and from 07:00 UTC.
    EXPECT_EQ(
        some("30 1 * * *", "America/Chicago", "2026-11-01T00:00:00Z", 2),
        (Times{"2026-11-01T06:30", "2026-11-02T07:30"}));
    EXPECT_EQ(
        some("30 * * * *", "America/Chicago", "2026-11-01T06:00:00Z", 3),
        (Times{"2026-11-01T06:30", "2026-11-01T07:30", "2026-11-01T08:30"}));
    // Where midnight itself is repeated: Havana, 1 November 2026, at 05:00 UTC.
    EXPECT_EQ(
        some("30 0 * * *", "America/Havana", "2026-10-31T12:00:00Z", 2),
        (Times{"2026-11-01T04:30", "2026-11-02T05:30"}));
}

TEST(Cron, WhatCannotBeReadIsRefused) {
    EXPECT_EQ(code("0 0 * *"), "bad_cron");
    EXPECT_EQ(code("60 0 * * *"), "bad_cron");
    EXPECT_EQ(code("0 5-3 * * *"), "bad_cron");
    EXPECT_EQ(code("0 */0 * * *"), "bad_cron");
    EXPECT_EQ(code("0 0 * foo *"), "bad_cron");
    EXPECT_EQ(code("0 0, * * *"), "bad_cron");
    EXPECT_EQ(code("0 0 30 2 *"), "never");
    EXPECT_EQ(code("0 0 * * *", "Chicago"), "no_such_zone");
}

RC_GTEST_PROP(Cron, ADailyTimeComesOnceEachLocalDay, ()) {
    const auto zone = *rc::gen::element<std::string>(
        "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana",
        "Africa/Casablanca", "Asia/Kathmandu");
    const auto minute = *rc::gen::inRange(0, 24 * 60);
    const auto cron = Cron::parse(
        std::to_string(minute % 60) + " " + std::to_string(minute / 60) + " * * *", zone);
    RC_ASSERT(cron.has_value());
    auto now = at("2026-01-01T12:00:00Z") + std::chrono::hours(*rc::gen::inRange(0, 24 * 365));
    auto day = local_day(cron->next(now), zone);
    now = cron->next(now);
    for (int i = 0; i < 40; ++i) {
        const auto next = cron->next(now);
        RC_ASSERT(next > now);
        // What is skipped at midnight's end comes with the next day's first moment.
        const auto expected =
            first_at(day.plus(std::chrono::days(1)), std::chrono::minutes(minute), zone);
        RC_ASSERT(next == expected);
        now = next;
        day = day.plus(std::chrono::days(1));
    }
}

}  // namespace
}  // namespace mobilytics::jobs
