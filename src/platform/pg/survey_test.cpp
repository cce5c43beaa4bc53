#include "platform/pg/survey.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "platform/pg/listener.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::pg {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Migration kNotes[] = {{"test", "0001_create_note.sql", R"sql(
    CREATE TABLE note (company_id uuid NOT NULL, text text, at timestamptz, weight float8);
    ALTER TABLE note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY company ON note USING (company_id = app.company_id());
)sql"}};

class SurveyTest : public PostgresTest {
  protected:
    SurveyTest() : PostgresTest({kMigrations, kNotes}) {}

    void run(const std::string& sql) {
        Connection(owner, std::chrono::milliseconds(0)).command("test.run", sql);
    }
    TableRows notes() {
        for (auto& one : Survey(owner).rows()) {
            if (one.table == "public.note") return one;
        }
        return {};
    }
};

TEST_F(SurveyTest, RowsAreTheSameInAnyOrderAndNeverTheSameWhenOneDiffers) {
    EXPECT_EQ(notes(), (TableRows{"public.note", 0, "0,0"}));
    const std::string one = "INSERT INTO note VALUES (gen_random_uuid(), 'a', now(), 0.1)";
    run(one);
    run("INSERT INTO note VALUES ('00000000-0000-0000-0000-000000000001', NULL, NULL, 'NaN')");
    const auto before = notes();
    EXPECT_EQ(before.rows, 2);
    run("CREATE TABLE other AS SELECT * FROM note; TRUNCATE note;"
        "INSERT INTO note SELECT * FROM other ORDER BY text NULLS FIRST");
    EXPECT_EQ(notes(), before);
    run("UPDATE note SET weight = weight WHERE text = 'a'");
    EXPECT_EQ(notes(), before);
    run("UPDATE note SET weight = weight + 1e-15 WHERE text = 'a'");
    EXPECT_EQ(notes().rows, before.rows);
    EXPECT_NE(notes().digest, before.digest);
}

TEST_F(SurveyTest, WhatIsHiddenFromWhoAsksIsAnErrorAndNotLeftOut) {
    run("INSERT INTO note VALUES (gen_random_uuid(), 'a', now(), 0.1);"
        "GRANT SELECT ON ALL TABLES IN SCHEMA public, app TO mobilytics_app");
    EXPECT_THROW(Survey(as("mobilytics_app")).rows(), Failure);
}

TEST_F(SurveyTest, ItSeesTheDatabaseAsItWasWhenItBegan) {
    Survey survey(owner);
    EXPECT_EQ(survey.rows().size(), 2);
    run("INSERT INTO note VALUES (gen_random_uuid(), 'a', now(), 0.1)");
    EXPECT_EQ(survey.rows()[1].rows, 0);
    EXPECT_EQ(notes().rows, 1);
    EXPECT_FALSE(survey.snapshot().empty());
}

TEST_F(SurveyTest, ItSaysWhatTheServerIsAndWhatWasMigrated) {
    Survey survey(owner);
    EXPECT_GE(survey.server_version(), 150000);
    EXPECT_EQ(survey.setting("fsync").has_value(), true);
    EXPECT_EQ(survey.setting("no_such"), std::nullopt);
    EXPECT_THAT(
        survey.migrations(), ElementsAre(
                                 AppliedMigration{"platform/pg", "0001_create_wall.sql"},
                                 AppliedMigration{"platform/pg", "0002_create_system_role.sql"},
                                 AppliedMigration{"platform/pg", "0003_create_staff_role.sql"},
                                 AppliedMigration{"test", "0001_create_note.sql"}));
    EXPECT_THAT(survey.unwalled(), IsEmpty());
    EXPECT_TRUE(survey.self().sees_past_walls);
    std::vector<std::string> names;
    for (const auto& one : survey.roles()) {
        names.push_back(one.name);
        EXPECT_FALSE(one.sees_past_walls) << one.name;
    }
    EXPECT_THAT(names, testing::IsSupersetOf({"mobilytics_app", "mobilytics_system"}));
    EXPECT_EQ(survey.owner(), survey.self().name);
    EXPECT_GT(survey.next_transaction(), 0u);
    run("CREATE TABLE open_to_all (company_id uuid)");
    EXPECT_THAT(Survey(owner).unwalled(), ElementsAre("open_to_all"));
}

TEST_F(SurveyTest, AnEmptyDatabaseWasNeverMigrated) {
    Address fresh = owner;
    fresh.database = "template1";
    EXPECT_THAT(Survey(fresh).migrations(), IsEmpty());
    EXPECT_EQ(Survey(fresh).owner(), std::nullopt);
}

TEST_F(SurveyTest, RolesThatAreMissingAreMade) {
    run("DROP ROLE IF EXISTS mobilytics_made");
    make_roles(owner, {{"mobilytics_made", false, false}, {"mobilytics_app", true, true}});
    make_roles(owner, {{"mobilytics_made", false, false}});  // It is there.
    const auto roles = Survey(owner).roles();
    EXPECT_THAT(roles, testing::Contains(RoleRights{"mobilytics_made", false, false}));
    EXPECT_THAT(roles, testing::Contains(RoleRights{"mobilytics_app", false, true}));
    EXPECT_THROW(make_roles(owner, {{"x; DROP TABLE note"}}), Failure);
    run("DROP ROLE mobilytics_made");
}

TEST(Environment, AnAddressIsSaidWithoutWords) {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    const auto of = [](const Address& address) {
        auto all = environment_of(address);
        std::ranges::sort(all);
        return all;
    };
    EXPECT_EQ(
        of({"postgresql://me:secret@db.example:5433/ours?sslmode=require"}),
        (Pairs{
            {"PGDATABASE", "ours"},
            {"PGHOST", "db.example"},
            {"PGPASSWORD", "secret"},
            {"PGPORT", "5433"},
            {"PGSSLMODE", "require"},
            {"PGUSER", "me"}}));
    EXPECT_EQ(
        of({"host=/run/x dbname=a user=b", "c", "d"}),
        (Pairs{{"PGDATABASE", "c"}, {"PGHOST", "/run/x"}, {"PGUSER", "d"}}));
    EXPECT_THROW(environment_of({"postgresql://[secret"}), Failure);
}

TEST_F(SurveyTest, ANotificationIsHeard) {
    Listener listener(owner, {"news"});
    listener.wait(std::chrono::seconds(10));  // It has connected.
    notify(owner, "news", "of today");
    EXPECT_THAT(
        listener.wait(std::chrono::seconds(10)).notifications,
        ElementsAre(Notification{"news", "of today"}));
}

}  // namespace
}  // namespace mobilytics::pg
