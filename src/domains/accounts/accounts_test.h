#pragma once
// A house, a company and whoever is wanted, over HTTP against a real Postgres: for this module's
// tests.

#include <map>
#include <optional>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_api.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/accounts/routes.h"
#include "domains/accounts/second_factor.h"
#include "foundation/clock_test.h"
#include "foundation/origin.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/crypto/files.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/http/router.h"
#include "platform/identity/second_factor.h"
#include "platform/objects/objects.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"
#include "platform/services/child_process.h"

namespace mobilytics::accounts {

constexpr const char* kPassword = "four words in a row";
constexpr const char* kOrigin = "https://ooh.example";

class DeskTest : public pg::PostgresTest {
  protected:
    explicit DeskTest(
        std::initializer_list<std::span<const pg::Migration>> modules =
            {pg::kMigrations, events::kMigrations, audit::kMigrations, kMigrations})
        : PostgresTest(modules) {
        const auto first = accounts.open_installation(company);
        one_time = first.one_time_password->reveal();
        turn_signing_keys(system, seal, clock);
        mount(router, desk);
        mount_by_hand(router, desk);
        relay.subscribe<MailWanted>("test", [this](const MailWanted& told) {
            mailed.emplace_back(told, told.open_token(seal).reveal());
        });
        relay.subscribe<NoticeWanted>(
            "test_notices", [this](const NoticeWanted& told) { noticed.push_back(told); });
        relay.subscribe<ConfirmationWanted>(
            "test_confirmations", [this](const ConfirmationWanted& told) {
                to_confirm.emplace_back(told, told.open_token(seal).reveal());
            });
    }

    http::Reply ask(
        http::verb method, const std::string& path, const boost::json::value& body = nullptr) {
        http::Request request{.method = method, .target = "/api/v1/" + path};
        if (!body.is_null()) request.body = boost::json::serialize(body);
        request.headers.add("Content-Type", "application/json");
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        if (!browser.empty()) request.headers.add("Cookie", "mobilytics_passkey=" + browser);
        request.remote_address = address;
        auto reply = router.handle(std::move(request));
        for (const auto& [name, cookie] : reply.headers) {
            if (name != "Set-Cookie") continue;
            const auto begins = cookie.find('=') + 1;
            const auto value = cookie.substr(begins, cookie.find(';') - begins);
            (cookie.starts_with("mobilytics_passkey=") ? browser : token) = value;
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
    /// What people were told of how they sign in, as "ann@example.com: passkey_added Phone".
    std::vector<std::string> notices() {
        while (relay.deliver() > 0) continue;
        std::vector<std::string> out;
        for (const auto& told : noticed) {
            out.push_back(told.to + ": " + std::string(word(told.kind)) + ' ' + told.about);
        }
        return out;
    }
    /// The links that confirm an e-mail: to whom, and the token.
    const std::vector<std::pair<ConfirmationWanted, std::string>>& confirmations() {
        while (relay.deliver() > 0) continue;
        return to_confirm;
    }
    /// A code of the app of whoever is signed in, of the next half minute; the app is theirs from
    /// add_app() on.
    std::string app_code() {
        clock.advance(std::chrono::seconds(30));
        return identity::totp_code(*app, identity::totp_step(clock.now()));
    }
    /// The recovery codes.
    std::vector<std::string> add_app() {
        const auto begun = post("profile/totp", {{"password", kPassword}});
        EXPECT_EQ(begun.status, 200U);
        constexpr pg::Query pending{"test.pending", R"sql(
            SELECT totp_pending_sealed, person_id FROM accounts.credential
            WHERE totp_pending_sealed IS NOT NULL
        )sql"};
        pg::Connection connection(owner, std::chrono::milliseconds(0));
        app = *connection.run(pending).first([&](const pg::Row& row) {
            return open_totp(
                seal, row.get<PersonId>("person_id"), row.get<std::string>("totp_pending_sealed"));
        });
        const auto confirmed = ask(http::verb::put, "profile/totp", {{"code", app_code()}});
        EXPECT_EQ(confirmed.status, 200U);
        std::vector<std::string> out;
        for (const auto& one : confirmed.body.at("codes").as_array()) {
            out.emplace_back(one.as_string());
        }
        return out;
    }
    /// The entries of the audit trail, as "accounts.signed_in success".
    std::vector<std::string> trail() {
        const auto rows = all_rows();
        const auto between = [&rows](const std::string& tag, std::size_t from) {
            const auto begins = rows.find('<' + tag + '>', from) + tag.size() + 2;
            return rows.substr(begins, rows.find('<', begins) - begins);
        };
        std::vector<std::string> out;
        for (std::size_t at = rows.find("<action>"); at != rows.npos;
             at = rows.find("<action>", at + 1)) {
            out.push_back(between("action", at) + ' ' + between("outcome", at));
        }
        return out;
    }
    /// What a company's trail says of deeds that begin so, the oldest first: "deed actor outcome".
    std::vector<std::string> trail_of(CompanyId its, const std::string& deeds) {
        auto tx = pool.begin(its);
        std::vector<std::string> out;
        for (const auto& one : audit::oldest(tx, {}, {}, 1'000)) {
            if (!one.action.starts_with(deeds)) continue;
            out.push_back(one.action + " " + one.actor_id + " " + std::string(word(one.outcome)));
        }
        return out;
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
    Proofs proofs{ground, seal};
    Sessions sessions{ground, seal, proofs, {.passkeys = true}};
    Passkeys passkeys{ground, sessions, proofs, {.party = relying_party(kOrigin)}};
    Profiles profiles{ground, seal, proofs};
    Companies companies{ground, seal, proofs};
    People people{ground, seal};
    Keys keys{ground};
    Backoffice backoffice{ground, staff, seal, proofs};
    Tokens its_tokens{ground, accounts, seal, "https://mobilytics.example"};
    Oidc no_provider{ground, seal, sessions, std::nullopt};
    objects::Objects objects{folder.path() / "objects", clock};
    Logos logos{ground, objects};
    Desk desk{sessions, passkeys,   profiles,   companies,   people,
              keys,     backoffice, its_tokens, no_provider, logos};
    http::Router router{
        [this](const http::Shown& shown) { return authenticate(accounts, its_tokens, shown); },
        http::RouterConfig{.clock = &clock}};
    events::Relay relay{system, as("mobilytics_system"), clock};
    std::vector<std::pair<MailWanted, std::string>> mailed;
    const std::string owner_email{kFirstEmail};
    std::vector<NoticeWanted> noticed;
    std::vector<std::pair<ConfirmationWanted, std::string>> to_confirm;
    std::optional<Secret<std::string>> app;
    std::string one_time, token, browser;
    std::string address = "192.0.2.7";
};

}  // namespace mobilytics::accounts
