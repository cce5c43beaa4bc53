#include "pipeline/report/face_report_test.h"

#include "pipeline/report/face_figures.h"
#include "pipeline/report/metrics/sun.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

constexpr metrics::Spot kChicago{41.8819, -87.6278};

TEST(Sun, ItSetsWhenAlmanacsSay) {
    // U.S. Naval Observatory, Chicago: sunset 20:29 CDT on 21 June 2026, sunrise 07:15 CST on 21
    // December 2026.
    EXPECT_FALSE(metrics::is_dark(kChicago, at("2026-06-22T01:26:00Z")));
    EXPECT_TRUE(metrics::is_dark(kChicago, at("2026-06-22T01:33:00Z")));
    EXPECT_TRUE(metrics::is_dark(kChicago, at("2026-12-21T13:11:00Z")));
    EXPECT_FALSE(metrics::is_dark(kChicago, at("2026-12-21T13:19:00Z")));
    // At noon of the summer solstice it stands 23.44 degrees nearer to the zenith than the equator.
    EXPECT_NEAR(
        metrics::sun_elevation_deg(kChicago, at("2026-06-21T17:52:00Z")), 90 - 41.8819 + 23.44,
        0.1);
}

TEST(FaceRules, AnHourCountsAsTheFaceWasWhenItBegan) {
    auto first = poster(), second = poster();
    first.from = at("2026-08-21T10:00:00Z");
    first.to = second.from = at("2026-08-21T11:20:00Z");
    second.to = at("2026-08-21T12:30:00Z");
    const std::vector versions{first, second};
    const store::Period day{at("2026-08-21T00:00:00Z"), at("2026-08-22T00:00:00Z")};
    EXPECT_EQ(
        face_slots(day, "UTC", versions),
        (std::vector{first.from, at("2026-08-21T11:00:00Z"), at("2026-08-21T12:00:00Z")}));
    EXPECT_EQ(version_at(versions, at("2026-08-21T11:00:00Z")), &versions[0]);
    // What was there for a part of an hour alone was there for none.
    first.from += 1min;
    EXPECT_EQ(face_slots(day, "UTC", std::vector{first, second}).size(), 2U);
    EXPECT_TRUE(face_slots({first.from, first.from + 59min}, "UTC", std::vector{first}).empty());
    EXPECT_EQ(version_at(versions, first.from), &versions[0]);
    EXPECT_EQ(version_at(versions, second.from), &versions[1]);
    EXPECT_EQ(version_at(versions, *second.to), nullptr);
    EXPECT_TRUE(face_slots({*second.to, day.to}, "UTC", versions).empty());
}

TEST(FaceRules, HowFarAFaceIsSeenHasASource) {
    auto face = poster();
    const auto by_size = viewing_distance(face);
    EXPECT_NEAR(by_size.distance_m, 171.88, 0.01);  // 3 m high, and a degree.
    EXPECT_EQ(by_size.source, InputSource::by_rule);
    face.letter_height_m = 0.5;
    EXPECT_DOUBLE_EQ(viewing_distance(face).distance_m, 150);
    face.viewing_distance_m = 90;
    EXPECT_EQ(viewing_distance(face).distance_m, 90);
    EXPECT_EQ(viewing_distance(face).source, InputSource::given);
}

TEST(FaceRules, WhatIsMissingIsNamed) {
    auto face = poster();
    EXPECT_TRUE(view_of(face).missing.empty());
    face.road_angle_deg.reset();
    face.speed_kmh.reset();
    EXPECT_EQ(view_of(face).missing.size(), 2U);
}

TEST(FaceRules, ADarkHourCountsWhereTheFaceIsLit) {
    const store::Period noon{at("2026-08-21T17:00:00Z"), at("2026-08-21T18:00:00Z")};
    const store::Period night{at("2026-08-21T06:00:00Z"), at("2026-08-21T07:00:00Z")};
    auto face = poster();
    const auto light = [&](store::Period slot) {
        const auto its = light_of(face, kChicago, slot, "America/Chicago");
        return std::pair(its->bright, its->lit);
    };
    EXPECT_EQ(light(noon), std::pair(1.0, 0.0));
    EXPECT_EQ(light(night), std::pair(0.0, 0.0));
    face.lit = store::FaceLight::dusk_to_dawn;
    EXPECT_EQ(light(night), std::pair(0.0, 1.0));
    face.lit = store::FaceLight::hours;
    face.lit_from = "18:00";
    face.lit_to = "01:30";  // The night's slot is 01:00 to 02:00 there.
    EXPECT_EQ(light(night), std::pair(0.0, 0.5));
    EXPECT_FALSE(light_of(face, std::nullopt, night, "America/Chicago"));
    face.lit = store::FaceLight::always;
    EXPECT_TRUE(light_of(face, std::nullopt, night, "America/Chicago"));
}

TEST(FaceRules, OpportunitiesAreVisitsOfASecond) {
    store::Figures figures;
    figures.visits = 100;
    figures.visits_carried = 20;
    figures.devices = 60;
    figures.dwell_bins = {30, 20, 50, 0, 0, 0, 0, 0};
    figures.dwell_us = 502'000'000;
    figures.sightings = 351;
    const auto opportunities = opportunities_of(figures);
    EXPECT_DOUBLE_EQ(opportunities.visits, 66);
    EXPECT_EQ(opportunities.bounds, (metrics::Bounds{50, 70}));
    EXPECT_DOUBLE_EQ(opportunities.dwell_s, 500);
    EXPECT_DOUBLE_EQ(*exposed_devices(figures), 33);  // 60 of 120 visits, and 66 of them.
    EXPECT_DOUBLE_EQ(*mean_gap_s(figures), 2);
    EXPECT_DOUBLE_EQ(overlap_s(opportunities, 10), 500 + 66 * 8);
    EXPECT_DOUBLE_EQ(overlap_s(opportunities, 0.5), 0);
    figures.devices = 500;  // An estimate that cannot be: nobody came less than once.
    EXPECT_DOUBLE_EQ(*exposed_devices(figures), 66);
}

TEST_F(FaceReportTest, EachFactorOfLikelyToSeeIsDisclosed) {
    keep(board, noon, 30, 2);
    keep(board, night, 20);  // Not lit: not likely seen.
    const auto reply = ask(day);
    EXPECT_EQ(value(reply, "ots"), 80.0);
    // 150 m by its letters, so 75 m on average: 3 m are 2.3 degrees high there, and it is read.
    EXPECT_EQ(factor(reply, "size"), 1.0);
    EXPECT_EQ(factor(reply, "angle"), 1.0);
    EXPECT_EQ(factor(reply, "distance"), 1.0);
    EXPECT_EQ(factor(reply, "speed"), 1.0);
    EXPECT_EQ(factor(reply, "obstruction"), 0.9);
    EXPECT_EQ(factor(reply, "illumination"), 0.75);
    EXPECT_EQ(value(reply, "lts"), 54.0);
    EXPECT_EQ(figure(reply, "lts")->at("standing"), "modelled");
    EXPECT_EQ(figure(reply, "lts")->at("counted"), "devices");
    EXPECT_EQ(reply.at("factors").at(2).at("inputs").at(0).at("value"), 150.0);
    EXPECT_EQ(reply.at("factors").at(2).at("inputs").at(0).at("source"), "by_rule");
    EXPECT_EQ(reply.at("basis"), "devices");

    face.lit = store::FaceLight::dusk_to_dawn;
    learn();
    EXPECT_EQ(value(ask(day), "lts"), 72.0);
    face.speed_kmh.reset();
    learn();
    const auto without = ask(day);
    EXPECT_EQ(value(without, "lts"), std::nullopt);
    EXPECT_EQ(why(without, "lts"), "not known: the speed of passing traffic (speed_kmh)");
    EXPECT_EQ(value(without, "ots"), 80.0);
}

TEST_F(FaceReportTest, ReachTimesFrequencyIsImpressions) {
    keep(board, noon, 30, 2);
    keep(board, noon + 15min, 30, 1);
    const auto reply = ask(day);
    EXPECT_EQ(value(reply, "ots"), 90.0);
    EXPECT_EQ(value(reply, "reach"), 30.0);
    EXPECT_EQ(value(reply, "average_frequency"), 3.0);
    EXPECT_EQ(why(reply, "reach_modelled"), "within one day it is measured");
    EXPECT_EQ(value(reply, "dwell_median"), 10.0);
    EXPECT_EQ(value(reply, "dwell_mean"), 10.0);
    EXPECT_EQ(value(reply, "dwell_corrected"), 12.0);  // Silent for 2 s; 15 s to pass 150 m.
}

TEST_F(FaceReportTest, PointsAndCostsAreOfAMarket) {
    keep(board, noon, 30, 2);
    const auto bare = ask(day);
    EXPECT_EQ(why(bare, "grp"), "choose a market");
    EXPECT_EQ(why(bare, "cpm"), "give a cost and its currency");
    const auto reply = ask(day + "&market_id=" + market.str() + "&cost_minor=120000&currency=EUR");
    EXPECT_EQ(value(reply, "grp"), 6.0);   // 60 of 1000.
    EXPECT_EQ(value(reply, "trp"), 15.0);  // 30 of 200.
    EXPECT_EQ(
        figure(reply, "cpm")->at("price"),
        (boost::json::object{{"minor", 2'000'000}, {"currency", "EUR"}}));
    EXPECT_EQ(
        figure(reply, "cpp")->at("price"),
        (boost::json::object{{"minor", 20'000}, {"currency", "EUR"}}));
    EXPECT_EQ(ask(day + "&cost_minor=1", 422).at("errors").at(0).at("pointer"), "/query/currency");
    EXPECT_EQ(
        ask(day + "&market_id=" + MarketId::fresh(clock.now()).str(), 404).at("code"),
        "no_such_market");
}

TEST_F(FaceReportTest, ReachOverDaysIsModelledAndSaysSo) {
    keep(board, noon, 100, 2);
    keep(board, noon - 24h, 100, 2);
    const std::string days = "?from=2026-08-20T05:00:00Z&to=2026-08-22T05:00:00Z";
    EXPECT_TRUE(why(ask(days), "reach_modelled").starts_with("choose a market"));
    const auto reply = ask(days + "&market_id=" + market.str());
    EXPECT_EQ(value(reply, "reach"), std::nullopt);
    const auto reach = value(reply, "reach_modelled");
    ASSERT_TRUE(reach);
    EXPECT_GT(*reach, 100);
    EXPECT_LT(*reach, 200);
    EXPECT_EQ(figure(reply, "reach_modelled")->at("standing"), "modelled");
    EXPECT_NEAR(*reach * *value(reply, "average_frequency"), 400, 0.0005 * *reach + 2);
    EXPECT_EQ(figure(reply, "average_frequency")->at("standing"), "modelled");
    EXPECT_EQ(reply.at("distribution").as_array().size(), 10U);
    // More people than the market has are none.
    keep(board, noon + 15min, 1500, 1, measure::Motion::fixed, 1000);
    EXPECT_TRUE(why(ask(days + "&market_id=" + market.str()), "reach_modelled")
                    .starts_with("it is more than the market's population"));
    EXPECT_TRUE(why(ask(day + "&market_id=" + market.str()), "reach")
                    .starts_with("it is more than the market's population"));
}

TEST_F(FaceReportTest, WithACalibrationTheyArePeople) {
    keep(board, noon, 30, 2);
    calibration = metrics::Calibration{0.5, {0.4, 0.6}, noon, 12};
    const auto reply = ask(day);
    EXPECT_EQ(value(reply, "ots"), 30.0);
    EXPECT_EQ(value(reply, "reach"), 15.0);
    EXPECT_EQ(value(reply, "average_frequency"), 2.0);
    EXPECT_EQ(figure(reply, "ots")->at("counted"), "people");
    EXPECT_EQ(figure(reply, "ots")->at("standing"), "calibrated");
}

TEST_F(FaceReportTest, FewDevicesAreHeldBack) {
    keep(board, noon, 9, 10);
    const auto reply = ask(day);
    EXPECT_TRUE(reply.at("figures").as_array().empty());
    EXPECT_TRUE(reply.at("factors").as_array().empty());
    EXPECT_EQ(reply.at("suppressed").as_array().size(), 3U);
}

TEST_F(FaceReportTest, AnotherCompanysFaceIsNotThere) {
    asking = other;
    for (const auto& what : {day, "/multipliers" + day, std::string("/visibility")}) {
        EXPECT_EQ(ask(what, 404).at("code"), "no_such_face") << what;
    }
}

TEST_F(FaceReportTest, AFaceThatWasNotThereHasNothing) {
    face.from = at("2026-08-22T00:00:00Z");
    learn();
    keep(board, noon, 30);
    const auto before = ask("?from=2026-08-21T05:00:00Z&to=2026-08-21T23:00:00Z");
    EXPECT_EQ(why(before, "ots"), "the face was not there in this period");
    EXPECT_EQ(
        ask("?from=2026-01-01T00:00:00Z&to=2026-08-21T00:00:00Z", 422)
            .at("errors")
            .at(0)
            .at("detail"),
        "is to be at most 93 days later than from");
}

TEST_F(FaceReportTest, AVehiclesSidesAreToldByHowItMoved) {
    face.asset = truck;
    face.side = store::FaceSide::right;  // The passenger's, where one drives on the right.
    face.heading_deg = face.road_angle_deg = face.speed_kmh = std::nullopt;
    face.lit = store::FaceLight::always;
    learn();
    keep(truck, noon, 100, 1, measure::Motion::driving);
    keep(truck, noon + 15min, 40, 1, measure::Motion::parked, 500);
    const auto bare = ask(day);
    EXPECT_EQ(value(bare, "ots"), 140.0);
    EXPECT_TRUE(why(bare, "moving_impressions").starts_with("sensors do not hear which way"));
    const auto reply = ask(day + "&oncoming_share=0.4");
    // 60 go its way; seen at 30 degrees, and 0.9 of the way is clear: 60 x 0.866 x 0.9.
    EXPECT_EQ(value(reply, "moving_impressions"), 47.0);
    EXPECT_EQ(value(reply, "parked_impressions"), 31.0);
    EXPECT_EQ(factor(reply, "direction"), 1.0);
    face.side = store::FaceSide::left;
    learn();
    const auto driver = ask(day + "&oncoming_share=0.4");
    EXPECT_EQ(factor(driver, "direction"), 0.94);  // 60 and 0.85 x 40, of 100.
    EXPECT_EQ(value(driver, "moving_impressions"), 73.0);
    face.lit = store::FaceLight::none;
    learn();
    EXPECT_EQ(
        why(ask(day + "&oncoming_share=0.4"), "moving_impressions"),
        "where the face was is not known, and so not when it was dark");
}

TEST_F(FaceReportTest, OneWayOfMovingIsNotHadBySubtraction) {
    face.asset = truck;
    face.heading_deg = face.road_angle_deg = face.speed_kmh = std::nullopt;
    face.lit = store::FaceLight::always;
    learn();
    keep(truck, noon, 100, 1, measure::Motion::driving);
    keep(truck, noon + 15min, 4, 1, measure::Motion::parked, 500);
    const auto reply = ask(day + "&oncoming_share=0.4");
    EXPECT_EQ(value(reply, "moving_impressions"), std::nullopt);
    EXPECT_EQ(reply.at("suppressed").at(0), "moving_impressions");
}

TEST_F(FaceReportTest, FromWhereAFaceIsSeenIsAPolygon) {
    const auto still = ask("/visibility");
    EXPECT_EQ(still.at("type"), "Feature");
    EXPECT_EQ(still.at("geometry").at("type"), "Polygon");
    const auto& ring = still.at("geometry").at("coordinates").at(0).as_array();
    ASSERT_EQ(ring.size(), 15U);
    EXPECT_EQ(ring.front(), ring.back());
    EXPECT_EQ(ring.front(), (boost::json::array{-87.6278, 41.8819}));
    EXPECT_EQ(still.at("properties").at("facing_deg"), 0.0);
    EXPECT_EQ(still.at("properties").at("distance_m"), 150.0);
    EXPECT_NEAR(ring[7].at(1).to_number<double>(), 41.8819 + 150 / 111195.0, 1e-6);

    face.asset = truck;
    face.heading_deg.reset();
    face.side = store::FaceSide::right;
    learn();
    EXPECT_EQ(ask("/visibility", 422).at("errors").at(0).at("pointer"), "/query/latitude");
    const std::string there = "/visibility?latitude=41.9&longitude=-87.6";
    EXPECT_EQ(ask(there, 422).at("errors").at(0).at("pointer"), "/query/heading_deg");
    const auto seen = ask(there + "&heading_deg=350");
    EXPECT_EQ(seen.at("properties").at("facing_deg"), 80.0);
    EXPECT_EQ(
        ask("/visibility?at=1969-01-01T00:00:00Z", 422).at("errors").at(0).at("pointer"),
        "/query/at");
}

}  // namespace
}  // namespace mobilytics::report
