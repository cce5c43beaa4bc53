#include "apps/server/calibration_ports.h"

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb_test.h"

namespace mobilytics::server {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kQuarterUs = 900'000'000;

TEST(StoredDevices, AreCountedWhereThereAreCountsElseByAddresses) {
    const auto at = *parse_iso8601("2026-08-20T12:00:00Z");
    ManualClock clock{at + 1h};
    const duckdb::TemporaryFolder folder;
    const auto store = store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    const auto company = CompanyId::fresh(at);
    const auto counted = AssetId::fresh(at), heard = AssetId::fresh(at + 1s);
    store->learn(store::Company{company, "UTC", false});
    measure::FactBatch batch;
    batch.position = {1, 1};
    for (const auto asset : {counted, heard}) {
        measure::AssetFacts facts;
        facts.company = company;
        facts.asset = asset;
        for (int quarter = 0; quarter < 3; ++quarter) {
            measure::BucketFacts bucket;
            bucket.start = at + quarter * 15min;
            // Hardly anything of the second.
            bucket.coverage.covered_us = quarter == 1 ? kQuarterUs / 4 : kQuarterUs;
            measure::Exposure exposure;
            exposure.presence_us = 40 * bucket.coverage.covered_us;
            bucket.exposures = {exposure};
            if (asset == counted) {
                auto& of = bucket.counted.emplace();
                of.span_ms = quarter == 1 ? 225'000 : 900'000;
                for (std::size_t gate = 0; gate < measure::kGates; ++gate) {
                    of.present_ms[gate] = of.span_ms * (11 - static_cast<std::int64_t>(gate));
                }
            }
            facts.buckets.push_back(std::move(bucket));
        }
        batch.assets.push_back(std::move(facts));
    }
    store->commit(batch);

    StoredDevices devices(*store);
    const auto until = at + 45min;
    EXPECT_EQ(devices.input(company, counted, at, until), calibration::Input::counted);
    EXPECT_EQ(devices.input(company, heard, at, until), calibration::Input::addresses);
    EXPECT_EQ(devices.input(company, counted, at + 1h, at + 2h), calibration::Input::addresses);

    const auto by_gate = devices.heard(company, counted, calibration::Input::counted, at, until);
    ASSERT_EQ(by_gate.gates_dbm.size(), 11U);
    EXPECT_EQ(by_gate.gates_dbm.front(), -80);
    EXPECT_EQ(by_gate.gates_dbm.back(), -60);
    ASSERT_EQ(by_gate.items.size(), 2U);
    EXPECT_EQ(by_gate.items[0].start, at);
    EXPECT_EQ(by_gate.items[1].start, at + 30min);
    EXPECT_EQ(by_gate.items[0].devices.front(), 11.0);
    EXPECT_EQ(by_gate.items[0].devices.back(), 1.0);

    const auto all = devices.heard(company, heard, calibration::Input::addresses, at, until);
    ASSERT_EQ(all.items.size(), 2U);
    EXPECT_EQ(all.items[0].devices, std::vector<double>{40.0});
}

}  // namespace
}  // namespace mobilytics::server
