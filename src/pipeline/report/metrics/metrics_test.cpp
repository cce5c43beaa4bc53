#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "pipeline/report/metrics/cost.h"
#include "pipeline/report/metrics/digital.h"
#include "pipeline/report/metrics/impressions.h"
#include "pipeline/report/metrics/moving.h"
#include "pipeline/report/metrics/pages.h"
#include "pipeline/report/metrics/presence.h"
#include "pipeline/report/metrics/reach.h"

namespace mobilytics::report::metrics {
namespace {

const Calibration kTwo{2, {1.5, 3}, {}, 40};
const Face kPoster{3, 1.5, 0.2, false};  // Legible from 60 m.

Value people(MetricId metric, double value) {
    return {.metric = metric, .value = value, .bounds = {}, .standing = Standing::calibrated};
}

TEST(MetricRegistry, EveryMetricIsDefinedOnce) {
    std::set<MetricId> seen;
    for (const auto& metric : definitions()) {
        EXPECT_TRUE(seen.insert(metric.id).second) << word(metric.id);
        EXPECT_FALSE(metric.name.empty() || metric.counts.empty() || metric.formula.empty());
        EXPECT_FALSE(metric.needs.empty() || metric.uncertainty.empty() || metric.source.empty());
        factors_of(metric);
    }
    EXPECT_EQ(seen.size(), 38U);
    EXPECT_EQ(factor_definitions().size(), 8U);
    for (const auto& factor : factor_definitions()) EXPECT_EQ(definition(factor.id).id, factor.id);
}

TEST(MetricRegistry, WhatIsDisclosedIsWhatTheRegistrySays) {
    const std::vector<Contact> contacts{{5, {}}};
    const std::vector<MovingContact> moving{{.vehicle_m_s = 10, .contact = {5, {}}}};
    const auto ids = [](const Value& value) {
        std::vector<FactorId> out;
        for (const auto& factor : value.factors) out.push_back(factor.id);
        return out;
    };
    const std::vector<double> silent{1};
    const auto exposure = moving_exposure(moving, kTwo);
    for (const auto& value :
         {ots(contacts, kTwo), lts(contacts, kTwo), exposure.moving, exposure.parked,
          occupancy(silent, 60, kTwo), reach(10, 0.01, kTwo)}) {
        EXPECT_EQ(ids(value), factors_of(definition(value.metric))) << word(value.metric);
    }
}

TEST(MetricPages, AreThoseOfTheRegistry) {
    const std::filesystem::path folder = "docs/metrics";
    std::set<std::string> there;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        there.insert(entry.path().filename().string());
    }
    for (const auto& [name, text] : pages()) {
        std::ifstream file(folder / name);
        std::ostringstream kept;
        kept << file.rdbuf();
        EXPECT_EQ(kept.str(), text) << name << " differs: run script/metrics";
        there.erase(name);
    }
    EXPECT_TRUE(there.empty()) << *there.begin() << " is of no metric: run script/metrics";
}

TEST(Values, AreRoundedOnceAndTheirBoundsOutwards) {
    Value value{.metric = MetricId::ots, .value = 12.5, .bounds = Bounds{10.2, 14.1}};
    EXPECT_EQ(shown(value).value, 13);
    EXPECT_EQ(shown(value).bounds, (Bounds{10, 15}));
    value.metric = MetricId::grp;
    value.value = 12.345678;
    EXPECT_EQ(shown(value).value, 12.35);
}

TEST(Values, AreNeverPeopleWithoutACalibration) {
    const auto bare = reach(100, 0.01, {});
    EXPECT_EQ(bare.counted, Counted::devices);
    EXPECT_EQ(bare.standing, Standing::observed);
    EXPECT_DOUBLE_EQ(bare.bounds->low, 100 - 1.96);
    const auto fitted = reach(100, 0.01, kTwo);
    EXPECT_EQ(fitted.counted, Counted::people);
    EXPECT_EQ(fitted.standing, Standing::calibrated);
    EXPECT_EQ(fitted.value, 200);
    EXPECT_DOUBLE_EQ(fitted.bounds->low, (100 - 1.96) * 1.5);
    EXPECT_DOUBLE_EQ(fitted.bounds->high, (100 + 1.96) * 3);
    EXPECT_EQ(fitted.calibration, kTwo);
}

TEST(Visibility, EachFactorIsItsFormula) {
    // Head on, near, slow, clear, by day: whole.
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20})->weight(), 1);
    EXPECT_DOUBLE_EQ(visibility(kPoster, {.distance_m = 120})->distance, 0.5);
    EXPECT_NEAR(
        visibility(kPoster, {.distance_m = 171.8873})->size, 0.5, 1e-5);  // 1.5 m at half a degree.
    EXPECT_NEAR(visibility(kPoster, {.distance_m = 20, .angle_deg = 60})->angle, 0.5, 1e-12);
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20, .angle_deg = 89})->angle, 0.25);
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20, .angle_deg = 90})->angle, 0);
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20, .speed_m_s = 14})->speed, 1);
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20, .speed_m_s = 25})->speed, 0.625);
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20, .speed_m_s = 99})->speed, 0.25);
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20, .clear = 0.3})->obstruction, 0.3);
    EXPECT_EQ(visibility(kPoster, {.distance_m = 20, .daylight = 0})->illumination, 0);
    auto lit = kPoster;
    lit.lit = true;
    EXPECT_EQ(visibility(lit, {.distance_m = 20, .daylight = 0})->illumination, 1);
    const auto bad = visibility({}, {.distance_m = -1, .angle_deg = 181, .clear = 2});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, "bad_sight");
    EXPECT_EQ(bad.error().faults.size(), 6U);
}

TEST(Impressions, OpportunitiesTimesTheirFactorsAreLikelyToSee) {
    const std::vector<Contact> contacts{
        {0, {}},  // A single sighting is no opportunity.
        {1, {.size = 0.5}},
        {9, {.angle = 0.5, .illumination = 0}},
        {9, {}},
        {9, {.speed = 0.25}}};
    const auto seen = ots(contacts, kTwo);
    EXPECT_EQ(seen.value, 8);
    EXPECT_EQ(seen.bounds, (Bounds{6, 12}));
    EXPECT_EQ(seen.standing, Standing::calibrated);
    const auto likely = lts(contacts, kTwo);
    EXPECT_EQ(likely.value, 3.5);
    EXPECT_EQ(likely.standing, Standing::modelled);
    double product = static_cast<double>(4);
    for (const auto& factor : likely.factors) product *= factor.value;
    EXPECT_DOUBLE_EQ(product, 3.5);
    EXPECT_EQ(likely.factors[1], (Factor{FactorId::size, 3.5 / 4}));
    EXPECT_FALSE(ots(contacts, {}).bounds);
    EXPECT_EQ(lts({}, kTwo).value, 0);
}

TEST(Presence, SingleSightingsAreNeverAveragedIn) {
    const std::vector<Stay> stays{{0, true}, {4, false}, {5, false}, {60, false}, {900, false}};
    const auto told = dwell(stays, {.mean_gap_s = 30, .transit_s = 70});
    EXPECT_EQ(told.visits, 5);
    EXPECT_EQ(told.singles, 1);
    EXPECT_EQ(told.bins, (std::array<std::int64_t, 8>{1, 1, 1, 0, 0, 1, 0, 1}));
    EXPECT_EQ(told.median->value, 32.5);
    EXPECT_EQ(told.mean->value, 242.25);
    EXPECT_EQ(told.corrected->value, 52.5);  // 34, 35, 70 by the transit, 900 as observed.
    EXPECT_EQ(told.corrected->standing, Standing::modelled);
    EXPECT_FALSE(dwell(std::vector<Stay>{{0, true}}, {}).median);
}

TEST(Presence, TheMedianLiesBetweenRanks) {
    std::vector<Stay> stays;
    for (int i = 1; i <= 100; ++i) stays.push_back({static_cast<double>(i), false});
    EXPECT_EQ(dwell(stays, {}).median->bounds, (Bounds{40, 61}));  // 50 -+ 9.8: ranks 40 and 61.
}

TEST(Presence, WhoIsSilentCountsLess) {
    const std::vector<double> silent{0, 60, 120};
    const auto here = occupancy(silent, 60, {});
    EXPECT_NEAR(here.value, 1 + std::exp(-1) + std::exp(-2), 1e-12);
    EXPECT_LE(here.bounds->high, 3);
    EXPECT_GE(here.bounds->low, 0);
}

TEST(Reach, PointsAreReachTimesFrequency) {
    const auto day = Delivery::of(4'000, 1'000, 10'000);
    ASSERT_TRUE(day);
    EXPECT_EQ(day->frequency(), 4);
    EXPECT_EQ(day->reach_percent(), 10);
    EXPECT_EQ(day->grp(), 40);
    EXPECT_EQ(grp(people(MetricId::ots, 4'000), 10'000)->value, 40);
    EXPECT_EQ(trp(people(MetricId::ots, 4'000), 0.25, 2'000)->value, 50);
    EXPECT_EQ(grp(people(MetricId::ots, 1), 0).error().code, "bad_population");
    EXPECT_EQ(trp(people(MetricId::ots, 1), 1.5, 10).error().code, "bad_population");
    EXPECT_EQ(Delivery::of(0, 0, 10)->frequency(), std::nullopt);
    for (const auto& bad :
         {Delivery::of(5, 11, 10), Delivery::of(5, 6, 10), Delivery::of(5, 0, 10),
          Delivery::of(-1, 0, 10), Delivery::of(1, 1, 0), Delivery::of(1, 1, NAN)}) {
        ASSERT_FALSE(bad);
        EXPECT_EQ(bad.error().code, "bad_delivery");
    }
}

TEST(Reach, EffectiveReachIsAShareOfThoseReached) {
    const Frequencies week{{50, 30, 10, 10}};
    EXPECT_EQ(week.reach(), 100);
    EXPECT_EQ(week.impressions(), 180);
    EXPECT_EQ(week.at_least(3), 20);
    const auto three = effective_reach(week, 3);
    EXPECT_EQ(three->value, 0.2);
    EXPECT_NEAR(three->bounds->low, 0.1334, 5e-5);  // Wilson's, of 20 in 100.
    EXPECT_NEAR(three->bounds->high, 0.2888, 5e-5);
    EXPECT_EQ(effective_reach(week, 1)->value, 1);
    EXPECT_FALSE(effective_reach({}, 1));
}

TEST(Reach, TheModelGivesBackTheDayAndTheShape) {
    // Shape 1 is geometric: of a mean of 1 half are missed, a quarter has one, an eighth two.
    const auto fitted = fit_reach(*Delivery::of(1'000, 500, 1'000));
    ASSERT_TRUE(fitted);
    EXPECT_NEAR(*fitted->shape, 1, 1e-9);
    EXPECT_NEAR(modelled_reach(*fitted, 1'000).value, 500, 1e-6);
    EXPECT_EQ(modelled_reach(*fitted, 1'000).standing, Standing::modelled);
    EXPECT_NEAR(modelled_reach(*fitted, 3'000).value, 750, 1e-6);
    const auto people = modelled_frequencies(*fitted, 1'000, 3);
    ASSERT_EQ(people.size(), 3U);
    EXPECT_NEAR(people[0], 250, 1e-6);
    EXPECT_NEAR(people[1], 125, 1e-6);
    EXPECT_NEAR(people[2], 125, 1e-6);
    const auto three = modelled_effective_reach(*fitted, 1'000, 3);
    EXPECT_NEAR(three->value, 0.25, 1e-9);
    EXPECT_EQ(three->standing, Standing::modelled);
    EXPECT_FALSE(modelled_effective_reach(*fitted, 0, 3));
    // Nobody twice: less than chance would repeat, so chance it is.
    const auto alike = fit_reach(*Delivery::of(500, 500, 1'000));
    EXPECT_FALSE(alike->shape);
    EXPECT_NEAR(modelled_reach(*alike, 1'000).value, 1'000 * (1 - std::exp(-1)), 1e-9);
    EXPECT_EQ(fit_reach(*Delivery::of(0, 0, 10)).error().code, "nothing_to_fit");
    EXPECT_EQ(fit_reach(*Delivery::of(30, 10, 10)).error().code, "nothing_to_fit");
}

TEST(Cost, AThousandImpressionsAndAPoint) {
    // 400 dollars for 20 000 impressions are 20 a thousand (P. Farris, Marketing Metrics, chapter
    // 9).
    const Money cost{40'000, "USD"};
    EXPECT_EQ(cpm(cost, people(MetricId::ots, 20'000))->value, (Money{2'000, "USD"}));
    EXPECT_EQ(cpp(cost, people(MetricId::grp, 40))->value, (Money{1'000, "USD"}));
    EXPECT_EQ(
        cpm({5, "EUR"}, people(MetricId::ots, 2'000))->value, (Money{3, "EUR"}));  // 2.5 cents.
    auto likely = people(MetricId::lts, 20'000);
    likely.bounds = Bounds{10'000, 40'000};
    EXPECT_EQ(cpm(cost, likely)->low, (Money{1'000, "USD"}));
    EXPECT_EQ(cpm(cost, likely)->high, (Money{4'000, "USD"}));
    EXPECT_FALSE(cpm(cost, people(MetricId::ots, 0)));
    EXPECT_FALSE(cpm({INT64_MAX, "USD"}, people(MetricId::ots, 1)));
}

TEST(Digital, ALoopIsMetAsOftenAsDerived) {
    const Loop loop{10, 60, 1};
    EXPECT_DOUBLE_EQ(contacts_of(loop, 52), 1);
    EXPECT_DOUBLE_EQ(contacts_of(loop, 22), 0.5);
    EXPECT_EQ(contacts_of(loop, 0.5), 0);
    EXPECT_EQ(contacts_of({0.5, 60, 1}, 100), 0);
    EXPECT_DOUBLE_EQ(contacts_of(loop, 112), 2);
    EXPECT_EQ(chance_of(loop, 112), 1);
    const std::vector<double> dwells{52, 22};
    EXPECT_DOUBLE_EQ(loop_contacts(dwells, loop, kTwo)->value, 3);
    EXPECT_EQ(loop_contacts(dwells, {10, 5, -1}, {}).error().faults.size(), 2U);
}

TEST(Digital, ImpressionsOfAPlay) {
    // Broadsign: 10 000 plays times 4 are 40 000 impressions.
    const auto q = multipliers(std::vector<HourOfPlays>{
        {people(MetricId::ots, 40'000), 10'000},
        {people(MetricId::ots, 40'000), 0},
        {people(MetricId::ots, 8), 25}});
    EXPECT_EQ(q[0]->value, 4);
    EXPECT_EQ(q[0]->metric, MetricId::multiplier);
    EXPECT_FALSE(q[1]);
    EXPECT_EQ(q[2]->value, 0.32);  // Below 1 is normal.
    const auto sent = qty(0.123456789, MultiplierSource::vendor, "example.com");
    EXPECT_EQ(sent->multiplier, 0.123456789);
    EXPECT_EQ(sent->sourcetype, 1);
    EXPECT_EQ(sent->vendor, "example.com");
    EXPECT_TRUE(may_bill(*sent, 0.123456789));
    EXPECT_FALSE(may_bill(*sent, 0.13));
    EXPECT_EQ(qty(1, MultiplierSource::vendor, "").error().code, "vendor_missing");
    EXPECT_EQ(qty(NAN, MultiplierSource::publisher, "").error().code, "bad_multiplier");
    EXPECT_EQ(qty(2, MultiplierSource::exchange, "")->sourcetype, 3);
}

TEST(Digital, VenuesAreTradedAsTaxonomy11KnowsThem) {
    EXPECT_EQ(venue(306)->name, "outdoor.moving_billboard");
    EXPECT_EQ(venue(306)->id_1_1, 104);
    EXPECT_EQ(venue(301)->id_1_1, 301);
    EXPECT_FALSE(venue(999));
    EXPECT_EQ(venues().size(), 9U);
}

TEST(Moving, EachSideLooksItsWay) {
    const Pose north{{41.88, -87.63}, 0};
    EXPECT_EQ(facing_deg(north, Side::driver, TrafficSide::right), 270);
    EXPECT_EQ(facing_deg(north, Side::passenger, TrafficSide::right), 90);
    EXPECT_EQ(facing_deg(north, Side::driver, TrafficSide::left), 90);
    EXPECT_EQ(facing_deg({{}, 350}, Side::rear, TrafficSide::right), 170);
    EXPECT_EQ(facing_deg({{}, 350}, Side::front, TrafficSide::right), 350);
}

TEST(Moving, ASideIsSeenFromItsSectorOnly) {
    const Pose north{{41.88, -87.63}, 0};
    const Spot west{41.88, -87.6306}, east{41.88, -87.6294},
        far_west{41.88, -87.6308};  // 50, 50, 66 m.
    EXPECT_TRUE(in_sight(north, {Side::driver, kPoster}, west));
    EXPECT_FALSE(in_sight(north, {Side::driver, kPoster}, east));
    EXPECT_TRUE(in_sight(north, {Side::passenger, kPoster}, east));
    EXPECT_FALSE(in_sight(north, {Side::driver, kPoster}, far_west));
    const auto zone = visibility_polygon(north, {Side::driver, kPoster});
    ASSERT_EQ(zone.size(), 15U);
    EXPECT_EQ(zone.front().latitude, zone.back().latitude);
    for (const auto& point : zone) EXPECT_LE(point.longitude, -87.63);
    EXPECT_NEAR(zone[7].longitude, -87.630725, 1e-6);  // 60 m to the west.
}

TEST(Moving, WhatHasNoCreditIsCountedByReason) {
    const Contact seen{10, {.size = 0.5}};
    const std::vector<MovingContact> contacts{
        {Side::driver, Flow::oncoming, 10, false, false, seen},
        {Side::passenger, Flow::oncoming, 10, false, false, seen},
        {Side::passenger, Flow::on_foot, 10, false, false, seen},
        {Side::rear, Flow::same_direction, 10, true, false, seen},
        {Side::rear, Flow::same_direction, 10, true, true, seen},
        {Side::rear, Flow::same_direction, 1.4, false, false, seen},
        {Side::rear, Flow::same_direction, 10, false, false, {0.5, {}}}};
    const auto told = moving_exposure(contacts, kTwo);
    EXPECT_DOUBLE_EQ(told.moving.value, 2 * 0.5 * (0.85 + 1 + 1));
    EXPECT_EQ(told.moving.metric, MetricId::moving_impressions);
    EXPECT_DOUBLE_EQ(told.parked.value, 1);
    EXPECT_EQ(told.left_out, (std::array<double, 3>{1, 1, 1}));
    EXPECT_DOUBLE_EQ(told.moving.factors[1].value, 2.85 / 3);
}

}  // namespace
}  // namespace mobilytics::report::metrics
