#include "domains/regions/regions.h"

#include <gmock/gmock.h>

#include "domains/regions/region_rules.h"
#include "domains/regions/regions_api.h"
#include "domains/regions/regions_migrations.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::regions {
namespace {

using testing::ElementsAre;

std::string square(int west, int south) {
    const auto at = [](int x, int y) {
        return "[" + std::to_string(x) + "," + std::to_string(y) + "]";
    };
    return "[[" + at(west, south) + "," + at(west + 1, south) + "," + at(west + 1, south + 1) +
           "," + at(west, south + 1) + "," + at(west, south) + "]]";
}
std::string feature(const std::string& properties, const std::string& coordinates) {
    return R"({"type":"Feature","properties":)" + properties +
           R"(,"geometry":{"type":"Polygon","coordinates":)" + coordinates + "}}";
}
std::string file(const std::vector<std::string>& features) {
    std::string out = R"({"type":"FeatureCollection","features":[)";
    for (std::size_t i = 0; i < features.size(); ++i) out += (i > 0 ? "," : "") + features[i];
    return out + "]}";
}
std::string two_counties() {
    return file(
        {feature(R"({"GEOID":"17031","NAME":"Cook","POP":5275541})", square(0, 0)),
         feature(R"({"GEOID":17043,"NAME":"DuPage"})", square(1, 0))});
}
const Mapping kCensus{
    .code_property = "GEOID",
    .name_property = "NAME",
    .population_property = "POP",
    .population_source = "US Census 2020"};

std::vector<std::string> pointers_of(const Result<std::vector<Kept>>& result) {
    std::vector<std::string> out;
    for (const auto& fault : result.error().faults) out.push_back(fault.pointer);
    return out;
}

TEST(RegionRules, PropertiesBecomeCodesAndNames) {
    const auto found = regions_of(two_counties(), kCensus, {});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->at(0).code, "17031");
    EXPECT_EQ(found->at(0).name, "Cook");
    EXPECT_EQ(found->at(0).population, 5275541);
    EXPECT_EQ(found->at(0).population_source, "US Census 2020");
    EXPECT_EQ(found->at(0).points, 4);
    EXPECT_NEAR(found->at(0).area_m2 / 1e6, 12308.46, 0.01);
    EXPECT_EQ(found->at(1).code, "17043");
    EXPECT_EQ(found->at(1).population, std::nullopt);
}

TEST(RegionRules, EveryBadFeatureIsNamed) {
    const auto found = regions_of(
        file(
            {feature(R"({"GEOID":"1"})", square(0, 0)), feature("{}", square(1, 0)),
             feature(R"({"GEOID":"1"})", square(2, 0)),
             feature(R"({"GEOID":"4"})", "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"),
             feature(R"({"GEOID":"5","POP":-1})", square(3, 0)),
             feature("{\"GEOID\":\"six\\u0000\"}", square(4, 0))}),
        kCensus, {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, "bad_features");
    EXPECT_EQ(
        found.error().message,
        "5 features cannot be taken; nothing was changed; repair=true mends 1 of them");
    EXPECT_THAT(
        pointers_of(found),
        ElementsAre(
            "/features/3/geometry", "/features/1/properties/GEOID", "/features/2/properties/GEOID",
            "/features/4/properties/POP", "/features/5/properties/GEOID"));
    EXPECT_EQ(
        found.error().faults[2].detail,
        "is \"1\", as that of feature 0: join both into one MultiPolygon, or give them different "
        "codes");
    EXPECT_EQ(regions_of(file({}), kCensus, {}).error().code, "no_features");
    EXPECT_EQ(regions_of("{", kCensus, {}).error().code, "not_geojson");
}

TEST(RegionRules, WhatCanBeMendedIsOfferedAndThenTold) {
    const auto text = file(
        {feature(R"({"GEOID":"1","NAME":"Bow"})", "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"),
         feature(R"({"GEOID":"2","NAME":"Open"})", "[[[2,0],[3,0],[3,1],[2,1]]]"),
         feature(R"({"GEOID":"3","NAME":"Square"})", square(4, 0))});
    auto mapping = kCensus;
    const auto refused = regions_of(text, mapping, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(
        refused.error().message,
        "2 features cannot be taken; nothing was changed; repair=true mends all of them");
    EXPECT_EQ(
        refused.error().faults[1].detail,
        "a ring near 2.000000, 0.000000 (longitude, latitude) does not end where it begins: repeat "
        "its first point at its end; or say repair=true, and its area changes by +0 m2 (+0.0000 "
        "%)");

    mapping.repair = true;
    std::vector<MendedRegion> mended;
    const auto taken = regions_of(text, mapping, {}, &mended);
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->size(), 3U);
    ASSERT_EQ(mended.size(), 2U);
    EXPECT_EQ(mended[0].code, "1");
    EXPECT_EQ(mended[0].name, "Bow");
    EXPECT_EQ(mended[0].feature, 0);
    EXPECT_EQ(
        mended[0].fault, "its border crosses itself near 0.500000, 0.500000 (longitude, latitude)");
    EXPECT_NEAR(mended[0].area_m2, taken->at(0).area_m2, 1e-3);
    EXPECT_NEAR(mended[0].changed_m2, mended[0].area_m2, mended[0].area_m2 * 0.001);
    EXPECT_NEAR(mended[0].changed_percent, 100, 0.1);  // What was written cancelled out.
    EXPECT_EQ(mended[1].code, "2");
    EXPECT_EQ(mended[1].changed_m2, 0);
}

TEST(RegionRules, WhatCannotBeMendedStaysRefused) {
    auto mapping = kCensus;
    const auto text = file(
        {feature(R"({"GEOID":"1"})", "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"),
         feature(R"({"GEOID":"2"})", "[[[0,0],[1,1],[2,2],[0,0]]]")});
    EXPECT_EQ(
        regions_of(text, mapping, {}).error().message,
        "2 features cannot be taken; nothing was changed; repair=true mends 1 of them");
    mapping.repair = true;
    const auto refused = regions_of(text, mapping, {});
    ASSERT_FALSE(refused);
    EXPECT_THAT(pointers_of(refused), ElementsAre("/features/1/geometry"));
    EXPECT_THAT(refused.error().faults[0].detail, testing::HasSubstr("goes around nothing"));
}

TEST(RegionRules, ARoadSegmentIsALineWithABuffer) {
    const std::string line =
        R"({"type":"LineString","coordinates":[[-87.63,41.88],[-87.62,41.88]]})";
    EXPECT_EQ(region_of({"R1", "Madison", line, {}}).error().code, "bad_zone");
    EXPECT_EQ(region_of({"R1", "Madison", line, 0.5}).error().code, "bad_buffer");
    const auto road = region_of({"R1", "Madison", line, 25});
    ASSERT_TRUE(road);
    EXPECT_EQ(road->buffer_m, 25);
    // 827.8 m long (cos 41.88 x 0.01 degrees), 50 m wide, and round at both ends.
    EXPECT_NEAR(road->area_m2, 827.9 * 50 + 1963.5, 10);
    EXPECT_EQ(region_of({"Z", "Z", "{}", {}}).error().code, "bad_zone");
}

TEST(RegionRules, OnlyWhatDiffersIsWritten) {
    const std::vector<Kept> before{{.code = "a"}, {.code = "b"}, {.code = "d"}};
    const std::vector<Kept> after{{.code = "a"}, {.code = "b", .name = "B"}, {.code = "c"}};
    const auto what = difference(before, after);
    EXPECT_THAT(what.added, ElementsAre(&after[2]));
    EXPECT_THAT(what.changed, ElementsAre(&after[1]));
    EXPECT_THAT(what.removed, ElementsAre("d"));
    EXPECT_TRUE(difference(after, after).none());
}

/// The whole slice: HTTP above, Postgres below, nothing false but the clock.
class RegionsTest : public pg::PostgresTest {
  protected:
    RegionsTest()
        : PostgresTest({pg::kMigrations, audit::kMigrations, events::kMigrations, kMigrations}) {
        mount(router, regions);
        mount_by_hand(router, regions);
    }

    http::Reply ask(http::verb verb, std::string target, std::string body = "") {
        return router.handle(
            {verb, std::move(target), "", std::move(body), {{"Content-Type", "application/json"}}});
    }
    http::Reply get(std::string target) { return ask(http::verb::get, std::move(target)); }
    http::Reply post(std::string target, std::string body) {
        return ask(http::verb::post, std::move(target), std::move(body));
    }
    std::string made(const std::string& name = "Counties") {
        const auto reply = post(
            "/api/v1/region-sets",
            boost::json::serialize(boost::json::object{{"name", name}, {"kind", "county"}}));
        EXPECT_EQ(reply.status, 201) << boost::json::serialize(reply.body);
        return "/api/v1/region-sets/" + std::string(reply.body.at("id").as_string());
    }
    http::Reply import(const std::string& set, const std::string& more = "") {
        return ask(
            http::verb::put,
            set +
                "/regions?code_property=GEOID&name_property=NAME&population_property=POP"
                "&population_source=Census&source=counties.json" +
                more,
            two_counties());
    }
    http::Reply import_text(const std::string& set, const std::string& more, std::string text) {
        return ask(
            http::verb::put, set + "/regions?code_property=GEOID&name_property=NAME" + more,
            std::move(text));
    }
    std::int64_t number(const http::Reply& reply, const char* field) {
        return reply.body.at(field).to_number<std::int64_t>();
    }
    std::vector<SetChanged> told() {
        std::vector<SetChanged> out;
        pg::SystemPool system(as("mobilytics_system"));
        events::Relay relay(system, as("mobilytics_system"), clock);
        relay.subscribe<SetChanged>("test", [&](const SetChanged& one) { out.push_back(one); });
        relay.deliver();
        return out;
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    Caller caller{CompanyId::fresh(clock.now()), Role::owner};
    const CompanyId other = CompanyId::fresh(clock.now());
    Regions regions{pool, clock, {.sets_max = 3, .versions_kept = 3}};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
};

TEST_F(RegionsTest, BadRingsAreMendedWhereThatIsAsked) {
    const auto set = made();
    const auto text = file(
        {feature(R"({"GEOID":"1","NAME":"Open"})", "[[[2,0],[3,0],[3,1],[2,1]]]"),
         feature(R"({"GEOID":"3","NAME":"Square"})", square(4, 0))});
    EXPECT_EQ(import_text(set, "", text).status, 422);
    EXPECT_EQ(number(get(set), "version"), 0);
    EXPECT_EQ(import_text(set, "&repair=maybe", text).status, 422);

    const auto tried = import_text(set, "&repair=true&dry_run=true", text);
    ASSERT_EQ(tried.status, 200) << boost::json::serialize(tried.body);
    EXPECT_EQ(number(tried, "mended_regions"), 1);
    EXPECT_EQ(tried.body.at("mended").at(0).at("code"), "1");
    EXPECT_EQ(tried.body.at("mended").at(0).at("changed_m2").to_number<double>(), 0);
    EXPECT_EQ(number(get(set), "version"), 0);

    const auto done = import_text(set, "&repair=true", text);
    ASSERT_EQ(done.status, 200);
    EXPECT_EQ(number(done, "regions"), 2);
    EXPECT_EQ(number(get(set), "version"), 1);
    EXPECT_EQ(number(import_text(set, "&repair=true", text), "version"), 1);  // Nothing differs.
    EXPECT_EQ(get(set + "/regions").body.at("items").as_array().size(), 2U);
}

TEST_F(RegionsTest, AFileBecomesASetThatItsCompanyAloneSees) {
    const auto set = made();
    const auto done = import(set);
    ASSERT_EQ(done.status, 200) << boost::json::serialize(done.body);
    EXPECT_EQ(number(done, "version"), 1);
    EXPECT_EQ(number(done, "added"), 2);
    EXPECT_NEAR(done.body.at("area_km2").as_double(), 2 * 12308.46, 0.1);
    const auto page = get(set + "/regions?limit=1");
    EXPECT_EQ(page.body.at("items").at(0).at("code"), "17031");
    EXPECT_EQ(page.body.at("items").at(0).at("population"), 5275541);
    EXPECT_EQ(page.body.at("next_cursor"), "17031");
    const auto next = get(set + "/regions?limit=1&cursor=17031");
    EXPECT_EQ(next.body.at("items").at(0).at("name"), "DuPage");
    EXPECT_FALSE(next.body.as_object().contains("next_cursor"));
    caller.company = other;
    EXPECT_EQ(get(set).status, 404);
    EXPECT_EQ(get(set + "/regions").status, 404);
    EXPECT_EQ(get(set + "/geometry").status, 404);
    EXPECT_EQ(get(set + "/versions").status, 404);
    EXPECT_EQ(import(set).status, 404);
    EXPECT_EQ(ask(http::verb::delete_, set).status, 404);
    EXPECT_EQ(get("/api/v1/region-sets").body.at("items").as_array().size(), 0U);
}

TEST_F(RegionsTest, ABadFileChangesNothing) {
    const auto set = made();
    ASSERT_EQ(import(set).status, 200);
    const auto bad =
        ask(http::verb::put, set + "/regions?code_property=GEOID",
            file({feature(R"({"GEOID":"1"})", square(0, 0)), feature("{}", square(1, 0))}));
    EXPECT_EQ(bad.status, 422);
    EXPECT_EQ(bad.body.at("code"), "bad_features");
    EXPECT_EQ(bad.body.at("errors").at(0).at("pointer"), "/features/1/properties/GEOID");
    EXPECT_EQ(number(get(set), "version"), 1);
    EXPECT_EQ(number(get(set), "regions"), 2);
    const auto odd = router.handle(
        {http::verb::put, set + "/regions", "", two_counties(), {{"Content-Type", "text/plain"}}});
    EXPECT_EQ(odd.status, 415);
    EXPECT_EQ(import(set, "&buffer_m=0").status, 422);
}

TEST_F(RegionsTest, TheSameFileAgainChangesNothing) {
    const auto set = made();
    ASSERT_EQ(import(set).status, 200);
    const auto again = import(set);
    EXPECT_EQ(number(again, "version"), 1);
    EXPECT_EQ(number(again, "added"), 0);
    EXPECT_EQ(get(set + "/versions").body.at("items").as_array().size(), 1U);
}

TEST_F(RegionsTest, ADryRunSaysWhatWouldBecomeOfIt) {
    const auto set = made();
    const auto done = import(set, "&dry_run=true");
    EXPECT_EQ(number(done, "version"), 1);
    EXPECT_EQ(number(done, "added"), 2);
    EXPECT_EQ(number(get(set), "version"), 0);
    EXPECT_EQ(get(set + "/regions").body.at("items").as_array().size(), 0U);
}

TEST_F(RegionsTest, ZonesAreDrawnReplacedAndTakenOut) {
    const auto set = made("Zones");
    const auto zone = [&](const std::string& code, const std::string& name, int west) {
        return post(
            set + "/zones",
            boost::json::serialize(boost::json::object{
                {"code", code}, {"name", name}, {"geojson", feature("{}", square(west, 0))}}));
    };
    EXPECT_EQ(number(zone("loop", "The Loop", 0), "added"), 1);
    EXPECT_EQ(number(zone("west", "West", 1), "added"), 1);
    EXPECT_EQ(number(zone("loop", "Loop", 0), "changed"), 1);
    const auto gone = post(set + "/zone-removals", R"({"code":"west"})");
    EXPECT_EQ(number(gone, "removed"), 1);
    EXPECT_EQ(number(gone, "version"), 4);
    EXPECT_EQ(post(set + "/zone-removals", R"({"code":"west"})").status, 404);
    EXPECT_EQ(get(set + "/regions").body.at("items").at(0).at("name"), "Loop");
    // The last three versions are kept.
    const auto id = *RegionSetId::parse(set.substr(set.rfind('/') + 1));
    EXPECT_FALSE(regions.content_of(caller.company, id, 1));
    const auto second = regions.content_of(caller.company, id, 2);
    ASSERT_TRUE(second);
    ASSERT_EQ(second->entries.size(), 2U);
    EXPECT_EQ(second->entries[0].name, "The Loop");
    EXPECT_EQ(regions.content_of(caller.company, id, 3)->entries[0].name, "Loop");
    EXPECT_EQ(regions.content_of(caller.company, id, 4)->entries.size(), 1U);
    EXPECT_FALSE(regions.content_of(other, id, 4));
    EXPECT_EQ(get(set + "/versions").body.at("items").as_array().size(), 3U);
}

TEST_F(RegionsTest, GeometryIsGivenAsCoarseAsItsMap) {
    const auto set = made();
    ASSERT_EQ(import(set).status, 200);
    const auto fine = get(set + "/geometry");
    ASSERT_TRUE(fine.content);
    EXPECT_EQ(
        std::get<std::string>(fine.content->bytes),
        R"({"type":"FeatureCollection","features":[)"
        R"({"type":"Feature","id":0,"properties":{"code":"17031","name":"Cook"},"geometry":)"
        R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},)"
        R"({"type":"Feature","id":1,"properties":{"code":"17043","name":"DuPage"},"geometry":)"
        R"({"type":"Polygon","coordinates":[[[1,0],[2,0],[2,1],[1,1],[1,0]]]}}]})");
    EXPECT_EQ(get(set + "/geometry?zoom=0").status, 200);  // Smaller than a pixel, and still there.
    EXPECT_EQ(get(set + "/geometry?version=9").status, 404);
    EXPECT_EQ(get(set + "/geometry?zoom=23").status, 422);
}

TEST_F(RegionsTest, OthersAreToldAndTheTrailKnows) {
    const auto set = made();
    clock.advance(std::chrono::minutes(1));
    ASSERT_EQ(import(set).status, 200);
    EXPECT_EQ(ask(http::verb::delete_, set).status, 204);
    EXPECT_EQ(get(set).status, 404);
    const auto events = told();
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[1].name, "Counties");
    EXPECT_EQ(events[1].kind, RegionSetKind::county);
    EXPECT_EQ(events[1].version, 1);
    EXPECT_EQ(events[1].company, caller.company);
    EXPECT_EQ(events[1].at, *parse_iso8601("2026-08-21T09:31:00Z"));
    EXPECT_EQ(events[2].state, RegionSetState::removed);
    // Its name is free again.
    EXPECT_EQ(made().empty(), false);
}

TEST_F(RegionsTest, ThereIsAnEndToHowMany) {
    made("one");
    made("two");
    made("three");
    const auto more = post("/api/v1/region-sets", R"({"name":"four","kind":"custom"})");
    EXPECT_EQ(more.status, 409);
    EXPECT_EQ(more.body.at("code"), "too_many_region_sets");
    EXPECT_EQ(
        post("/api/v1/region-sets", R"({"name":" ","kind":"custom"})").body.at("code"), "bad_name");
}

TEST_F(RegionsTest, ANameIsTakenOnce) {
    made("one");
    const auto again = post("/api/v1/region-sets", R"({"name":"one","kind":"custom"})");
    EXPECT_EQ(again.body.at("code"), "region_set_name_taken");
}

TEST_F(RegionsTest, AForgottenWhereSeesNothingOfOthers) {
    const auto set = made();
    ASSERT_EQ(import(set).status, 200);
    constexpr pg::Query kAll{"regions.test_all", R"sql(
        SELECT (SELECT count(*) FROM regions.region_set) + (SELECT count(*) FROM regions.region) +
               (SELECT count(*) FROM regions.version) AS company_rows
    )sql"};
    const auto seen = [&](CompanyId company) {
        auto tx = pool.begin(company);
        return *tx.run(kAll).first(
            [](const pg::Row& row) { return row.get<std::int64_t>("company_rows"); });
    };
    EXPECT_EQ(seen(caller.company), 4);
    EXPECT_EQ(seen(other), 0);
}

}  // namespace
}  // namespace mobilytics::regions
