#include "platform/audit/audit.h"

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "foundation/origin.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/changes.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::audit {
namespace {

using boost::json::object;

TEST(Origin, ATraceIsReadOfASoundTraceparentOnly) {
    EXPECT_EQ(
        trace_of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(trace_of("00-00000000000000000000000000000000-00f067aa0ba902b7-01"), "");
    EXPECT_EQ(trace_of("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"), "");
    EXPECT_EQ(trace_of(""), "");
}

TEST(Origin, OfAUserAgentWhatCanBePrintedIsKept) {
    EXPECT_EQ(kept_user_agent("Mozilla/5.0\r\n\x01 (X11)"), "Mozilla/5.0 (X11)");
    EXPECT_EQ(kept_user_agent(std::string(1000, 'a')).size(), 256U);
}

TEST(Origin, AScopeEndsWhereItEnds) {
    {
        const OriginScope outer({"192.0.2.7", "curl", "r1", ""});
        {
            const OriginScope inner({"192.0.2.8", "", "r2", ""});
            EXPECT_EQ(origin().request, "r2");
        }
        EXPECT_EQ(origin().address, "192.0.2.7");
    }
    EXPECT_EQ(origin().address, "");
}

TEST(Changes, OnlyWhatDiffersIsKept) {
    const auto [before, after] = changes_of(
        {.action = "a.b",
         .actor = {},
         .before = object{{"name", "Old"}, {"zone", "UTC"}, {"gone", 1}},
         .after = object{{"name", "New"}, {"zone", "UTC"}, {"come", 2}}},
        "salt");
    EXPECT_EQ(before, (object{{"name", "Old"}, {"gone", 1}}));
    EXPECT_EQ(after, (object{{"name", "New"}, {"come", 2}}));
}

TEST(Changes, ASecretIsKeptAsItsHash) {
    const Entry entry{
        .action = "a.b",
        .actor = {},
        .before = object{{"password_hash", "one"}, {"keys", {object{{"pin", "1234"}}}}},
        .after = object{{"password_hash", "two"}, {"keys", {object{{"pin", "1235"}}}}},
        .secrets = {"pin"}};
    const auto [before, after] = changes_of(entry, "salt");
    EXPECT_EQ(
        before.at("password_hash"),
        "sha256:5a6a8e2130618af54a922ad06f27ad38baba4c461c987fd2c59d2a9ca89048c4");
    const auto text = boost::json::serialize(before) + boost::json::serialize(after);
    EXPECT_EQ(text.find("\"one\""), text.npos);
    EXPECT_EQ(text.find("1234"), text.npos);
    EXPECT_NE(before.at("keys"), after.at("keys"));
    EXPECT_NE(changes_of(entry, "other").first, before);
}

TEST(Changes, WhatIsTooLargeIsKeptAsItsHash) {
    const auto [before, after] = changes_of(
        {.action = "a.b", .actor = {}, .after = object{{"text", std::string(40'000, 'x')}}},
        "salt");
    EXPECT_TRUE(before.is_null());
    EXPECT_EQ(after.at("too_large_bytes"), 40'011U);
}

class AppendTest : public pg::PostgresTest {
  protected:
    AppendTest() : PostgresTest({pg::kMigrations, kMigrations}) {}

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId ours = CompanyId::fresh(clock.now());
    const CompanyId theirs = CompanyId::fresh(clock.now());
    const PersonId person = PersonId::fresh(clock.now());
};

constexpr pg::Query kRows{
    "test.rows",
    "SELECT occurred_at, action, outcome, actor_kind, actor_id, target_ids, request_id, trace_id, "
    "details::text AS details FROM audit.trail ORDER BY number"};

TEST_F(AppendTest, AnEntryStandsWhenItsTransactionDoes) {
    const OriginScope from({"192.0.2.7", "curl/8", "r1", "4bf92f3577b34da6a3ce929d0e0e4736"});
    const Entry entry{
        .action = "assets.asset_retired",
        .actor = actor_of({ours, Role::owner, person}),
        .targets = {{"asset", "asset_1", "Madison 12"}},
        .before = object{{"state", "in_service"}},
        .after = object{{"state", "retired"}},
        .reason = "torn down"};
    {
        auto tx = pool.begin(ours);
        append(tx, clock.now(), entry);
    }
    EXPECT_EQ(pool.begin(ours).run(kRows).size(), 0);
    {
        auto tx = pool.begin(ours);
        append(tx, clock.now(), entry);
        tx.commit();
    }
    EXPECT_EQ(pool.begin(theirs).run(kRows).size(), 0);
    const auto rows = pool.begin(ours).run(kRows);
    ASSERT_EQ(rows.size(), 1);
    rows.first([&](const pg::Row& row) {
        EXPECT_EQ(row.get<Instant>("occurred_at"), clock.now());
        EXPECT_EQ(row.get<std::string>("action"), "assets.asset_retired");
        EXPECT_EQ(row.get<Outcome>("outcome"), Outcome::success);
        EXPECT_EQ(row.get<ActorKind>("actor_kind"), ActorKind::person);
        EXPECT_EQ(row.get<std::string>("actor_id"), person.str());
        EXPECT_EQ(
            row.get<std::vector<std::string>>("target_ids"), std::vector<std::string>{"asset_1"});
        EXPECT_EQ(row.get<std::string>("request_id"), "r1");
        EXPECT_EQ(row.get<std::string>("trace_id"), "4bf92f3577b34da6a3ce929d0e0e4736");
        EXPECT_EQ(
            row.get<std::string>("details"),
            R"({"address":"192.0.2.7","user_agent":"curl/8","reason":"torn down",)"
            R"("names":{"asset_1":"Madison 12"},)"
            R"("before":{"state":"in_service"},"after":{"state":"retired"}})");
        return 0;
    });
}

TEST_F(AppendTest, NobodyChangesAnEntryOrTakesItAway) {
    {
        auto tx = pool.begin(ours);
        append(tx, clock.now(), {.action = "a.b", .actor = {}});
        tx.commit();
    }
    constexpr pg::Query update{"test.update", "UPDATE audit.entry SET action = 'a.c'"};
    constexpr pg::Query remove{"test.remove", "DELETE FROM audit.entry"};
    constexpr pg::Query truncate{"test.truncate", "TRUNCATE audit.entry"};
    constexpr pg::Query insert{
        "test.insert", "INSERT INTO audit.head VALUES (app.company_id(), 1, '', now(), '')"};
    constexpr pg::Query seal{
        "test.seal", "SELECT audit.seal(now(), '{}', '{}', '{}', '{}', '{}') AS moved"};
    for (const auto& query : {update, remove, truncate, insert, seal}) {
        EXPECT_THROW(pool.begin(ours).run(query), pg::Failure) << query.name;
    }
    for (const auto& query : {update, remove, truncate}) {
        EXPECT_THROW(system.begin().run(query), pg::Failure) << query.name;
    }
    // The owner of the tables, a superuser here, is stopped by the triggers.
    for (const char* sql : {update.sql, remove.sql, truncate.sql}) {
        pg::Connection superuser(owner, std::chrono::milliseconds(0));
        EXPECT_THROW(superuser.command("test", sql), pg::Failure) << sql;
    }
    EXPECT_EQ(pool.begin(ours).run(kRows).size(), 1);
}

TEST_F(AppendTest, AnEntryOfAnotherCompanyIsRefused) {
    auto tx = pool.begin(ours);
    EXPECT_THROW(
        append(
            static_cast<pg::AnyTransaction&>(tx), theirs, clock.now(),
            {.action = "a.b", .actor = {}}),
        pg::Failure);
}

}  // namespace
}  // namespace mobilytics::audit
