// Which routes are told, and that those told before stay where nothing about them changed.

#include "pipeline/measure/scene_test.h"

namespace mobilytics::measure {
namespace {

class MeasureRoutes : public SceneTest {
  protected:
    MeasureRoutes() {
        dimensions.attachments.clear();
        attach(on_van, van, kNine - 48h);
    }
    void it_is(Instant now) { clock.advance(now - clock.now()); }
    /// Drives north for `span`, at 10 m/s; a window every ten seconds, a fix every five.
    void drive(Instant from, microseconds span) { drive(from, from, span); }
    /// Goes on with a drive that began at `began`.
    void drive(Instant began, Instant from, microseconds span) {
        for (Instant at = from; at < from + span; at += 10s) hear(driven(at, began));
    }
    /// Time goes on without fixes; trips are shown as of the last minute.
    void no_fixes(Instant from) {
        hear(window(on_van, from));
        hear(window(on_van, from + 1min));
    }
    /// The window of `at`, of a drive that began at `from`.
    ReportBuilder driven(Instant at, Instant from) {
        const auto latitude = [&](microseconds later) {
            return 41.8781 +
                   10 * std::chrono::duration<double>(at + later - from).count() / 111'195;
        };
        return window(on_van, at).at(0s, latitude(0s), -87.6298).at(5s, latitude(5s), -87.6298);
    }
    std::vector<std::pair<Instant, Instant>> routes() {
        std::vector<std::pair<Instant, Instant>> out;
        for (const auto& [started, route] : facts.assets[van].routes) {
            out.emplace_back(route.started, route.ended);
        }
        return out;
    }
    using Spans = std::vector<std::pair<Instant, Instant>>;
};

TEST_F(MeasureRoutes, ATripEndsAtAGapAndAtMidnight) {
    const Instant midnight = kNine - 9h;
    it_is(midnight + 3h);
    drive(midnight - 10min, 20min);
    drive(midnight + 1h, 10min);
    no_fixes(midnight + 2h);
    measure();
    EXPECT_EQ(
        routes(), (Spans{
                      {midnight - 10min, midnight - 5s},
                      {midnight, midnight + 10min - 5s},
                      {midnight + 1h, midnight + 1h + 10min - 5s}}));
    EXPECT_EQ(facts.assets[van].routes[midnight + 1h].distance_m, 5'950);
}

TEST_F(MeasureRoutes, ADayThatIsMeasuredAgainLeavesTheDaysBefore) {
    const Instant midnight = kNine - 9h;
    it_is(midnight + 12h);
    drive(midnight - 5h, 20min);
    no_fixes(midnight + 7h);
    no_fixes(midnight + 10h);
    measure();
    // From so long ago that the day must be measured again; nothing lies before it in its day.
    drive(midnight + 5h, 10min);
    measure();
    EXPECT_EQ(pipeline->rebuilds(), 1);
    EXPECT_EQ(
        routes(), (Spans{
                      {midnight - 5h, midnight - 5h + 20min - 5s},
                      {midnight + 5h, midnight + 5h + 10min - 5s}}));
}

TEST_F(MeasureRoutes, WhatWasToldBeforeALaneBeganAnewStays) {
    drive(kNine, 20min);
    no_fixes(kNine + 1h);
    measure();
    facts.kept.clear();  // As after a silence of more than a day.
    it_is(kNine + 36h);
    restart();
    drive(kNine + 30h, kNine + 30h + 5min, 5min);
    measure();
    drive(kNine + 30h, 4min);  // Late: before all that is known of it.
    no_fixes(kNine + 31h);
    measure();
    EXPECT_EQ(
        routes(), (Spans{{kNine, kNine + 20min - 5s}, {kNine + 30h, kNine + 30h + 10min - 5s}}));
}

/// Only what is kept can be measured again: of a trip that began before it, less than was told.
TEST_F(MeasureRoutes, ATripThatBeganBeforeWhatIsKeptStaysWhole) {
    drive(kNine, 2h);
    no_fixes(kNine + 3h);
    measure();
    const Spans told{{kNine, kNine + 2h - 5s}};
    EXPECT_EQ(routes(), told);
    it_is(kNine + 25h + 10min);
    reports.kept_from = kNine + 70min;
    auto late = window(spare, kNine + 100min).accepted(company);
    attach(spare, van, kNine);
    late.received_at = clock.now();
    reports.accept(std::move(late));
    measure();
    EXPECT_GE(pipeline->rebuilds(), 1);
    EXPECT_EQ(routes(), told);
}

}  // namespace
}  // namespace mobilytics::measure
