#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/report/face_figures.h"
#include "pipeline/report/metrics/sun.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_api.h"
#include "platform/duckdb/duckdb_test.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

Instant at(const char* text) { return *parse_iso8601(text); }

constexpr metrics::Spot kChicago{41.8819, -87.6278};

store::Face poster() {
    store::Face out;
    out.width_m = 6;
    out.height_m = 3;
    out.road_angle_deg = 90;
    out.speed_kmh = 36;
    return out;
}

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

TEST(FaceRules, AnHourIsCutWhereTheFaceChanged) {
    auto first = poster(), second = poster();
    first.from = at("2026-08-21T10:00:00Z");
    first.to = second.from = at("2026-08-21T11:20:00Z");
    second.to = at("2026-08-21T12:30:00Z");
    const std::vector versions{first, second};
    const store::Period day{at("2026-08-21T00:00:00Z"), at("2026-08-22T00:00:00Z")};
    EXPECT_EQ(
        face_slots(day, "UTC", versions), (std::vector{
                                              first.from, at("2026-08-21T11:00:00Z"), second.from,
                                              at("2026-08-21T12:00:00Z"), *second.to}));
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

/// HTTP above, a real store and a real Postgres below.
class FaceReportTest : public pg::PostgresTest {
  protected:
    FaceReportTest() : PostgresTest({pg::kMigrations, ingest::kMigrations}) {
        mount(router, report);
        store->learn(store::Company{company, "America/Chicago", false});
        store->learn(store::Company{other, "America/Chicago", false});
        learn_asset(board, false);
        learn_asset(truck, true);
        face = poster();
        face.company = company;
        face.id = FaceId::fresh(clock.now());
        face.asset = board;
        face.name = "North";
        face.heading_deg = 0;
        face.letter_height_m = 0.5;
        face.obstruction = 0.1;
        learn();
    }
    void learn() { store->learn(std::vector{face}); }
    void learn_asset(AssetId id, bool moving) {
        store::Asset asset;
        asset.dimension = {company, id, moving, {}, "America/Chicago"};
        if (!moving) asset.dimension.position = measure::PathPoint{{}, 418'819'000, -876'278'000};
        asset.code = asset.name = moving ? "T-1" : "M-12";
        asset.kind = moving ? "vehicle" : "billboard";
        store->learn(asset);
        store->learn(measure::Attachment{company, DeviceId::fresh(clock.now()), id, {}, {}});
    }
    /// Visits of 10 s each, so many of each device.
    void keep(
        AssetId asset, Instant start, std::uint64_t devices, std::int64_t times = 1,
        measure::Motion motion = measure::Motion::fixed, std::uint64_t first = 0) {
        measure::Exposure exposure;
        exposure.motion = motion;
        exposure.cell = store::cell_of(store::tile_at(41.88, -87.63, 17), 17);
        exposure.visits_begun = static_cast<std::int64_t>(devices) * times;
        exposure.visits_ended = exposure.visits_begun;
        exposure.sightings = exposure.visits_begun * 6;  // Every 2 s.
        exposure.presence_us = exposure.dwell_us = exposure.visits_begun * 10'000'000;
        exposure.dwell_bins[2] = exposure.visits_begun;
        for (std::uint64_t i = 0; i < devices; ++i) {
            exposure.reach.add(1, (first + i + 1) * 0x9E3779B97F4A7C15);
        }
        measure::BucketFacts bucket;
        bucket.start = start;
        bucket.coverage.covered_us = 900'000'000;
        bucket.exposures.push_back(exposure);
        measure::FactBatch batch;
        batch.position = {++commits, 1};
        batch.assets.emplace_back();
        batch.assets.back().company = company;
        batch.assets.back().asset = asset;
        batch.assets.back().buckets.push_back(std::move(bucket));
        store->commit(batch);
    }
    boost::json::value ask(const std::string& more = "", unsigned status = 200) {
        http::Request request{.target = "/api/v1/reports/faces/" + face.id.str() + more};
        request.headers.add("Authorization", "Bearer x");
        const auto reply = router.handle(std::move(request));
        EXPECT_EQ(reply.status, status) << boost::json::serialize(reply.body);
        return reply.body;
    }
    static std::optional<double> value(const boost::json::value& reply, const char* metric) {
        for (const auto& figure : reply.at("figures").as_array()) {
            if (figure.at("metric") == metric) return figure.at("value").to_number<double>();
        }
        return std::nullopt;
    }
    static const boost::json::value* figure(const boost::json::value& reply, const char* metric) {
        for (const auto& one : reply.at("figures").as_array()) {
            if (one.at("metric") == metric) return &one;
        }
        return nullptr;
    }
    static std::string why(const boost::json::value& reply, const char* metric) {
        for (const auto& one : reply.at("absent").as_array()) {
            if (one.at("metric") == metric) return std::string(one.at("why").as_string());
        }
        return "";
    }
    static double factor(const boost::json::value& reply, const char* id) {
        for (const auto& one : reply.at("factors").as_array()) {
            if (one.at("id") == id) return one.at("value").to_number<double>();
        }
        return -1;
    }

    ManualClock clock{at("2026-08-21T22:00:00Z")};
    const Instant noon = at("2026-08-21T17:00:00Z");   // 12:00 in Chicago.
    const Instant night = at("2026-08-21T06:00:00Z");  // 01:00.
    const std::string day = "?from=2026-08-21T05:00:00Z&to=2026-08-22T05:00:00Z";
    const CompanyId company = CompanyId::fresh(clock.now());
    const CompanyId other = CompanyId::fresh(clock.now());
    const AssetId board = AssetId::fresh(clock.now());
    const AssetId truck = AssetId::fresh(clock.now());
    const MarketId market = MarketId::fresh(clock.now());
    store::Face face;
    CompanyId asking = company;
    std::vector<PlaysOfHour> plays;
    std::optional<metrics::Calibration> calibration;
    std::uint64_t commits = 0;
    duckdb::TemporaryFolder folder;
    std::unique_ptr<store::Store> store =
        store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    http::EventHub hub;
    Live live{*store, system, as("mobilytics_system"), hub, clock};
    Report report{
        *store,
        pool,
        live,
        clock,
        {},
        {.market = [this](CompanyId of, MarketId id) -> Result<Population> {
             if (of != company || id != market) {
                 return fail(ErrorKind::not_found, "no_such_market", id.str());
             }
             return Population{1000, 200, 0.5};
         },
         .plays = [this](CompanyId, FaceId, store::Period) { return plays; },
         .calibration = [this](CompanyId, AssetId, store::Period) { return calibration; }}};
    http::Router router{
        [this](std::string_view) -> Result<Caller> { return Caller{asking, Role::viewer}; }};
};

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
    EXPECT_TRUE(reply.at("items").at(13).at("qty").is_null());  // 5 devices; and, so that they
    EXPECT_TRUE(reply.at("items").at(14).at("qty").is_null());  // are not had by subtraction, 60.
    EXPECT_EQ(reply.at("suppressed").at(0), "items");
    EXPECT_EQ(reply.at("dooh").at("venuetype").at(0), 301);
    EXPECT_EQ(reply.at("dooh").at("venuetypetax"), 5);
    EXPECT_EQ(reply.at("weighted_as"), "lts");
    EXPECT_EQ(reply.at("plays_source"), "loop");
    EXPECT_EQ(value(ask(day), "loop_contacts"), 79.5);  // Of 265 visits, 18 s of 60 each.

    plays = {{noon, 50}};
    const auto logged = ask("/multipliers" + day);
    EXPECT_EQ(logged.at("plays_source"), "play_log");
    EXPECT_EQ(logged.at("items").at(12).at("plays"), 50.0);
    EXPECT_EQ(logged.at("items").at(12).at("contacts"), 50.0);
    EXPECT_EQ(logged.at("items").at(12).at("qty").at("multiplier"), 1.0);
    EXPECT_EQ(logged.at("items").at(12).at("qty").at("sourcetype"), 2);
    EXPECT_TRUE(logged.at("items").at(11).at("qty").is_null());  // No play: none, not 0.
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
