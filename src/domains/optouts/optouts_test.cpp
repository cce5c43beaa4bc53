#include "domains/optouts/optouts.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_migrations.h"
#include "domains/fleet/fleet.h"
#include "domains/fleet/fleet_migrations.h"
#include "domains/optouts/device_routes.h"
#include "domains/optouts/optout_rules.h"
#include "domains/optouts/optouts_api.h"
#include "domains/optouts/optouts_migrations.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::optouts {
namespace {

using namespace std::chrono_literals;

TEST(OptOutRules, AnAddressIsReadHoweverItIsWritten) {
    const Address phone{0xA4, 0x83, 0xE7, 1, 2, 3};
    for (const auto* text :
         {"a4:83:e7:01:02:03", "A4-83-E7-01-02-03", "a483.e701.0203", "a483e7010203",
          " a4 83 e7 01 02 03 "}) {
        const auto read = address_to_opt_out(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(*read, phone) << text;
    }
}

TEST(OptOutRules, WhatCannotBeOptedOutIsRefusedAndNotRepeated) {
    const std::vector<std::pair<std::string, std::string>> bad{
        {"", "bad_address"},
        {"b8:27:eb:01:02", "bad_address"},
        {"b8:27:eb:01:02:03:04", "bad_address"},
        {"b8:27:eb:01:02:0x", "bad_address"},
        {"00:00:00:00:00:00", "bad_address"},
        {"my own phone", "bad_address"},
        {"a6:83:e7:01:02:03", "randomised_address"},
        {"02:83:e7:01:02:03", "randomised_address"},
        {"01:00:5e:01:02:03", "group_address"},
        {"ff:ff:ff:ff:ff:ff", "group_address"}};
    for (const auto& [text, code] : bad) {
        const auto read = address_to_opt_out(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, code) << text;
        ASSERT_EQ(read.error().faults.size(), 1U);
        EXPECT_EQ(read.error().faults[0].pointer, "/address");
        if (text.size() < 12) continue;
        EXPECT_EQ(read.error().message.find(text), std::string::npos);
        EXPECT_EQ(read.error().faults[0].detail.find(text), std::string::npos);
    }
}

TEST(OptOutRules, TheDigestIsThatOfTheVector) {
    // By OpenSSL: printf '\xa4\x83\xe7\x01\x02\x03' | openssl dgst -sha256 -mac HMAC \
    //   -macopt hexkey:000102…1f
    const Secret<std::string> key(
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    EXPECT_EQ(digest_of(key, {0xA4, 0x83, 0xE7, 1, 2, 3}), "546ae18a5d4e69640c1fa62884620243");
}

/// The whole slice: HTTP above, Postgres below, nothing false but the clock.
class OptOutsTest : public pg::PostgresTest {
  protected:
    OptOutsTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, accounts::kMigrations,
               assets::kMigrations, fleet::kMigrations, kMigrations}) {
        accounts.open_installation(
            {caller.company, "Ours", "America/Chicago", accounts::PrivacyMode::strict, false});
        mount(router, opt_outs);
        mount_device_routes(router, opt_outs);
    }
    ~OptOutsTest() override { std::filesystem::remove_all(folder); }

    http::Reply ask(http::verb method, std::string path, const boost::json::value& body = {}) {
        return router.handle(
            {method,
             "/api/v1/privacy/opt-outs" + path,
             "",
             body.is_null() ? "" : boost::json::serialize(body),
             {{"Content-Type", "application/json"}}});
    }
    http::Reply add(const std::string& address) {
        return ask(http::verb::post, "", {{"address", address}});
    }
    http::Reply check(const std::string& address) {
        return ask(http::verb::post, "/check", {{"address", address}});
    }
    boost::json::object list(const std::string& query = "") {
        return ask(http::verb::get, query).body.as_object();
    }
    DeviceId join(const std::string& name) {
        const auto claim = fleet.create_claim(caller, {.name = name, .asset_id = {}});
        return fleet.enrol({claim->code, crypto::make_request(crypto::make_key(), "x")})->device_id;
    }
    http::Reply sensor_asks(DeviceId device, const std::string& has = "") {
        http::Request request{
            .target = "/device/v1/opt-outs",
            .peer = http::PeerCertificate{device.uuid(), caller.company.uuid(), "01"}};
        if (!has.empty()) request.headers.add("If-None-Match", '"' + has + '"');
        return router.handle(request);
    }
    static std::string text(const http::Reply& reply, std::string_view field) {
        return std::string(reply.body.at(field).as_string());
    }
    /// Every column of every row of these tables, as text.
    std::string rows() {
        constexpr pg::Query all{"test.all_rows", R"sql(
            SELECT coalesce((SELECT string_agg(l::text, ' ') FROM optouts.list l), '') ||
                   coalesce((SELECT string_agg(e::text, ' ') FROM optouts.entry e), '') ||
                   coalesce((SELECT string_agg(f::text, ' ') FROM optouts.follower f), '') AS said
        )sql"};
        auto tx = pool.begin(caller.company);
        return *tx.run(all).first([](const pg::Row& row) { return row.get<std::string>("said"); });
    }

    ManualClock clock{*parse_iso8601("2026-08-21T12:00:00Z")};
    Caller caller{CompanyId::fresh(clock.now()), Role::owner};
    const std::filesystem::path folder =
        testing::TempDir() + "mobilytics_optouts_" + std::to_string(getpid());
    const crypto::Authority authority{folder, clock.now()};
    const crypto::SealedBox box{folder / "salt.key"};
    accounts::Accounts accounts{pool, clock};
    assets::Assets assets{
        pool, clock, accounts, [](CompanyId, DeviceId) -> Result<> { return {}; }};
    fleet::Fleet fleet{{pool, clock, accounts, assets, authority, box}, {}};
    OptOuts opt_outs{{pool, clock, fleet, box}};
    http::Router router{[this](std::string_view) -> Result<Caller> { return caller; }};
};

TEST_F(OptOutsTest, AnAddressIsAddedFoundAndTakenOff) {
    EXPECT_EQ(list().at("count"), 0);
    EXPECT_FALSE(list().contains("changed_at"));
    EXPECT_EQ(check("a4:83:e7:01:02:03").body, (boost::json::object{{"listed", false}}));
    const auto added = add("a4:83:e7:01:02:03");
    ASSERT_EQ(added.status, 201U);
    EXPECT_EQ(text(added, "mark").size(), 8U);
    clock.advance(1s);
    EXPECT_EQ(add("A483E7010203").body, added.body);  // Adding twice is adding once.
    EXPECT_EQ(
        check("a4-83-e7-01-02-03").body,
        (boost::json::object{{"listed", true}, {"opt_out", added.body}}));
    EXPECT_EQ(check("a4:83:e7:01:02:04").body.at("listed"), false);
    EXPECT_EQ(list().at("items"), boost::json::array{added.body});
    EXPECT_EQ(list().at("count"), 1);
    EXPECT_EQ(list().at("changed_at"), "2026-08-21T12:00:00.000000Z");

    const auto path = "/" + text(added, "id");
    EXPECT_EQ(ask(http::verb::delete_, path).status, 204U);
    EXPECT_EQ(ask(http::verb::delete_, path).status, 404U);
    EXPECT_EQ(list().at("count"), 0);
    EXPECT_EQ(list().at("changed_at"), "2026-08-21T12:00:01.000000Z");
}

TEST_F(OptOutsTest, WhatIsRefusedSaysWhyAndWhatToDo) {
    const auto refused = add("a6:83:e7:01:02:03");
    EXPECT_EQ(refused.status, 422U);
    EXPECT_EQ(refused.body.at("code"), "randomised_address");
    EXPECT_EQ(refused.body.at("errors").at(0).at("pointer"), "/address");
    EXPECT_EQ(add("hello").body.at("code"), "bad_address");
    EXPECT_EQ(add("01:00:5e:00:00:01").body.at("code"), "group_address");
    EXPECT_EQ(check("nothing").status, 422U);
    EXPECT_EQ(list().at("count"), 0);
}

TEST_F(OptOutsTest, NoRowAnswerOrAuditEntryHasTheAddress) {
    const auto sensor = join("Truck 7");
    const auto id = text(add("a4:83:e7:01:02:03"), "id");
    const auto told = sensor_asks(sensor);
    sensor_asks(sensor, text(told, "version"));
    std::string said = rows() + boost::json::serialize(list()) +
                       boost::json::serialize(check("a4:83:e7:01:02:03").body);
    // Nor is the key of the list at rest.
    EXPECT_EQ(said.find(text(told, "key")), said.npos);
    said += boost::json::serialize(told.body);
    ask(http::verb::delete_, "/" + id);
    auto tx = pool.begin(caller.company);
    const auto entries = audit::search(tx, {.action = "optouts"}, {}, 10);
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[1].action, "optouts.opt_out_added");
    EXPECT_EQ(entries[1].target_ids, std::vector{id});
    EXPECT_EQ(entries[0].action, "optouts.opt_out_removed");
    for (const auto& entry : entries) said += boost::json::serialize(*entry.details);
    for (const auto* form : {"a4:83:e7", "a483e7010203", "A483E7010203", "010203", "pIPnAQID"}) {
        EXPECT_EQ(said.find(form), said.npos) << form;
    }
}

TEST_F(OptOutsTest, ItIsOfItsCompanyAlone) {
    const auto id = text(add("a4:83:e7:01:02:03"), "id");
    const auto ours = caller.company;
    caller.company = CompanyId::fresh(clock.now());
    EXPECT_EQ(list().at("count"), 0);
    EXPECT_EQ(check("a4:83:e7:01:02:03").body.at("listed"), false);
    EXPECT_EQ(ask(http::verb::delete_, "/" + id).status, 404U);
    // The same address is another digest there.
    EXPECT_NE(text(add("a4:83:e7:01:02:03"), "mark"), "");
    const auto theirs = list().at("items").at(0).at("mark");
    caller.company = ours;
    EXPECT_NE(list().at("items").at(0).at("mark"), theirs);
}

TEST_F(OptOutsTest, SensorsAskCheaplyAndAreKnownToFollow) {
    const auto one = join("Truck 1");
    const auto two = join("Truck 2");
    const auto empty = sensor_asks(one);
    EXPECT_EQ(
        empty.body, (boost::json::object{{"version", "none"}, {"digests", boost::json::array()}}));
    EXPECT_EQ(list().at("sensors_following"), 0);
    EXPECT_EQ(sensor_asks(one, "none").status, 304U);
    EXPECT_EQ(list().at("sensors_following"), 1);

    add("a4:83:e7:01:02:03");
    EXPECT_EQ(list().at("sensors_following"), 0);
    const auto told = sensor_asks(one, "none");
    ASSERT_EQ(told.status, 200U);
    EXPECT_EQ(told.headers.get("Cache-Control"), "no-store");
    EXPECT_EQ(told.headers.get("ETag"), '"' + text(told, "version") + '"');
    const Secret<std::string> key(text(told, "key"));
    EXPECT_EQ(
        told.body.at("digests"),
        (boost::json::array{digest_of(key, *address_to_opt_out("a4:83:e7:01:02:03"))}));
    clock.advance(5s);
    const auto again = sensor_asks(one, text(told, "version"));
    EXPECT_EQ(again.status, 304U);
    EXPECT_TRUE(again.body.is_null());
    clock.advance(2min);
    sensor_asks(one, text(told, "version"));  // Since when stays.
    const auto said = list();
    EXPECT_EQ(said.at("sensors_in_all"), 2);
    EXPECT_EQ(said.at("sensors_following"), 1);
    EXPECT_EQ(
        said.at("sensors"), (boost::json::array{
                                {{"device_id", two.str()}, {"name", "Truck 2"}, {"follows", false}},
                                {{"device_id", one.str()},
                                 {"name", "Truck 1"},
                                 {"follows", true},
                                 {"since", "2026-08-21T12:00:05.000000Z"}}}));
}

TEST_F(OptOutsTest, ARevokedSensorIsToldNothingAndNotCounted) {
    const auto sensor = join("Truck 1");
    add("a4:83:e7:01:02:03");
    ASSERT_TRUE(fleet.revoke_device(caller, sensor));
    EXPECT_EQ(sensor_asks(sensor).status, 409U);
    EXPECT_EQ(sensor_asks(DeviceId::fresh(clock.now())).status, 404U);
    EXPECT_EQ(list().at("sensors_in_all"), 0);
}

TEST_F(OptOutsTest, ManyComePageByPage) {
    for (int i = 10; i < 15; ++i) {
        ASSERT_EQ(add("a4:83:e7:01:02:" + std::to_string(i)).status, 201U);
        clock.advance(1s);
    }
    std::size_t seen = 0;
    std::string query = "?limit=2";
    for (;;) {
        const auto page = list(query);
        EXPECT_EQ(page.at("count"), 5);
        seen += page.at("items").as_array().size();
        if (!page.contains("next_cursor")) break;
        query = "?limit=2&cursor=" + std::string(page.at("next_cursor").as_string());
    }
    EXPECT_EQ(seen, 5U);
}

TEST_F(OptOutsTest, AListThatIsFullTakesNoMoreAndSaysSo) {
    add("a4:83:e7:01:02:03");
    constexpr pg::Query fill{"test.fill", R"sql(
        INSERT INTO optouts.entry (company_id, id, digest, added_at)
        SELECT $1, gen_random_uuid(), lpad(n::text, 32, '0'), $2 FROM generate_series(2, $3) n
    )sql"};
    {
        auto tx = pool.begin(caller.company);
        tx.run(fill, caller.company, clock.now(), kOptOutsMax);
        tx.commit();
    }
    const auto refused = add("a4:83:e7:01:02:04");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_EQ(refused.body.at("code"), "opt_outs_full");
    EXPECT_EQ(list().at("count"), kOptOutsMax);
    EXPECT_EQ(add("a4:83:e7:01:02:03").status, 201U);  // Which is on it.
}

TEST_F(OptOutsTest, AViewerSeesAndChangesNothing) {
    caller.role = Role::viewer;
    EXPECT_EQ(ask(http::verb::get, "").status, 403U);
    EXPECT_EQ(add("a4:83:e7:01:02:03").status, 403U);
    EXPECT_EQ(check("a4:83:e7:01:02:03").status, 403U);
}

}  // namespace
}  // namespace mobilytics::optouts
