#include "pipeline/measure/measure_test.h"

#include <gtest/gtest.h>

#include "foundation/clock_test.h"

namespace mobilytics::measure {
namespace {
using namespace std::chrono_literals;

const Instant kNine = *parse_iso8601("2026-08-21T09:00:00Z");

TEST(MeasureRules, Smoke) {
    ManualClock clock(kNine + 1h);
    MemoryReports reports;
    MemoryFacts facts;
    const auto company = CompanyId::fresh(kNine);
    const auto asset = AssetId::fresh(kNine);
    const auto device = DeviceId::fresh(kNine);
    Dimensions dims;
    dims.assets[asset] = {company, asset, false, PathPoint{{}, 418781000, -876298000}, "UTC"};
    dims.attachments = {{company, device, asset, kNine - 1h, {}}};
    facts.set_dimensions(dims);
    reports.accept(
        ReportBuilder(device, 1, kNine).seen(1s, {42}).seen(3s, {42, -55}).accepted(company));
    Pipeline p(reports, facts, clock, {});
    p.restore();
    EXPECT_EQ(p.read(), 1);
    EXPECT_TRUE(p.flush());
    auto& b = facts.assets[asset].buckets[kNine];
    EXPECT_EQ(b.exposures.size(), 1);
    EXPECT_EQ(b.exposures[0].visits_begun, 1);
    EXPECT_EQ(b.exposures[0].presence_us, 2'000'000);
}
}  // namespace
}  // namespace mobilytics::measure
