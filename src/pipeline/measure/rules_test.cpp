// What counts at a place that stands still.

#include "pipeline/measure/cells.h"
#include "pipeline/measure/scene_test.h"

namespace mobilytics::measure {
namespace {

using wire::AddressClass;

class MeasureRules : public SceneTest {};

constexpr std::array<std::int64_t, kDwellBins> in_bin(std::size_t bin) {
    std::array<std::int64_t, kDwellBins> out{};
    out[bin] = 1;
    return out;
}

TEST_F(MeasureRules, SightingsOfADeviceAreOneVisit) {
    hear(window(on_billboard, kNine + 1min)
             .seen(1s, {42, -70})
             .seen(3s, {42, -55})
             .seen(7s, {42, -81}));
    hear(kNine + 10min, {7});  // The first one's gap passes.
    measure();
    const Cell cell = cell_of(418'781'000, -876'298'000);
    const auto& facts_now = bucket(kNine);
    ASSERT_EQ(facts_now.visits.size(), 2);
    const Visit visit{
        .source = kWifi,
        .epoch = 1,
        .pseudonym = 42,
        .address_class = AddressClass::local,
        .first = kNine + 61s,
        .last = kNine + 67s,
        .sightings = 3,
        .strongest_dbm = -55,
        .zone = Zone::near,
        .motion = Motion::fixed,
        .cell = cell,
        .open = false};
    EXPECT_EQ(facts_now.visits[0], visit);
    EXPECT_TRUE(facts_now.visits[1].open);

    const Exposure& exposure = row(kNine);
    EXPECT_EQ(exposure.source, kWifi);
    EXPECT_EQ(exposure.motion, Motion::fixed);
    EXPECT_EQ(exposure.cell, cell);
    EXPECT_EQ(exposure.visits_begun, 2);
    EXPECT_EQ(exposure.visits_ended, 1);
    EXPECT_EQ(exposure.visits_carried, 0);
    EXPECT_EQ(exposure.occupancy_min, 0);
    EXPECT_EQ(exposure.occupancy_max, 1);
    EXPECT_EQ(exposure.presence_us, 6'000'000);
    EXPECT_EQ(exposure.sightings, 4);
    EXPECT_EQ(exposure.dwell_us, 6'000'000);
    EXPECT_EQ(exposure.dwell_bins, (std::array<std::int64_t, kDwellBins>{1, 0, 1}));
    EXPECT_EQ(std::lround(exposure.reach.estimate()), 2);
    EXPECT_EQ(facts_now.coverage.reports, 2);
    EXPECT_EQ(facts_now.coverage.observations, 4);
    EXPECT_EQ(facts_now.coverage.covered_us, 11'000'000);
}

TEST_F(MeasureRules, ASingleSightingHasNoDwellAndABinOfItsOwn) {
    hear(kNine, {42});
    measure();
    EXPECT_EQ(row(kNine).dwell_bins, in_bin(0));
    EXPECT_EQ(row(kNine).dwell_us, 0);
    EXPECT_EQ(row(kNine).presence_us, 0);
    EXPECT_EQ(row(kNine).occupancy_max, 1);
    EXPECT_EQ(row(kNine).occupancy_min, 0);
}

TEST_F(MeasureRules, DwellFallsIntoTheBinThatItsBoundBegins) {
    const std::array<std::pair<microseconds, std::size_t>, 9> cases{
        {{0us, 1},
         {4'999'999us, 1},
         {5s, 2},
         {15s, 3},
         {30s, 4},
         {59s, 4},
         {60s, 5},
         {300s, 6},
         {299'999'999us, 5}}};
    for (const auto& [dwell, bin] : cases) {
        EXPECT_EQ(dwell_bin({.first = kNine, .last = kNine + dwell, .sightings = 2}), bin);
    }
    EXPECT_EQ(dwell_bin({.first = kNine, .last = kNine + 900s, .sightings = 9}), 7);
    EXPECT_EQ(dwell_bin({.first = kNine, .last = kNine, .sightings = 1}), 0);
}

TEST_F(MeasureRules, AGapOfFiveMinutesIsStillOneVisitOfWifi) {
    hear(kNine, {1});
    hear(kNine + 5min, {1});
    hear(kNine + 30min, {2});
    hear(kNine + 35min + 1us, {2});
    measure();
    EXPECT_EQ(bucket(kNine).visits.size(), 1);
    EXPECT_EQ(row(kNine).dwell_us, 300'000'000);
    EXPECT_EQ(bucket(kNine + 30min).visits.size(), 2);
}

TEST_F(MeasureRules, AGapOfAMinuteIsStillOneVisitOfBle) {
    const Seen one{1, -70, kBle, AddressClass::ble_resolvable};
    const Seen other{2, -70, kBle, AddressClass::ble_resolvable};
    hear(kNine, one);
    hear(kNine + 60s, one);
    hear(kNine + 5min, other);
    hear(kNine + 6min + 1us, other);
    measure();
    EXPECT_EQ(row(kNine).source, kBle);
    EXPECT_EQ(row(kNine).visits_begun, 3);
    EXPECT_EQ(row(kNine).dwell_us, 60'000'000);
}

TEST_F(MeasureRules, WifiAndBleAreCountedApart) {
    hear(kNine, {1});
    hear(kNine + 1s, {1, -70, kBle, AddressClass::ble_public});
    measure();
    ASSERT_EQ(bucket(kNine).exposures.size(), 2);
    EXPECT_EQ(bucket(kNine).exposures[0].source, kWifi);
    EXPECT_EQ(bucket(kNine).exposures[1].source, kBle);
}

TEST_F(MeasureRules, AVisitCountsWhereItBeganAndItsTimeWhereItWas) {
    for (int minute = 10; minute <= 22; minute += 4) hear(kNine + minute * 1min, {1});
    hear(kNine + 40min, {2});
    measure();
    const Exposure& first = row(kNine);
    EXPECT_EQ(first.visits_begun, 1);
    EXPECT_EQ(first.visits_ended, 0);
    EXPECT_EQ(first.presence_us, microseconds(5min).count());
    EXPECT_EQ(first.dwell_us, microseconds(12min).count());
    EXPECT_EQ(first.dwell_bins, in_bin(6));
    EXPECT_EQ(first.sightings, 4);
    const Exposure& second = row(kNine + 15min);
    EXPECT_EQ(second.visits_begun, 0);
    EXPECT_EQ(second.visits_carried, 1);
    EXPECT_EQ(second.visits_ended, 1);
    EXPECT_EQ(second.presence_us, microseconds(7min).count());
    EXPECT_EQ(second.dwell_us, 0);
    EXPECT_EQ(second.occupancy_max, 1);
    EXPECT_EQ(second.occupancy_min, 0);
    EXPECT_EQ(first.reach, second.reach);
}

TEST_F(MeasureRules, AVisitGoesOnOverMidnightUnlessTheSaltEnds) {
    const Instant midnight = kNine + 15h;
    clock.advance(12h);
    for (int minute = -4; minute <= 4; minute += 2) hear(midnight + minute * 1min, {1}, 1);
    hear(midnight + 5h - 1min, {2}, 1);
    hear(midnight + 5h, {2}, 2);
    measure();
    EXPECT_EQ(row(midnight - 15min).visits_begun, 1);
    EXPECT_EQ(row(midnight - 15min).presence_us, microseconds(4min).count());
    EXPECT_EQ(row(midnight).visits_begun, 0);
    EXPECT_EQ(row(midnight).presence_us, microseconds(4min).count());
    EXPECT_EQ(row(midnight + 285min).visits_begun, 1);
    EXPECT_EQ(row(midnight + 5h).visits_begun, 1);
    EXPECT_EQ(row(midnight + 5h).visits_carried, 0);
}

TEST_F(MeasureRules, OccupancyIsThatOfEachMoment) {
    // Three overlap: 0-300 s, 60-360 s, 120 s; and all are gone after 6 minutes.
    for (int second = 0; second <= 300; second += 60) hear(kNine + second * 1s, {1});
    for (int second = 60; second <= 360; second += 60) hear(kNine + second * 1s, {2});
    hear(kNine + 120s, {3});
    measure();
    EXPECT_EQ(row(kNine).occupancy_max, 3);
    EXPECT_EQ(row(kNine).occupancy_min, 0);  // In the last second of the last window.
    EXPECT_EQ(row(kNine).presence_us, microseconds(10min).count());
}

TEST_F(MeasureRules, WhoStaysForTheWholeQuarterIsTheLeastOccupancy) {
    for (int minute = 0; minute <= 44; minute += 2) hear(kNine + minute * 1min, {1});
    hear(kNine + 20min + 1s, {2});
    measure();
    EXPECT_EQ(row(kNine + 15min).occupancy_min, 1);
    EXPECT_EQ(row(kNine + 15min).occupancy_max, 2);
    EXPECT_EQ(row(kNine + 15min).presence_us, microseconds(15min).count());
}

TEST_F(MeasureRules, ALongVisitIsShownAsOfTheLastQuarterUntilItEnds) {
    int minute = 0;
    for (; minute <= 47; ++minute) hear(kNine + minute * 1min, {1});
    measure();
    // In its first bucket it stands as at 45 minutes; what it does now shows where it is now.
    EXPECT_EQ(bucket(kNine).visits.at(0).last, kNine + 44min);
    EXPECT_EQ(row(kNine).dwell_us, microseconds(44min).count());
    EXPECT_EQ(row(kNine + 45min).presence_us, microseconds(2min).count());
    hear(kNine + 60min, {2});
    measure();
    EXPECT_EQ(bucket(kNine).visits.at(0).last, kNine + 47min);
    EXPECT_FALSE(bucket(kNine).visits.at(0).open);
    EXPECT_EQ(row(kNine).dwell_us, microseconds(47min).count());
    EXPECT_EQ(row(kNine + 45min).visits_ended, 1);
    EXPECT_FALSE(bucket(kNine).corrected);
}

TEST_F(MeasureRules, TheZoneIsEnteredAtItsEdgeAndLeftFourDecibelsBelow) {
    hear(kNine, {1, -91});         // Not there yet.
    hear(kNine + 10s, {1, -90});   // In.
    hear(kNine + 20s, {1, -94});   // Still.
    hear(kNine + 30s, {1, -95});   // Out.
    hear(kNine + 400s, {1, -94});  // The gap has passed: it must come in anew.
    measure();
    ASSERT_EQ(bucket(kNine).visits.size(), 1);
    EXPECT_EQ(bucket(kNine).visits[0].first, kNine + 10s);
    EXPECT_EQ(bucket(kNine).visits[0].last, kNine + 20s);
    EXPECT_EQ(dropped(DropReason::weak_signal), 3);
    EXPECT_EQ(bucket(kNine).coverage.dropped[std::size_t(DropReason::weak_signal)], 3);
}

TEST_F(MeasureRules, TheRingIsThatOfTheStrongestSighting) {
    const std::array<std::pair<int, Zone>, 4> cases{
        {{-60, Zone::near}, {-61, Zone::mid}, {-75, Zone::mid}, {-76, Zone::far}}};
    std::uint64_t device = 0;
    for (const auto& [dbm, zone] : cases) {
        hear(kNine + device * 10s, {++device, dbm});
        hear(kNine + device * 10s + 1s, {device, -88});
    }
    measure();
    const auto all = visits(billboard);
    ASSERT_EQ(all.size(), 4);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(all[i].zone, cases[i].second);
}

TEST_F(MeasureRules, WhatIsNoPhoneOrHasNoSignalIsLeftOutAndCounted) {
    const auto ble = [](std::uint16_t company, std::uint8_t subtype) {
        return Seen{9, -70, kBle, AddressClass::ble_resolvable, company, subtype};
    };
    hear(window(on_billboard, kNine)
             .seen(1s, ble(0x004C, 0x12))  // Find My.
             .seen(1s, ble(0x004C, 0x02))  // iBeacon.
             .seen(1s, ble(0x004C, 0x07))  // Headphones.
             .seen(1s, ble(0x0006, 0))     // Windows.
             .seen(1s, ble(0xFD6F, 0))     // Exposure notification.
             .seen(2s, {8, 0})             // No signal strength.
             .seen(2s, {8, -128})
             .seen(3s, {7, -70, kWifi, AddressClass::ble_static})
             .seen(3s, {7, -70, kWifi, AddressClass{}})
             .seen(4s, ble(0x004C, 0x10))  // A phone nearby.
             .seen(4s, ble(0xFFFF, 0)));
    measure();
    EXPECT_EQ(row(kNine).visits_begun, 1);
    EXPECT_EQ(row(kNine).sightings, 2);
    EXPECT_EQ(dropped(DropReason::not_a_phone), 5);
    EXPECT_EQ(dropped(DropReason::no_signal), 2);
    EXPECT_EQ(dropped(DropReason::group_address), 2);
    EXPECT_EQ(bucket(kNine).coverage.observations, 11);
}

/// Once an hour from midnight on, in `hours` of `heard`.
TEST_F(MeasureRules, AMakersAddressThatIsAlwaysThereIsAResident) {
    const Instant midnight = kNine - 9h;
    for (int hour = 0; hour < 10; ++hour) {
        const Instant at = midnight + hour * 1h;
        hear(window(on_billboard, at)
                 .seen(1s, {1, -70, kWifi, AddressClass::global})
                 .seen(2s, {2, -70, kWifi, AddressClass::local}));
        // In six of ten hours: not more than 60 %.
        if (hour == 0 || hour > 4) {
            hear(window(on_billboard, at + 30s).seen(1s, {3, -70, kWifi, AddressClass::global}));
        }
    }
    dimensions.attachments[0].from = dimensions.attachments[1].from = midnight;
    measure();
    std::map<std::uint64_t, int> counts;
    for (const Visit& visit : visits(billboard)) ++counts[visit.pseudonym];
    EXPECT_EQ(counts, (std::map<std::uint64_t, int>{{1, 5}, {2, 10}, {3, 6}}));
    EXPECT_EQ(dropped(DropReason::resident), 5);
}

TEST_F(MeasureRules, ADayLaterNobodyIsAResidentYet) {
    clock.advance(24h);
    const Instant midnight = kNine + 15h;
    for (int hour = -7; hour < 5; ++hour) {
        hear(midnight + hour * 1h, {1, -70, kWifi, AddressClass::global});
    }
    measure();
    EXPECT_EQ(dropped(DropReason::resident), 2);  // The sixth and seventh of the first day.
}

TEST_F(MeasureRules, ASightingBelongsToTheAssetThatItsSensorWasOnThen) {
    AssetId other = AssetId::fresh(kNine);
    dimensions.assets[other] = {company, other, false, {}, "UTC"};
    dimensions.attachments.clear();
    attach(spare, billboard, kNine, kNine + 5s);
    attach(spare, other, kNine + 8s);
    hear(window(spare, kNine).seen(4'999'999us, {1}).seen(5s, {2}).seen(8s, {3}).seen(10s, {4}));
    measure();
    EXPECT_EQ(visits(billboard).size(), 1);
    EXPECT_EQ(bucket(billboard, kNine).coverage.covered_us, 5'000'000);
    EXPECT_EQ(visits(other).size(), 2);
    EXPECT_EQ(visits(other)[0].cell, kNoCell);
    EXPECT_EQ(bucket(other, kNine).coverage.covered_us, 2'000'000);
    EXPECT_EQ(bucket(other, kNine).coverage.reports, 0);  // It began on the billboard.
    EXPECT_EQ(dropped(DropReason::unattached), 1);
}

TEST_F(MeasureRules, TwoSensorsOfAnAssetHearTheSameDeviceOnce) {
    attach(spare, billboard, kNine - 1h);
    hear(window(on_billboard, kNine).seen(2s, {1, -80}).seen(9s, {1, -80}));
    hear(window(spare, kNine + 5s).seen(1s, {1, -50}).seen(6s, {2}));
    measure();
    EXPECT_EQ(row(kNine).visits_begun, 2);
    EXPECT_EQ(visits(billboard)[0].sightings, 3);
    EXPECT_EQ(visits(billboard)[0].strongest_dbm, -50);
    EXPECT_EQ(bucket(kNine).coverage.covered_us, 15'000'000);  // The union of the windows.
    EXPECT_EQ(bucket(kNine).coverage.reports, 2);
}

TEST_F(MeasureRules, AWindowOverTwoQuartersIsCoverageOfBoth) {
    hear(window(on_billboard, kNine + 15min - 4s).seen(3s, {1}).seen(5s, {2}));
    measure();
    EXPECT_EQ(bucket(kNine).coverage.covered_us, 4'000'000);
    EXPECT_EQ(bucket(kNine).coverage.heard_until, kNine + 15min);  // However little was heard.
    EXPECT_EQ(bucket(kNine).coverage.observations, 1);
    EXPECT_EQ(bucket(kNine).coverage.reports, 1);
    EXPECT_EQ(bucket(kNine + 15min).coverage.covered_us, 6'000'000);
    EXPECT_EQ(bucket(kNine + 15min).coverage.heard_until, kNine + 15min + 6s);
    EXPECT_EQ(bucket(kNine + 15min).coverage.observations, 1);
    EXPECT_EQ(bucket(kNine + 15min).coverage.reports, 0);
}

TEST_F(MeasureRules, ATimeThatCannotBeIsLeftOut) {
    auto uncertain = window(on_billboard, kNine).seen(1s, {1}).accepted(company);
    uncertain.time_uncertain = true;
    reports.accept(uncertain);
    auto ahead = window(on_billboard, kNine).seen(1s, {1}).accepted(company);
    ahead.started += 10 * 365 * 24h;
    reports.accept(ahead);
    auto old = window(on_billboard, kNine).seen(1s, {1}).accepted(company);
    old.started -= 10 * 365 * 24h;
    reports.accept(old);
    measure();
    EXPECT_TRUE(facts.assets.empty());
    EXPECT_EQ(dropped(DropReason::time_uncertain), 1);
    EXPECT_EQ(dropped(DropReason::time_implausible), 2);
    EXPECT_EQ(facts.stands_at.number, 3);
}

TEST_F(MeasureRules, AnAssetTakesOnlySoManyVisitsAtOnce) {
    PipelineConfig config;
    config.rules.open_visits_max = 3;
    restart(config);
    auto report = window(on_billboard, kNine);
    for (std::uint64_t device = 1; device <= 5; ++device) report.seen(device * 1s, {device});
    hear(report);
    measure();
    EXPECT_EQ(row(kNine).visits_begun, 3);
    EXPECT_EQ(dropped(DropReason::lane_full), 2);
}

}  // namespace
}  // namespace mobilytics::measure
