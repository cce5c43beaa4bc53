#include "domains/annotations/annotations.h"

#include <gtest/gtest.h>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/annotations/annotations_api.h"
#include "domains/annotations/annotations_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_migrations.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::annotations {
namespace {

/// The whole slice: HTTP above, Postgres below, nothing false but the clock.
class AnnotationsTest : public pg::PostgresTest {
  protected:
    AnnotationsTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, accounts::kMigrations,
               assets::kMigrations, kMigrations}) {
        mount(router, annotations);
        accounts.open_installation(
            {caller.company, "Ours", "America/Chicago", accounts::PrivacyMode::standard, false});
        truck = assets
                    .register_asset(
                        caller, {"T-27", "Truck 27", assets::AssetKind::vehicle, {}, {}, "UTC"})
                    ->id;
    }

    http::Reply ask(http::verb method, std::string target, const boost::json::value& body = {}) {
        return router.handle(
            {method,
             std::move(target),
             "",
             body.is_null() ? "" : boost::json::serialize(body),
             {{"Content-Type", "application/json"}}});
    }
    http::Reply make(const boost::json::value& body) {
        return ask(http::verb::post, "/api/v1/annotations", body);
    }
    boost::json::array list(const std::string& query = "") {
        return ask(http::verb::get, "/api/v1/annotations" + query).body.at("items").as_array();
    }
    static boost::json::object snow() {
        return {
            {"kind", "weather"},
            {"text", "Snow: 20 cm"},
            {"from", "2026-01-10T06:00:00Z"},
            {"to", "2026-01-12T06:00:00Z"},
            {"asset_ids", boost::json::array()}};
    }
    static std::string id_of(const http::Reply& reply) {
        return std::string(reply.body.at("id").as_string());
    }
    static std::vector<std::string> faults(const http::Reply& reply) {
        std::vector<std::string> out;
        for (const auto& fault : reply.body.at("errors").as_array()) {
            out.emplace_back(fault.at("pointer").as_string());
        }
        return out;
    }

    ManualClock clock{*parse_iso8601("2026-01-13T09:30:00Z")};
    Caller caller{CompanyId::fresh(clock.now()), Role::owner};
    const CompanyId other = CompanyId::fresh(clock.now());
    accounts::Accounts accounts{pool, clock};
    assets::Assets assets{
        pool, clock, accounts, [](CompanyId, DeviceId) -> Result<> { return {}; }};
    Annotations annotations{pool, clock, assets};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
    AssetId truck;
};

TEST_F(AnnotationsTest, WhatIsNotedIsFoundByItsTime) {
    const auto made = make(snow());
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(made.body.at("asset_ids"), boost::json::array());
    EXPECT_EQ(list(), boost::json::array{made.body});
    EXPECT_EQ(list("?from=2026-01-12T05:59:59Z").size(), 1U);
    EXPECT_EQ(list("?from=2026-01-12T06:00:00Z").size(), 0U);  // It is over then.
    EXPECT_EQ(list("?to=2026-01-10T06:00:01Z").size(), 1U);
    EXPECT_EQ(list("?to=2026-01-10T06:00:00Z").size(), 0U);
}

TEST_F(AnnotationsTest, ItIsOfItsCompanyAlone) {
    const auto path = "/api/v1/annotations/" + id_of(make(snow()));
    caller.company = other;
    EXPECT_EQ(list(), boost::json::array());
    EXPECT_EQ(ask(http::verb::put, path, snow()).status, 404);
    EXPECT_EQ(ask(http::verb::delete_, path).status, 404);
    auto theirs = snow();
    theirs["asset_ids"] = {truck.str()};
    const auto refused = make(theirs);
    EXPECT_EQ(refused.status, 404);
    EXPECT_EQ(refused.body.at("code"), "no_such_asset");
    EXPECT_EQ(list(), boost::json::array());
}

TEST_F(AnnotationsTest, ItIsReplacedAndRemovedAndThatIsTold) {
    const auto path = "/api/v1/annotations/" + id_of(make(snow()));
    auto changed = snow();
    changed["kind"] = "roadworks";
    changed["asset_ids"] = {truck.str()};
    const auto after = ask(http::verb::put, path, changed);
    ASSERT_EQ(after.status, 200);
    EXPECT_EQ(after.body.at("asset_ids"), (boost::json::array{truck.str()}));
    EXPECT_EQ(list(), boost::json::array{after.body});
    EXPECT_EQ(ask(http::verb::delete_, path).status, 204);
    EXPECT_EQ(ask(http::verb::delete_, path).status, 404);
    EXPECT_EQ(list(), boost::json::array());
    auto tx = pool.begin(caller.company);
    for (const auto* action : {"made", "replaced", "removed"}) {
        const auto told =
            audit::search(tx, {.action = std::string("annotations.annotation_") + action}, {}, 10);
        EXPECT_EQ(told.size(), 1U) << action;
    }
}

TEST_F(AnnotationsTest, EveryFaultIsNamedAndNothingIsKept) {
    auto bad = snow();
    bad["text"] = " \n";
    bad["to"] = bad["from"];
    const auto refused = make(bad);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(faults(refused), (std::vector<std::string>{"/text", "/to"}));
    bad = snow();
    bad["to"] = "2027-01-12T06:00:00Z";
    EXPECT_EQ(faults(make(bad)), std::vector<std::string>{"/to"});
    bad = snow();
    bad["kind"] = "snow";
    EXPECT_EQ(make(bad).status, 422);
    EXPECT_EQ(list(), boost::json::array());
}

TEST_F(AnnotationsTest, ManyComePageByPage) {
    for (int i = 0; i < 5; ++i) {
        ASSERT_EQ(make(snow()).status, 201);
        clock.advance(std::chrono::seconds(1));
    }
    std::size_t seen = 0;
    std::string cursor;
    for (;;) {
        const auto page =
            ask(http::verb::get, "/api/v1/annotations?limit=2" + cursor).body.as_object();
        seen += page.at("items").as_array().size();
        if (!page.contains("next_cursor")) break;
        cursor = "&cursor=" + std::string(page.at("next_cursor").as_string());
    }
    EXPECT_EQ(seen, 5U);
}

}  // namespace
}  // namespace mobilytics::annotations
