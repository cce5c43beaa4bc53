#include "pipeline/report/report.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/report/counted_figures.h"
#include "pipeline/report/metrics/pages.h"
#include "pipeline/report/report_api.h"
#include "pipeline/report/report_rules.h"
#include "platform/duckdb/duckdb_test.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

Instant at(const char* text) { return *parse_iso8601(text); }

/// HTTP above, a real store and a real Postgres below.
class ReportTest : public pg::PostgresTest {
  protected:
    ReportTest() : PostgresTest({pg::kMigrations, ingest::kMigrations}) {
        mount(router, report);
        for (const auto id : {company, other}) {
            store->learn(store::Company{id, "America/Chicago", id == company});
        }
        learn(company, truck, "T-1");
        learn(other, foreign, "X-1");
    }
    void learn(CompanyId of, AssetId id, const std::string& code) {
        store::Asset asset;
        asset.dimension = {of, id, true, {}, "America/Chicago"};
        asset.code = asset.name = code;
        asset.kind = "vehicle";
        store->learn(asset);
        store->learn(measure::Attachment{of, DeviceId::fresh(clock.now()), id, hour, {}});
    }
    /// A quarter of an hour in which so many devices passed, each once.
    void keep(
        CompanyId of, AssetId id, Instant start, std::uint64_t devices, std::int64_t begun = -1,
        std::int64_t carried = 0, std::optional<measure::Counted> counted = {}) {
        measure::Exposure exposure;
        exposure.motion = measure::Motion::driving;
        exposure.cell = store::cell_of(store::tile_at(41.88, -87.63, 17), 17);
        exposure.visits_begun = begun >= 0 ? begun : static_cast<std::int64_t>(devices);
        exposure.visits_ended = exposure.visits_begun;
        exposure.visits_carried = carried;
        exposure.occupancy_max = 2;
        exposure.presence_us = static_cast<std::int64_t>(devices) * 10'000'000;
        exposure.dwell_bins[2] = static_cast<std::int64_t>(devices);
        exposure.dwell_us = exposure.presence_us;
        for (std::uint64_t i = 0; i < devices; ++i) exposure.reach.add(1, i * 0x9E3779B97F4A7C15);
        measure::BucketFacts bucket;
        bucket.start = start;
        bucket.coverage.covered_us = 450'000'000;
        bucket.coverage.reports = 100;
        bucket.exposures.push_back(exposure);
        bucket.counted = counted;
        measure::FactBatch batch;
        batch.position = {++commits, 1};
        batch.assets.emplace_back();
        batch.assets.back().company = of;
        batch.assets.back().asset = id;
        batch.assets.back().buckets.push_back(std::move(bucket));
        store->commit(batch);
    }
    boost::json::value ask(const std::string& what, unsigned status = 200) {
        return get("/api/v1/reports/" + what, status);
    }
    boost::json::value get(const std::string& target, unsigned status = 200) {
        http::Request request{.target = target};
        request.headers.add("Authorization", "Bearer x");
        const auto reply = router.handle(std::move(request));
        EXPECT_EQ(reply.status, status) << boost::json::serialize(reply.body);
        return reply.body;
    }

    ManualClock clock{at("2026-08-21T13:00:00Z")};
    const Instant hour = at("2026-08-21T12:00:00Z");
    const std::string span = "?from=2026-08-21T12:00:00Z&to=2026-08-21T13:00:00Z";
    const CompanyId company = CompanyId::fresh(clock.now());
    const CompanyId other = CompanyId::fresh(clock.now());
    const AssetId truck = AssetId::fresh(clock.now());
    const AssetId foreign = AssetId::fresh(clock.now());
    std::uint64_t commits = 0;
    duckdb::TemporaryFolder folder;
    std::unique_ptr<store::Store> store =
        store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    http::EventHub hub;
    Live live{*store, system, as("mobilytics_system"), hub, clock};
    Report report{*store, pool, live, clock};
    http::Router router{
        [this](std::string_view) -> Result<Caller> { return Caller{company, Role::viewer}; }};
};

TEST_F(ReportTest, TheHeadlineSaysWhatItRestsOn) {
    keep(company, truck, hour, 40);
    keep(other, foreign, hour, 500);
    const auto reply = ask("overview" + span + "&compare=previous");
    const auto& current = reply.at("current");
    EXPECT_EQ(current.at("visits"), 40);
    EXPECT_EQ(current.at("devices"), 40.0);
    EXPECT_EQ(current.at("frequency"), 1.0);
    EXPECT_EQ(current.at("presence_s"), 400.0);
    EXPECT_EQ(current.at("dwell_median_s"), 10.0);
    EXPECT_EQ(current.at("assets_heard"), 1);
    EXPECT_EQ(reply.at("completeness"), 0.125);
    EXPECT_EQ(reply.at("time_zone"), "America/Chicago");
    EXPECT_EQ(reply.at("basis"), "devices");
    EXPECT_EQ(reply.at("synthetic"), true);
    EXPECT_EQ(reply.at("suppress_below"), 10);
    EXPECT_EQ(reply.at("previous").at("visits"), 0);
}

TEST_F(ReportTest, DevicesBehindAddressesAreToldWithTheirIntervalAndWhatTheyRestOn) {
    const auto counted = [](std::int32_t devices_milli, std::int64_t present_ms) {
        measure::Counted out;
        out.devices = {
            devices_milli, devices_milli * 8 / 10, devices_milli * 13 / 10, measure::Basis::tracks};
        out.present_ms.fill(present_ms);
        out.span_ms = 900'000;
        return out;
    };
    keep(company, truck, hour, 400, -1, 0, counted(20'000, 4'500'000));
    keep(company, truck, hour + 15min, 400, -1, 0, counted(40'000, 9'000'000));
    keep(company, truck, hour + 30min, 400);  // It was not counted.
    const auto reply = ask("overview" + span + "&compare=previous");
    EXPECT_EQ(reply.at("counting"), "counted");
    const auto& of = reply.at("current").at("counted");
    EXPECT_EQ(of.at("devices_present"), 7.5);
    EXPECT_EQ(of.at("devices_present_interval"), boost::json::array({6.0, 9.8}));
    EXPECT_EQ(of.at("gate_dbm"), -80);
    EXPECT_EQ(of.at("devices"), 30.0);
    EXPECT_EQ(of.at("devices_interval"), boost::json::array({24.0, 39.0}));
    EXPECT_EQ(of.at("quarters"), 2);
    EXPECT_EQ(of.at("rests_on"), "tracks");
    EXPECT_FALSE(reply.at("previous").as_object().contains("counted"));
    const auto series = ask("exposure" + span + "&grain=quarter");
    EXPECT_EQ(series.at("counting"), "counted");
    EXPECT_EQ(series.at("items").at(0).at("counted").at("devices_present"), 5.0);
    EXPECT_FALSE(series.at("items").at(2).as_object().contains("counted"));
    EXPECT_TRUE(series.at("items").at(2).at("suppressed").as_array().empty());
    // They are of fixed assets, heard by Wi-Fi.
    for (const char* filter : {"&source=ble", "&motion=driving"}) {
        const auto other_question = ask("overview" + span + filter);
        EXPECT_FALSE(other_question.at("current").as_object().contains("counted")) << filter;
        EXPECT_EQ(other_question.at("counting"), "addresses");
    }
    EXPECT_EQ(ask("reach" + span).at("counting"), "addresses");
}

TEST_F(ReportTest, ManyAddressesOfFewDevicesHoldTheDevicesBack) {
    measure::Counted counted;
    counted.devices = {9'000, 8'000, 12'000, measure::Basis::tracks};
    counted.span_ms = 900'000;
    keep(company, truck, hour, 300, -1, 0, counted);
    const auto current = ask("overview" + span).at("current");
    EXPECT_EQ(current.at("devices"), 300.0);
    EXPECT_FALSE(current.as_object().contains("counted"));
    EXPECT_EQ(current.at("suppressed"), boost::json::array({"counted"}));
}

TEST(ReportRules, WhatCountedDevicesRestOn) {
    store::Counted counted;
    EXPECT_FALSE(counted_figures(counted).has_value());
    counted.quarters = 4;
    counted.span_ms = 4 * 900'000;
    counted.present_ms[0] = 900'000;
    const auto none = *counted_figures(counted);  // Stays of before and after reach into it.
    EXPECT_EQ(none.devices, 0);
    EXPECT_EQ(none.devices_present, 0.3);
    EXPECT_EQ(none.devices_present_interval, (Interval{0, 0.3}));
    counted.grid_quarters = 1;
    EXPECT_EQ(counted_figures(counted)->rests_on, measure::Basis::grid);
    counted.blind_quarters = 3;
    EXPECT_EQ(counted_figures(counted)->rests_on, measure::Basis::blind);
}

TEST_F(ReportTest, WhoHadComeBeforeCountsForFrequencyToo) {
    keep(company, truck, hour - 2h, 40, 10, 30);
    keep(company, truck, hour - 1h, 40, 60, 40);
    keep(company, truck, hour, 40, 10, 20);
    const auto frequency = [&](Instant from, Instant to) {
        const auto reply = ask("overview?from=" + to_iso8601(from) + "&to=" + to_iso8601(to));
        return reply.at("current").at("frequency");
    };
    EXPECT_EQ(frequency(hour - 2h, hour - 1h), 1.0);
    EXPECT_EQ(frequency(hour - 1h, hour), 2.5);
    EXPECT_EQ(frequency(hour - 2h, hour), 2.5);  // Carried into the whole: 30.
    // More devices than ever came: of older files it is not known who had come before.
    EXPECT_TRUE(frequency(hour, hour + 1h).is_null());
}

TEST_F(ReportTest, WhatIsCalibratedIsToldAsPeopleAndWhatByAndNothingElseIs) {
    keep(company, truck, hour, 40);
    const auto before = ask("overview" + span);
    EXPECT_FALSE(before.at("current").as_object().contains("people"));
    EXPECT_EQ(before.at("calibration").at("basis"), "devices");
    EXPECT_EQ(before.at("calibration").at("reason"), "not_calibrated");

    store::Calibration by;
    by.model = "model_1";
    by.version = 3;
    by.scope = "asset";
    by.input = store::CalibrationInput::addresses;
    by.factor = by.low = by.high = 2;
    by.days = 4;
    by.newest_day = "2026-08-20";
    by.from = hour;
    by.to = hour + 30min;
    store->learn(store::Calibrations{company, truck, {by}});
    // 400 s of presence in 450 s that were heard are 0.89 devices, and so 1.8 people.
    const auto overview = ask("overview" + span);
    EXPECT_EQ(overview.at("current").at("people").at("mean"), 1.8);
    EXPECT_EQ(overview.at("current").at("devices"), 40.0);
    const auto& told = overview.at("calibration");
    EXPECT_EQ(told.at("basis"), "people");
    EXPECT_EQ(told.at("share"), 1.0);
    EXPECT_EQ(told.at("models").at(0).at("version"), 3);
    EXPECT_EQ(told.at("models").at(0).at("age_days"), 1);
    EXPECT_EQ(told.at("models").at(0).at("state"), "fresh");

    // Half an hour later it applies no more: those people are not summed into these.
    keep(company, truck, hour + 30min, 40);
    const auto series = ask("exposure" + span + "&grain=quarter");
    EXPECT_EQ(series.at("items").at(0).at("people").at("mean"), 1.8);
    EXPECT_FALSE(series.at("items").at(2).as_object().contains("people"));
    EXPECT_EQ(series.at("calibration").at("share"), 0.5);
    // By hours it is what applied when the hour began.
    EXPECT_EQ(ask("overview" + span).at("calibration").at("share"), 1.0);
    EXPECT_EQ(
        ask("overview" + span + "&source=ble").at("calibration").at("reason"), "other_question");

    // Of counted devices, those at its gate: 4 present, and so 8 people.
    measure::Counted counted;
    counted.devices = {12'000, 12'000, 12'000, measure::Basis::tracks};
    counted.present_ms[5] = 3'600'000;
    counted.span_ms = 900'000;
    keep(company, truck, hour, 40, -1, 0, counted);
    by.input = store::CalibrationInput::counted;
    by.gate_dbm = measure::kGatesDbm[5];
    store->learn(store::Calibrations{company, truck, {by}});
    EXPECT_EQ(ask("overview" + span).at("current").at("people").at("mean"), 8.0);

    store->learn(store::Calibrations{company, truck, {}});
    EXPECT_EQ(ask("overview" + span).at("calibration").at("reason"), "not_calibrated");
}

TEST_F(ReportTest, FewDevicesAreHeldBackAndNamed) {
    keep(company, truck, hour, 9);
    const auto reply = ask("overview" + span);
    EXPECT_TRUE(reply.at("current").at("visits").is_null());
    EXPECT_TRUE(reply.at("current").at("devices").is_null());
    EXPECT_EQ(reply.at("current").at("suppressed").as_array().size(), 7U);
    const auto series = ask("exposure" + span + "&grain=quarter");
    ASSERT_EQ(series.at("items").as_array().size(), 4U);
    EXPECT_TRUE(series.at("items").at(0).at("visits").is_null());
    EXPECT_EQ(series.at("items").at(1).at("visits"), 0);
    EXPECT_TRUE(ask("heatmap" + span + "&zoom=14&bbox=-87.7,41.8,-87.6,41.9")
                    .at("cells")
                    .as_array()
                    .empty());
}

TEST_F(ReportTest, TheFloorIsTheCompanys) {
    keep(company, truck, hour, 20);
    EXPECT_EQ(ask("overview" + span).at("current").at("devices"), 20.0);
    store->learn(store::Company{company, "America/Chicago", true, false, 25});
    const auto reply = ask("overview" + span);
    EXPECT_EQ(reply.at("suppress_below"), 25);
    EXPECT_TRUE(reply.at("current").at("devices").is_null());
    EXPECT_EQ(reply.at("current").at("held_back"), true);
}

TEST_F(ReportTest, ASeriesHasEveryBucketOfItsZone) {
    keep(company, truck, hour + 15min, 30);
    const auto days = ask("exposure?from=2026-08-20T05:00:00Z&to=2026-08-22T05:00:00Z&grain=day");
    ASSERT_EQ(days.at("items").as_array().size(), 2U);
    EXPECT_EQ(days.at("items").at(0).at("visits"), 0);
    EXPECT_EQ(days.at("items").at(1).at("start"), "2026-08-21T05:00:00.000000Z");
    EXPECT_EQ(days.at("items").at(1).at("visits"), 30);
    EXPECT_EQ(
        ask("exposure?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z&grain=quarter", 422)
            .at("code"),
        "too_many_buckets");
}

TEST_F(ReportTest, ReachTogetherIsNoMoreThanOneByOne) {
    keep(company, truck, hour, 40);
    keep(company, truck, hour + 15min, 40);
    const auto reply = ask("reach" + span);
    EXPECT_EQ(reply.at("devices"), 40.0);
    EXPECT_EQ(reply.at("sum_of_assets"), 40.0);
    EXPECT_EQ(reply.at("method"), "measured_within_day");
    EXPECT_EQ(reply.at("by_asset").at(0).at("visits"), 80);
    EXPECT_EQ(reply.at("days").at(0).at("day"), "2026-08-21");
}

TEST_F(ReportTest, AnotherCompanysAssetIsNotThere) {
    keep(other, foreign, hour, 500);
    for (const char* what : {"overview", "reach", "dwell", "frequency", "routes"}) {
        const auto reply = ask(what + span + "&asset_id=" + foreign.str(), 404);
        EXPECT_EQ(reply.at("code"), "no_such_asset") << what;
    }
    EXPECT_EQ(ask("overview" + span).at("current").at("visits"), 0);
    EXPECT_EQ(ask("freshness").at("items").as_array().size(), 1U);
}

TEST_F(ReportTest, TheQualityOfADayIsToldByItsLike) {
    // Five weeks of days heard whole, 40 visits an hour; then one of which four hours are missing,
    // and to which three times as many came.
    const auto today = at("2026-08-20T05:00:00Z");  // Midnight in Chicago.
    std::vector<measure::BucketFacts> buckets;
    for (int day = -35; day <= 0; ++day) {
        for (int hour = 0; hour < 24; ++hour) {
            if (day == 0 && hour < 4) continue;
            for (int quarter = 0; quarter < 4; ++quarter) {
                measure::Exposure exposure;
                exposure.motion = measure::Motion::driving;
                exposure.cell = store::cell_of(store::tile_at(41.88, -87.63, 17), 17);
                exposure.visits_begun = (day == 0 ? 30 : 10) + (hour + quarter + day + 35) % 3;
                measure::BucketFacts bucket;
                bucket.start = today + std::chrono::days(day) + hour * 1h + quarter * 15min;
                bucket.coverage.covered_us = 900'000'000;
                bucket.coverage.reports = 100;
                bucket.coverage.observations = 1000;
                bucket.corrected = day == -1 && hour == 3;
                bucket.exposures.push_back(exposure);
                buckets.push_back(std::move(bucket));
            }
        }
    }
    measure::FactBatch batch;
    batch.position = {++commits, 1};
    batch.assets.emplace_back();
    batch.assets.back().company = company;
    batch.assets.back().asset = truck;
    batch.assets.back().buckets = std::move(buckets);
    store->commit(batch);
    store->learn(measure::Attachment{company, DeviceId::fresh(clock.now()), truck, Instant(), {}});

    const auto reply = ask("quality?from=2026-08-19T05:00:00Z&to=2026-08-21T05:00:00Z");
    ASSERT_EQ(reply.at("items").as_array().size(), 1U);
    EXPECT_EQ(reply.at("items").at(0).at("asset_id"), boost::json::value(truck.str()));
    const auto& days = reply.at("items").at(0).at("days").as_array();
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0].at("day"), "2026-08-19");
    EXPECT_EQ(days[0].at("grade"), "good");
    EXPECT_EQ(days[0].at("completeness"), 1.0);
    EXPECT_EQ(days[0].at("corrected"), true);
    EXPECT_EQ(days[0].at("change"), 1.0);
    EXPECT_EQ(days[0].at("findings"), boost::json::array());
    EXPECT_EQ(days[1].at("grade"), "poor");
    EXPECT_EQ(days[1].at("completeness"), 0.833);
    EXPECT_EQ(days[1].at("corrected"), false);
    EXPECT_NEAR(days[1].at("change").as_double(), 31.0 / 11, 0.02);
    EXPECT_EQ(days[1].at("usual_days"), 25);
    const auto& findings = days[1].at("findings").as_array();
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].at("kind"), "gap");
    EXPECT_EQ(findings[0].at("to"), "2026-08-20T09:00:00.000000Z");
    EXPECT_EQ(findings[0].at("value"), 14'400.0);
    EXPECT_EQ(findings[1].at("kind"), "jump");
    EXPECT_EQ(findings[1].at("severity"), "minor");

    // Three visits more, of some 2 480, do not show: days are compared as they are shown.
    const auto change = days[1].at("change");
    measure::Exposure more;
    more.motion = measure::Motion::driving;
    more.cell = store::cell_of(store::tile_at(41.88, -87.63, 17), 17);
    more.visits_begun = 33;
    measure::BucketFacts again;
    again.start = today + 4h;
    again.coverage.covered_us = 900'000'000;
    again.coverage.reports = 100;
    again.coverage.observations = 1000;
    again.exposures.push_back(more);
    batch.position = {++commits, 1};
    batch.assets.back().buckets = {again};
    store->commit(batch);
    const auto grown = ask("quality?from=2026-08-19T05:00:00Z&to=2026-08-21T05:00:00Z");
    EXPECT_EQ(grown.at("items").at(0).at("days").at(1).at("change"), change);

    const auto later = ask("quality?from=2026-08-20T05:00:00Z&to=2026-08-21T05:00:00Z&limit=1");
    EXPECT_FALSE(later.as_object().contains("next_cursor"));
    EXPECT_EQ(
        ask("quality?from=2026-07-01T05:00:00Z&to=2026-08-21T05:00:00Z", 422).at("code"),
        "too_many_days");
    EXPECT_EQ(
        ask("quality" + span + "&asset_id=" + foreign.str(), 404).at("code"), "no_such_asset");
}

TEST_F(ReportTest, TheQualityOfFewIsToldWithoutTheirNumber) {
    learn(company, AssetId::fresh(clock.now() + 1s), "T-2");
    keep(company, truck, hour, 9);
    const auto reply = ask("quality?from=2026-08-21T05:00:00Z&to=2026-08-22T05:00:00Z&limit=1");
    ASSERT_EQ(reply.at("items").as_array().size(), 1U);
    EXPECT_EQ(reply.at("next_cursor"), boost::json::value(truck.str()));
    const auto& day = reply.at("items").at(0).at("days").at(0);
    EXPECT_TRUE(day.at("change").is_null());
    EXPECT_EQ(day.at("usual_days"), 0);
    EXPECT_FALSE(day.as_object().contains("visits"));
    const auto next = ask(
        "quality?from=2026-08-21T05:00:00Z&to=2026-08-22T05:00:00Z&limit=1&cursor=" + truck.str());
    ASSERT_EQ(next.at("items").as_array().size(), 1U);
    EXPECT_EQ(next.at("items").at(0).at("days").at(0).at("grade"), "poor");  // Nothing was heard.
}

TEST_F(ReportTest, TheDefinitionsAreThoseOfTheRegistry) {
    const auto reply = get("/api/v1/metrics");
    EXPECT_EQ(reply, boost::json::parse(metrics::pages().at("definitions.json")));
    ASSERT_EQ(reply.at("items").as_array().size(), metrics::definitions().size());
    EXPECT_EQ(reply.at("items").at(0).at("id"), "visits");
    EXPECT_EQ(reply.at("items").at(0).at("answered_by"), "overview");
}

TEST(ReportRules, WhatAnswersAMetricIsAnOperation) {
    std::ifstream file("src/pipeline/report/openapi.yaml");
    std::ostringstream contract;
    contract << file.rdbuf();
    for (const auto& metric : metrics::definitions()) {
        if (metric.answered_by.empty()) continue;
        const auto line = "operationId: " + std::string(metric.answered_by) + "\n";
        EXPECT_NE(contract.str().find(line), std::string::npos) << word(metric.id);
    }
}

TEST_F(ReportTest, ABadQuestionIsToldWhatIsWrong) {
    EXPECT_EQ(ask("overview?from=yesterday&to=now", 422).at("code"), "bad_query");
    EXPECT_EQ(
        ask("heatmap" + span + "&zoom=3&bbox=here", 422).at("errors").at(0).at("pointer"),
        "/query/bbox");
    EXPECT_EQ(ask("overview" + span + "&color=red", 422).at("code"), "bad_query");
}

}  // namespace
}  // namespace mobilytics::report
