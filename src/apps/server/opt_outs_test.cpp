// That what a sensor makes of an address is what the list has of it: the two ends of one contract.
#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_migrations.h"
#include "domains/fleet/fleet.h"
#include "domains/fleet/fleet_migrations.h"
#include "domains/optouts/device_routes.h"
#include "domains/optouts/optouts_migrations.h"
#include "foundation/clock_test.h"
#include "pipeline/sensor/pseudonym/company_opt_outs.h"
#include "platform/audit/audit_migrations.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"
#include "platform/services/child_process.h"

namespace mobilytics::server {
namespace {

/// As HttpsSalts asks, without the wire.
class Door final : public sensor::OptOutPort {
  public:
    Door(http::Router& router, CompanyId company, DeviceId device)
        : router_(router), company_(company), device_(device) {}
    Result<std::optional<sensor::ToldOptOuts>> opt_outs(const std::string& version) override {
        http::Request request{
            .target = "/device/v1/opt-outs",
            .peer = http::PeerCertificate{device_.uuid(), company_.uuid(), "01"}};
        if (!version.empty()) request.headers.add("If-None-Match", '"' + version + '"');
        const auto reply = router_.handle(request);
        statuses.push_back(reply.status);
        if (reply.status == 304) return std::nullopt;
        TRY(auto told, sensor::read_opt_outs(boost::json::serialize(reply.body)));
        return std::optional(std::move(told));
    }
    std::vector<unsigned> statuses;

  private:
    http::Router& router_;
    const CompanyId company_;
    const DeviceId device_;
};

class FollowedListTest : public pg::PostgresTest {
  protected:
    FollowedListTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, accounts::kMigrations,
               assets::kMigrations, fleet::kMigrations, optouts::kMigrations}) {
        accounts.open_installation(
            {caller.company, "Ours", "America/Chicago", accounts::PrivacyMode::standard, false});
        optouts::mount_device_routes(router, opt_outs);
    }
    ManualClock clock{*parse_iso8601("2026-08-21T12:00:00Z")};
    const Caller caller{CompanyId::fresh(clock.now()), Role::owner};
    const services::TemporaryFolder folder;
    const crypto::Authority authority{folder.path() / "pki", clock.now()};
    const crypto::SealedBox box{folder.path() / "salt.key"};
    accounts::Accounts accounts{pool, clock};
    assets::Assets assets{
        pool, clock, accounts, [](CompanyId, DeviceId) -> Result<> { return {}; }};
    fleet::Fleet fleet{{pool, clock, accounts, assets, authority, box}, {}};
    optouts::OptOuts opt_outs{{pool, clock, fleet, box}};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
};

TEST_F(FollowedListTest, ASensorPassesOverWhoWasAddedAndTellsThatItFollows) {
    const auto claim = fleet.create_claim(caller, {.name = "Truck 7", .asset_id = {}});
    const auto device =
        fleet.enrol({claim->code, crypto::make_request(crypto::make_key(), "x")})->device_id;
    Door door(router, caller.company, device);
    sensor::CompanyOptOuts company({});
    const sensor::Address phone{0xA4, 0x83, 0xE7, 1, 2, 3};
    std::uint64_t now_us = 0;
    const auto two_minutes_later = [&] {
        now_us += 121'000'000;
        company.refresh(door, now_us);
        company.refresh(door, now_us + 1);
    };
    two_minutes_later();
    EXPECT_FALSE(company.has(phone));
    const auto added = opt_outs.add_opt_out(caller, {"a4:83:e7:01:02:03"});
    ASSERT_TRUE(added);
    EXPECT_EQ(opt_outs.list_opt_outs(caller, {})->sensors_following, 0);
    two_minutes_later();
    EXPECT_TRUE(company.has(phone));
    EXPECT_FALSE(company.has({0xA4, 0x83, 0xE7, 1, 2, 4}));
    EXPECT_EQ(opt_outs.list_opt_outs(caller, {})->sensors_following, 1);
    ASSERT_TRUE(opt_outs.remove_opt_out(caller, added->id));
    two_minutes_later();
    EXPECT_FALSE(company.has(phone));
    EXPECT_EQ(door.statuses, (std::vector<unsigned>{200, 304, 200, 304, 200, 304}));
}

}  // namespace
}  // namespace mobilytics::server
