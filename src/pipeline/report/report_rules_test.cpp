#include "pipeline/report/report_rules.h"

#include <gtest/gtest.h>

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

Instant at(const char* text) { return *parse_iso8601(text); }

TEST(ReportRules, EveryFaultOfAQuestionIsNamed) {
    ReportQuery query;
    query.from = at("2026-08-21T00:00:00Z");
    query.to = query.from;
    query.time_zone = "Chicago";
    const auto bad = checked(query, "UTC");
    ASSERT_FALSE(bad);
    EXPECT_EQ(
        bad.error().faults,
        (std::vector<Fault>{
            {"/query/to", "is to be later than from"},
            {"/query/time_zone", "is to be an IANA zone, like America/Chicago"}}));
    query.to = query.from + 24h * 401;
    query.time_zone.reset();
    EXPECT_EQ(checked(query, "UTC").error().faults[0].pointer, "/query/to");
    query.to = query.from + 24h;
    EXPECT_EQ(checked(query, "Asia/Tokyo")->zone, "Asia/Tokyo");
}

TEST(ReportRules, ABoxIsOnTheEarthAndNotTooLarge) {
    const auto box = parse_box("-87.7,41.8,-87.6,41.9");
    ASSERT_TRUE(box);
    EXPECT_EQ(box->west, -87.7);
    EXPECT_EQ(box->north, 41.9);
    for (const char* bad :
         {"", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-181,0,0,1", "0,10,1,5", "0,0,1,91", "0,0,1,nan"}) {
        EXPECT_FALSE(parse_box(bad)) << bad;
    }
    EXPECT_EQ(cells_of(*box, 10)->zoom, 13);
    EXPECT_EQ(cells_of(*box, 17)->zoom, 17);
    EXPECT_EQ(cells_of({-180, -85, 180, 85}, 12).error().code, "box_too_large");
}

TEST(ReportRules, WhatRestsOnFewIsNotShown) {
    EXPECT_TRUE(may_show(0, 10));
    EXPECT_FALSE(may_show(1, 10));
    EXPECT_FALSE(may_show(9.4, 10));
    EXPECT_TRUE(may_show(9.5, 10));
    // One that is hidden alone could be had by subtraction: the least of the others goes as well.
    const auto hide = [](std::vector<std::int64_t> counts) { return hidden(counts, 10); };
    EXPECT_EQ(hide({50, 3, 20, 0}), (std::vector<bool>{false, true, true, false}));
    // So could two that are few together.
    EXPECT_EQ(hide({50, 3, 4, 0}), (std::vector<bool>{true, true, true, false}));
    EXPECT_EQ(hide({50, 20}), (std::vector<bool>{false, false}));
    EXPECT_EQ(hide({3}), std::vector<bool>{true});
}

TEST(ReportRules, ACellThatIsHiddenIsNotHadByACoarserOne) {
    // Four of one coarser cell, then two of the next.
    const store::Heat all{
        {{0, 50, 0}, {1, 3, 0}, {2, 20, 0}, {3, 30, 0}, {4, 40, 0}, {5, 60, 0}}, 0};
    store::Heat shown{{{0, 50, 0}, {2, 20, 0}, {3, 30, 0}, {4, 40, 0}, {5, 60, 0}}, 1};
    hide_siblings(shown, all, 10);
    EXPECT_EQ(shown, (store::Heat{{{0, 50, 0}, {3, 30, 0}, {4, 40, 0}, {5, 60, 0}}, 2}));
}

TEST(ReportRules, TheMedianLiesInItsBin) {
    const auto median = [](std::array<std::int64_t, measure::kDwellBins> bins) {
        return median_dwell(bins);
    };
    EXPECT_EQ(median({9, 0, 0, 0, 0, 0, 0, 0}), std::nullopt);
    EXPECT_EQ(median({0, 4, 0, 0, 0, 0, 0, 0}), 2.5);
    EXPECT_EQ(median({7, 1, 2, 1, 0, 0, 0, 0}), 10.0);
    EXPECT_EQ(median({0, 0, 0, 0, 0, 0, 0, 3}), 900.0);
}

TEST(ReportRules, TwoSensorsOnOneAssetHearForItOnce) {
    const auto from = at("2026-08-21T00:00:00Z");
    const auto now = from + 10h;
    const auto one = AssetId::fresh(now), two = AssetId::fresh(now);
    const auto device = DeviceId::fresh(now);
    const std::vector<measure::Attachment> attachments{
        {{}, device, one, from - 1h, from + 2h},
        {{}, device, one, from + 1h, from + 3h},
        {{}, device, two, from + 9h, std::nullopt}};
    const auto hours = [&](const store::Filter& filter) {
        return expected_us(attachments, filter, {from, from + 24h}, now) / 3'600'000'000;
    };
    EXPECT_EQ(hours({}), 3 + 1);
    EXPECT_EQ(hours({{one}, {}, {}}), 3);
    EXPECT_EQ(completeness_of(1, 3), 0.333);
    EXPECT_EQ(completeness_of(4, 3), 1);
    EXPECT_EQ(completeness_of(0, 0), std::nullopt);
}

TEST(ReportRules, HowLiveAnAssetIs) {
    const auto now = at("2026-08-21T00:00:00Z");
    EXPECT_EQ(live_state(std::nullopt, now), LiveState::never);
    EXPECT_EQ(live_state(now - 30s, now), LiveState::live);
    EXPECT_EQ(live_state(now - 31s, now), LiveState::quiet);
    EXPECT_EQ(live_state(now - 601s, now), LiveState::silent);
}

}  // namespace
}  // namespace mobilytics::report
