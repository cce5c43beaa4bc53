// Reports of which a better time became known: ingest gives them again, with where they stood.

#include "pipeline/measure/scene_test.h"

namespace mobilytics::measure {
namespace {

class MeasureMoved : public SceneTest {
  protected:
    /// The sensor had no clock to trust, and sent what it had only hours later.
    void hear_offline(Instant at, const Seen& seen) {
        auto report = window(on_billboard, at, 1s).seen(0s, seen).accepted(company);
        report.received_at = kNine + 3h;
        reports.accept(std::move(report));
    }
    /// Nothing is known of it any more.
    void expect_left(AssetId asset, Instant start) {
        const BucketFacts& left = bucket(asset, start);
        EXPECT_EQ(left.coverage, Coverage{});
        EXPECT_TRUE(left.exposures.empty());
        EXPECT_TRUE(left.visits.empty());
    }
    wire::ReportKey key(std::uint64_t seq) const { return {on_billboard, wire::BootId{1}, seq}; }
};

TEST_F(MeasureMoved, AReportCountsOnlyWhereItMovedTo) {
    hear_offline(kNine, {1});
    measure();
    EXPECT_EQ(row(kNine).visits_begun, 1);
    reports.move(key(1), kNine + 30min);
    measure();
    expect_left(billboard, kNine);
    EXPECT_EQ(row(kNine + 30min).visits_begun, 1);
    EXPECT_EQ(bucket(kNine + 30min).coverage.reports, 1);
    ASSERT_EQ(visits(billboard).size(), 1);
    EXPECT_EQ(visits(billboard)[0].first, kNine + 30min);
}

TEST_F(MeasureMoved, WhatElseWasHeardThereStays) {
    hear_offline(kNine, {1});
    hear_offline(kNine + 1min, {2});
    measure();
    reports.move(key(1), kNine + 2min);
    measure();
    ASSERT_EQ(visits(billboard).size(), 2);
    EXPECT_EQ(visits(billboard)[0].pseudonym, 2);
    EXPECT_EQ(visits(billboard)[0].first, kNine + 1min);
    EXPECT_EQ(visits(billboard)[1].pseudonym, 1);
    EXPECT_EQ(visits(billboard)[1].first, kNine + 2min);
    EXPECT_EQ(bucket(kNine).coverage.reports, 2);
    EXPECT_EQ(bucket(kNine).coverage.covered_us, 2'000'000);
}

TEST_F(MeasureMoved, AReportThatMovedTwiceCountsOnce) {
    hear_offline(kNine, {1});
    measure();
    reports.move(key(1), kNine + 30min);
    reports.move(key(1), kNine + 1h);
    measure();
    expect_left(billboard, kNine);
    expect_left(billboard, kNine + 30min);
    EXPECT_EQ(row(kNine + 1h).visits_begun, 1);
}

TEST_F(MeasureMoved, AReportMayMoveToAnotherAsset) {
    dimensions.attachments.clear();
    attach(on_billboard, billboard, kNine - 1h, kNine + 20min);
    attach(on_billboard, van, kNine + 20min);
    hear_offline(kNine, {1});
    measure();
    reports.move(key(1), kNine + 30min);
    measure();
    expect_left(billboard, kNine);
    EXPECT_EQ(bucket(van, kNine + 30min).coverage.observations, 1);
    EXPECT_TRUE(visits(billboard).empty());
    EXPECT_EQ(visits(van).size(), 1);
}

TEST_F(MeasureMoved, WhatWasMadeOfItButNotToldYetIsNotTold) {
    hear_offline(kNine, {1});
    hear_offline(kNine + 1h, {2});  // The first one's quarter is over, and its facts are made.
    measure();
    hear_offline(kNine + 2h, {3});
    hear_offline(kNine + 3h - 1min, {4});
    pipeline->read();
    reports.move(key(3), kNine + 90min);
    measure();
    EXPECT_EQ(row(kNine).visits_begun, 1);
    EXPECT_EQ(row(kNine + 1h).visits_begun, 1);
    EXPECT_EQ(row(kNine + 90min).visits_begun, 1);
    expect_left(billboard, kNine + 2h);
    EXPECT_EQ(row(kNine + 165min).visits_begun, 1);
}

TEST_F(MeasureMoved, AMoveThatCouldNotBeLookedUpIsTriedAgain) {
    hear_offline(kNine, {1});
    measure();
    reports.move(key(1), kNine + 30min);
    reports.fail(1);
    EXPECT_THROW(pipeline->read(), Unavailable);
    measure();
    expect_left(billboard, kNine);
    EXPECT_EQ(row(kNine + 30min).visits_begun, 1);
}

TEST_F(MeasureMoved, AMoveIsNotLostWithARestart) {
    hear_offline(kNine, {1});
    measure();
    reports.move(key(1), kNine + 30min);
    pipeline->read();
    restart();  // Before it could commit.
    measure();
    expect_left(billboard, kNine);
    EXPECT_EQ(row(kNine + 30min).visits_begun, 1);
    restart();
    hear_offline(kNine + 31min, {2});
    measure();
    EXPECT_EQ(visits(billboard).size(), 2);
}

}  // namespace
}  // namespace mobilytics::measure
