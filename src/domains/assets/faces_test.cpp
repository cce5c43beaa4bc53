#include <gtest/gtest.h>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_api.h"
#include "domains/assets/assets_migrations.h"
#include "domains/assets/face_rules.h"
#include "domains/assets/venue_types.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::assets {
namespace {

FaceTraits poster() {
    FaceTraits out;
    out.name = "North";
    out.width_m = 6;
    out.height_m = 3;
    return out;
}

std::vector<std::string> faults(const FaceTraits& face, AssetKind kind = AssetKind::billboard) {
    std::vector<std::string> out;
    const auto checked = check(face, kind);
    if (checked) return out;
    for (const auto& fault : checked.error().faults) out.push_back(fault.pointer);
    return out;
}

using Names = std::vector<std::string>;

TEST(FaceRules, EveryFaultOfAFaceIsNamed) {
    EXPECT_EQ(faults(poster()), Names());
    auto face = poster();
    face.width_m = 0;
    face.height_m = 201;
    face.letter_height_m = 202;
    face.heading_deg = 360;
    face.road_angle_deg = 91;
    face.obstruction = 1.1;
    face.speed_kmh = 50;
    face.lit = FaceLight::hours;
    face.lit_from = "24:00";
    face.loop_s = 60;
    face.venue_type = 4711;
    EXPECT_EQ(
        faults(face), (Names{
                          "/width_m", "/height_m", "/letter_height_m", "/letter_height_m",
                          "/heading_deg", "/road_angle_deg", "/obstruction", "/speed_source",
                          "/lit_from", "/lit_to", "/loop_s", "/venue_type"}));
}

TEST(FaceRules, ADigitalFaceHasALoopThatHoldsItsSlots) {
    auto face = poster();
    face.medium = FaceMedium::digital;
    EXPECT_EQ(faults(face), (Names{"/loop_s", "/spot_s", "/slots"}));
    face.loop_s = 60;
    face.spot_s = 10;
    face.slots = 7;
    EXPECT_EQ(faults(face), Names{"/loop_s"});
    face.slots = 6;
    EXPECT_EQ(faults(face), Names());
}

TEST(FaceRules, WhereAVehicleLooksIsItsOwnAffair) {
    auto face = poster();
    face.heading_deg = 90;
    face.road_angle_deg = 90;
    EXPECT_EQ(faults(face), Names());
    EXPECT_EQ(faults(face, AssetKind::vehicle), (Names{"/heading_deg", "/road_angle_deg"}));
}

TEST(FaceRules, AFaceIsLitByHoursOverMidnightToo) {
    auto face = poster();
    face.lit_from = "18:00";
    EXPECT_EQ(faults(face), Names{"/lit_from"});
    face.lit = FaceLight::hours;
    face.lit_to = "02:30";
    EXPECT_EQ(faults(face), Names());
    for (const char* bad : {"", "6:00", "18-00", "18:60", "29:00", "1a:00"}) {
        face.lit_to = bad;
        EXPECT_EQ(faults(face), Names{"/lit_to"}) << bad;
    }
    face.lit_to = "18:00";
    EXPECT_EQ(faults(face), Names{"/lit_to"});
}

TEST(FaceRules, WhatAFaceWasStaysKnown) {
    const auto now = *parse_iso8601("2026-08-21T09:30:00Z");
    Face first;
    static_cast<FaceTraits&>(first) = poster();
    NewFace wanted;
    static_cast<FaceTraits&>(wanted) = poster();
    EXPECT_EQ(changed({first}, wanted, now)->size(), 1U);
    wanted.width_m = 9;
    const auto two = changed({first}, wanted, now);
    ASSERT_EQ(two->size(), 2U);
    EXPECT_EQ(two->at(0).to, now);
    EXPECT_EQ(two->at(0).width_m, 6);
    EXPECT_EQ(two->at(1).from, now);
    EXPECT_EQ(two->at(1).width_m, 9);
    wanted.width_m = 12;
    wanted.from = now;
    EXPECT_EQ(changed(*two, wanted, now).error().code, "changed_later");
    const auto gone = retired(two->at(1), now);
    EXPECT_EQ(gone->to, now + std::chrono::microseconds(1));
    EXPECT_EQ(retired(*gone, now).error().code, "face_retired");
    EXPECT_EQ(changed({*gone}, wanted, now).error().code, "face_retired");
}

TEST(FaceRules, ATargetIsAPartOfItsMarket) {
    const auto now = *parse_iso8601("2026-08-21T09:30:00Z");
    NewMarket market{"Chicago", 9'000'000, "Census", 2020, {}, {}, {}};
    EXPECT_TRUE(check(market, now));
    market.target_name = "18 to 34";
    ASSERT_EQ(check(market, now).error().faults.size(), 2U);
    market.target_population = 10'000'000;
    market.target_share = 0.4;
    EXPECT_EQ(check(market, now).error().faults.at(0).pointer, "/target_population");
    market.target_population = 2'000'000;
    EXPECT_TRUE(check(market, now));
    market.year = 2027;
    EXPECT_EQ(check(market, now).error().faults.at(0).pointer, "/year");
}

TEST(VenueTypes, TheyAreThoseOfTheTaxonomy) {
    EXPECT_EQ(venue_type(306)->name, "outdoor.moving_billboard");
    EXPECT_EQ(venue_type(306)->code_1_1, 104);
    EXPECT_EQ(venue_type(301)->code_1_1, 301);
    EXPECT_EQ(venue_type(309)->code_1_1, 0);  // Nothing is said of it.
    EXPECT_FALSE(venue_type(0));
    EXPECT_TRUE(std::ranges::is_sorted(venue_types(), {}, &VenueType::code));
    EXPECT_EQ(venue_types().size(), 210U);
}

/// The whole slice: HTTP above, Postgres below, nothing false but the clock.
class FacesTest : public pg::PostgresTest {
  protected:
    FacesTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, accounts::kMigrations,
               kMigrations}) {
        mount(router, assets);
        accounts.open_installation(
            {caller.company, "Ours", "America/Chicago", accounts::PrivacyMode::standard, false});
    }

    http::Reply send(http::verb method, std::string target, boost::json::object body = {}) {
        const bool bare = method == http::verb::get || method == http::verb::delete_;
        return router.handle(
            {method,
             "/api/v1/" + target,
             "",
             bare || body.empty() ? "" : boost::json::serialize(body),
             {{"Content-Type", "application/json"}}});
    }
    http::Reply get(std::string target) { return send(http::verb::get, std::move(target)); }
    http::Reply post(std::string target, boost::json::object body = {}) {
        return send(http::verb::post, std::move(target), std::move(body));
    }
    http::Reply put(std::string target, boost::json::object body) {
        return send(http::verb::put, std::move(target), std::move(body));
    }
    static std::string text(const http::Reply& reply, const char* field) {
        return std::string(reply.body.at(field).as_string());
    }
    std::string board() {
        const auto made =
            post("assets", {{"code", "M-12"}, {"name", "Madison 12"}, {"kind", "billboard"}});
        return text(made, "id");
    }
    static boost::json::object north() {
        return {{"name", "North"},      {"side", "front"},       {"medium", "printed"},
                {"width_m", 6},         {"height_m", 3},         {"heading_deg", 350.5},
                {"road_angle_deg", 90}, {"lit", "dusk_to_dawn"}, {"venue_type", 301}};
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    Caller caller{CompanyId::fresh(clock.now()), Role::owner};
    const CompanyId other = CompanyId::fresh(clock.now());
    accounts::Accounts accounts{pool, clock};
    Assets assets{pool, clock, accounts, [](CompanyId, DeviceId) -> Result<> { return {}; }};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
};

TEST_F(FacesTest, AFaceIsAddedChangedAndRetiredAndItsHistoryStays) {
    const auto asset = board();
    const auto made = post("assets/" + asset + "/faces", north());
    ASSERT_EQ(made.status, 201U) << boost::json::serialize(made.body);
    EXPECT_EQ(text(made, "from"), "1970-01-01T00:00:00.000000Z");  // What was heard before counts.
    EXPECT_EQ(made.body.at("heading_deg"), 350.5);
    const auto face = "faces/" + text(made, "id");
    EXPECT_EQ(get(face).body, made.body);

    auto wider = north();
    wider["width_m"] = 9;
    clock.advance(std::chrono::hours(1));
    const auto after = put(face, wider);
    ASSERT_EQ(after.status, 200U) << boost::json::serialize(after.body);
    EXPECT_EQ(after.body.at("width_m"), 9.0);
    EXPECT_EQ(put(face, wider).body, after.body);  // Changes nothing.
    clock.advance(std::chrono::hours(1));
    EXPECT_EQ(text(post(face + "/retirement"), "to"), "2026-08-21T11:30:00.000000Z");
    EXPECT_EQ(text(post(face + "/retirement"), "code"), "face_retired");
    EXPECT_EQ(text(put(face, north()), "code"), "face_retired");

    const auto versions = get(face + "/versions").body.at("items").as_array();
    ASSERT_EQ(versions.size(), 2U);
    EXPECT_EQ(versions[0].at("from"), "2026-08-21T10:30:00.000000Z");
    EXPECT_EQ(versions[1].at("to"), "2026-08-21T10:30:00.000000Z");
    EXPECT_EQ(versions[1].at("width_m"), 6.0);
    const auto all = get("assets/" + asset + "/faces").body.at("items").as_array();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].at("to"), "2026-08-21T11:30:00.000000Z");

    auto tx = pool.begin(caller.company);
    const auto told = audit::search(tx, {.target = text(made, "id")}, {}, 10);
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[2].action, "assets.face_added");
    EXPECT_EQ(told[1].action, "assets.face_changed");
    EXPECT_EQ(told[1].details->at("before").at("width_m").to_number<double>(), 6);
    EXPECT_EQ(told[1].details->at("after").at("width_m").to_number<double>(), 9);
    EXPECT_EQ(told[0].action, "assets.face_retired");
}

TEST_F(FacesTest, ABadFaceIsToldFieldByFieldAndNothingIsWritten) {
    const auto asset = board();
    auto bad = north();
    bad["obstruction"] = 0.5;
    bad["width_m"] = -1;
    bad["venue_type"] = 12;
    const auto refused = post("assets/" + asset + "/faces", bad);
    EXPECT_EQ(refused.status, 422U);
    EXPECT_EQ(text(refused, "code"), "bad_face");
    EXPECT_EQ(refused.body.at("errors").at(0).at("pointer"), "/width_m");
    EXPECT_EQ(refused.body.at("errors").at(1).at("pointer"), "/venue_type");
    EXPECT_TRUE(get("assets/" + asset + "/faces").body.at("items").as_array().empty());
    post("assets/" + asset + "/retirement");
    EXPECT_EQ(text(post("assets/" + asset + "/faces", north()), "code"), "asset_retired");
}

TEST_F(FacesTest, AnotherCompanysFaceIsNotThere) {
    const auto asset = board();
    const auto face = "faces/" + text(post("assets/" + asset + "/faces", north()), "id");
    constexpr pg::Query kForgetful{"test.faces", "SELECT id FROM assets.face"};
    EXPECT_EQ(pool.begin(other).run(kForgetful).size(), 0);
    EXPECT_EQ(pool.begin(caller.company).run(kForgetful).size(), 1);
    caller.company = other;
    EXPECT_EQ(text(get(face), "code"), "no_such_face");
    EXPECT_EQ(text(put(face, north()), "code"), "no_such_face");
    EXPECT_EQ(text(post(face + "/retirement"), "code"), "no_such_face");
    EXPECT_EQ(text(get(face + "/versions"), "code"), "no_such_face");
    EXPECT_EQ(text(get("assets/" + asset + "/faces"), "code"), "no_such_asset");
    EXPECT_EQ(text(post("assets/" + asset + "/faces", north()), "code"), "no_such_asset");
}

TEST_F(FacesTest, AFaceThatChangesIsTold) {
    events::Relay relay(system, as("mobilytics_system"), clock);
    std::vector<FaceChanged> told;
    relay.subscribe<FaceChanged>("test", [&](const auto& one) { told.push_back(one); });
    const auto face = *FaceId::parse(text(post("assets/" + board() + "/faces", north()), "id"));
    post("faces/" + face.str() + "/retirement");
    relay.deliver();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].face, face);
    EXPECT_EQ(told[0].company, caller.company);
    const auto versions = assets.versions_of(caller.company, face);
    ASSERT_EQ(versions.size(), 1U);
    EXPECT_EQ(versions[0].to, clock.now());
    EXPECT_EQ(versions[0].heading_deg, 350.5);
}

TEST_F(FacesTest, MarketsAreKeptByName) {
    const boost::json::object chicago{
        {"name", "Chicago"}, {"population", 9618502}, {"source", "Census"}, {"year", 2020}};
    const auto made = post("markets", chicago);
    ASSERT_EQ(made.status, 201U) << boost::json::serialize(made.body);
    EXPECT_EQ(text(post("markets", chicago), "code"), "market_name_taken");
    const auto path = "markets/" + text(made, "id");
    EXPECT_EQ(get(path).body, made.body);
    auto aimed = chicago;
    aimed["target_name"] = "18 to 34";
    aimed["target_population"] = 2000000;
    EXPECT_EQ(put(path, aimed).body.at("errors").at(0).at("pointer"), "/target_share");
    aimed["target_share"] = 0.25;
    EXPECT_EQ(put(path, aimed).body.at("target_share"), 0.25);
    auto second = chicago;
    second["name"] = "Austin";
    const auto austin = post("markets", second);
    EXPECT_EQ(text(put("markets/" + text(austin, "id"), chicago), "code"), "market_name_taken");
    const auto all = get("markets").body.at("items").as_array();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].at("name"), "Austin");

    const auto ours = caller.company;
    caller.company = other;
    EXPECT_TRUE(get("markets").body.at("items").as_array().empty());
    EXPECT_EQ(get(path).status, 404U);
    EXPECT_EQ(put(path, chicago).status, 404U);
    EXPECT_EQ(send(http::verb::delete_, path).status, 404U);
    caller.company = ours;
    EXPECT_EQ(send(http::verb::delete_, path).status, 204U);
    EXPECT_EQ(get(path).status, 404U);
    auto tx = pool.begin(ours);
    EXPECT_EQ(audit::search(tx, {.action = "assets.market_removed"}, {}, 10).size(), 1U);
}

}  // namespace
}  // namespace mobilytics::assets
