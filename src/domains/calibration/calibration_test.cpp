#include "domains/calibration/calibration.h"

#include <gtest/gtest.h>

#include "domains/calibration/calibration_test.h"
#include "platform/audit/history.h"
#include "platform/jobs/workers.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::calibration {
namespace {

TEST_F(CalibrationTest, AFactorIsFittedPublishedAndFollowed) {
    relay.subscribe<CalibrationChanged>("test", [&](const auto& one) { changes.push_back(one); });
    EXPECT_EQ(
        text(post("models", {{"scope", "asset"}, {"asset_id", lobby.str()}}), "code"),
        "nothing_counted");
    const auto count = count_steadily(nine, 8, 6, 4);
    const auto made = post("models", {{"scope", "asset"}, {"asset_id", lobby.str()}});
    ASSERT_EQ(made.status, 201U) << boost::json::serialize(made.body);
    EXPECT_EQ(made.body.at("factor"), 1.5);
    EXPECT_EQ(made.body.at("gate_dbm"), -70);
    EXPECT_EQ(made.body.at("version"), 1);
    EXPECT_EQ(made.body.at("state"), "draft");
    EXPECT_EQ(made.body.at("input"), "addresses");
    EXPECT_EQ(made.body.at("quarters"), 8);
    EXPECT_EQ(made.body.at("newest_day"), "2026-08-21");
    EXPECT_EQ(made.body.at("quality"), "fresh");
    EXPECT_EQ(made.body.at("counted_by").at("name"), "tracks");
    EXPECT_EQ(made.body.at("counts"), array{count});
    EXPECT_EQ(text({200, made.body.at("residuals").at(1)}, "at"), to_iso8601(nine + 15min));
    EXPECT_TRUE(told().empty());  // A draft changes nothing.

    const auto first = text(made, "id");
    EXPECT_EQ(post("models/" + first + "/publication").status, 200U);
    auto changed = told();
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0].asset, lobby);
    ASSERT_EQ(changed[0].spans.size(), 1U);
    EXPECT_EQ(changed[0].spans[0].factor, 1.5);
    // From the beginning of the day on which it was counted, in Chicago.
    EXPECT_EQ(to_iso8601(changed[0].spans[0].from), "2026-08-21T05:00:00.000000Z");
    EXPECT_EQ(changed[0].spans[0].to, std::nullopt);
    EXPECT_EQ(text(post("models/" + first + "/publication"), "code"), "not_a_draft");

    // The next follows it from now on; what was before stays by the first.
    count_steadily(nine + 24h, 8, 8, 4);
    const auto second = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    const auto compared =
        of("models/" + second + "/comparison?from=2026-08-21T00:00:00Z&to=2026-08-23T00:00:00Z");
    ASSERT_EQ(compared.status, 200U);
    EXPECT_EQ(compared.body.at("quarters"), 16);
    EXPECT_EQ(compared.body.at("model").at("people_mean"), 7.0);
    EXPECT_EQ(compared.body.at("published").at("people_mean"), 6.0);
    EXPECT_DOUBLE_EQ(compared.body.at("ratio").as_double(), 7.0 / 6);
    EXPECT_EQ(compared.body.at("days").as_array().size(), 2U);
    EXPECT_EQ(of("models/" + second).body.at("state"), "draft");
    EXPECT_EQ(post("models/" + second + "/publication", {{"reason", "refitted"}}).status, 200U);
    changed = told();
    ASSERT_EQ(changed.size(), 1U);
    ASSERT_EQ(changed[0].spans.size(), 2U);
    EXPECT_EQ(changed[0].spans[0].to, clock.now());
    EXPECT_EQ(changed[0].spans[1].from, clock.now());
    EXPECT_EQ(changed[0].spans[1].factor, 1.75);
    EXPECT_EQ(CalibrationChanged::from_json(changed[0].to_json()).spans, changed[0].spans);
    EXPECT_EQ(of("models/" + first).body.at("state"), "retired");
    EXPECT_EQ(text(of("models/" + first), "reason"), "followed by version 2");

    const auto site = items(of("sites"))[0];
    EXPECT_EQ(site.at("model").at("id"), value(boost::json::string(second)));
    EXPECT_EQ(site.at("counts"), 2);
    clock.advance(1h);
    EXPECT_EQ(post("models/" + second + "/retirement", {{"reason", "rebuilt"}}).status, 200U);
    EXPECT_EQ(told()[0].spans[1].to, clock.now());
    EXPECT_FALSE(items(of("sites"))[0].as_object().contains("model"));
    auto tx = pool.begin(caller.company);
    EXPECT_EQ(audit::search(tx, {.action = "calibration.model_published"}, {}, 10).size(), 2U);
}

TEST_F(CalibrationTest, WhatWasCountedAndNotHeardIsToldAndNotFitted) {
    count_steadily(nine, 8, 6, 4);
    street.present.erase({lobby, nine});
    const auto model = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    EXPECT_EQ(of("models/" + model).body.at("unheard"), 1);
    EXPECT_EQ(of("models/" + model).body.at("quarters"), 7);
    while (street.present.size() > 3) street.present.erase(street.present.begin());
    EXPECT_EQ(
        text(post("models", {{"scope", "asset"}, {"asset_id", lobby.str()}}), "code"),
        "too_few_quarters");
    street.present.clear();
    EXPECT_EQ(
        text(post("models", {{"scope", "asset"}, {"asset_id", lobby.str()}}), "code"),
        "nothing_heard");
    EXPECT_EQ(pointer(post("models", {{"scope", "asset"}})), "/asset_id");
    EXPECT_EQ(
        pointer(post("models", {{"scope", "company"}, {"asset_id", lobby.str()}})), "/asset_id");
}

TEST_F(CalibrationTest, WhatIsDismissedIsFittedToNoMore) {
    const auto bad = count_steadily(nine, 4, 100, 4);
    count_steadily(nine + 2h, 4, 6, 4);
    EXPECT_EQ(post("counts/" + bad + "/dismissal", {{"reason", "the wrong door"}}).status, 200U);
    const auto model = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    EXPECT_EQ(of("models/" + model).body.at("factor"), 1.5);
    EXPECT_EQ(text(put("counts/" + bad + "/totals", {{"totals", array{}}}), "code"), "dismissed");
    EXPECT_EQ(items(of("counts?state=dismissed")).size(), 1U);
}

TEST_F(CalibrationTest, AClassHasOneFactorAndAnAssetsOwnGoesBefore) {
    relay.subscribe<CalibrationChanged>("test", [&](const auto& one) { changes.push_back(one); });
    const auto hall = add_asset("H-2");
    count_steadily(nine, 8, 6, 4);
    const auto made =
        post("classes", {{"name", "Indoors"}, {"asset_ids", array{lobby.str(), hall.str()}}});
    ASSERT_EQ(made.status, 201U);
    const auto id = text(made, "id");
    EXPECT_EQ(
        text(post("classes", {{"name", "Indoors"}, {"asset_ids", array{}}}), "code"),
        "class_name_taken");
    told();
    const auto model = fit({{"scope", "class"}, {"class_id", id}});
    EXPECT_EQ(post("models/" + model + "/publication").status, 200U);
    auto changed = told();
    ASSERT_EQ(changed.size(), 2U);
    EXPECT_EQ(changed[0].spans.at(0).scope, Scope::class_);
    EXPECT_EQ(changed[1].spans.at(0).factor, 1.5);

    clock.advance(24h);
    count_steadily(nine + 48h, 8, 8, 4);
    const auto own = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    post("models/" + own + "/publication", {{"valid_from", to_iso8601(clock.now())}});
    changed = told();
    ASSERT_EQ(changed.size(), 1U);
    ASSERT_EQ(changed[0].spans.size(), 2U);
    EXPECT_EQ(changed[0].spans[0].scope, Scope::class_);
    EXPECT_EQ(changed[0].spans[0].to, clock.now());
    EXPECT_EQ(changed[0].spans[1].scope, Scope::asset);

    // Who leaves the class is by its factor no more.
    put("classes/" + id, {{"name", "Indoors"}, {"asset_ids", array{lobby.str()}}});
    for (const auto& each : told()) {
        if (each.asset == hall) EXPECT_TRUE(each.spans.empty());
    }
}

TEST_F(CalibrationTest, ASiteTellsWhatAppliesAndWhyAndWhatDidBefore) {
    const auto hall = add_asset("H-2");
    const auto empty = of("sites/" + lobby.str());
    ASSERT_EQ(empty.status, 200U);
    EXPECT_TRUE(empty.body.at("candidates").as_array().empty());
    EXPECT_TRUE(empty.body.at("spans").as_array().empty());
    EXPECT_FALSE(empty.body.at("site").as_object().contains("model"));

    count_steadily(nine, 8, 6, 4);
    const auto publish = [&](const object& wanted, Instant from) {
        const auto id = fit(wanted);
        EXPECT_EQ(
            post("models/" + id + "/publication", {{"valid_from", to_iso8601(from)}}).status, 200U);
        return id;
    };
    const auto sites =
        text(post("classes", {{"name", "Indoors"}, {"asset_ids", array{lobby.str()}}}), "id");
    const auto all = publish({{"scope", "company"}}, nine);
    const auto alike = publish({{"scope", "class"}, {"class_id", sites}}, nine + 1h);
    const auto own = publish({{"scope", "asset"}, {"asset_id", lobby.str()}}, nine + 2h);

    const auto whole = of("sites/" + lobby.str()).body;
    const auto ids = [](const value& list, const char* field) {
        std::vector<std::string> out;
        for (const auto& each : list.as_array()) out.emplace_back(each.at(field).as_string());
        return out;
    };
    EXPECT_EQ(ids(whole.at("candidates"), "id"), (std::vector{own, alike, all}));
    EXPECT_EQ(whole.at("site").at("model").at("id"), value(boost::json::string(own)));
    EXPECT_EQ(whole.at("site").at("class_name"), "Indoors");
    EXPECT_EQ(ids(whole.at("spans"), "model_id"), (std::vector{all, alike, own}));
    EXPECT_EQ(whole.at("spans").at(0).at("scope"), "company");
    EXPECT_EQ(whole.at("spans").at(0).at("from"), value(boost::json::string(to_iso8601(nine))));
    EXPECT_EQ(whole.at("spans").at(0).at("to"), value(boost::json::string(to_iso8601(nine + 1h))));
    EXPECT_EQ(whole.at("spans").at(2).at("factor"), 1.5);
    EXPECT_FALSE(whole.at("spans").at(2).as_object().contains("to"));
    // Of no class, and without its own: the company's.
    const auto others = of("sites/" + hall.str()).body;
    EXPECT_EQ(ids(others.at("candidates"), "id"), std::vector{all});
    EXPECT_EQ(ids(others.at("spans"), "model_id"), std::vector{all});

    const auto listed = [&](const std::string& query) {
        return ids(of(query).body.at("items"), "id");
    };
    EXPECT_EQ(listed("models?scope=company"), std::vector{all});
    EXPECT_EQ(listed("models?scope=class"), std::vector{alike});
    EXPECT_EQ(listed("models?scope=class&state=draft"), std::vector<std::string>());
    EXPECT_EQ(of("models?scope=street").status, 422U);
    caller.company = other;
    EXPECT_EQ(of("sites/" + lobby.str()).status, 404U);
}

TEST_F(CalibrationTest, ASecondPersonPublishesWhereThatIsWanted) {
    EXPECT_EQ(put("settings", {{"second_person", true}}).status, 200U);
    count_steadily(nine, 4, 6, 4);
    const auto model = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    EXPECT_EQ(text(post("models/" + model + "/publication"), "code"), "second_person");
    EXPECT_EQ(of("models/" + model).body.at("state"), "draft");
    caller.person = PersonId::fresh(clock.now() + 1s);
    EXPECT_EQ(post("models/" + model + "/publication").status, 200U);
}

TEST_F(CalibrationTest, LaterCountsThatDoNotFitRaiseAnAlarm) {
    std::vector<DriftFound> drifts;
    relay.subscribe<CalibrationChanged>("test", [&](const auto& one) { changes.push_back(one); });
    relay.subscribe<DriftFound>("alarms", [&](const auto& one) { drifts.push_back(one); });
    metrics::Registry registry;
    jobs::Workers workers({pool, system, as("mobilytics_system"), clock, registry});
    calibration.serve(workers);
    count_steadily(nine, 8, 6, 4);
    const auto model = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    post("models/" + model + "/publication");
    EXPECT_EQ(text(post("models/" + model + "/drift-checks"), "code"), "nothing_later");
    told();

    count_steadily(nine + 24h * 30, 8, 12, 4);
    clock.advance(31min);
    workers.run_due();
    const auto after = of("models/" + model);
    EXPECT_EQ(after.body.at("quality"), "drifting");
    EXPECT_EQ(after.body.at("drift").at("ratio"), 2.0);
    EXPECT_EQ(after.body.at("drift").at("quarters"), 8);
    const auto changed = told();
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_TRUE(changed[0].spans.at(0).drifting);
    ASSERT_EQ(drifts.size(), 1U);
    EXPECT_EQ(drifts[0].site, "L-1");
    // Looked at again it is no news.
    EXPECT_EQ(post("models/" + model + "/drift-checks").status, 200U);
    relay.deliver();
    EXPECT_EQ(drifts.size(), 1U);
}

TEST_F(CalibrationTest, AModelAges) {
    count_steadily(nine, 4, 6, 4);
    const auto model = fit({{"scope", "company"}});
    const auto quality = [&] { return text(of("models/" + model), "quality"); };
    clock.advance(24h * 90);
    EXPECT_EQ(quality(), "fresh");
    clock.advance(24h);
    EXPECT_EQ(quality(), "ageing");
    clock.advance(24h * 275);
    EXPECT_EQ(quality(), "old");
    EXPECT_EQ(of("models/" + model).body.at("age_days"), 366);
}

TEST_F(CalibrationTest, WhatMadeTheFactsIsListedWithWhatRestsOnIt) {
    const auto before = items(of("counting-models"));
    ASSERT_EQ(before.size(), 1U);
    EXPECT_EQ(before[0].at("in_use"), true);
    EXPECT_EQ(before[0].at("models"), 0);
    count_steadily(nine, 4, 6, 4);
    fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    EXPECT_EQ(items(of("counting-models"))[0].at("models"), 1);
}

TEST_F(CalibrationTest, AnotherCompanySeesNothingOfIt) {
    const auto count = count_steadily(nine, 4, 6, 4);
    const auto model = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    caller.company = other;
    EXPECT_EQ(of("counts/" + count).status, 404U);
    EXPECT_EQ(of("models/" + model).status, 404U);
    EXPECT_EQ(post("models/" + model + "/publication").status, 404U);
    EXPECT_TRUE(items(of("counts")).empty());
    EXPECT_TRUE(items(of("models")).empty());
    constexpr pg::Query forgetful{"test.forgetful", "SELECT id FROM calibration.model"};
    constexpr pg::Query taps{"test.taps", "SELECT people FROM calibration.total"};
    EXPECT_EQ(pool.begin(other).run(forgetful).size(), 0);
    EXPECT_EQ(pool.begin(other).run(taps).size(), 0);
}

TEST_F(CalibrationTest, AViewerReadsAndAnAnalystDoesNotPublish) {
    count_steadily(nine, 4, 6, 4);
    const auto model = fit({{"scope", "asset"}, {"asset_id", lobby.str()}});
    caller.role = Role::analyst;
    EXPECT_EQ(post("models/" + model + "/publication").status, 403U);
    caller.role = Role::viewer;
    EXPECT_EQ(of("sites").status, 200U);
    EXPECT_EQ(post("counts", {{"asset_id", lobby.str()}, {"way", "taps"}}).status, 403U);
}

}  // namespace
}  // namespace mobilytics::calibration
