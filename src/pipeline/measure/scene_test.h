#pragma once
// A place to measure at, for tests of the rules: a billboard and a van, a sensor each, and what
// they heard, written by hand.

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/measure/measure_test.h"

namespace mobilytics::measure {

using namespace std::chrono_literals;
using std::chrono::microseconds;

class SceneTest : public testing::Test {
  protected:
    using Seen = ReportBuilder::Seen;

    SceneTest() {
        const Instant born = kNine - 24h;
        company = CompanyId::fresh(born);
        billboard = AssetId::fresh(born);
        van = AssetId::fresh(born);
        on_billboard = DeviceId::fresh(born);
        on_van = DeviceId::fresh(born);
        spare = DeviceId::fresh(born);
        dimensions.assets[billboard] = {
            company, billboard, false, PathPoint{{}, 418'781'000, -876'298'000}, "UTC"};
        dimensions.assets[van] = {company, van, true, {}, "UTC"};
        attach(on_billboard, billboard, kNine - 12h);
        attach(on_van, van, kNine - 12h);
    }

    void attach(
        DeviceId device, AssetId asset, Instant from, std::optional<Instant> to = std::nullopt) {
        dimensions.attachments.push_back({company, device, asset, from, to});
        std::sort(
            dimensions.attachments.begin(), dimensions.attachments.end(),
            [](const auto& a, const auto& b) {
                return std::tie(a.device, a.from) < std::tie(b.device, b.from);
            });
        facts.set_dimensions(dimensions);
    }

    /// A window of 10 s that a sensor tells next; it counts its reports.
    ReportBuilder window(DeviceId device, Instant started, microseconds duration = 10s) {
        return {device, ++seq_[device], started, duration};
    }
    void hear(const ReportBuilder& report) { reports.accept(report.accepted(company)); }
    /// One sighting, in a window of its own.
    void hear(Instant at, const Seen& seen, std::uint8_t epoch = 1) {
        hear(window(on_billboard, at, 1s).epoch(epoch).seen(0s, seen));
    }

    /// Measures all that was heard so far, and commits.
    void measure() {
        facts.set_dimensions(dimensions);
        if (!pipeline) restart();
        while (pipeline->read() > 0) {
        }
        pipeline->flush();
    }
    void restart(PipelineConfig config = {}) {
        pipeline = std::make_unique<Pipeline>(reports, facts, clock, config);
        pipeline->restore();
    }

    const BucketFacts& bucket(Instant start) { return bucket(billboard, start); }
    const BucketFacts& bucket(AssetId asset, Instant start) {
        return facts.assets.at(asset).buckets.at(start);
    }
    /// The only row.
    const Exposure& row(Instant start) { return row(billboard, start); }
    const Exposure& row(AssetId asset, Instant start) {
        EXPECT_EQ(bucket(asset, start).exposures.size(), 1);
        return bucket(asset, start).exposures.at(0);
    }
    std::int64_t dropped(DropReason reason) {
        return pipeline->tally().dropped[static_cast<std::size_t>(reason)];
    }
    std::vector<Visit> visits(AssetId asset) {
        std::vector<Visit> out;
        for (const auto& [start, of] : facts.assets[asset].buckets) {
            out.insert(out.end(), of.visits.begin(), of.visits.end());
        }
        return out;
    }

    inline static const Instant kNine = *parse_iso8601("2026-08-21T09:00:00Z");
    static constexpr auto kWifi = wire::RadioKind::wifi;
    static constexpr auto kBle = wire::RadioKind::ble;

    ManualClock clock{kNine + 12h};
    CompanyId company;
    AssetId billboard, van;
    DeviceId on_billboard, on_van, spare;
    Dimensions dimensions;
    MemoryReports reports;
    MemoryFacts facts;
    std::unique_ptr<Pipeline> pipeline;

  private:
    std::map<DeviceId, std::uint64_t> seq_;
};

}  // namespace mobilytics::measure
