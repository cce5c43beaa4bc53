#pragma once
// Faces with what was heard beside them: HTTP above, a real store and a real Postgres below.

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_api.h"
#include "platform/duckdb/duckdb_test.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::report {

inline Instant at(const char* text) { return *parse_iso8601(text); }

inline store::Face poster() {
    store::Face out;
    out.width_m = 6;
    out.height_m = 3;
    out.road_angle_deg = 90;
    out.speed_kmh = 36;
    return out;
}

/// HTTP above, a real store and a real Postgres below.
class FaceReportTest : public pg::PostgresTest {
  protected:
    FaceReportTest() : PostgresTest({pg::kMigrations, ingest::kMigrations}) {
        mount(router, report);
        store->learn(store::Company{company, "America/Chicago", false});
        store->learn(store::Company{other, "America/Chicago", false});
        learn_asset(board, false);
        learn_asset(truck, true);
        face = poster();
        face.company = company;
        face.id = FaceId::fresh(clock.now());
        face.asset = board;
        face.name = "North";
        face.heading_deg = 0;
        face.letter_height_m = 0.5;
        face.obstruction = 0.1;
        learn();
    }
    void learn() { store->learn(std::vector{face}); }
    void learn_asset(AssetId id, bool moving) {
        store::Asset asset;
        asset.dimension = {company, id, moving, {}, "America/Chicago"};
        if (!moving) asset.dimension.position = measure::PathPoint{{}, 418'819'000, -876'278'000};
        asset.code = asset.name = moving ? "T-1" : "M-12";
        asset.kind = moving ? "vehicle" : "billboard";
        store->learn(asset);
        store->learn(measure::Attachment{company, DeviceId::fresh(clock.now()), id, {}, {}});
    }
    /// Visits of 10 s each, so many of each device.
    void keep(
        AssetId asset, Instant start, std::uint64_t devices, std::int64_t times = 1,
        measure::Motion motion = measure::Motion::fixed, std::uint64_t first = 0) {
        measure::Exposure exposure;
        exposure.motion = motion;
        exposure.cell = store::cell_of(store::tile_at(41.88, -87.63, 17), 17);
        exposure.visits_begun = static_cast<std::int64_t>(devices) * times;
        exposure.visits_ended = exposure.visits_begun;
        exposure.sightings = exposure.visits_begun * 6;  // Every 2 s.
        exposure.presence_us = exposure.dwell_us = exposure.visits_begun * 10'000'000;
        exposure.dwell_bins[2] = exposure.visits_begun;
        for (std::uint64_t i = 0; i < devices; ++i) {
            exposure.reach.add(1, (first + i + 1) * 0x9E3779B97F4A7C15);
        }
        measure::BucketFacts bucket;
        bucket.start = start;
        bucket.coverage.covered_us = 900'000'000;
        bucket.exposures.push_back(exposure);
        measure::FactBatch batch;
        batch.position = {++commits, 1};
        batch.assets.emplace_back();
        batch.assets.back().company = company;
        batch.assets.back().asset = asset;
        batch.assets.back().buckets.push_back(std::move(bucket));
        store->commit(batch);
    }
    boost::json::value ask(const std::string& more = "", unsigned status = 200) {
        http::Request request{.target = "/api/v1/reports/faces/" + face.id.str() + more};
        request.headers.add("Authorization", "Bearer x");
        const auto reply = router.handle(std::move(request));
        EXPECT_EQ(reply.status, status) << boost::json::serialize(reply.body);
        return reply.body;
    }
    static std::optional<double> value(const boost::json::value& reply, const char* metric) {
        for (const auto& figure : reply.at("figures").as_array()) {
            if (figure.at("metric") == metric) return figure.at("value").to_number<double>();
        }
        return std::nullopt;
    }
    static const boost::json::value* figure(const boost::json::value& reply, const char* metric) {
        for (const auto& one : reply.at("figures").as_array()) {
            if (one.at("metric") == metric) return &one;
        }
        return nullptr;
    }
    static std::string why(const boost::json::value& reply, const char* metric) {
        for (const auto& one : reply.at("absent").as_array()) {
            if (one.at("metric") == metric) return std::string(one.at("why").as_string());
        }
        return "";
    }
    static double factor(const boost::json::value& reply, const char* id) {
        for (const auto& one : reply.at("factors").as_array()) {
            if (one.at("id") == id) return one.at("value").to_number<double>();
        }
        return -1;
    }

    ManualClock clock{at("2026-08-21T22:00:00Z")};
    const Instant noon = at("2026-08-21T17:00:00Z");   // 12:00 in Chicago.
    const Instant night = at("2026-08-21T06:00:00Z");  // 01:00.
    const std::string day = "?from=2026-08-21T05:00:00Z&to=2026-08-22T05:00:00Z";
    const CompanyId company = CompanyId::fresh(clock.now());
    const CompanyId other = CompanyId::fresh(clock.now());
    const AssetId board = AssetId::fresh(clock.now());
    const AssetId truck = AssetId::fresh(clock.now());
    const MarketId market = MarketId::fresh(clock.now());
    store::Face face;
    CompanyId asking = company;
    LoggedPlays plays;
    std::optional<metrics::Calibration> calibration;
    std::uint64_t commits = 0;
    duckdb::TemporaryFolder folder;
    std::unique_ptr<store::Store> store =
        store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    http::EventHub hub;
    Live live{*store, system, as("mobilytics_system"), hub, clock};
    Report report{
        *store,
        pool,
        live,
        clock,
        {},
        {.market = [this](CompanyId of, MarketId id) -> Result<Population> {
             if (of != company || id != market) {
                 return fail(ErrorKind::not_found, "no_such_market", id.str());
             }
             return Population{1000, 200, 0.5};
         },
         .plays = [this](CompanyId, FaceId, std::span<const Instant>) { return plays; },
         .calibration = [this](CompanyId, AssetId, store::Period) { return calibration; }}};
    http::Router router{
        [this](std::string_view) -> Result<Caller> { return Caller{asking, Role::viewer}; }};
};

}  // namespace mobilytics::report
