#pragma once
// The whole slice: HTTP above, Postgres below, nothing false but the clock; and a digital face.

#include <string>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_migrations.h"
#include "domains/plays/plays.h"
#include "domains/plays/plays_api.h"
#include "domains/plays/plays_migrations.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::plays {

class PlaysSlice : public pg::PostgresTest {
  protected:
    PlaysSlice()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, accounts::kMigrations,
               assets::kMigrations, kMigrations}) {
        mount(router, plays);
        mount_by_hand(router, plays, assets, clock);
        accounts.open_installation(
            {caller.company, "Ours", "America/Chicago", accounts::PrivacyMode::standard, false});
        const auto asset =
            assets
                .register_asset(
                    caller,
                    {"S-1", "Screen 1", assets::AssetKind::screen, {}, {}, "America/Chicago"})
                ->id;
        screen = add_face(asset, assets::FaceMedium::digital);
        poster = add_face(asset, assets::FaceMedium::printed);
    }

    FaceId add_face(AssetId asset, assets::FaceMedium medium) {
        assets::NewFace wanted;
        wanted.name = medium == assets::FaceMedium::digital ? "North" : "Paper";
        wanted.medium = medium;
        wanted.width_m = 6;
        wanted.height_m = 3;
        if (medium == assets::FaceMedium::digital) {
            wanted.loop_s = 60;
            wanted.spot_s = 10;
            wanted.slots = 6;
        }
        const auto face = assets.add_face(caller, asset, wanted);
        EXPECT_TRUE(face);
        return face->id;
    }
    std::string logs(FaceId face) const { return "/api/v1/faces/" + face.str() + "/play-logs"; }
    http::Reply ask(http::verb verb, std::string target) {
        return router.handle({verb, std::move(target), "", "", {}});
    }
    http::Reply put(std::string file, const std::string& more = "", const char* type = "text/csv") {
        return router.handle(
            {http::verb::post, logs(screen) + more, "", std::move(file), {{"Content-Type", type}}});
    }
    boost::json::array list() {
        return ask(http::verb::get, logs(screen)).body.at("items").as_array();
    }
    static std::int64_t number(const http::Reply& reply, const char* field) {
        return reply.body.at(field).to_number<std::int64_t>();
    }

    ManualClock clock{*parse_iso8601("2026-08-21T22:00:00Z")};
    Caller caller{CompanyId::fresh(clock.now()), Role::owner, PersonId::fresh(clock.now())};
    const CompanyId other = CompanyId::fresh(clock.now());
    accounts::Accounts accounts{pool, clock};
    assets::Assets assets{
        pool, clock, accounts, [](CompanyId, DeviceId) -> Result<> { return {}; }};
    Plays plays{pool, clock, assets, {.logs_max = 5, .plays_max = 20}};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
    FaceId screen, poster;
};

}  // namespace mobilytics::plays
