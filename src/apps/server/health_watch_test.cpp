#include "apps/server/health_watch.h"

#include <gtest/gtest.h>

#include "foundation/clock_test.h"

namespace mobilytics::server {
namespace {

using namespace std::chrono_literals;

class HealthWatchTest : public testing::Test {
  protected:
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    HealthWatch watch{clock};
};

TEST_F(HealthWatchTest, ItIsKnownSinceWhenAPartIsAsItIs) {
    Seen disk{HealthState::ok, "100 GiB free", "", 80.0, "percent"};
    watch.part("disk", [&] { return disk; });
    EXPECT_TRUE(watch.told().checks.empty());
    const auto began = clock.now();
    watch.look();
    clock.advance(10s);
    disk.told = "99 GiB free";
    watch.look();
    auto told = watch.told();
    EXPECT_EQ(told.looked_at, began + 10s);
    EXPECT_EQ(told.up_since, began);
    EXPECT_EQ(told.checks.at(0).since, began);  // It is as well as it was.
    EXPECT_EQ(told.checks[0].told, "99 GiB free");
    EXPECT_EQ(told.checks[0].value, 80.0);
    EXPECT_EQ(told.checks[0].unit, "percent");
    EXPECT_EQ(told.checks[0].remedy, std::nullopt);

    clock.advance(10s);
    disk = {HealthState::warn, "1 GiB free", "make room"};
    watch.look();
    told = watch.told();
    EXPECT_EQ(told.state, HealthState::warn);
    EXPECT_EQ(told.checks[0].since, began + 20s);
    EXPECT_EQ(told.checks[0].remedy, "make room");
}

TEST_F(HealthWatchTest, TheWholeIsAsItsWorstPart) {
    watch.part("good", [] { return Seen{HealthState::ok, "well"}; });
    watch.part("bad", []() -> Seen { throw std::runtime_error("does not answer"); });
    watch.part("doubtful", [] { return seen({"x", Verdict::warning, "soon", "renew it"}); });
    watch.version("mobilytics", "1.2.3");
    watch.look();
    const auto told = watch.told();
    EXPECT_EQ(told.state, HealthState::fail);
    EXPECT_EQ(told.checks.at(1).told, "does not answer");
    EXPECT_TRUE(told.checks[1].remedy);
    EXPECT_EQ(told.checks.at(2).state, HealthState::warn);
    EXPECT_EQ(told.versions.at(0).version, "1.2.3");
}

}  // namespace
}  // namespace mobilytics::server
