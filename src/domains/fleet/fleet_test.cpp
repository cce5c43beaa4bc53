#include "domains/fleet/fleet.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_migrations.h"
#include "domains/fleet/device_routes.h"
#include "domains/fleet/fleet_api.h"
#include "domains/fleet/fleet_migrations.h"
#include "domains/fleet/fleet_rules.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::fleet {
namespace {

using namespace std::chrono_literals;

TEST(FleetRules, ACodeIsReadHoweverItIsWritten) {
    const auto code = written_code("7K3M9QXR2A", "04TBC9FFQW");
    EXPECT_EQ(code, "7K3M9-QXR2A-04TBC-9FFQW");
    EXPECT_EQ(chance_of(code), "7K3M9QXR2A");
    EXPECT_EQ(chance_of("7k3m9 qxr2a o4tbc 9ffqw"), "7K3M9QXR2A");
    EXPECT_EQ(chance_of("7K3M9-QXR2A"), "");
}

TEST(FleetRules, AClaimIsTheFirstComers) {
    const Instant now{};
    ClaimRow claim{{}, "", {}, now + 1h, {}, {}};
    EXPECT_TRUE(may_take(claim, "aa", now));
    EXPECT_EQ(may_take(claim, "aa", now + 1h).error().code, "claim_expired");
    claim.key_sha256 = "aa";
    EXPECT_TRUE(may_take(claim, "aa", now + 2h));
    EXPECT_EQ(may_take(claim, "bb", now).error().code, "claim_taken");
}

class FleetTest : public pg::PostgresTest {
  protected:
    explicit FleetTest(accounts::PrivacyMode privacy = accounts::PrivacyMode::standard)
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, accounts::kMigrations,
               assets::kMigrations, kMigrations}),
          mode(privacy) {
        accounts.open_installation(company);
        mount(router, fleet);
        mount_device_routes(router, fleet);
    }
    ~FleetTest() override { std::filesystem::remove_all(folder); }

    Claim claim(std::optional<AssetId> asset = {}) {
        return *fleet.create_claim(caller, {.name = "Truck 7", .asset_id = asset});
    }
    Result<Enrolment> enrol(const std::string& code, const Secret<std::string>& key) {
        return fleet.enrol({code, crypto::make_request(key, "anything")});
    }
    boost::json::value in_force(const Enrolment& device) {
        return router
            .handle(
                {.target = "/device/v1/privacy",
                 .peer =
                     http::PeerCertificate{
                         device.device_id.uuid(), device.company_id.uuid(), "01"}})
            .body;
    }
    http::Reply salt(const Enrolment& device, const std::string& day) {
        return router.handle(
            {.target = "/device/v1/salt?day=" + day,
             .peer =
                 http::PeerCertificate{device.device_id.uuid(), device.company_id.uuid(), "01"}});
    }

    const accounts::PrivacyMode mode;
    ManualClock clock{*parse_iso8601("2026-08-21T12:00:00Z")};
    const accounts::CompanyProfile company{
        CompanyId::fresh(clock.now()), "Ours", "America/Chicago", mode, false};
    const Caller caller{company.id, Role::admin};
    const std::filesystem::path folder =
        testing::TempDir() + "mobilytics_fleet_" + std::to_string(getpid());
    const crypto::Authority authority{folder, clock.now()};
    const crypto::SealedBox box{folder / "salt.key"};
    accounts::Accounts accounts{pool, clock};
    assets::Assets assets{pool, clock, accounts, [this](CompanyId of, DeviceId id) {
                              return fleet.check_device(of, id);
                          }};
    Fleet fleet{{pool, clock, accounts, assets, authority, box}, {}};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
};

TEST_F(FleetTest, ASensorJoinsOnceAndIsPutOnItsAsset) {
    const auto asset =
        assets.register_asset(caller, {"T-7", "Truck 7", assets::AssetKind::vehicle, {}, {}, {}});
    const auto promised = claim(asset->id);
    EXPECT_TRUE(crypto::pin_fits(authority.certificate_pem(), promised.code.substr(12)));
    const auto key = crypto::make_key();
    const auto joined = enrol(promised.code, key);
    ASSERT_TRUE(joined);
    const auto info = crypto::read_certificate(joined->certificate_pem);
    EXPECT_EQ(info->common_name, joined->device_id.uuid());
    EXPECT_EQ(info->organization, company.id.uuid());
    EXPECT_EQ(joined->time_zone, "America/Chicago");
    EXPECT_EQ(assets.find_asset(caller, asset->id)->device_id, joined->device_id);

    EXPECT_EQ(enrol(promised.code, key)->device_id, joined->device_id);
    EXPECT_EQ(enrol(promised.code, crypto::make_key()).error().code, "claim_taken");
    EXPECT_EQ(fleet.list_devices(caller, {})->items.size(), 1U);
}

TEST_F(FleetTest, ABadCodeOrRequestJoinsNothing) {
    const auto promised = claim();
    EXPECT_EQ(enrol("00000-00000-00000-00000", crypto::make_key()).error().code, "unknown_claim");
    EXPECT_EQ(enrol("", crypto::make_key()).error().code, "unknown_claim");
    EXPECT_EQ(fleet.enrol({promised.code, "rubbish"}).error().code, "bad_csr");
    clock.advance(25h);
    EXPECT_EQ(enrol(promised.code, crypto::make_key()).error().code, "claim_expired");
    EXPECT_TRUE(fleet.list_devices(caller, {})->items.empty());
}

TEST_F(FleetTest, ARevokedSensorStaysOut) {
    const auto promised = claim();
    const auto key = crypto::make_key();
    const auto joined = *enrol(promised.code, key);
    EXPECT_TRUE(fleet.revoked_certificates(company.id).empty());
    EXPECT_EQ(fleet.revoke_device(caller, joined.device_id)->revoked_at, clock.now());
    const auto list = fleet.revoked_certificates(company.id);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].serial, crypto::read_certificate(joined.certificate_pem)->serial);
    EXPECT_EQ(fleet.revoke_device(caller, joined.device_id).error().code, "device_revoked");
    EXPECT_EQ(enrol(promised.code, key).error().code, "device_revoked");
    EXPECT_EQ(salt(joined, "2026-08-21").status, 404U);
    const Caller other{CompanyId::fresh(clock.now()), Role::owner};
    EXPECT_EQ(fleet.revoke_device(other, joined.device_id).error().code, "no_such_device");
}

TEST_F(FleetTest, ASensorIsPutOnAssetsOfItsCompanyWhileItIsGood) {
    const auto joined = *enrol(claim().code, crypto::make_key());
    const auto asset =
        *assets.register_asset(caller, {"T-8", "Truck 8", assets::AssetKind::vehicle, {}, {}, {}});
    const auto attach = [&](DeviceId device) {
        return assets.attach_device(caller, asset.id, {device, {}});
    };
    EXPECT_EQ(attach(DeviceId::fresh(clock.now())).error().code, "no_such_device");
    EXPECT_EQ(
        fleet.check_device(CompanyId::fresh(clock.now()), joined.device_id).error().code,
        "no_such_device");
    EXPECT_TRUE(attach(joined.device_id));
    ASSERT_TRUE(fleet.revoke_device(caller, joined.device_id));
    EXPECT_EQ(attach(joined.device_id).error().code, "device_revoked");
}

TEST_F(FleetTest, WhatIsDoneIsWrittenDown) {
    const auto promised = claim();
    clock.advance(1s);
    const auto joined = *enrol(promised.code, crypto::make_key());
    clock.advance(1s);
    salt(joined, "2026-08-21");
    salt(joined, "2026-08-21");
    clock.advance(1s);
    ASSERT_TRUE(fleet.revoke_device(caller, joined.device_id));
    clock.advance(std::chrono::hours(72));
    fleet.destroy_salts(company.id);
    fleet.destroy_salts(company.id);

    auto tx = pool.begin(company.id);
    const auto told = audit::search(tx, {.action = "fleet"}, {}, 10);
    ASSERT_EQ(told.size(), 5U);
    EXPECT_EQ(told[4].action, "fleet.claim_created");
    EXPECT_EQ(told[4].target_ids, std::vector{promised.id.str()});
    EXPECT_EQ(told[3].action, "fleet.device_enrolled");
    EXPECT_EQ(told[3].actor_kind, audit::ActorKind::device);
    EXPECT_EQ(told[3].actor_id, joined.device_id.str());
    EXPECT_EQ(told[2].action, "fleet.salt_made");
    EXPECT_EQ(told[1].action, "fleet.device_revoked");
    EXPECT_EQ(told[1].details->at("before"), (boost::json::object{{"state", "active"}}));
    EXPECT_EQ(told[1].details->at("after").at("state"), "revoked");
    EXPECT_EQ(told[0].action, "fleet.salts_destroyed");
    EXPECT_EQ(told[0].details->at("after").at("count"), 1);
    // No code and no salt: neither is written down anywhere.
    for (const auto& one : told) {
        EXPECT_EQ(boost::json::serialize(*one.details).find(promised.code), std::string::npos);
    }
}

TEST_F(FleetTest, ADayHasOneSaltUntilItIsDestroyed) {
    const auto one = *enrol(claim().code, crypto::make_key());
    const auto two = *enrol(claim().code, crypto::make_key());
    const auto today = salt(one, "2026-08-21");
    ASSERT_EQ(today.status, 200U);
    EXPECT_EQ(today.body.at("salt").as_string().size(), 64U);
    EXPECT_EQ(today.body.at("expires_at"), "2026-08-23T05:00:00.000000Z");
    EXPECT_EQ(salt(two, "2026-08-21").body, today.body);
    EXPECT_NE(salt(one, "2026-08-22").body.at("epoch"), today.body.at("epoch"));
    EXPECT_EQ(salt(one, "2026-08-23").status, 410U);
    EXPECT_EQ(salt(one, "2026-08-19").status, 410U);
    EXPECT_EQ(salt(one, "today").status, 422U);

    clock.advance(24h);
    EXPECT_EQ(salt(one, "2026-08-21").body, today.body);
    clock.advance(24h);
    EXPECT_EQ(salt(one, "2026-08-21").status, 410U);
    EXPECT_EQ(fleet.destroy_salts(company.id), 1);
    constexpr pg::Query kept{
        "test.kept", "SELECT day FROM fleet.salt WHERE sealed IS NOT NULL ORDER BY day"};
    EXPECT_EQ(pool.begin(company.id).run(kept).size(), 1);
}

TEST_F(FleetTest, ASensorIsToldWhatIsInForce) {
    const auto one = *enrol(claim().code, crypto::make_key());
    EXPECT_EQ(
        in_force(one),
        (boost::json::object{{"mode", "standard"}, {"epochs", boost::json::array()}}));
    const auto epoch = salt(one, "2026-08-21").body.at("epoch");
    const auto next = salt(one, "2026-08-22").body.at("epoch");
    EXPECT_EQ(
        in_force(one),
        (boost::json::object{{"mode", "standard"}, {"epochs", boost::json::array{epoch, next}}}));
    EXPECT_EQ(fleet.destroy_salts(company.id), 0);
    EXPECT_EQ(salt(one, "2026-08-21").status, 200U);
}

/// A company that has turned strict, and a salt from before.
class StrictFleetTest : public FleetTest {
  protected:
    StrictFleetTest() : FleetTest(accounts::PrivacyMode::strict) {
        constexpr pg::Query insert{"test.salt_of_before", R"sql(
            INSERT INTO fleet.salt (company_id, day, epoch, sealed, expires_at)
            VALUES ($1, '2026-08-21', $2, 'sealed', $3)
        )sql"};
        auto tx = pool.begin(company.id);
        tx.run(insert, company.id, epoch, clock.now() + 41h);
        tx.commit();
    }
    const std::string epoch = std::string(32, 'a');
};

TEST_F(StrictFleetTest, TheSaltsOfBeforeAreDestroyedAndNamed) {
    const auto one = *enrol(claim().code, crypto::make_key());
    EXPECT_EQ(
        in_force(one), (boost::json::object{{"mode", "strict"}, {"epochs", boost::json::array()}}));
    EXPECT_EQ(salt(one, "2026-08-21").status, 403U);
    std::vector<SaltsRevoked> told;
    events::Relay relay{system, as("mobilytics_system"), clock};
    relay.subscribe<SaltsRevoked>("test", [&](const auto& event) { told.push_back(event); });
    EXPECT_EQ(fleet.destroy_salts(company.id), 1);
    EXPECT_EQ(fleet.destroy_salts(company.id), 0);
    while (relay.deliver() > 0) continue;
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].company, company.id);
    EXPECT_EQ(told[0].epochs, std::vector{epoch});
    EXPECT_EQ(told[0].revoked_at, clock.now());
    constexpr pg::Query kept{"test.kept", "SELECT day FROM fleet.salt WHERE sealed IS NOT NULL"};
    EXPECT_EQ(pool.begin(company.id).run(kept).size(), 0);
}

TEST_F(FleetTest, ASaltRestsSealed) {
    const auto one = *enrol(claim().code, crypto::make_key());
    const auto told = std::string(salt(one, "2026-08-21").body.at("salt").as_string());
    constexpr pg::Query kept{"test.kept", "SELECT sealed FROM fleet.salt"};
    auto tx = pool.begin(company.id);
    const auto sealed =
        tx.run(kept).first([](const pg::Row& row) { return row.get<std::string>("sealed"); });
    EXPECT_EQ(sealed->find(told), sealed->npos);
    EXPECT_EQ(box.open(*sealed, company.id.uuid() + "/2026-08-21")->reveal(), told);
}

TEST_F(FleetTest, AViewerPromisesNothing) {
    http::Router as_viewer{
        [this](std::string_view) -> Result<Caller> { return Caller{company.id, Role::viewer}; }};
    mount(as_viewer, fleet);
    http::Request request{
        .method = http::verb::post, .target = "/api/v1/claims", .body = R"({"name": "x"})"};
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Authorization", "Bearer x");
    EXPECT_EQ(as_viewer.handle(request).status, 403U);
}

}  // namespace
}  // namespace mobilytics::fleet
