#pragma once
// A house, a company and whoever is wanted, over HTTP against a real Postgres: for this module's
// tests.

#include <map>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_api.h"
#include "domains/accounts/accounts_migrations.h"
#include "foundation/clock_test.h"
#include "foundation/origin.h"
#include "platform/audit/audit_migrations.h"
#include "platform/crypto/files.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"
#include "platform/services/child_process.h"

namespace mobilytics::accounts {

constexpr const char* kPassword = "four words in a row";

class DeskTest : public pg::PostgresTest {
  protected:
    explicit DeskTest(
        std::initializer_list<std::span<const pg::Migration>> modules =
            {pg::kMigrations, events::kMigrations, audit::kMigrations, kMigrations})
        : PostgresTest(modules) {
        const auto first = accounts.open_installation(company);
        one_time = first.one_time_password->reveal();
        mount(router, desk);
        relay.subscribe<MailWanted>("test", [this](const MailWanted& told) {
            mailed.emplace_back(told, told.open_token(seal).reveal());
        });
    }

    http::Reply ask(
        http::verb method, const std::string& path, const boost::json::value& body = nullptr) {
        http::Request request{.method = method, .target = "/api/v1/" + path};
        if (!body.is_null()) request.body = boost::json::serialize(body);
        request.headers.add("Content-Type", "application/json");
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        request.remote_address = address;
        auto reply = router.handle(std::move(request));
        const std::string cookie(reply.headers.get("Set-Cookie"));
        if (!cookie.empty()) {
            const auto begins = cookie.find('=') + 1;
            token = cookie.substr(begins, cookie.find(';') - begins);
        }
        return reply;
    }
    http::Reply get(const std::string& path) { return ask(http::verb::get, path); }
    http::Reply post(const std::string& path, const boost::json::value& body = nullptr) {
        return ask(http::verb::post, path, body);
    }
    http::Reply sign_in(const std::string& email, const std::string& password) {
        token.clear();
        return post("session", {{"email", email}, {"password", password}});
    }
    /// As the first owner, with a password of their own.
    void be_owner() {
        ASSERT_EQ(sign_in(owner_email, one_time).status, 201U);
        ASSERT_EQ(
            post("session/password", {{"current", one_time}, {"next", kPassword}}).status, 200U);
    }
    static std::string code(const http::Reply& reply) {
        const auto* object = reply.body.if_object();
        if (object == nullptr || !object->contains("code")) return "";
        return std::string(object->at("code").as_string());
    }
    static std::string text(const boost::json::value& json, const char* field) {
        return std::string(json.at(field).as_string());
    }

    /// The mails that were wanted and their tokens, oldest first.
    const std::vector<std::pair<MailWanted, std::string>>& mails() {
        while (relay.deliver() > 0) continue;
        return mailed;
    }
    /// All rows of all tables, as text.
    std::string all_rows() {
        constexpr pg::Query dump{"test.dump", R"sql(
            SELECT string_agg(query_to_xml(
                format('SELECT * FROM %I.%I', n.nspname, c.relname), false, true, '')::text, '')
                AS text -- of every company
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        )sql"};
        pg::Connection connection(owner, std::chrono::milliseconds(0));
        return *connection.run(dump).first(
            [](const pg::Row& row) { return row.get<std::string>("text"); });
    }
    /// Somebody new in the company that is signed in for, who has accepted.
    void join(const std::string& email, const std::string& role) {
        const auto mine = token;
        const auto invited = post("invitations", {{"email", email}, {"role", role}});
        ASSERT_EQ(invited.status, 201U) << boost::json::serialize(invited.body);
        token.clear();
        const auto accepted = post(
            "invitations/accept", {{"token", mails().back().second},
                                   {"name", "Somebody " + role},
                                   {"password", kPassword}});
        ASSERT_EQ(accepted.status, 200U) << boost::json::serialize(accepted.body);
        token = mine;
    }
    std::string id_of(const std::string& email) {
        const auto listed = get("people?limit=200").body;
        for (const auto& one : listed.at("items").as_array()) {
            if (text(one, "email") == email) return text(one, "id");
        }
        return "";
    }

    const services::TemporaryFolder folder;
    const crypto::SealedBox seal{folder.path() / "key"};
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyProfile company{
        CompanyId::fresh(clock.now()), "Ours", "America/Chicago", PrivacyMode::standard, false};
    const Ground ground{pool, clock};
    Accounts accounts{pool, clock};
    Sessions sessions{ground, seal, {}};
    Profiles profiles{ground, seal};
    Companies companies{ground, seal};
    People people{ground, seal};
    Keys keys{ground};
    Backoffice backoffice{ground, staff, seal};
    Desk desk{sessions, profiles, companies, people, keys, backoffice};
    http::Router router{
        [this](const http::Shown& shown) {
            return accounts.authenticate(shown.token, shown.remote_address);
        },
        http::RouterConfig{.clock = &clock}};
    events::Relay relay{system, as("mobilytics_system"), clock};
    std::vector<std::pair<MailWanted, std::string>> mailed;
    const std::string owner_email{kFirstEmail};
    std::string one_time, token;
    std::string address = "192.0.2.7";
};

}  // namespace mobilytics::accounts
