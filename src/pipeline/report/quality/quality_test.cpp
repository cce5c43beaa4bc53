#include "pipeline/report/quality/quality.h"

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mobilytics::report::quality {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kHourUs = 3'600'000'000;

/// Five weeks of days before a Wednesday, and that day, of an asset that hears 480 visits a day in
/// 24 hours alike, in a pattern that is never quite the same.
class QualityTest : public testing::Test {
  protected:
    QualityTest() {
        for (int i = 35; i > 0; --i) {
            before.push_back(day_at(today - std::chrono::days(i), 480 + (i * 7) % 11));
            for (int hour = 0; hour < 24; ++hour) {
                hours_before.push_back(
                    hour_at(before.back().from, hour, before.back().weekend, 20 + (hour + i) % 3));
            }
        }
        set_hours([](int hour) { return 20 + hour % 3; });
    }

    static Heard day_at(Instant from, std::int64_t visits) {
        const auto number = std::chrono::floor<std::chrono::days>(from);
        const std::chrono::weekday weekday{number};
        return {
            .from = from,
            .to = from + 24h,
            .expected_us = 24 * kHourUs,
            .covered_us = 24 * kHourUs,
            .visits = visits,
            .observations = 10'000,
            .weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday};
    }
    static Heard hour_at(Instant day, int hour, bool weekend, std::int64_t visits) {
        return {
            .from = day + std::chrono::hours(hour),
            .to = day + std::chrono::hours(hour + 1),
            .expected_us = kHourUs,
            .covered_us = kHourUs,
            .visits = visits,
            .observations = 400,
            .weekend = weekend,
            .hour = hour};
    }
    template <class Visits>
    void set_hours(Visits visits_of) {
        hours.clear();
        day = day_at(today, 0);
        for (int hour = 0; hour < 24; ++hour) {
            hours.push_back(hour_at(today, hour, false, visits_of(hour)));
            day.visits += hours.back().visits;
        }
    }
    void miss(int hour) {
        auto& missed = hours[static_cast<std::size_t>(hour)];
        day.covered_us -= missed.covered_us;
        day.visits -= missed.visits;
        missed.covered_us = missed.visits = 0;
    }

    DayAnswer judged() {
        DayQuestion question{day, hours,   hours_before, usual_day(before, day),
                             {},  sisters, dropped,      now};
        question.change = change_of(question.usual, day, now);
        return judge(question);
    }
    std::vector<FindingKind> kinds() {
        std::vector<FindingKind> out;
        for (const auto& finding : judged().findings) out.push_back(finding.kind);
        return out;
    }

    const Instant today = *parse_iso8601("2026-08-19T00:00:00Z");  // A Wednesday.
    Instant now = today + 30h;
    std::vector<Heard> before, hours, hours_before;
    Heard day;
    std::optional<Sisters> sisters;
    std::array<std::int64_t, measure::kDropReasons> dropped{};
};

TEST_F(QualityTest, ADayAsUsualIsGood) {
    EXPECT_THAT(kinds(), IsEmpty());
    EXPECT_EQ(judged().grade, Grade::good);
    const auto usual = usual_day(before, day);
    ASSERT_TRUE(usual);
    EXPECT_EQ(usual->days, 25U);  // Of the working days of five weeks.
    EXPECT_NEAR(usual->rate(), 20.2, 0.2);
    EXPECT_NEAR(*change_of(usual, day, now), std::log(504.5 / 485.5), 0.02);
}

TEST_F(QualityTest, WhatIsUsualIsOfTheSamePartOfTheWeek) {
    for (auto& other : before) {
        if (other.weekend) other.visits = 48;
    }
    EXPECT_NEAR(usual_day(before, day)->rate(), 20.2, 0.2);
    auto sunday = day_at(today + std::chrono::days(4), 48);
    EXPECT_NEAR(usual_day(before, sunday)->rate(), 2.02, 0.02);
    EXPECT_EQ(usual_day(before, sunday)->days, 10U);
}

TEST_F(QualityTest, OfThreeDaysNothingIsUsual) {
    before.erase(before.begin(), before.end() - 3);
    EXPECT_FALSE(usual_day(before, day));
    set_hours([](int hour) { return 200 + hour % 3; });
    EXPECT_FALSE(change_of(usual_day(before, day), day, now));
}

TEST_F(QualityTest, WhatComesAfterADayDoesNotCountForIt) {
    auto later = day_at(today + std::chrono::days(1), 100'000);
    for (int i = 0; i < 60; ++i) before.push_back(later);
    EXPECT_EQ(usual_day(before, day)->days, 25U);
}

TEST_F(QualityTest, ADayWithoutASensorHasNoGrade) {
    day.expected_us = day.covered_us = day.visits = 0;
    for (auto& hour : hours) hour.expected_us = hour.covered_us = hour.visits = 0;
    EXPECT_EQ(judged().grade, Grade::none);
    EXPECT_THAT(judged().findings, IsEmpty());
}

TEST_F(QualityTest, ASilentDayIsOneFinding) {
    for (int hour = 0; hour < 24; ++hour) miss(hour);
    EXPECT_THAT(
        judged().findings,
        ElementsAre(Finding{FindingKind::silent, Severity::major, today, today + 24h, 86'400}));
    EXPECT_EQ(judged().grade, Grade::poor);
}

TEST_F(QualityTest, AGapIsFromWhereToWhere) {
    miss(5);
    miss(6);
    EXPECT_THAT(
        judged().findings,
        ElementsAre(Finding{FindingKind::gap, Severity::minor, today + 5h, today + 7h, 7'200}));
    EXPECT_EQ(judged().grade, Grade::fair);
    miss(7);
    EXPECT_EQ(judged().findings.at(0).severity, Severity::major);
    EXPECT_EQ(judged().grade, Grade::poor);
}

TEST_F(QualityTest, HalfAnHourThatIsMissedIsNoGapAndNotGood) {
    for (std::size_t i = 0; i < 3; ++i) {
        hours[i].covered_us = kHourUs / 2;
        day.covered_us -= kHourUs / 2;
    }
    EXPECT_THAT(kinds(), IsEmpty());
    EXPECT_EQ(judged().grade, Grade::fair);
}

TEST_F(QualityTest, DeafIsToHearNobodyWhereManyUsuallyCome) {
    set_hours([](int hour) { return hour == 9 || hour == 10 ? 0 : 20 + hour % 3; });
    EXPECT_THAT(
        judged().findings,
        ElementsAre(
            Finding{FindingKind::deaf, Severity::major, today + 9h, today + 11h, std::nullopt}));
    for (auto& hour : hours_before) {
        if (hour.hour == 9 || hour.hour == 10) hour.visits = 1;  // Nobody comes then, as a rule.
    }
    EXPECT_THAT(kinds(), IsEmpty());
}

TEST_F(QualityTest, StuckIsTheSameCountForSixHours) {
    set_hours([](int hour) { return hour >= 4 && hour < 10 ? 19 : 20 + hour % 3; });
    EXPECT_THAT(
        judged().findings,
        ElementsAre(Finding{FindingKind::stuck, Severity::major, today + 4h, today + 10h, 19}));
    set_hours([](int hour) { return hour >= 4 && hour < 9 ? 19 : 20 + hour % 3; });
    EXPECT_THAT(kinds(), IsEmpty());
}

TEST_F(QualityTest, ASpikeIsAnHourFarAboveItsLike) {
    set_hours([](int hour) { return hour == 17 ? 100 : 20 + hour % 3; });
    const auto found = judged().findings;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, FindingKind::spike);
    EXPECT_EQ(found[0].from, today + 17h);
    EXPECT_NEAR(*found[0].value, 100 / 21.0, 0.3);
}

TEST_F(QualityTest, AJumpIsADayFarFromItsLike) {
    set_hours([](int hour) { return 40 + hour % 3; });
    auto found = judged().findings;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, FindingKind::jump);
    EXPECT_EQ(found[0].severity, Severity::minor);
    EXPECT_NEAR(*found[0].value, 984.5 / 485.5, 0.03);
    set_hours([](int hour) { return 5 + hour % 3; });
    found = judged().findings;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].severity, Severity::major);  // Less than a third.
}

TEST_F(QualityTest, WhereDaysDifferMuchAJumpMustBeLarger) {
    for (std::size_t i = 0; i < before.size(); ++i) before[i].visits = i % 2 == 0 ? 240 : 960;
    set_hours([](int hour) { return 50 + hour % 3; });
    EXPECT_THAT(kinds(), IsEmpty());
}

TEST_F(QualityTest, ADayThatIsNotOverDoesNotJump) {
    now = today + 12h;
    day.expected_us = day.covered_us = 12 * kHourUs;
    day.visits = 20'000;
    hours.resize(12);
    EXPECT_THAT(kinds(), IsEmpty());
    EXPECT_EQ(judged().grade, Grade::running);
}

TEST_F(QualityTest, WhatItsSistersDoTooIsShared) {
    set_hours([](int hour) { return 5 + hour % 3; });
    sisters = sisters_of(std::array{-1.2, -1.1, -1.3});
    const auto found = judged().findings;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, FindingKind::jump);
    EXPECT_TRUE(found[0].shared);
    EXPECT_EQ(found[0].severity, Severity::minor);
}

TEST_F(QualityTest, WhatItsSistersDoNotIsToldApart) {
    sisters = sisters_of(std::array{-1.2, -1.1, -1.3});
    EXPECT_THAT(kinds(), ElementsAre(FindingKind::unlike_sisters));
    EXPECT_NEAR(*judged().findings.at(0).value, std::exp(1.2 + std::log(504.5 / 485.5)), 0.1);
    set_hours([](int hour) { return 5 + hour % 3; });
    sisters = sisters_of(std::array{0.0, 0.01, -0.01});
    EXPECT_THAT(kinds(), ElementsAre(FindingKind::jump, FindingKind::unlike_sisters));
    EXPECT_FALSE(judged().findings.at(0).shared);
}

TEST_F(QualityTest, TwoAreNoSisters) {
    EXPECT_FALSE(sisters_of(std::array{-1.2, -1.1}));
    const auto four = sisters_of(std::array{0.4, 0.1, 0.2, 0.3});
    EXPECT_DOUBLE_EQ(four->change, 0.25);
    EXPECT_NEAR(four->spread, 0.14826, 1e-9);
}

TEST_F(QualityTest, SharesOfWhatCouldNotBeCounted) {
    dropped[static_cast<std::size_t>(measure::DropReason::time_uncertain)] = 150;
    dropped[static_cast<std::size_t>(measure::DropReason::lane_full)] = 1'500;
    dropped[static_cast<std::size_t>(measure::DropReason::weak_signal)] = 9'000;  // As it should.
    const auto found = judged().findings;
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0], (Finding{FindingKind::clock, Severity::minor, today, today + 24h, 0.015}));
    EXPECT_EQ(
        found[1], (Finding{FindingKind::overloaded, Severity::major, today, today + 24h, 0.15}));
}

}  // namespace

}  // namespace mobilytics::report::quality
