#pragma once
// Tries every operation of a router as everybody, about one's own and about another company's: what
// is refused changes nothing, and nothing of one company is in an answer to another.

#include <algorithm>
#include <iterator>
#include <sstream>

#include "domains/accounts/accounts_test.h"
#include "domains/accounts/authorization_bodies_test.h"
#include "domains/accounts/passkey_store.h"

namespace mobilytics::accounts {

inline constexpr const char* kMarker = "zqxmarker";

inline constexpr pg::Query kAllTables{"test.all_tables", R"sql(
    SELECT n.nspname || '.' || c.relname || ' ' ||
           (xpath('/row/h/text()', query_to_xml(format(
               'SELECT md5(coalesce(string_agg(x::text, chr(10) ORDER BY x::text), '''')) AS h '
               'FROM %I.%I x', n.nspname, c.relname), false, true, '')))[1]::text AS hash
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1
)sql"};

inline std::vector<std::string> words_of(const std::string& text) {
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

class AuthorizationTest : public DeskTest {
  protected:
    using DeskTest::DeskTest;

    /// Signed in for the other company: what more it has, by the names that paths have for it.
    virtual void seed_more() {}

    /// All rows of all tables, hashed.
    std::vector<std::string> everything() {
        return connection.run(kAllTables).all([](const pg::Row& row) {
            return row.get<std::string>("hash");
        });
    }

    /// Another company, whose every text has the marker, and the ids of what it has.
    void seed_other() {
        const std::string mark = kMarker;
        const auto mine = token;
        const auto made = post(
            "companies", {{"name", mark + " company"},
                          {"kind", "advertiser"},
                          {"time_zone", "Europe/Madrid"},
                          {"currency", "EUR"},
                          {"owner_email", mark + "@example.com"}});
        ASSERT_EQ(made.status, 201U);
        foreign["company_id"] = text(made.body, "id");
        token.clear();
        ASSERT_EQ(
            post(
                "invitations/accept", {{"token", mails().back().second},
                                       {"name", mark + " owner"},
                                       {"password", kPassword}})
                .status,
            200U);
        ASSERT_EQ(sign_in(mark + "@example.com", kPassword).status, 201U);
        foreign["session_id"] = text(get("session").body, "id");
        foreign["person_id"] = id_of(mark + "@example.com");
        foreign["contact_id"] = text(post("contacts", {{"name", mark}}).body, "id");
        foreign["invitation_id"] = text(
            post("invitations", {{"email", mark + "2@example.com"}, {"role", "viewer"}}).body,
            "id");
        foreign["api_key_id"] = text(
            post("api-keys", {{"name", mark}, {"role", "viewer"}, {"scopes", {"*:read"}}})
                .body.at("key"),
            "id");
        foreign["impersonation_id"] = ImpersonationId::fresh(clock.now()).str();
        foreign["passkey_id"] = add_passkey(*PersonId::parse(foreign["person_id"]));
        seed_more();
        token = mine;
        for (const auto& [name, id] : foreign) {
            missing[name] = id.substr(0, id.size() - 32) + CompanyId::fresh(clock.now()).uuid();
        }
    }

    std::string add_passkey(PersonId person) {
        const auto id = PasskeyId::fresh(clock.now());
        auto tx = pool.begin(CompanyId());
        act_as(tx, person);
        const Passkey shown{id, kMarker, clock.now(), std::nullopt, false};
        insert(tx, person, {shown, {.credential_id = id.uuid(), .public_key = "key"}});
        tx.commit();
        return id.str();
    }

    /// A session of each role: of the company, or of the house.
    void seed_roles() {
        tokens["owner"] = token;
        for (const char* role : {"admin", "analyst", "viewer", "operator"}) {
            join(std::string(role) + "@example.com", role);
        }
        const auto house = text(get("session").body.at("companies").at(1), "company_id");
        ASSERT_EQ(ask(http::verb::put, "session/company", {{"company_id", house}}).status, 200U);
        for (const char* role : {"support", "fulfillment", "finance", "engineer"}) {
            join(std::string(role) + "@example.com", role);
        }
        tokens["superuser"] = token;
        clock.advance(std::chrono::minutes(1));
        for (const char* role :
             {"admin", "analyst", "viewer", "operator", "support", "fulfillment", "finance",
              "engineer"}) {
            ASSERT_EQ(sign_in(std::string(role) + "@example.com", kPassword).status, 201U);
            tokens[role] = token;
        }
        ASSERT_EQ(sign_in(owner_email, kPassword).status, 201U);
        tokens["owner"] = token;
    }

    http::Reply call(
        http::verb method, const std::string& pattern,
        const std::map<std::string, std::string>& ids, const std::string& shown) {
        auto target = pattern;
        for (const auto& [name, id] : ids) {
            const auto at = target.find("{" + name + "}");
            if (at != target.npos) target.replace(at, name.size() + 2, id);
        }
        if (pattern.ends_with("/comparison")) {
            target += "?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
        }
        http::Request request{.method = method, .target = target};
        request.body = body_for(method, pattern);
        request.headers.add("Content-Type", "application/json");
        if (!shown.empty()) request.headers.add("Authorization", "Bearer " + shown);
        request.remote_address = address;
        return router.handle(std::move(request));
    }

    static bool ends_something_of_ones_own(http::verb method, const std::string& pattern) {
        return method == http::verb::delete_ && pattern.find('{') == pattern.npos;
    }

    /// Every operation as every role and about another's things: what is refused changes nothing.
    /// How many were refused.
    int every_role_on_every_route() {
        be_owner();
        seed_other();
        seed_roles();
        int refused = 0, allowed = 0;
        for (const auto& [method, pattern, access] : router.routes()) {
            if (!access.asks_who()) continue;
            SCOPED_TRACE(std::string(to_string(method)) + " " + pattern);
            const auto may = words_of(access.word());
            auto before = everything();
            EXPECT_EQ(call(method, pattern, foreign, "").status, 401U);
            for (const auto& [role, shown] : tokens) {
                SCOPED_TRACE(role);
                const bool is_allowed =
                    access.word() == "person" || std::ranges::find(may, role) != may.end();
                if (is_allowed && ends_something_of_ones_own(method, pattern)) continue;
                const auto reply = call(method, pattern, foreign, shown);
                EXPECT_LT(reply.status, 500U);
                if (!is_allowed) {
                    ++refused;
                    EXPECT_EQ(reply.status, 403U);
                    EXPECT_EQ(code(reply), "role_not_enough");
                } else {
                    ++allowed;
                    EXPECT_NE(code(reply), "role_not_enough");
                    EXPECT_NE(reply.status, 401U);
                }
                if (!is_allowed || reply.status >= 400) {
                    EXPECT_EQ(everything(), before);
                } else {
                    before = everything();
                }
            }
        }
        EXPECT_GT(allowed, 100);
        return refused;
    }
    /// How many operations name something that could be another's.
    int anothers_ids_are_missing() {
        be_owner();
        seed_other();
        int compared = 0;
        for (const auto& [method, pattern, access] : router.routes()) {
            const auto may = words_of(access.word());
            if (pattern.find('{') == pattern.npos || pattern.find("/backoffice/") != pattern.npos) {
                continue;
            }
            // The company above is told of those below it, and that is all.
            if (pattern == "/api/v1/companies/{company_id}") continue;
            SCOPED_TRACE(std::string(to_string(method)) + " " + pattern);
            const auto before = everything();
            const auto theirs = call(method, pattern, foreign, token);
            const auto nobodys = call(method, pattern, missing, token);
            EXPECT_EQ(theirs.status, 404U);
            EXPECT_EQ(nobodys.status, theirs.status);
            EXPECT_EQ(code(nobodys), code(theirs));
            EXPECT_EQ(everything(), before);
            ++compared;
        }
        return compared;
    }
    /// How many answers were looked through.
    int nothing_of_another_is_answered() {
        be_owner();
        seed_other();
        // What the one above calls it is its own word; all else that is marked is the other's.
        int answers = 0;
        for (const auto& [method, pattern, access] : router.routes()) {
            if (pattern.starts_with("/api/v1/companies")) continue;
            if (ends_something_of_ones_own(method, pattern)) continue;
            SCOPED_TRACE(std::string(to_string(method)) + " " + pattern);
            for (const auto* ids : {&foreign, &missing}) {
                const auto reply = call(method, pattern, *ids, token);
                std::string all = boost::json::serialize(reply.body);
                for (const auto& [name, value] : reply.headers) all += name + value;
                EXPECT_EQ(all.find(kMarker), all.npos) << all;
                ++answers;
            }
        }
        for (const char* list : {"people", "contacts"}) {
            const auto found = get(std::string(list) + "?q=" + kMarker);
            EXPECT_TRUE(found.body.at("items").as_array().empty());
        }
        return answers;
    }

    pg::Connection connection{owner, std::chrono::milliseconds(0)};
    std::map<std::string, std::string> tokens, foreign, missing;
};

}  // namespace mobilytics::accounts
