// The same for the whole of the API: with what the other domains and the reports mount.
#include "domains/accounts/authorization_test.h"

#include <gtest/gtest.h>

#include "apps/server/calibration_ports.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_api.h"
#include "domains/assets/assets_migrations.h"
#include "domains/calibration/calibration_api.h"
#include "domains/calibration/calibration_migrations.h"
#include "domains/fleet/fleet.h"
#include "domains/fleet/fleet_api.h"
#include "domains/fleet/fleet_migrations.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_api.h"
#include "pipeline/store/store.h"
#include "platform/crypto/pki.h"

namespace mobilytics::server {
namespace {

class WholeApiTest : public accounts::AuthorizationTest {
  protected:
    WholeApiTest()
        : AuthorizationTest(
              {pg::kMigrations, events::kMigrations, audit::kMigrations, accounts::kMigrations,
               assets::kMigrations, calibration::kMigrations, fleet::kMigrations,
               ingest::kMigrations}) {
        assets::mount(router, its_assets);
        calibration::mount(router, its_calibration);
        fleet::mount(router, its_fleet);
        report::mount(router, its_report);
    }
    void seed_more() override {
        const std::string mark = accounts::kMarker;
        const auto asset = post("assets", {{"code", mark}, {"name", mark}, {"kind", "vehicle"}});
        ASSERT_EQ(asset.status, 201U) << boost::json::serialize(asset.body);
        foreign["asset_id"] = text(asset.body, "id");
        const auto claim = post("claims", {{"name", mark}, {"asset_id", foreign["asset_id"]}});
        ASSERT_EQ(claim.status, 201U);
        const auto joined = its_fleet.enrol(
            {text(claim.body, "code"), crypto::make_request(crypto::make_key(), mark)});
        ASSERT_TRUE(joined);
        foreign["device_id"] = joined->device_id.str();
    }

    const crypto::Authority authority{folder.path() / "pki", clock.now()};
    assets::Assets its_assets{pool, clock, accounts, [this](CompanyId of, DeviceId id) {
                                  return its_fleet.check_device(of, id);
                              }};
    fleet::Fleet its_fleet{{pool, clock, accounts, its_assets, authority, seal}, {}};
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
    EXPECT_EQ(anothers_ids_are_missing(), 20);
}

TEST_F(WholeApiTest, NothingOfOneCompanyIsInAnAnswerToAnother) {
    EXPECT_GT(nothing_of_another_is_answered(), 110);
}

}  // namespace
}  // namespace mobilytics::server
