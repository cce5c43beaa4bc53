// Counting: what comes from phones and tables.
#include <gtest/gtest.h>

#include "domains/calibration/calibration_test.h"
#include "platform/audit/history.h"

namespace mobilytics::calibration {
namespace {

TEST_F(CalibrationTest, WhatIsTappedIsCountedOnceHoweverItComes) {
    const auto id = begin(nine, 2);
    const array first{tap("a", "in", nine + 1min), tap("b", "in", nine + 2min)};
    const array second{tap("c", "out", nine + 3min), tap("d", "in", nine + 4min)};
    // The later ones first, then all again, and once more by halves.
    EXPECT_EQ(upload(id, second).body.at("taken"), 2);
    EXPECT_EQ(upload(id, first).body.at("taken"), 2);
    const auto again = upload(id, second);
    EXPECT_EQ(again.body.at("taken"), 0);
    EXPECT_EQ(again.body.at("known"), 2);
    const auto& count = again.body.at("count");
    EXPECT_EQ(count.at("people"), 4.0);
    EXPECT_EQ(count.at("taps"), 4);
    EXPECT_EQ(of("counts/" + id).body.at("people"), 4.0);

    // An undo may come before what it takes back.
    auto undo = tap("f", "undo", nine + 6min);
    undo["undoes"] = "tap-0000e";
    EXPECT_EQ(upload(id, {undo}).body.at("count").at("people"), 4.0);
    const auto undone = upload(id, {tap("e", "in", nine + 5min)});
    EXPECT_EQ(undone.body.at("count").at("people"), 4.0);
    EXPECT_EQ(undone.body.at("count").at("undone"), 1);
    EXPECT_EQ(upload(id, {undo}).body.at("taken"), 0);
}

TEST_F(CalibrationTest, SeveralCountOneSiteTogether) {
    const auto id = begin(nine);
    upload(id, {tap("1", "in", nine + 1min), tap("2", "in", nine + 3min)}, "north door");
    upload(id, {tap("3", "out", nine + 2min)}, "south door");
    const auto count = of("counts/" + id);
    EXPECT_EQ(count.body.at("people"), 1.0);
    EXPECT_EQ(count.body.at("lowest"), 0.0);
    ASSERT_EQ(count.body.at("counters").as_array().size(), 2U);
    EXPECT_EQ(count.body.at("counters").at(0).at("name"), "north door");
    EXPECT_EQ(count.body.at("counters").at(0).at("taps"), 2);
    EXPECT_EQ(count.body.at("counters").at(1).at("taps"), 1);
}

TEST_F(CalibrationTest, ACountIsBegunOnceForItsClient) {
    const object wanted{{"asset_id", lobby.str()}, {"way", "taps"}, {"client_id", "phone-17-1"}};
    const auto made = post("counts", wanted);
    EXPECT_EQ(made.status, 201U);
    clock.advance(1h);
    EXPECT_EQ(text(post("counts", wanted), "id"), text(made, "id"));
    auto differs = wanted;
    differs["way"] = "totals";
    EXPECT_EQ(text(post("counts", differs), "code"), "differs");
    EXPECT_EQ(items(of("counts")).size(), 1U);
}

TEST_F(CalibrationTest, BadInputIsToldByFieldAndNothingOfItIsKept) {
    const auto id = begin(nine);
    auto undo = tap("b", "undo", nine);
    const auto bad = upload(
        id, {tap("a", "in", clock.now() + 1h), undo, tap("c", "in", nine), tap("c", "in", nine)});
    EXPECT_EQ(bad.status, 422U);
    EXPECT_EQ(text(bad, "code"), "bad_taps");
    EXPECT_EQ(pointer(bad, 0), "/taps/0/at");
    EXPECT_EQ(pointer(bad, 1), "/taps/1/undoes");
    EXPECT_EQ(pointer(bad, 2), "/taps/3/id");
    EXPECT_EQ(of("counts/" + id).body.at("taps"), 0);

    upload(id, {tap("a", "in", nine + 1min)});
    const auto differs = upload(id, {tap("z", "in", nine + 2min), tap("a", "out", nine + 1min)});
    EXPECT_EQ(text(differs, "code"), "differs");
    EXPECT_EQ(of("counts/" + id).body.at("taps"), 1);

    EXPECT_EQ(
        pointer(post(
            "counts", {{"asset_id", lobby.str()},
                       {"way", "taps"},
                       {"begun_at", to_iso8601(clock.now() + 1h)}})),
        "/begun_at");
    EXPECT_EQ(
        text(post("counts", {{"asset_id", AssetId().str()}, {"way", "taps"}}), "code"),
        "no_such_asset");
    const auto totals = text(post("counts", {{"asset_id", lobby.str()}, {"way", "totals"}}), "id");
    const auto from = [&](Instant at, Instant to) {
        return object{{"from", to_iso8601(at)}, {"to", to_iso8601(to)}, {"people", 3}};
    };
    const auto faults =
        put("counts/" + totals + "/totals",
            {{"totals",
              array{from(nine, nine), from(nine, nine + 1h), from(nine + 30min, nine + 2h)}}});
    EXPECT_EQ(text(faults, "code"), "bad_totals");
    EXPECT_EQ(pointer(faults, 0), "/totals/0/to");
    EXPECT_EQ(pointer(faults, 1), "/totals/2/to");
    EXPECT_EQ(pointer(faults, 2), "/totals/2/from");
    EXPECT_TRUE(items(of("counts/" + totals + "/totals")).empty());
    EXPECT_EQ(text(upload(totals, {tap("a", "in", nine)}), "code"), "not_of_taps");
}

TEST_F(CalibrationTest, QuartersAreMeansOfWhatWasThere) {
    const auto id = begin(nine, 4);
    // 4 for five minutes, 5 for ten; then 5; then 5 for two minutes: too little.
    upload(id, {tap("a", "in", nine + 5min)});
    EXPECT_EQ(
        post("counts/" + id + "/ending", {{"ended_at", to_iso8601(nine + 32min)}}).status, 200U);
    const auto quarters = items(of("counts/" + id + "/quarters"));
    ASSERT_EQ(quarters.size(), 2U);
    EXPECT_DOUBLE_EQ(quarters[0].at("people").as_double(), (4 * 5 + 5 * 10) / 15.0);
    EXPECT_EQ(quarters[1].at("people"), 5.0);
    EXPECT_EQ(quarters[1].at("counted_s"), 900.0);

    // Merged later, and after the end: what was before counts, what was after does not.
    upload(id, {tap("b", "in", nine + 15min), tap("c", "in", nine + 40min)}, "late");
    const auto count = of("counts/" + id);
    EXPECT_EQ(count.body.at("people"), 6.0);
    EXPECT_EQ(count.body.at("outside"), 1);
    EXPECT_EQ(items(of("counts/" + id + "/quarters"))[1].at("people"), 6.0);
    EXPECT_EQ(text(post("counts/" + id + "/ending"), "code"), "ended");
}

TEST_F(CalibrationTest, ACorrectionSaysHowManyWereThereAndIsWrittenDown) {
    const auto id = begin(nine);
    upload(id, {tap("a", "in", nine + 1min), tap("b", "in", nine + 20min)});
    const auto corrected = post(
        "counts/" + id + "/corrections",
        {{"at", to_iso8601(nine + 10min)}, {"occupancy", 7}, {"reason", "counted anew"}});
    EXPECT_EQ(corrected.status, 201U);
    EXPECT_EQ(items(corrected).size(), 1U);
    EXPECT_EQ(of("counts/" + id).body.at("people"), 8.0);
    EXPECT_EQ(
        pointer(post(
            "counts/" + id + "/corrections",
            {{"at", to_iso8601(nine - 1h)}, {"occupancy", 7}, {"reason", "x"}})),
        "/at");
    auto tx = pool.begin(caller.company);
    const auto told = audit::search(tx, {.action = "calibration.count_corrected"}, {}, 10);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].details->at("before").at("people"), 2);
    EXPECT_EQ(told[0].details->at("after").at("people"), 8);
    EXPECT_EQ(told[0].details->at("reason"), "counted anew");
}

TEST_F(CalibrationTest, WhatWasDoneToACountIsToldWithWhoAndWhy) {
    const auto id = begin(nine);
    upload(id, {tap("a", "in", nine + 1min), tap("b", "in", nine + 20min)});
    clock.advance(1s);
    post(
        "counts/" + id + "/corrections",
        {{"at", to_iso8601(nine + 10min)}, {"occupancy", 7}, {"reason", "counted anew"}});
    clock.advance(1s);
    EXPECT_EQ(
        post("counts/" + id + "/ending", {{"ended_at", to_iso8601(nine + 40min)}}).status, 200U);
    clock.advance(1s);
    EXPECT_EQ(
        text(post("counts/" + id + "/restoration", {{"reason", "x"}}), "code"), "not_dismissed");
    EXPECT_EQ(post("counts/" + id + "/dismissal", {{"reason", "the wrong door"}}).status, 200U);
    EXPECT_EQ(text(of("counts/" + id), "reason"), "the wrong door");
    clock.advance(1s);
    const auto back = post("counts/" + id + "/restoration", {{"reason", "it was the right one"}});
    EXPECT_EQ(text(back, "state"), "ended");
    EXPECT_FALSE(back.body.as_object().contains("reason"));
    EXPECT_EQ(back.body.at("people"), 8.0);

    const auto told = of("counts/" + id + "/history");
    const auto changes = told.body.at("changes").as_array();
    ASSERT_EQ(changes.size(), 5U);
    const auto what = [&](std::size_t i) { return std::string(changes[i].at("what").as_string()); };
    EXPECT_EQ(what(0), "restored");
    EXPECT_EQ(changes[0].at("reason"), "it was the right one");
    EXPECT_EQ(what(1), "dismissed");
    EXPECT_EQ(changes[1].at("reason"), "the wrong door");
    EXPECT_EQ(changes[1].at("made_by"), value(boost::json::string(caller.person.str())));
    EXPECT_EQ(what(2), "ended");
    EXPECT_EQ(what(3), "corrected");
    EXPECT_EQ(changes[3].at("people_before"), 2.0);
    EXPECT_EQ(changes[3].at("people_after"), 8.0);
    EXPECT_EQ(changes[3].at("occupancy"), 7);
    EXPECT_EQ(changes[3].at("at"), value(boost::json::string(to_iso8601(nine + 10min))));
    EXPECT_EQ(what(4), "begun");
    EXPECT_TRUE(told.body.at("models").as_array().empty());
    // Once it goes on it goes on again.
    const auto open = begin(nine);
    post("counts/" + open + "/dismissal", {{"reason", "x"}});
    EXPECT_EQ(
        text(post("counts/" + open + "/restoration", {{"reason", "y"}}), "state"), "counting");
}

TEST_F(CalibrationTest, TotalsAreChangedAndWhatRestsOnThemIsTold) {
    const auto id = count_steadily(nine, 4, 6, 4);
    const auto model = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    clock.advance(1s);
    const array totals{
        object{{"from", to_iso8601(nine)}, {"to", to_iso8601(nine + 1h)}, {"people", 9}}};
    EXPECT_EQ(
        put("counts/" + id + "/totals", {{"totals", totals}, {"reason", "the second list"}}).status,
        200U);
    const auto told = of("counts/" + id + "/history");
    const auto newest = told.body.at("changes").at(0);
    EXPECT_EQ(newest.at("what"), "totals_set");
    EXPECT_EQ(newest.at("people_before"), 6.0);
    EXPECT_EQ(newest.at("people_after"), 9.0);
    EXPECT_EQ(newest.at("reason"), "the second list");
    ASSERT_EQ(told.body.at("models").as_array().size(), 1U);
    EXPECT_EQ(told.body.at("models").at(0).at("id"), value(boost::json::string(model)));
    caller.company = other;
    EXPECT_EQ(of("counts/" + id + "/history").status, 404U);
    EXPECT_EQ(post("counts/" + id + "/restoration", {{"reason", "x"}}).status, 404U);
}

}  // namespace
}  // namespace mobilytics::calibration
