// The same for the whole of the API: with what the other domains and the reports mount.
#include "domains/accounts/authorization_test.h"

#include <gtest/gtest.h>

#include "apps/server/calibration_ports.h"
#include "domains/annotations/annotations.h"
#include "domains/annotations/annotations_api.h"
#include "domains/annotations/annotations_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_api.h"
#include "domains/assets/assets_migrations.h"
#include "domains/calibration/calibration_api.h"
#include "domains/calibration/calibration_migrations.h"
#include "domains/fleet/fleet.h"
#include "domains/fleet/fleet_api.h"
#include "domains/fleet/fleet_migrations.h"
#include "domains/optouts/optouts.h"
#include "domains/optouts/optouts_api.h"
#include "domains/optouts/optouts_migrations.h"
#include "domains/plays/plays_api.h"
#include "domains/plays/plays_migrations.h"
#include "domains/regions/regions.h"
#include "domains/regions/regions_api.h"
#include "domains/regions/regions_migrations.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_api.h"
#include "pipeline/store/store.h"
#include "platform/crypto/pki.h"
#include "platform/jobs/jobs_migrations.h"

namespace mobilytics::server {
namespace {

class WholeApiTest : public accounts::AuthorizationTest {
  protected:
    WholeApiTest()
        : AuthorizationTest(
              {pg::kMigrations, events::kMigrations, audit::kMigrations, accounts::kMigrations,
               jobs::kMigrations, assets::kMigrations, annotations::kMigrations,
               calibration::kMigrations, fleet::kMigrations, ingest::kMigrations,
               optouts::kMigrations, plays::kMigrations, regions::kMigrations}) {
        assets::mount(router, its_assets);
        calibration::mount(router, its_calibration);
        annotations::mount(router, its_annotations);
        fleet::mount(router, its_fleet);
        plays::mount(router, its_plays);
        plays::mount_by_hand(router, its_plays, its_assets, clock);
        optouts::mount(router, its_opt_outs);
        regions::mount(router, its_regions);
        regions::mount_by_hand(router, its_regions);
        report::mount(router, its_report);
    }
    void seed_more() override {
        const std::string mark = accounts::kMarker;
        const auto asset = post("assets", {{"code", mark}, {"name", mark}, {"kind", "vehicle"}});
        ASSERT_EQ(asset.status, 201U) << boost::json::serialize(asset.body);
        foreign["asset_id"] = text(asset.body, "id");
        const auto note = post(
            "annotations", {{"kind", "other"},
                            {"text", mark},
                            {"from", "2026-08-21T00:00:00Z"},
                            {"to", "2026-08-22T00:00:00Z"},
                            {"asset_ids", boost::json::array()}});
        ASSERT_EQ(note.status, 201U) << boost::json::serialize(note.body);
        foreign["annotation_id"] = text(note.body, "id");
        const auto count = post(
            "calibration/counts",
            {{"asset_id", foreign["asset_id"]}, {"way", "taps"}, {"note", mark}});
        ASSERT_EQ(count.status, 201U) << boost::json::serialize(count.body);
        foreign["count_id"] = text(count.body, "id");
        const auto sites =
            post("calibration/classes", {{"name", mark}, {"asset_ids", boost::json::array()}});
        ASSERT_EQ(sites.status, 201U) << boost::json::serialize(sites.body);
        foreign["class_id"] = text(sites.body, "id");
        foreign["model_id"] = calibration::ModelId::fresh(clock.now()).str();
        const auto face = post(
            "assets/" + foreign["asset_id"] + "/faces", {{"name", mark},
                                                         {"side", "front"},
                                                         {"medium", "printed"},
                                                         {"width_m", 6},
                                                         {"height_m", 3},
                                                         {"lit", "none"}});
        ASSERT_EQ(face.status, 201U) << boost::json::serialize(face.body);
        foreign["face_id"] = text(face.body, "id");
        foreign["play_log_id"] = plays::PlayLogId::fresh(clock.now()).str();
        const auto market = post(
            "markets", {{"name", mark}, {"population", 1000}, {"source", mark}, {"year", 2020}});
        ASSERT_EQ(market.status, 201U) << boost::json::serialize(market.body);
        foreign["market_id"] = text(market.body, "id");
        const auto claim = post("claims", {{"name", mark}, {"asset_id", foreign["asset_id"]}});
        ASSERT_EQ(claim.status, 201U);
        const auto joined = its_fleet.enrol(
            {text(claim.body, "code"), crypto::make_request(crypto::make_key(), mark)});
        ASSERT_TRUE(joined);
        foreign["device_id"] = joined->device_id.str();
        const auto opted = post("privacy/opt-outs", {{"address", "a4:83:e7:01:02:03"}});
        ASSERT_EQ(opted.status, 201U) << boost::json::serialize(opted.body);
        foreign["opt_out_id"] = text(opted.body, "id");
        const auto set = post("region-sets", {{"name", mark}, {"kind", "custom"}});
        ASSERT_EQ(set.status, 201U);
        foreign["set_id"] = text(set.body, "id");
    }

    const crypto::Authority authority{folder.path() / "pki", clock.now()};
    assets::Assets its_assets{pool, clock, accounts, [this](CompanyId of, DeviceId id) {
                                  return its_fleet.check_device(of, id);
                              }};
    annotations::Annotations its_annotations{pool, clock, its_assets};
    fleet::Fleet its_fleet{{pool, clock, accounts, its_assets, authority, seal}, {}};
    plays::Plays its_plays{pool, clock, its_assets};
    optouts::OptOuts its_opt_outs{{pool, clock, its_fleet, seal}};
    regions::Regions its_regions{pool, clock};
    std::unique_ptr<store::Store> store =
        store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    StoredDevices devices{*store};
    const MeasuredFit fit;
    calibration::Calibration its_calibration{{pool, clock, its_assets, devices, fit}};
    http::EventHub hub;
    report::Live live{*store, system, as("mobilytics_system"), hub, clock};
    report::Report its_report{*store, pool, live, clock};
};

TEST_F(WholeApiTest, EveryRoleOnEveryRouteAndWhatIsRefusedChangesNothing) {
    EXPECT_GT(every_role_on_every_route(), 250);
}

TEST_F(WholeApiTest, AnotherCompanysIdIsAnsweredAsOneThatIsNot) {
    EXPECT_EQ(anothers_ids_are_missing(), 45 + 19);
}

TEST_F(WholeApiTest, NothingOfOneCompanyIsInAnAnswerToAnother) {
    EXPECT_GT(nothing_of_another_is_answered(), 110);
}

}  // namespace
}  // namespace mobilytics::server
