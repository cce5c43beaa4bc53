#include "domains/plays/plays_test.h"

#include <gmock/gmock.h>

namespace mobilytics::plays {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr const char* kThree =
    "start,duration_s,creative\n"
    "2026-08-21T12:00:00-05:00,10,Bank\n"
    "2026-08-21T12:00:10-05:00,10,Car\n"
    "2026-08-21T12:20:00-05:00,8,Bank\n";

constexpr pg::Query kRows{"plays.test_rows", R"sql(
    SELECT (SELECT count(*) FROM plays.log) AS company_logs,
           (SELECT count(*) FROM plays.play) AS plays,
           (SELECT count(*) FROM plays.quarter) AS quarters,
           (SELECT count(*) FROM plays.stretch) AS stretches
)sql"};

class PlaysTest : public PlaysSlice {
  protected:
    /// Logs, plays, quarters, stretches.
    std::vector<std::int64_t> rows(CompanyId company) {
        auto tx = pool.begin(company);
        return *tx.run(kRows).first([](const pg::Row& row) {
            return std::vector{
                row.get<std::int64_t>("company_logs"), row.get<std::int64_t>("plays"),
                row.get<std::int64_t>("quarters"), row.get<std::int64_t>("stretches")};
        });
    }
    std::vector<std::int64_t> rows() { return rows(caller.company); }
    Logged hours() {
        const std::vector<Instant> slots{noon, noon + 1h, noon + 2h};
        return plays.logged(caller.company, screen, slots);
    }
    std::vector<std::string> actions() {
        auto tx = pool.begin(caller.company);
        std::vector<std::string> out;
        for (const auto& entry : audit::search(tx, {}, {}, 20)) {
            if (entry.action.starts_with("plays.")) out.push_back(entry.action);
        }
        return out;
    }

    const Instant noon = *parse_iso8601("2026-08-21T17:00:00Z");
};

TEST_F(PlaysTest, AFileIsImportedWholeAndTold) {
    const auto done = put(kThree, "?source=august.csv");
    ASSERT_EQ(done.status, 201U) << boost::json::serialize(done.body);
    EXPECT_EQ(number(done, "plays"), 3);
    EXPECT_EQ(number(done, "lines"), 3);
    EXPECT_EQ(number(done, "covered_s"), 1800);
    EXPECT_EQ(rows(), (std::vector<std::int64_t>{1, 3, 3, 1}));
    const auto logs = list();
    ASSERT_EQ(logs.size(), 1U);
    EXPECT_EQ(logs[0].at("id"), done.body.at("id"));
    EXPECT_EQ(logs[0].at("source"), "august.csv");
    EXPECT_EQ(logs[0].at("made_by").as_string(), caller.person.str());
    EXPECT_EQ(logs[0].at("made_at"), "2026-08-21T22:00:00.000000Z");
    EXPECT_EQ(logs[0].at("from"), "2026-08-21T17:00:00.000000Z");
    EXPECT_EQ(logs[0].at("to"), "2026-08-21T17:20:08.000000Z");

    const auto logged = hours();
    ASSERT_EQ(logged.plays.size(), 2U);
    EXPECT_EQ(logged.plays[0].creative, "Bank");
    EXPECT_EQ(logged.plays[0].slot, 0U);
    EXPECT_EQ(logged.plays[0].plays, 2);
    EXPECT_EQ(logged.plays[0].airtime_s, 18);
    EXPECT_EQ(logged.plays[1].airtime_s, 10);
    EXPECT_THAT(logged.covered, ElementsAre(Stretch{noon, noon + 30min}));
    EXPECT_EQ(logged.imported, clock.now());
    EXPECT_THAT(actions(), ElementsAre("plays.log_imported"));
}

TEST_F(PlaysTest, TheSameAgainAddsNothing) {
    ASSERT_EQ(put(kThree).status, 201U);
    const auto same = put(kThree);
    EXPECT_EQ(same.status, 200U);
    EXPECT_EQ(same.body.at("already"), true);
    // The same plays in another file, and one more.
    const std::string more = std::string(kThree) + "2026-08-21T12:50:00-05:00,10,Bank\n";
    const auto next = put(more);
    EXPECT_EQ(next.status, 201U);
    EXPECT_EQ(number(next, "plays"), 1);
    EXPECT_EQ(number(next, "repeated"), 3);
    EXPECT_EQ(number(next, "covered_s"), 1800);  // What no log covered before.
    EXPECT_EQ(rows(), (std::vector<std::int64_t>{2, 4, 4, 2}));
    EXPECT_THAT(hours().covered, ElementsAre(Stretch{noon, noon + 1h}));
    // Known to the last line, though the file is another: not kept.
    const auto known = put(more + "\n");
    EXPECT_EQ(known.status, 200U);
    EXPECT_EQ(known.body.at("already"), true);
    EXPECT_FALSE(known.body.as_object().contains("id"));
    EXPECT_EQ(list().size(), 2U);
}

TEST_F(PlaysTest, ADryRunSaysWhatWouldBecomeOfIt) {
    const auto done = put(kThree, "?dry_run=true");
    EXPECT_EQ(done.status, 200U);
    EXPECT_EQ(number(done, "plays"), 3);
    EXPECT_FALSE(done.body.as_object().contains("id"));
    EXPECT_EQ(rows(), (std::vector<std::int64_t>{0, 0, 0, 0}));
    EXPECT_TRUE(actions().empty());
    ASSERT_EQ(put(kThree).status, 201U);
    EXPECT_EQ(put(kThree, "?dry_run=true").body.at("already"), true);
}

TEST_F(PlaysTest, ABadLineKeepsAllOfItOut) {
    const auto bad = put(std::string(kThree) + "2026-08-21T12:50:00,10,Bank\n");
    EXPECT_EQ(bad.status, 422U);
    EXPECT_EQ(bad.body.at("code"), "bad_log");
    EXPECT_EQ(bad.body.at("errors").at(0).at("pointer"), "/lines/5/start");
    EXPECT_EQ(rows(), (std::vector<std::int64_t>{0, 0, 0, 0}));
    EXPECT_EQ(put(kThree, "", "application/json").status, 415U);
    EXPECT_EQ(put(kThree, "?more=1").status, 422U);
    EXPECT_EQ(
        put(kThree, "?covers_from=2026-08-21T00:00:00Z").body.at("errors").at(0).at("pointer"),
        "/query/covers_to");
    EXPECT_EQ(
        put(kThree, "?covers_from=2026-08-21T00:00:00Z&covers_to=2026-08-22T00:00:00Z")
            .body.at("errors")
            .at(0)
            .at("pointer"),
        "/query/covers_to");
}

TEST_F(PlaysTest, SilenceIsKnownWhereALogIsSaidToCoverIt) {
    ASSERT_EQ(
        put(kThree, "?covers_from=2026-08-21T12:00:00-05:00&covers_to=2026-08-21T14:00:00-05:00")
            .status,
        201U);
    EXPECT_THAT(hours().covered, ElementsAre(Stretch{noon, noon + 2h}));
}

TEST_F(PlaysTest, ALogIsTakenBackWithItsPlays) {
    const auto first = put(kThree);
    ASSERT_EQ(put(std::string(kThree) + "2026-08-21T12:50:00-05:00,10,Bank\n").status, 201U);
    const auto target = logs(screen) + "/" + std::string(first.body.at("id").as_string());
    EXPECT_EQ(ask(http::verb::delete_, target).status, 204U);
    EXPECT_EQ(ask(http::verb::delete_, target).status, 404U);
    // What both had came with the first, and its time is covered no more.
    EXPECT_EQ(rows(), (std::vector<std::int64_t>{1, 1, 1, 1}));
    EXPECT_THAT(hours().covered, ElementsAre(Stretch{noon + 30min, noon + 1h}));
    EXPECT_THAT(
        actions(), ElementsAre("plays.log_removed", "plays.log_imported", "plays.log_imported"));
    EXPECT_EQ(put(kThree).status, 201U);
    EXPECT_EQ(rows(), (std::vector<std::int64_t>{2, 4, 4, 2}));
}

TEST_F(PlaysTest, CountsAreSpreadOverTheirHour) {
    const char* counts =
        "hour,plays,creative\n2026-08-21T12:00:00-05:00,50,Bank\n"
        "2026-08-21T13:00:00-05:00,0,Bank\n";
    ASSERT_EQ(put(counts).status, 201U);
    auto logged = hours();
    ASSERT_EQ(logged.plays.size(), 1U);
    EXPECT_EQ(logged.plays[0].plays, 50);
    EXPECT_EQ(logged.plays[0].airtime_s, 500);
    EXPECT_THAT(logged.covered, ElementsAre(Stretch{noon, noon + 2h}));
    const std::vector<Instant> quarters{noon, noon + 15min, noon + 30min, noon + 45min, noon + 1h};
    std::vector<std::int64_t> each;
    for (const auto& one : plays.logged(caller.company, screen, quarters).plays) {
        each.push_back(one.plays);
    }
    EXPECT_THAT(each, ElementsAre(12, 13, 12, 13));

    const auto again = put(std::string(counts) + "2026-08-21T14:00:00-05:00,6,Bank\n");
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(number(again, "plays"), 6);
    const auto other_count = put("hour,plays,creative\n2026-08-21T12:00:00-05:00,51,Bank\n");
    EXPECT_EQ(other_count.status, 409U);
    EXPECT_EQ(other_count.body.at("code"), "other_counts");
    EXPECT_EQ(other_count.body.at("errors").at(0).at("pointer"), "/lines/2/plays");
    EXPECT_EQ(put(kThree).body.at("code"), "covered_by_counts");
    EXPECT_EQ(list().size(), 2U);
}

TEST_F(PlaysTest, PlaysAndCountsOfOneTimeAreNotAddedUp) {
    ASSERT_EQ(put(kThree).status, 201U);
    const auto counts = put("hour,plays\n2026-08-21T12:00:00-05:00,50\n");
    EXPECT_EQ(counts.status, 409U);
    EXPECT_EQ(counts.body.at("code"), "covered_by_plays");
    EXPECT_EQ(put("hour,plays\n2026-08-21T10:00:00-05:00,50\n").status, 201U);
}

TEST_F(PlaysTest, TheSameLogALittleLaterIsFound) {
    std::string first = "start,duration_s\n", second = first;
    for (int i = 0; i < 10; ++i) {
        const auto minute = "2026-08-21T17:0" + std::to_string(i);
        first += minute + ":00.000Z,60\n";
        second += minute + ":00.250Z,60\n";
    }
    EXPECT_TRUE(put(first).body.at("findings").as_array().empty());
    clock.advance(1s);
    const auto again = put(second);
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(again.body.at("findings").at(0).at("kind"), "overfull");
    EXPECT_EQ(list()[0].at("findings").at(0).at("count"), 1);
}

TEST_F(PlaysTest, OnlyADigitalFaceOfOnesOwnHasPlays) {
    const auto put_to = [&](FaceId face) {
        return router.handle(
            {http::verb::post, logs(face), "", kThree, {{"Content-Type", "text/csv"}}});
    };
    EXPECT_EQ(put_to(poster).body.at("code"), "face_not_digital");
    EXPECT_EQ(put_to(FaceId::fresh(clock.now())).status, 404U);
    const auto done = put(kThree);
    ASSERT_EQ(done.status, 201U);
    const auto owner = caller.company;
    caller.company = other;
    EXPECT_EQ(put_to(screen).status, 404U);
    EXPECT_EQ(ask(http::verb::get, logs(screen)).status, 404U);
    EXPECT_EQ(
        ask(http::verb::delete_, logs(screen) + "/" + std::string(done.body.at("id").as_string()))
            .status,
        404U);
    EXPECT_EQ(rows(other), (std::vector<std::int64_t>{0, 0, 0, 0}));
    EXPECT_EQ(rows(owner), (std::vector<std::int64_t>{1, 3, 3, 1}));
}

TEST_F(PlaysTest, ThereIsAnEndToHowMuchIsKept) {
    std::string many = "start,duration_s\n";
    for (int i = 10; i < 31; ++i) many += "2026-08-20T17:00:" + std::to_string(i) + "Z,1\n";
    const auto too_many = put(many);
    EXPECT_EQ(too_many.status, 409U);
    EXPECT_EQ(too_many.body.at("code"), "too_many_plays");
    EXPECT_EQ(rows(), (std::vector<std::int64_t>{0, 0, 0, 0}));
    for (int i = 1; i <= 5; ++i) {
        clock.advance(1s);
        const auto day = "2026-08-1" + std::to_string(i);
        ASSERT_EQ(put("start,duration_s\n" + day + "T17:00:00Z,10\n").status, 201U);
    }
    EXPECT_EQ(put("start,duration_s\n2026-08-18T17:00:00Z,10\n").body.at("code"), "too_many_logs");
    const auto page = ask(http::verb::get, logs(screen) + "?limit=2").body;
    EXPECT_EQ(page.at("items").as_array().size(), 2U);
    EXPECT_EQ(page.at("items").at(0).at("from"), "2026-08-15T17:00:00.000000Z");
    const auto next =
        ask(http::verb::get,
            logs(screen) + "?limit=200&cursor=" + std::string(page.at("next_cursor").as_string()));
    EXPECT_EQ(next.body.at("items").as_array().size(), 3U);
}

TEST_F(PlaysTest, OneOfACompanyIsImportedAtATime) {
    auto tx = pool.begin(caller.company);
    constexpr pg::Query lock{
        "plays.test_lock",
        "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 14)) AS company_locked"};
    tx.run(lock, caller.company);
    http::Reply meanwhile;
    std::thread([&] { meanwhile = put(kThree); }).join();
    EXPECT_EQ(meanwhile.status, 409U);
    EXPECT_EQ(meanwhile.body.at("code"), "import_running");
}

}  // namespace
}  // namespace mobilytics::plays
