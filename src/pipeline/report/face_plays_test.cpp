#include "pipeline/report/face_report_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

TEST_F(FaceReportTest, AMultiplierIsWhoIsThereWhileAPlayRuns) {
    EXPECT_EQ(ask("/multipliers" + day).at("absent").at(0).at("metric"), "multiplier");
    face.loop_s = 60;
    face.spot_s = 10;
    face.slots = 6;
    face.venue_type = 301;
    face.lit = store::FaceLight::always;
    face.obstruction = 0;
    learn();
    keep(board, noon, 100, 2);
    keep(board, noon + 1h, 5);
    keep(board, noon + 2h, 60);
    const auto reply = ask("/multipliers" + day + "&vendor=mobilytics.example");
    ASSERT_EQ(reply.at("items").as_array().size(), 24U);
    const auto& hour = reply.at("items").at(12);
    EXPECT_EQ(hour.at("start"), "2026-08-21T17:00:00.000000Z");
    EXPECT_EQ(hour.at("plays"), 360.0);
    // 200 visits of 10 s and plays of 10 s, a second of which is to be both: 200 x 18 s an hour.
    EXPECT_EQ(hour.at("qty").at("multiplier"), 1.0);
    EXPECT_EQ(hour.at("qty").at("sourcetype"), 1);
    EXPECT_EQ(hour.at("qty").at("vendor"), "mobilytics.example");
    EXPECT_EQ(hour.at("impressions"), 360.0);
    EXPECT_TRUE(hour.at("contacts").is_null());
    EXPECT_TRUE(reply.at("items").at(13).at("qty").is_null());     // 5 devices: in no sum either.
    EXPECT_EQ(reply.at("items").at(14).at("impressions"), 108.0);  // 60 visits.
    EXPECT_EQ(reply.at("held_back"), true);
    EXPECT_EQ(reply.at("suppressed").at(0), "items");
    EXPECT_EQ(reply.at("dooh").at("venuetype").at(0), 301);
    EXPECT_EQ(reply.at("dooh").at("venuetypetax"), 5);
    EXPECT_EQ(reply.at("weighted_as"), "lts");
    EXPECT_EQ(reply.at("plays_source"), "loop");
    EXPECT_EQ(value(ask(day), "loop_contacts"), 78.0);  // Of 260 visits, 18 s of 60 each.
}

TEST_F(FaceReportTest, AnHourThatALogCoversIsOfItsPlays) {
    face.loop_s = 60;
    face.spot_s = 10;
    face.slots = 6;
    face.lit = store::FaceLight::always;
    learn();
    keep(board, noon, 200);
    keep(board, noon + 1h, 100, 1, measure::Motion::fixed, 500);
    const auto before = ask(day);
    EXPECT_EQ(before.at("plays").at("source"), "loop");
    EXPECT_EQ(before.at("plays").at("loop_hours"), 24.0);
    EXPECT_EQ(before.at("plays").at("plays"), 8640.0);
    EXPECT_EQ(
        before.at("plays").at("contacts"),
        486.0);  // 360 plays of 300 visits, 18 s of 3600, 0.9 clear.
    EXPECT_TRUE(before.at("plays").at("creatives").as_array().empty());
    EXPECT_EQ(value(before, "loop_contacts"), 90.0);  // Of 300 visits, 18 s of 60 each.

    // Of the slots of that day noon is the twelfth. 10 s and 22 s each.
    plays.plays = {{12, "Bank", 40, 400}, {12, "Car", 10, 220}, {13, "Car", 7, 70}};
    plays.covered = {{noon, noon + 1h}, {noon + 70min, noon + 2h}, {noon + 2h, noon + 3h}};
    plays.imported_at = noon + 3h;
    const auto logged = ask(day);
    const auto& told = logged.at("plays");
    EXPECT_EQ(told.at("source"), "mixed");
    EXPECT_EQ(told.at("log_hours"), 2.0);  // Of the hour after noon the first minutes are missing.
    EXPECT_EQ(told.at("loop_hours"), 22.0);
    EXPECT_EQ(told.at("imported_at"), "2026-08-21T20:00:00.000000Z");
    EXPECT_EQ(told.at("plays"), 22 * 360.0 + 50);
    EXPECT_EQ(told.at("weighted_as"), "lts");
    const auto& creatives = told.at("creatives").as_array();
    ASSERT_EQ(creatives.size(), 2U);
    EXPECT_EQ(creatives[0].at("creative"), "Bank");
    EXPECT_EQ(creatives[0].at("plays"), 40);
    EXPECT_EQ(creatives[0].at("contacts"), 36.0);  // 40 plays, 200 visits, 0.9 clear: 18 s of 3600.
    EXPECT_EQ(creatives[1].at("airtime_s"), 220.0);
    EXPECT_EQ(creatives[1].at("contacts"), 15.0);  // 10 plays, 30 s of 3600.
    // And of the loop in the hour after: 360 plays, 100 visits.
    EXPECT_EQ(told.at("contacts"), 36 + 15 + 162.0);
    EXPECT_NEAR(*value(logged, "loop_contacts"), (40 * 18 + 10 * 30) / 18.0 / 6 + 30, 0.05);

    const auto hours = ask("/multipliers" + day);
    EXPECT_EQ(hours.at("plays_source"), "mixed");
    EXPECT_EQ(hours.at("log_hours"), 2.0);
    const auto& hour = hours.at("items").at(12);
    EXPECT_EQ(hour.at("plays_source"), "play_log");
    EXPECT_EQ(hour.at("plays"), 50.0);
    EXPECT_EQ(hour.at("contacts"), 51.0);
    EXPECT_EQ(hour.at("qty").at("multiplier"), 1.02);
    EXPECT_EQ(hour.at("qty").at("sourcetype"), 2);
    EXPECT_EQ(hours.at("items").at(13).at("plays_source"), "loop");
    EXPECT_TRUE(hours.at("items").at(13).at("contacts").is_null());
    // The log covers it, and nothing was played: none, not 0.
    EXPECT_EQ(hours.at("items").at(14).at("plays"), 0.0);
    EXPECT_TRUE(hours.at("items").at(14).at("qty").is_null());
}

TEST_F(FaceReportTest, PlaysOfAnHourOfTooFewAreHeldBack) {
    face.loop_s = 60;
    face.spot_s = 10;
    face.slots = 6;
    face.lit = store::FaceLight::always;
    learn();
    keep(board, noon, 200);
    keep(board, noon + 1h, 4, 1, measure::Motion::fixed, 500);
    keep(board, noon + 2h, 5, 1, measure::Motion::fixed, 600);
    plays.plays = {{13, "Bank", 100, 1000}};
    plays.covered = {{noon, noon + 3h}};
    const auto reply = ask(day);
    EXPECT_EQ(reply.at("plays").at("contacts"), 0.0);
    EXPECT_EQ(reply.at("plays").at("creatives").at(0).at("contacts"), 0.0);
    EXPECT_EQ(reply.at("suppressed").at(0), "plays");
    const auto hours = ask("/multipliers" + day);
    EXPECT_TRUE(hours.at("items").at(13).at("contacts").is_null());
}

}  // namespace
}  // namespace mobilytics::report
