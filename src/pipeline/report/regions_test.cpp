// Figures by region and moving assets in zones: the rules, then the slice on a real store.

#include <random>

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include "foundation/clock_test.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/report/disclosure.h"
#include "pipeline/report/region_rules.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_api.h"
#include "pipeline/report/report_rules.h"
#include "pipeline/report/zones/zone_passages.h"
#include "platform/duckdb/duckdb_test.h"
#include "platform/geojson/geojson.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

Instant at(const char* text) { return *parse_iso8601(text); }

geojson::Point place(double longitude, double latitude) {
    return {
        static_cast<std::int32_t>(std::lround(longitude * 1e7)),
        static_cast<std::int32_t>(std::lround(latitude * 1e7))};
}
geojson::Shape box(double west, double south, double east, double north) {
    return {
        {{{place(west, south), place(east, south), place(east, north), place(west, north)}, {}}}};
}
store::Region region(const std::string& code, const geojson::Shape& shape) {
    store::Region out;
    out.code = code;
    out.name = "Region " + code;
    out.area_m2 = geojson::area_m2(shape);
    out.shape = geojson::pack(shape);
    return out;
}
measure::Cell cell(double latitude, double longitude) {
    return store::cell_of(store::tile_at(latitude, longitude, 17), 17);
}
store::Figures devices(double count) {
    store::Figures out;
    out.devices = count;
    return out;
}

store::RegionIndex halves_and_whole() {
    store::RegionSet set;
    set.regions = {
        region("a", box(-88, 41, -87, 42)), region("b", box(-87, 41, -86, 42)),
        region("c", box(-88, 41, -86, 42))};
    return store::RegionIndex(std::move(set));
}

TEST(RegionRules, CellsAreGroupedByWhereTheyLie) {
    store::RegionSet set;
    set.regions = {region("a", box(-88, 41, -87, 42)), region("b", box(-87, 41, -86, 42))};
    const store::RegionIndex index(set);
    const std::vector cells{
        cell(41.5, -87.5), cell(41.5, -86.5), cell(41.6, -86.5), cell(45, -80), measure::kNoCell};
    const auto found = placed(index, cells);
    EXPECT_THAT(found.groups.groups, ElementsAre(0, 1, 1, 2, 3));
    EXPECT_THAT(found.cells, ElementsAre(1, 2));
    EXPECT_FALSE(found.overlapping);
    EXPECT_TRUE(found.nested.empty());
}

TEST(RegionRules, WhatLiesWithinAnotherIsComparedWithIt) {
    const auto index = halves_and_whole();
    const std::vector cells{cell(41.5, -87.5), cell(41.5, -86.5)};
    const auto found = placed(index, cells);
    EXPECT_TRUE(found.overlapping);
    ASSERT_EQ(found.nested.size(), 2U);
    EXPECT_EQ(found.nested[0].smaller, 0);
    EXPECT_EQ(found.nested[0].larger, 2);
    // b has four devices: c beside a is b, so a would tell of them.
    const std::vector figures{devices(50), devices(4), devices(54), devices(0),
                              devices(0),  devices(4), devices(50)};
    EXPECT_THAT(withheld(found, figures, 10), ElementsAre(true, true, false, false, false));
}

TEST(RegionRules, PartsOfAWholeAreHeldBackInPairs) {
    store::RegionSet set;
    set.regions = {region("a", box(-88, 41, -87, 42)), region("b", box(-87, 41, -86, 42))};
    const store::RegionIndex index(set);
    const auto found = placed(index, std::vector{cell(41.5, -87.5), cell(41.5, -86.5)});
    const std::vector figures{devices(4), devices(30), devices(100), devices(0)};
    EXPECT_THAT(withheld(found, figures, 10), ElementsAre(true, true, false, false));
    const std::vector enough{devices(40), devices(30), devices(100), devices(0)};
    EXPECT_THAT(withheld(found, enough, 10), ElementsAre(false, false, false, false));
}

/// East along a parallel at 41.5 degrees, a minute a point.
measure::Route eastward(Instant started, double from, double to, int minutes) {
    measure::Route out;
    for (int i = 0; i <= minutes; ++i) {
        const auto point = place(from + (to - from) * i / minutes, 41.5);
        out.path.push_back(
            {started + std::chrono::minutes(i), point.latitude_e7, point.longitude_e7});
    }
    out.started = started;
    out.ended = started + std::chrono::minutes(minutes);
    return out;
}

const AssetId kTruck = AssetId::from_bytes({1});
const Instant kNoon = at("2026-08-21T12:00:00Z");
const store::Period kDay{kNoon - 12h, kNoon + 12h};

std::vector<zones::Passage> passages_of(
    const std::vector<measure::Route>& routes, const std::vector<geojson::Shape>& shapes,
    store::Period period = kDay) {
    std::vector<store::Trip> trips;
    for (const auto& route : routes) trips.push_back({kTruck, route});
    return zones::passages(trips, geojson::ShapeIndex(shapes), {period});
}

TEST(ZonePassages, ABorderIsCrossedAtAnInterpolatedMoment) {
    // 10 minutes from -87.10 to -87.00; the zone from -87.075 to -87.025.
    const auto found =
        passages_of({eastward(kNoon, -87.10, -87.00, 10)}, {box(-87.075, 41, -87.025, 42)});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].from, kNoon + 150s);
    EXPECT_EQ(found[0].to, kNoon + 450s);
    EXPECT_TRUE(found[0].entry_seen);
    EXPECT_TRUE(found[0].exit_seen);
    EXPECT_NEAR(found[0].distance_m, 4164.0, 1);  // 0.05 degrees at cos 41.5.
    EXPECT_EQ(found[0].stops, 0);
}

TEST(ZonePassages, WhereATripBeginsOrEndsNobodySawTheBorder) {
    const auto found = passages_of(
        {eastward(kNoon, -87.05, -87.03, 4), eastward(kNoon + 1h, -87.03, -87.00, 6)},
        {box(-87.075, 41, -87.025, 42)});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_FALSE(found[0].entry_seen);
    EXPECT_FALSE(found[0].exit_seen);
    EXPECT_FALSE(found[1].entry_seen);
    EXPECT_TRUE(found[1].exit_seen);
    EXPECT_EQ(found[1].to, kNoon + 1h + 60s);
    EXPECT_EQ(zones::unseen_between(found[0], found[1]), 56min);
}

TEST(ZonePassages, ATripThatWasCutAtMidnightGoesOn) {
    const auto found = passages_of(
        {eastward(kNoon, -87.10, -87.05, 5), eastward(kNoon + 6min, -87.04, -87.00, 4)},
        {box(-87.075, 41, -87.025, 42)});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].entry_seen);
    EXPECT_TRUE(found[0].exit_seen);
    EXPECT_EQ(found[0].from, kNoon + 150s);
    EXPECT_EQ(found[0].to, kNoon + 6min + 90s);
}

TEST(ZonePassages, AStopIsWhoStandsLongEnough) {
    auto route = eastward(kNoon, -87.10, -87.05, 5);
    auto stands = route.path.back();
    stands.at += 10min;
    route.path.push_back(stands);
    for (int i = 1; i <= 5; ++i) {
        auto next = stands;
        next.at += std::chrono::minutes(i);
        next.longitude_e7 += 100'000 * i;
        route.path.push_back(next);
    }
    const auto found = passages_of({route}, {box(-87.075, 41, -87.025, 42)});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].stops, 1);
    EXPECT_EQ(found[0].stopped, 10min);
}

TEST(ZonePassages, ThePeriodCutsThem) {
    const auto found = passages_of(
        {eastward(kNoon, -87.10, -87.00, 10)}, {box(-87.075, 41, -87.025, 42)},
        {kNoon + 4min, kNoon + 6min});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].from, kNoon + 4min);
    EXPECT_EQ(found[0].to, kNoon + 6min);
    EXPECT_FALSE(found[0].entry_seen);
    EXPECT_FALSE(found[0].exit_seen);
}

TEST(ZonePassages, PartsOfADividedZoneAddUp) {
    // A zone that is cut in two by any meridian has the time and way of the whole.
    EXPECT_TRUE(rc::check([] {
        const double cut = -87.075 + *rc::gen::inRange(1, 49) / 1000.0;
        const auto route = eastward(kNoon, -87.10, -87.00, *rc::gen::inRange(3, 40));
        const auto whole = passages_of({route}, {box(-87.075, 41, -87.025, 42)});
        const auto parts =
            passages_of({route}, {box(-87.075, 41, cut, 42), box(cut, 41, -87.025, 42)});
        RC_ASSERT(whole.size() == 1U);
        RC_ASSERT(parts.size() == 2U);
        const auto sum = (parts[0].to - parts[0].from) + (parts[1].to - parts[1].from);
        RC_ASSERT(std::chrono::abs(sum - (whole[0].to - whole[0].from)) <= 2us);
        RC_ASSERT(std::abs(parts[0].distance_m + parts[1].distance_m - whole[0].distance_m) < 0.01);
    }));
}

/// HTTP above, a real store and a real Postgres below.
class RegionReportTest : public pg::PostgresTest {
  protected:
    RegionReportTest() : PostgresTest({pg::kMigrations, ingest::kMigrations}) {
        mount(router, report);
        for (const auto id : {company, other}) {
            store->learn(store::Company{id, "America/Chicago", true});
        }
        store::Asset asset;
        asset.dimension = {company, truck, true, {}, "America/Chicago"};
        asset.code = asset.name = "T-1";
        asset.kind = "vehicle";
        store->learn(asset);
        store::RegionSet set{company, set_id, "Halves", "custom", 1, hour, {}};
        set.regions = {
            region("east", box(-87, 41, -86, 42)), region("empty", box(10, 10, 11, 11)),
            region("west", box(-88, 41, -87, 42))};
        set.regions[0].population = 1000;
        store->learn(set);
    }
    void keep(const std::vector<std::pair<measure::Cell, std::uint64_t>>& cells) {
        measure::BucketFacts bucket;
        bucket.start = hour;
        bucket.coverage.covered_us = 900'000'000;
        bucket.coverage.reports = 1;
        std::uint64_t device = 0;
        for (const auto& [where, count] : cells) {
            measure::Exposure exposure;
            exposure.motion = measure::Motion::driving;
            exposure.cell = where;
            exposure.visits_begun = static_cast<std::int64_t>(count);
            exposure.presence_us = static_cast<std::int64_t>(count) * 36'000'000;
            exposure.occupancy_max = 2;
            exposure.dwell_bins[2] = exposure.visits_begun;
            for (std::uint64_t i = 0; i < count; ++i) {
                exposure.reach.add(1, ++device * 0x9E3779B97F4A7C15);
            }
            bucket.exposures.push_back(exposure);
        }
        measure::FactBatch batch;
        batch.position = {++commits, 1};
        batch.assets.push_back({company, truck, {bucket}, {}, {}});
        store->commit(batch);
    }
    boost::json::value ask(const std::string& what, unsigned status = 200) {
        http::Request request{.target = "/api/v1/reports/" + what};
        request.headers.add("Authorization", "Bearer x");
        const auto reply = router.handle(std::move(request));
        EXPECT_EQ(reply.status, status) << boost::json::serialize(reply.body);
        return reply.body;
    }

    ManualClock clock{at("2026-08-21T13:00:00Z")};
    const Instant hour = at("2026-08-21T12:00:00Z");
    CompanyId company = CompanyId::fresh(clock.now());
    const CompanyId other = CompanyId::fresh(clock.now());
    const AssetId truck = AssetId::fresh(clock.now());
    const RegionSetId set_id = RegionSetId::fresh(clock.now());
    const std::string span =
        "?from=2026-08-21T12:00:00Z&to=2026-08-21T13:00:00Z&set_id=" + set_id.str();
    std::uint64_t commits = 0;
    duckdb::TemporaryFolder folder;
    std::unique_ptr<store::Store> store =
        store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    http::EventHub hub;
    Live live{*store, system, as("mobilytics_system"), hub, clock};
    Report report{*store, pool, live, clock};
    CompanyId asking = company;
    http::Router router{
        [this](std::string_view) -> Result<Caller> { return Caller{asking, Role::viewer}; }};
};

TEST_F(RegionReportTest, RegionsPartTheWhole) {
    keep(
        {{cell(41.5, -87.5), 40},
         {cell(41.5, -86.5), 20},
         {cell(41.5, -86.4), 10},
         {cell(45, -80), 50},
         {measure::kNoCell, 30}});
    const auto reply = ask("regions" + span);
    EXPECT_EQ(reply.at("set_name"), "Halves");
    EXPECT_EQ(reply.at("version"), 1);
    EXPECT_EQ(reply.at("regions"), 3);
    EXPECT_EQ(reply.at("overlapping"), false);
    const auto& items = reply.at("items").as_array();
    ASSERT_EQ(items.size(), 2U);  // Nothing was heard in the third.
    EXPECT_EQ(items[0].at("code"), "east");
    EXPECT_EQ(items[0].at("visits"), 30);
    EXPECT_EQ(items[0].at("devices"), 30.0);
    EXPECT_EQ(items[0].at("cells"), 2);
    EXPECT_EQ(items[0].at("population"), 1000);
    EXPECT_EQ(items[0].at("presence_s"), 1080.0);
    EXPECT_EQ(items[0].at("occupancy_mean"), 0.038);  // 1 080 s of the eight hours of its day.
    EXPECT_EQ(items[1].at("visits"), 40);
    EXPECT_EQ(reply.at("outside").at("visits"), 50);
    EXPECT_EQ(reply.at("unplaced").at("visits"), 30);
    EXPECT_EQ(reply.at("total").at("visits"), 150);
}

TEST_F(RegionReportTest, FewDevicesAreHeldBackAndCannotBeHadBySubtraction) {
    keep({{cell(41.5, -87.5), 40}, {cell(41.5, -86.5), 4}, {cell(45, -80), 50}});
    const auto reply = ask("regions" + span);
    const auto& items = reply.at("items").as_array();
    EXPECT_TRUE(items[0].at("visits").is_null());
    EXPECT_EQ(items[0].at("suppressed").as_array().size(), 6U);
    EXPECT_TRUE(items[1].at("visits").is_null());
    EXPECT_EQ(reply.at("outside").at("visits"), 50);
    EXPECT_EQ(reply.at("total").at("visits"), 90);  // 94, to ten.
}

TEST_F(RegionReportTest, AZoneThatIsRedrawnDoesNotTellOfItsCell) {
    // 47 visits, and then without the cell that 4 were in: to five, that were 45 and 45 or 40; and
    // what is made of them may not tell either.
    keep({{cell(41.5, -87.5), 43}, {cell(41.5, -86.5), 4}, {cell(45, -80), 50}});
    const auto learn = [&](std::int64_t version, const geojson::Shape& shape) {
        store::RegionSet set{company, set_id, "Redrawn", "custom", version, hour, {}};
        set.regions = {region("zone", shape)};
        store->learn(set);
    };
    learn(2, box(-88, 41, -86, 42));
    learn(3, box(-88, 41, -87, 42));
    const auto larger = ask("regions" + span + "&version=2").at("items").at(0).as_object();
    const auto smaller = ask("regions" + span + "&version=3").at("items").at(0).as_object();
    EXPECT_EQ(larger.at("visits"), 50);
    EXPECT_EQ(smaller.at("visits"), 40);
    EXPECT_EQ(larger.at("devices"), 50.0);
    EXPECT_EQ(larger.at("presence_s"), 1800.0);
    EXPECT_EQ(smaller.at("presence_s"), 1440.0);
}

TEST(RegionRules, NoTwoZonesTellOfFewerThanK) {
    // Nine cells, and every zone that can be drawn of them.
    constexpr std::int64_t kFloor = 10;
    constexpr unsigned kCells = 9;
    std::mt19937 random(7);
    std::array<std::int64_t, kCells> counts{};
    for (auto& count : counts) count = random() % 3 == 0 ? random() % 60 : random() % 9;
    struct Zone {
        unsigned cells = 0;
        std::int64_t truth = 0;
        RegionFigures told;
    };
    std::vector<Zone> zones;
    for (unsigned cells = 1; cells < 1U << kCells; ++cells) {
        Zone zone{cells, 0, {}};
        for (unsigned i = 0; i < kCells; ++i) zone.truth += (cells >> i & 1U) * counts[i];
        store::Figures figures;
        figures.visits = zone.truth;
        figures.devices = static_cast<double>(zone.truth);
        figures.presence_us = zone.truth * 36'000'000;
        const bool hide = !may_show(figures.devices, kFloor);
        zone.told = told(figures, hide, std::chrono::hours(24), kFloor);
        zones.push_back(std::move(zone));
    }
    const auto few = [](double rest) { return rest > 0 && rest < kFloor; };
    std::size_t found = 0, found_to_five = 0;
    for (const auto& large : zones) {
        for (const auto& small : zones) {
            if ((small.cells & large.cells) != small.cells) continue;
            if (!large.told.visits || !small.told.visits) continue;
            found += few(static_cast<double>(*large.told.visits - *small.told.visits));
            found += few(*large.told.devices - *small.told.devices);
            found += few((*large.told.presence_s - *small.told.presence_s) / 36);
            found_to_five += few(static_cast<double>(to_five(large.truth) - to_five(small.truth)));
        }
    }
    EXPECT_EQ(found, 0U);
    EXPECT_GT(found_to_five, 0U);  // As it was told before.
}

TEST_F(RegionReportTest, ARegionIsToldOverTime) {
    keep({{cell(41.5, -87.5), 40}, {cell(41.5, -86.5), 20}});
    const auto reply = ask("regions/series" + span + "&grain=quarter&code=west");
    EXPECT_EQ(reply.at("name"), "Region west");
    EXPECT_EQ(reply.at("grain"), "day");  // By place or by hour, and not by both.
    ASSERT_EQ(reply.at("items").as_array().size(), 1U);
    EXPECT_EQ(reply.at("items").at(0).at("start"), "2026-08-21T05:00:00.000000Z");
    EXPECT_EQ(reply.at("items").at(0).at("visits"), 40);
    EXPECT_EQ(
        ask("regions/series" + span + "&grain=hour&code=south", 404).at("code"), "no_such_region");
}

TEST_F(RegionReportTest, AnotherCompanysSetIsNotThere) {
    asking = other;
    for (const char* what : {"regions", "zones", "zone-flows"}) {
        EXPECT_EQ(ask(what + span, 404).at("code"), "no_such_region_set") << what;
    }
    asking = company;
    EXPECT_EQ(ask("regions" + span + "&version=7", 404).at("code"), "no_such_region_set");
}

TEST_F(RegionReportTest, TripsAreToldByZone) {
    measure::FactBatch batch;
    batch.position = {1, 1};
    batch.assets.push_back(
        {company,
         truck,
         {},
         hour,
         {eastward(hour, -87.01, -86.99, 10), eastward(hour + 30min, -86.5, -86.4, 10)}});
    store->commit(batch);
    const auto zones = ask("zones" + span + "&stop_min=5");
    EXPECT_EQ(zones.at("trips"), 2);
    const auto& items = zones.at("items").as_array();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].at("code"), "east");
    EXPECT_EQ(items[0].at("passages"), 2);
    EXPECT_EQ(items[0].at("entries"), 1);
    EXPECT_EQ(items[0].at("time_s"), 900.0);
    EXPECT_EQ(items[0].at("unseen_s"), 1200.0);
    EXPECT_EQ(items[1].at("time_s"), 300.0);
    const auto trips = ask("zone-flows" + span + "&group=hour");
    ASSERT_EQ(trips.at("items").as_array().size(), 2U);
    EXPECT_EQ(trips.at("items").at(0).at("slot"), "07");  // Of Chicago's clocks.
    EXPECT_EQ(trips.at("items").at(0).at("from_code"), "east");
    EXPECT_EQ(trips.at("items").at(0).at("to_code"), "east");
    EXPECT_EQ(trips.at("items").at(1).at("from_code"), "west");
    EXPECT_EQ(trips.at("items").at(1).at("to_code"), "east");
    const auto passages = ask("zone-flows" + span + "&flow=passages");
    ASSERT_EQ(passages.at("items").as_array().size(), 1U);
    EXPECT_EQ(passages.at("items").at(0).at("from_code"), "west");
    EXPECT_EQ(passages.at("items").at(0).at("trips"), 1);
}

}  // namespace
}  // namespace mobilytics::report
