#include "domains/history/history.h"

#include <filesystem>
#include <fstream>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "domains/history/history_api.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::history {
namespace {

using boost::json::object;

class HistoryTest : public pg::PostgresTest {
  protected:
    HistoryTest() : PostgresTest({pg::kMigrations, audit::kMigrations}) { mount(router, history); }
    ~HistoryTest() override { std::filesystem::remove_all(folder); }

    void act(CompanyId company, audit::Entry entry) {
        auto tx = pool.begin(company);
        audit::append(tx, clock.now(), entry);
        tx.commit();
        clock.advance(std::chrono::seconds(1));
    }
    http::Reply get(const std::string& target) { return router.handle({.target = target}); }
    std::vector<std::string> actions(const std::string& target) {
        std::vector<std::string> out;
        const auto reply = get(target);
        EXPECT_EQ(reply.status, 200U) << target;
        for (const auto& item : reply.body.at("items").as_array()) {
            out.emplace_back(item.at("action").as_string());
        }
        return out;
    }
    static std::string content(const http::Reply& reply) {
        std::ifstream file(std::get<std::filesystem::path>(reply.content->bytes));
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void three() {
        act(ours, {.action = "assets.asset_registered",
                   .actor = {audit::ActorKind::person, "person_1"},
                   .targets = {{"asset", "asset_1", "Madison 12"}},
                   .after = object{{"name", "=cmd|' /C calc'!A0"}}});
        act(ours, {.action = "fleet.device_revoked",
                   .actor = {audit::ActorKind::person, "person_2", staff_person},
                   .targets = {{"device", "device_1"}, {"asset", "asset_1"}},
                   .before = object{{"state", "active"}},
                   .after = object{{"state", "revoked"}, {"why", "stolen"}},
                   .reason = "stolen, \"said\" the driver"});
        act(theirs, {.action = "test.theirs", .actor = {}});
        act(ours, {.action = "accounts.signed_in",
                   .actor = {audit::ActorKind::person, "person_2"},
                   .outcome = audit::Outcome::denied});
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId ours = CompanyId::fresh(clock.now());
    const CompanyId theirs = CompanyId::fresh(clock.now());
    const PersonId staff_person = PersonId::fresh(clock.now());
    Caller caller{ours, Role::admin, PersonId::fresh(clock.now())};
    const std::filesystem::path folder =
        testing::TempDir() + "history_" + CompanyId::fresh(clock.now()).uuid();
    History history{pool, staff, clock, {.exports = folder}};
    http::Router router{[this](const auto&) -> Result<Caller> { return caller; }};
};

TEST_F(HistoryTest, TheNewestComeFirstAndPageByPage) {
    three();
    EXPECT_EQ(
        actions("/api/v1/audit"),
        (std::vector<std::string>{
            "accounts.signed_in", "fleet.device_revoked", "assets.asset_registered"}));
    const auto page = get("/api/v1/audit?limit=2").body;
    const auto cursor = std::string(page.at("next_cursor").as_string());
    EXPECT_EQ(
        actions("/api/v1/audit?limit=2&cursor=" + cursor),
        std::vector<std::string>{"assets.asset_registered"});
    EXPECT_EQ(get("/api/v1/audit?cursor=x").status, 422U);
}

TEST_F(HistoryTest, AnEntryIsShownWithWhatChanged) {
    three();
    const auto item = get("/api/v1/audit?action=fleet.device_revoked").body.at("items").at(0);
    EXPECT_EQ(item.at("company_id").as_string(), ours.str());
    EXPECT_EQ(
        item.at("actor"),
        (object{{"kind", "person"}, {"id", "person_2"}, {"impersonator", staff_person.str()}}));
    EXPECT_EQ(item.at("targets").at(0), (object{{"type", "device"}, {"id", "device_1"}}));
    EXPECT_EQ(
        item.at("changes"),
        (boost::json::array{
            object{{"field", "state"}, {"before", "\"active\""}, {"after", "\"revoked\""}},
            object{{"field", "why"}, {"after", "\"stolen\""}}}));
    EXPECT_EQ(item.at("reason"), "stolen, \"said\" the driver");
    EXPECT_EQ(item.at("blacked_out"), false);
    EXPECT_FALSE(item.as_object().contains("position"));
}

TEST_F(HistoryTest, WhatIsAskedForIsFound) {
    three();
    const std::vector<std::string> revoked{"fleet.device_revoked"};
    const auto asked = [this](const std::string& query) {
        return actions("/api/v1/audit?" + query);
    };
    EXPECT_EQ(asked("action=fleet"), revoked);
    EXPECT_EQ(asked("action=flee"), std::vector<std::string>());
    EXPECT_EQ(asked("actor=" + staff_person.str()), revoked);
    EXPECT_EQ(asked("actor=person_2").size(), 2U);
    EXPECT_EQ(asked("target=asset_1").size(), 2U);
    EXPECT_EQ(asked("target=device_1"), revoked);
    EXPECT_EQ(asked("outcome=denied"), std::vector<std::string>{"accounts.signed_in"});
    EXPECT_EQ(asked("q=STOLEN"), revoked);
    EXPECT_EQ(asked("q=madison"), std::vector<std::string>{"assets.asset_registered"});
    EXPECT_EQ(asked("from=2026-08-21T09:30:01Z&to=2026-08-21T09:30:02Z"), revoked);
    EXPECT_EQ(get("/api/v1/audit?outcome=maybe").status, 422U);
    EXPECT_EQ(get("/api/v1/audit?who=me").status, 422U);
}

TEST_F(HistoryTest, AnExportIsCsvThatNoSpreadsheetCarriesOut) {
    three();
    const auto reply = get("/api/v1/audit/export?format=csv&action=assets");
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(reply.content->type, "text/csv; charset=utf-8");
    EXPECT_EQ(
        reply.headers.get("Content-Disposition"),
        "attachment; filename=\"audit-" + to_iso8601(clock.now()).substr(0, 10) + ".csv\"");
    const auto text = content(reply);
    EXPECT_EQ(text.substr(0, 12), "id,position,");
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
    EXPECT_NE(text.find(",assets.asset_registered,success,person,person_1,,asset_1,"), text.npos);
    act(ours,
        {.action = "test.done", .actor = {audit::ActorKind::system, "=1+1"}, .reason = "a, \"b\""});
    const auto other = content(get("/api/v1/audit/export?action=test"));
    EXPECT_NE(other.find(",'=1+1,"), other.npos);
    EXPECT_NE(other.find(",\"a, \"\"b\"\"\","), other.npos);
}

TEST_F(HistoryTest, AnExportIsCloudEvents) {
    three();
    const auto text = content(get("/api/v1/audit/export?format=cloudevents"));
    std::vector<object> events;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        events.push_back(boost::json::parse(text.substr(at, end - at)).as_object());
        at = end + 1;
    }
    ASSERT_EQ(events.size(), 4U);  // With the export itself.
    std::set<std::string> ids;
    for (const auto& event : events) {
        EXPECT_EQ(event.at("specversion"), "1.0");
        EXPECT_EQ(event.at("source").as_string(), "/companies/" + ours.str() + "/audit");
        ids.emplace(event.at("id").as_string());
    }
    EXPECT_EQ(ids.size(), 4U);
    EXPECT_EQ(events[0].at("type"), "mobilytics.assets.asset_registered");
    EXPECT_EQ(events[0].at("time"), "2026-08-21T09:30:00.000000Z");
    EXPECT_EQ(events[0].at("subject"), "asset_1");
    EXPECT_EQ(
        events[1].at("data").at("actor"),
        (object{
            {"type", "person"},
            {"id", "person_2"},
            {"act", object{{"type", "person"}, {"id", staff_person.str()}}}}));
    EXPECT_EQ(events[3].at("type"), "mobilytics.audit.exported");
}

TEST_F(HistoryTest, AnExportOfTooMuchIsRefusedAndOldFilesGo) {
    three();
    History small(pool, staff, clock, {.exports = folder, .exported_max = 1});
    http::Request request;
    const auto refused = small.export_audit({caller, {}, {}, nullptr, request}, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "too_many_entries");
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    get("/api/v1/audit/export");
    EXPECT_FALSE(std::filesystem::is_empty(folder));
    clock.advance(std::chrono::hours(2));
    get("/api/v1/audit/export");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(HistoryTest, OurStaffSeeAllCompaniesAndTheCompanySeesThatTheyLooked) {
    three();
    EXPECT_EQ(get("/api/v1/backoffice/audit").status, 403U);
    caller = {CompanyId::fresh(clock.now()), Role::support, staff_person};
    EXPECT_EQ(get("/api/v1/audit").status, 403U);
    EXPECT_EQ(actions("/api/v1/backoffice/audit").size(), 4U);
    EXPECT_EQ(
        actions("/api/v1/backoffice/audit?company=" + theirs.str()),
        (std::vector<std::string>{"audit.read_by_staff", "test.theirs"}));
    caller = {theirs, Role::admin};
    const auto seen = get("/api/v1/audit").body.at("items").as_array();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].at("actor").at("id").as_string(), staff_person.str());
}

TEST_F(HistoryTest, AViewerSeesNothingOfIt) {
    three();
    caller.role = Role::viewer;
    EXPECT_EQ(get("/api/v1/audit").status, 403U);
    EXPECT_EQ(get("/api/v1/audit/export").status, 403U);
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace
}  // namespace mobilytics::history
