// Sensitive places: the rules, then the slice against Postgres.

#include <gmock/gmock.h>

#include "domains/regions/region_rules.h"
#include "domains/regions/regions_api.h"
#include "domains/regions/regions_migrations.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/geojson/cover.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::regions {
namespace {

using testing::ElementsAre;

// Cells of zoom 17 are so many degrees wide; (0, 0) is the corner of four.
constexpr double kWidth = 360.0 / 131072;

/// A square of so many cells, a tenth of one away from their borders.
std::string grounds(int west, int south, int cells) {
    const auto at = [](double x, double y) {
        return "[" + std::to_string(x * kWidth) + "," + std::to_string(y * kWidth) + "]";
    };
    const double left = west + 0.1, low = south + 0.1;
    const double right = west + cells - 0.1, high = south + cells - 0.1;
    return "[[" + at(left, low) + "," + at(right, low) + "," + at(right, high) + "," +
           at(left, high) + "," + at(left, low) + "]]";
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
std::string two_places() {
    return file(
        {feature(R"({"code":"h1","name":"General Hospital","kind":"hospital"})", grounds(0, 0, 2)),
         feature(R"({"code":"s1","name":"Lincoln School"})", grounds(10, 0, 1))});
}
const Mapping kPlaces{.sensitive = SensitiveMapping{.kind = SensitiveKind::school}};

TEST(SensitiveRules, AFeatureSaysItsKindOrIsOfTheUsualOne) {
    const auto found = regions_of(two_places(), kPlaces, {});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->at(0).kind, SensitiveKind::hospital);
    EXPECT_EQ(found->at(0).cells, 4);
    EXPECT_EQ(found->at(1).kind, SensitiveKind::school);
    EXPECT_EQ(found->at(1).cells, 1);
}

TEST(SensitiveRules, EveryBadFeatureIsNamedWithItsRemedy) {
    const auto found = regions_of(
        file(
            {feature(R"({"code":"a","kind":"hospital"})", grounds(0, 0, 1)),
             feature(R"({"code":"b"})", grounds(0, 0, 1)),
             feature(R"({"code":"c","kind":"pub"})", grounds(0, 0, 1)),
             feature(R"({"code":"d","kind":"court"})", grounds(0, 0, 70))}),
        {.sensitive = SensitiveMapping{}}, {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().message, "3 features cannot be taken; nothing was changed");
    ASSERT_EQ(found.error().faults.size(), 3U);
    EXPECT_EQ(found.error().faults[0].pointer, "/features/1/properties/kind");
    EXPECT_EQ(
        found.error().faults[1].detail,
        "is to be one of hospital, clinic, worship, shelter, school, childcare, court, prison, "
        "union_office, ethnic_association, military, other; or is to be left out, and one said "
        "for all");
    EXPECT_EQ(found.error().faults[2].pointer, "/features/3/geometry");
    EXPECT_EQ(
        found.error().faults[2].detail,
        "touches more than 4000 cells of the map: a sensitive place is a building or its grounds; "
        "draw it closer, or cut it in parts");
}

class SensitiveTest : public pg::PostgresTest {
  protected:
    SensitiveTest()
        : PostgresTest({pg::kMigrations, audit::kMigrations, events::kMigrations, kMigrations}) {
        mount(router, regions);
        mount_by_hand(router, regions);
    }

    http::Reply ask(http::verb verb, std::string target, std::string body = "") {
        return router.handle(
            {verb, std::move(target), "", std::move(body), {{"Content-Type", "application/json"}}});
    }
    http::Reply get(const std::string& more = "") {
        return ask(http::verb::get, "/api/v1/sensitive-places" + more);
    }
    http::Reply import(const std::string& body, const std::string& more = "") {
        return ask(
            http::verb::put, "/api/v1/sensitive-places?kind=school&source=places.json" + more,
            body);
    }
    http::Reply put(const std::string& code, const std::string& kind, const std::string& shape) {
        return ask(
            http::verb::post, "/api/v1/sensitive-places",
            boost::json::serialize(boost::json::object{
                {"code", code}, {"name", "Place " + code}, {"kind", kind}, {"geojson", shape}}));
    }
    http::Reply remove(const std::string& code) {
        return ask(
            http::verb::post, "/api/v1/sensitive-places/removals", R"({"code":")" + code + "\"}");
    }
    std::int64_t number(const http::Reply& reply, const char* field) {
        return reply.body.at(field).to_number<std::int64_t>();
    }
    std::vector<CompanyId> told() {
        std::vector<CompanyId> out;
        pg::SystemPool system(as("mobilytics_system"));
        events::Relay relay(system, as("mobilytics_system"), clock);
        relay.subscribe<SensitiveChanged>(
            "test", [&](const SensitiveChanged& one) { out.push_back(one.company); });
        relay.deliver();
        return out;
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    Caller caller{CompanyId::fresh(clock.now()), Role::owner};
    const CompanyId other = CompanyId::fresh(clock.now());
    Regions regions{
        pool, clock, {.sensitive = {.places_max = 3, .cells_of_one_max = 100, .cells_max = 100}}};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
};

TEST_F(SensitiveTest, AFileIsLookedAtAndThenTaken) {
    const auto seen = import(two_places(), "&dry_run=true");
    ASSERT_EQ(seen.status, 200) << boost::json::serialize(seen.body);
    EXPECT_EQ(number(seen, "added"), 2);
    EXPECT_EQ(number(seen, "cells"), 5);
    EXPECT_EQ(seen.body.at("dry_run"), true);
    EXPECT_EQ(get().body.at("items").as_array().size(), 0U);
    EXPECT_TRUE(told().empty());

    const auto done = import(two_places());
    EXPECT_EQ(number(done, "added"), 2);
    EXPECT_EQ(number(done, "places"), 2);
    const auto page = get("?limit=1");
    EXPECT_EQ(page.body.at("items").at(0).at("code"), "h1");
    EXPECT_EQ(page.body.at("items").at(0).at("kind"), "hospital");
    EXPECT_EQ(page.body.at("items").at(0).at("cells"), 4);
    EXPECT_EQ(page.body.at("next_cursor"), "h1");
    EXPECT_EQ(get("?limit=1&cursor=h1").body.at("items").at(0).at("name"), "Lincoln School");
    EXPECT_THAT(told(), ElementsAre(caller.company));

    // The same again is no change, and nobody is told.
    EXPECT_EQ(number(import(two_places()), "added"), 0);
    EXPECT_TRUE(told().empty());
    // Others stay: a file adds.
    const auto third = import(file({feature(R"({"code":"x"})", grounds(20, 0, 1))}));
    EXPECT_EQ(number(third, "places"), 3);
    const auto fourth = import(file({feature(R"({"code":"y"})", grounds(20, 0, 1))}));
    EXPECT_EQ(fourth.status, 409);
    EXPECT_EQ(fourth.body.at("code"), "too_many_sensitive_places");
    EXPECT_EQ(get().body.at("items").as_array().size(), 3U);
}

TEST_F(SensitiveTest, OneIsDrawnChangedAndRemoved) {
    const auto square = feature("{}", grounds(0, 0, 2));
    EXPECT_EQ(number(put("h1", "clinic", square), "added"), 1);
    EXPECT_EQ(number(put("h1", "hospital", square), "changed"), 1);
    EXPECT_EQ(put("h2", "pub", square).status, 422);
    const auto large = put("h2", "court", feature("{}", grounds(0, 0, 11)));
    EXPECT_EQ(large.status, 422);
    EXPECT_EQ(large.body.at("errors").at(0).at("pointer"), "/geojson");
    EXPECT_EQ(
        put("h2", "court", R"({"type":"LineString","coordinates":[[0,0],[1,1]]})").status, 422);
    ASSERT_EQ(regions.sensitive_shapes(caller.company).size(), 1U);
    const auto shape = geojson::unpack(regions.sensitive_shapes(caller.company)[0]);
    ASSERT_TRUE(shape);
    EXPECT_EQ(geojson::points_of(*shape), 4U);
    EXPECT_EQ(number(remove("h1"), "removed"), 1);
    EXPECT_EQ(remove("h1").status, 404);
    EXPECT_TRUE(regions.sensitive_shapes(caller.company).empty());
    EXPECT_EQ(told().size(), 3U);
}

TEST_F(SensitiveTest, TheTrailKnowsWhoAndWhat) {
    import(two_places());
    remove("s1");
    auto tx = pool.begin(caller.company);
    std::vector<std::string> actions;
    for (const auto& entry : audit::search(tx, {}, std::nullopt, 10)) {
        actions.push_back(entry.action);
    }
    EXPECT_THAT(actions, ElementsAre("regions.sensitive_removed", "regions.sensitive_imported"));
}

TEST_F(SensitiveTest, WhoMayChangeThemAndWhoMaySee) {
    ASSERT_EQ(import(two_places()).status, 200);
    for (const auto role : {Role::viewer, Role::analyst, Role::operator_}) {
        caller.role = role;
        EXPECT_EQ(get().status, 200);
        EXPECT_EQ(get("/geometry").status, 200);
        EXPECT_EQ(import(two_places()).status, 403);
        EXPECT_EQ(put("z", "court", feature("{}", grounds(0, 0, 1))).status, 403);
        EXPECT_EQ(remove("h1").status, 403);
    }
    caller.role = Role::admin;
    EXPECT_EQ(remove("h1").status, 200);
}

TEST_F(SensitiveTest, NoneOfAnotherCompany) {
    ASSERT_EQ(import(two_places()).status, 200);
    caller.company = other;
    EXPECT_EQ(get().body.at("items").as_array().size(), 0U);
    EXPECT_EQ(remove("h1").status, 404);
    EXPECT_EQ(
        std::get<std::string>(get("/geometry").content->bytes),
        R"({"type":"FeatureCollection","features":[]})");
    EXPECT_TRUE(regions.sensitive_shapes(other).empty());
    constexpr pg::Query kAll{"regions.test_all_sensitive", R"sql(
        SELECT count(*) AS company_rows FROM regions.sensitive_place
    )sql"};
    auto tx = pool.begin(other);
    EXPECT_EQ(
        *tx.run(kAll).first(
            [](const pg::Row& row) { return row.get<std::int64_t>("company_rows"); }),
        0);
}

TEST_F(SensitiveTest, WhatIsAskedBadlyIsRefused) {
    EXPECT_EQ(
        ask(http::verb::put, "/api/v1/sensitive-places?kind=pub", two_places())
            .body.at("errors")
            .at(0)
            .at("pointer"),
        "/query/kind");
    EXPECT_EQ(
        ask(http::verb::put, "/api/v1/sensitive-places", two_places())
            .body.at("errors")
            .at(0)
            .at("pointer"),
        "/features/1/properties/kind");
    EXPECT_EQ(get().body.at("items").as_array().size(), 0U);
}

}  // namespace
}  // namespace mobilytics::regions
