#pragma once
// The whole slice, for its tests: HTTP above, Postgres below; devices and arithmetic are made up.

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/assets/assets.h"
#include "domains/assets/assets_migrations.h"
#include "domains/calibration/calibration.h"
#include "domains/calibration/calibration_api.h"
#include "domains/calibration/calibration_migrations.h"
#include "foundation/clock_test.h"
#include "foundation/zone.h"
#include "platform/audit/audit_migrations.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/jobs/jobs_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::calibration {

using namespace std::chrono_literals;
using boost::json::array;
using boost::json::object;
using boost::json::value;

/// A street in which so many devices are present in each quarter.
class Street : public DevicesPresent {
  public:
    Input input(CompanyId, AssetId, Instant, Instant) override { return best; }
    HeardQuarters heard(CompanyId, AssetId asset, Input, Instant from, Instant to) override {
        HeardQuarters out{{-80, -70}, {}};
        for (const auto& [key, devices] : present) {
            if (key.first == asset && key.second >= from && key.second < to) {
                out.items.push_back({key.second, {devices * 2, devices}});
            }
        }
        return out;
    }
    CountingModel counted_by() const override { return {"tracks", "1", "00ff"}; }

    Input best = Input::addresses;
    std::map<std::pair<AssetId, Instant>, double> present;
};

/// People over devices at the second gate; the interval a tenth to each side.
class Ratio : public FactorFit {
  public:
    std::optional<Fitted> fit(
        std::span<const std::int64_t> gates_dbm, std::span<const Pair> pairs) const override {
        double people = 0, devices = 0;
        for (const auto& pair : pairs) {
            people += pair.people;
            devices += pair.devices[1];
        }
        if (people <= 0 || devices <= 0) return std::nullopt;
        Fitted out;
        out.gate_dbm = gates_dbm[1];
        out.factor = people / devices;
        out.factor_low = out.factor * 0.9;
        out.factor_high = out.factor * 1.1;
        out.quarters = std::ssize(pairs);
        std::set<std::chrono::sys_days> days;
        for (const auto& pair : pairs) {
            days.insert(pair.day);
            out.residuals.push_back(
                {LocalDay{.date = pair.day}.str(),
                 {},
                 pair.people,
                 out.factor * pair.devices[1],
                 pair.devices[1]});
        }
        out.days = std::ssize(days);
        out.newest_day = LocalDay{.date = *days.rbegin()}.str();
        return out;
    }
    std::optional<Drift> drift(
        const Fitted& model, std::span<const Recounted> later) const override {
        double people = 0, devices = 0;
        for (const auto& each : later) {
            people += each.people;
            devices += each.devices;
        }
        Drift out;
        out.ratio = people / (devices * model.factor);
        out.low = 0.8;
        out.high = 1.25;
        out.alarm = out.ratio < out.low || out.ratio > out.high;
        return out;
    }
    std::string method() const override { return "ratio"; }
};

class CalibrationTest : public pg::PostgresTest {
  protected:
    CalibrationTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, jobs::kMigrations,
               accounts::kMigrations, assets::kMigrations, kMigrations}) {
        mount(router, calibration);
        for (const auto company : {caller.company, other}) {
            accounts.open_installation(
                {company, company == other ? "Theirs" : "Ours", "America/Chicago",
                 accounts::PrivacyMode::standard, false});
        }
        lobby = add_asset("L-1");
    }

    AssetId add_asset(const std::string& code) {
        const auto made =
            its_assets.register_asset(caller, {code, code, assets::AssetKind::screen, {}, {}, {}});
        EXPECT_TRUE(made);
        return made->id;
    }
    http::Reply get(std::string target) {
        return router.handle({http::verb::get, std::move(target), "", ""});
    }
    http::Reply send(http::verb method, const std::string& path, const object& body) {
        const auto target = path.starts_with("/api") ? path : "/api/v1/calibration/" + path;
        return router.handle(
            {method,
             target,
             "",
             boost::json::serialize(body),
             {{"Content-Type", "application/json"}}});
    }
    http::Reply post(const std::string& path, const object& body = {}) {
        return send(http::verb::post, path, body);
    }
    http::Reply put(const std::string& path, const object& body) {
        return send(http::verb::put, path, body);
    }
    http::Reply of(const std::string& path) { return get("/api/v1/calibration/" + path); }
    static std::string text(const http::Reply& reply, const char* field) {
        return std::string(reply.body.at(field).as_string());
    }
    static array items(const http::Reply& reply) { return reply.body.at("items").as_array(); }
    static std::string pointer(const http::Reply& reply, std::size_t index = 0) {
        return std::string(reply.body.at("errors").at(index).at("pointer").as_string());
    }

    std::string begin(Instant at, std::int64_t there = 0) {
        const auto made = post(
            "counts", {{"asset_id", lobby.str()},
                       {"way", "taps"},
                       {"begun_at", to_iso8601(at)},
                       {"start_occupancy", there}});
        EXPECT_EQ(made.status, 201U);
        return text(made, "id");
    }
    object tap(const std::string& id, const char* kind, Instant at) {
        return {{"id", "tap-0000" + id}, {"kind", kind}, {"at", to_iso8601(at)}};
    }
    http::Reply upload(const std::string& count, const array& taps, const char* counter = "door") {
        return post("counts/" + count + "/taps", {{"counter", counter}, {"taps", taps}});
    }
    /// So many people present all the time, from a start on for so many quarters; and devices.
    std::string count_steadily(Instant start, int quarters, double people, double devices) {
        const auto made = post("counts", {{"asset_id", lobby.str()}, {"way", "totals"}});
        array totals;
        for (int i = 0; i < quarters; ++i) {
            const auto at = start + i * 15min;
            street.present[{lobby, at}] = devices;
            totals.push_back(object{
                {"from", to_iso8601(at)}, {"to", to_iso8601(at + 15min)}, {"people", people}});
        }
        const auto end = start + quarters * 15min;
        if (clock.now() < end) clock.advance(end - clock.now());
        const auto id = text(made, "id");
        EXPECT_EQ(put("counts/" + id + "/totals", {{"totals", totals}}).status, 200U);
        return id;
    }
    std::string fit(const object& body) {
        const auto made = post("models", body);
        EXPECT_EQ(made.status, 201U) << boost::json::serialize(made.body);
        return text(made, "id");
    }
    std::vector<CalibrationChanged> told() {
        relay.deliver();
        return std::exchange(changes, {});
    }

    ManualClock clock{*parse_iso8601("2026-08-21T15:00:00Z")};
    const Instant nine = *parse_iso8601("2026-08-21T14:00:00Z");  // In Chicago.
    Caller caller{CompanyId::fresh(clock.now()), Role::owner, PersonId::fresh(clock.now())};
    const CompanyId other = CompanyId::fresh(clock.now());
    accounts::Accounts accounts{pool, clock};
    assets::Assets its_assets{
        pool, clock, accounts, [](CompanyId, DeviceId) -> Result<> { return {}; }};
    Street street;
    Ratio ratio;
    Calibration calibration{{pool, clock, its_assets, street, ratio}};
    http::Router router{[this](const http::Shown&) -> Result<Caller> { return caller; }, {}};
    std::vector<CalibrationChanged> changes;
    events::Relay relay{system, as("mobilytics_system"), clock};
    AssetId lobby;
};

}  // namespace mobilytics::calibration
