// Nothing of a sensitive place is in any answer: each equals what going through all facts gives,
// where those of its cells were never there.

#include <gmock/gmock.h>

#include "foundation/zone.h"
#include "pipeline/store/store_suite_test.h"

namespace mobilytics::store {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::IsEmpty;

/// Of two corners, in degrees.
std::string box(double west, double south, double east, double north) {
    const auto at = [](double x, double y) {
        return geojson::Point{
            static_cast<std::int32_t>(std::lround(x * 1e7)),
            static_cast<std::int32_t>(std::lround(y * 1e7))};
    };
    return geojson::pack(
        {{{{at(west, south), at(east, south), at(east, north), at(west, north)}, {}}}});
}
/// A little one in the middle of a cell.
std::string within_cell(measure::Cell cell) {
    const auto [latitude, longitude] = middle_of(tile_of(cell, 17), 17);
    return box(longitude - 1e-5, latitude - 1e-5, longitude + 1e-5, latitude + 1e-5);
}
measure::Cell cell_at(double latitude, double longitude) {
    return cell_of(tile_at(latitude, longitude, 17), 17);
}

TEST(SensitiveCells, ACellIsOneOfThemWhereAnyPartTouchesIt) {
    // Cells of zoom 17 are 360/2^17 degrees wide: the corner of four is at (0, 0).
    const double width = 360.0 / 131072;
    const auto cells = [](const std::string& shape) {
        std::vector<geojson::CellRun> runs = SensitiveCells({CompanyId(), {shape}}).runs();
        std::uint64_t count = 0;
        for (const auto& run : runs) count += run.last - run.first + 1;
        return count;
    };
    EXPECT_EQ(cells(box(width * 0.25, width * 0.25, width * 0.75, width * 0.75)), 1U);
    // Over one border: both sides. Over a corner: all four.
    EXPECT_EQ(cells(box(width * 0.75, width * 0.25, width * 1.25, width * 0.75)), 2U);
    EXPECT_EQ(cells(box(-1e-5, -1e-5, 1e-5, 1e-5)), 4U);
    // Up to the border and not over it: it touches both.
    EXPECT_EQ(cells(box(width * 0.25, width * 0.25, width, width * 0.75)), 2U);
    // 20 m from the border, it does not.
    EXPECT_EQ(cells(box(width * 0.25, width * 0.25, width - 2e-4, width * 0.75)), 1U);
    // Larger than a cell: those that it has whole too.
    EXPECT_EQ(cells(box(width * 0.5, width * 0.5, width * 3.5, width * 2.5)), 12U);
}

TEST(SensitiveCells, PlacesThatShareCellsAreJoined) {
    const double width = 360.0 / 131072;
    const auto first = box(width * 0.1, width * 0.1, width * 0.2, width * 0.2);
    const auto second = box(width * 0.7, width * 0.7, width * 0.8, width * 0.8);
    const SensitiveCells both({CompanyId(), {second, first, second}});
    EXPECT_EQ(both, SensitiveCells({CompanyId(), {first}}));
    EXPECT_EQ(both.runs().size(), 1U);
    EXPECT_TRUE(both.has(cell_at(width * 0.5, width * 0.5)));
    EXPECT_FALSE(both.has(cell_at(width * 0.5, width * 1.5)));
    EXPECT_FALSE(both.has(measure::kNoCell));
    EXPECT_TRUE(SensitiveCells().empty());
}

TEST(SensitiveCells, AnAssetThatStandsThereIsOne) {
    const SensitiveCells cells({CompanyId(), {box(0.0001, 0.0001, 0.0002, 0.0002)}});
    measure::AssetDimension asset;
    EXPECT_FALSE(cells.has(asset));
    asset.position = measure::PathPoint{{}, 20'000, 20'000};  // 0.002 degrees: the same cell.
    EXPECT_TRUE(cells.has(asset));
    asset.moving = true;
    EXPECT_FALSE(cells.has(asset));
    asset.moving = false;
    asset.position->longitude_e7 = 40'000;
    EXPECT_FALSE(cells.has(asset));
}

void expect_same(
    Store& store, const Oracle& oracle, CompanyId company, const Filter& filter,
    std::span<const Instant> ends) {
    const auto view = store.snapshot();
    const Period period{ends.front(), ends.back()};
    EXPECT_EQ(view->figures(company, filter, ends), oracle.figures(company, filter, ends));
    EXPECT_EQ(
        view->figures_by_asset(company, filter, period),
        oracle.figures_by_asset(company, filter, period));
    EXPECT_EQ(view->coverage(company, filter, ends), oracle.coverage(company, filter, ends));
    EXPECT_EQ(view->counted(company, filter, ends), oracle.counted(company, filter, ends));
    EXPECT_EQ(
        view->slots_by_asset(company, filter, ends), oracle.slots_by_asset(company, filter, ends));
    EXPECT_EQ(view->frequency(company, filter, period), oracle.frequency(company, filter, period));
    const HeatQuestion whole{{3, 0, 0, 7, 7}, 1};
    EXPECT_EQ(
        view->heat(company, filter, period, whole), oracle.heat(company, filter, period, whole));
}

TEST_P(StoreSuite, NothingOfASensitivePlaceIsInAnyAnswer) {
    limits.visits_kept = hours(24 * 30);
    const Instant start = today - days(4);
    // Told before anything is heard, in the midst of it, and after all of it has settled.
    for (const int told_at : {0, 2, 5}) {
        SCOPED_TRACE(told_at);
        World facts(7);
        const duckdb::TemporaryFolder place;
        auto store = GetParam().open(place.path(), limits, clock);
        store->learn(Company{company, "Asia/Kathmandu", false});
        const auto mine = facts.asset();
        const auto theirs = facts.asset();
        std::vector<measure::FactBatch> all;
        for (int round = 0; round < 5; ++round) {
            measure::FactBatch batch;
            const auto from = start + facts.below(200) * measure::kBucket;
            batch.assets.push_back(facts.facts(company, mine, from, 40));
            batch.assets.push_back(facts.facts(other, theirs, from, 40));
            all.push_back(std::move(batch));
        }
        measure::Cell cell = measure::kNoCell;
        for (const auto& exposure : all[0].assets[0].buckets[0].exposures) {
            if (exposure.cell != measure::kNoCell) cell = exposure.cell;
        }
        ASSERT_NE(cell, measure::kNoCell);
        const SensitivePlaces places{company, {within_cell(cell)}};
        const SensitiveCells cells(places);
        ASSERT_EQ(cells.runs(), (std::vector<geojson::CellRun>{{cell, cell}}));

        Oracle oracle;
        std::int64_t left_out = 0;
        for (int round = 0; round < 5; ++round) {
            if (round == told_at) store->learn(places);
            store->commit(all[static_cast<std::size_t>(round)]);
            if (round == 2) {
                store->maintain();  // What comes now is late, of settled days.
            }
            auto kept = all[static_cast<std::size_t>(round)];
            for (auto& bucket : kept.assets[0].buckets) {
                const auto before = bucket.exposures.size();
                bucket = without(std::move(bucket), cells);
                left_out += static_cast<std::int64_t>(before - bucket.exposures.size());
            }
            oracle.keep(kept);
        }
        ASSERT_GT(left_out, 20);
        if (told_at == 5) {
            clock.advance(days(2));
            store->maintain();
            clock.advance(-days(2));
            EXPECT_THAT(
                store->snapshot()->cells(company, {}, {start, today + days(2)}),
                testing::Contains(cell));
            store->learn(places);
        }
        const auto check = [&] {
            EXPECT_EQ(store->snapshot()->sensitive(company), cells);
            EXPECT_TRUE(store->snapshot()->sensitive(other).empty());
            EXPECT_THAT(
                store->snapshot()->cells(company, {}, {start, today + days(2)}),
                testing::Not(testing::Contains(cell)));
            for (const auto grain : {Grain::quarter, Grain::hour, Grain::day}) {
                const auto until = grain == Grain::quarter ? start + days(1) : today + days(1);
                const auto ends = boundaries(start, until, grain, "Asia/Kathmandu");
                expect_same(*store, oracle, company, {}, ends);
                expect_same(*store, oracle, company, {{mine}, wire::RadioKind::ble, {}}, ends);
                expect_same(*store, oracle, other, {}, ends);
            }
        };
        check();
        clock.advance(days(2));
        store->maintain();
        clock.advance(-days(2));
        check();
        store.reset();
        store = GetParam().open(place.path(), limits, clock);
        check();
        // What is told again changes nothing; a late commit is held to it after a start too.
        store->learn(places);
        store->commit(all[4]);
        check();
    }
}

TEST_P(StoreSuite, WhatIsNoLongerSensitiveCountsFromThenOn) {
    const auto store = opened();
    const auto asset = world.asset();
    auto batch = batch_at({1, 1});
    batch.assets = {world.facts(company, asset, today, 8)};
    const Oracle none;
    std::vector<std::string> shapes;
    for (const auto& bucket : batch.assets[0].buckets) {
        for (const auto& exposure : bucket.exposures) {
            if (exposure.cell != measure::kNoCell) shapes.push_back(within_cell(exposure.cell));
        }
    }
    store->commit(batch);
    const auto heard = [&] {
        return store->snapshot()->cells(company, {}, {today, today + days(1)}).size();
    };
    const auto before = heard();
    ASSERT_GT(before, 1U);
    store->learn(SensitivePlaces{company, shapes});
    EXPECT_LE(heard(), 1U);  // Of what has no place.
    store->learn(SensitivePlaces{company, {}});
    EXPECT_TRUE(store->snapshot()->sensitive(company).empty());
    EXPECT_LE(heard(), 1U);  // What was forgotten does not come again.
    batch.position = {1, 2};
    store->commit(batch);
    EXPECT_EQ(heard(), before);
}

TEST_P(StoreSuite, WhatHadNoPlaceIsForgottenWhenItIsKnownThatItWasThere) {
    const auto store = opened();
    const auto id = world.asset();
    auto batch = batch_at({1, 1});
    auto facts = facts_of(company, id);
    auto bucket = bucket_at(today);
    bucket.exposures.emplace_back();
    bucket.exposures[0].visits_begun = 30;
    facts.buckets = {bucket};
    batch.assets = {facts};
    store->learn(SensitivePlaces{company, {within_cell(cell_at(41.88, -87.63))}});
    store->commit(batch);
    const std::vector<Instant> ends{today, today + hours(1)};
    const auto visits = [&] { return store->snapshot()->figures(company, {}, ends)[0].visits; };
    EXPECT_EQ(visits(), 30);
    Asset asset;
    asset.dimension.company = company;
    asset.dimension.asset = id;
    asset.dimension.position = measure::PathPoint{{}, 418'800'000, -876'300'000};
    store->learn(asset);
    EXPECT_EQ(visits(), 0);
    store->commit(batch);
    EXPECT_EQ(visits(), 0);
    asset.dimension.position->latitude_e7 = 420'000'000;
    store->learn(asset);
    store->commit(batch);
    EXPECT_EQ(visits(), 30);
}

TEST_P(StoreSuite, OfAnAssetThatStandsThereNothingIsCounted) {
    const auto store = opened();
    const auto id = world.asset();
    const auto [latitude, longitude] = middle_of(tile_at(41.88, -87.63, 17), 17);
    Asset asset;
    asset.dimension.company = company;
    asset.dimension.asset = id;
    asset.dimension.position = measure::PathPoint{
        {}, static_cast<std::int32_t>(latitude * 1e7), static_cast<std::int32_t>(longitude * 1e7)};
    asset.kind = "billboard";
    store->learn(asset);
    const auto batch_of = [&](std::uint64_t number) {
        auto batch = batch_at({1, number});
        auto facts = facts_of(company, id);
        for (int i = 0; i < 3; ++i) {
            auto bucket = bucket_at(today + i * measure::kBucket);
            bucket.coverage.covered_us = 900'000'000;
            bucket.counted.emplace();
            bucket.counted->devices.value_milli = 4'000;
            bucket.counted->span_ms = 900'000;
            facts.buckets.push_back(bucket);
        }
        batch.assets = {facts};
        return batch;
    };
    store->commit(batch_of(1));
    const std::vector<Instant> ends{today, today + hours(1)};
    const auto counted = [&] { return store->snapshot()->counted(company, {}, ends)[0]; };
    EXPECT_EQ(counted().devices_milli, 12'000);
    store->learn(SensitivePlaces{company, {within_cell(cell_at(41.88, -87.63))}});
    EXPECT_EQ(counted(), Counted());
    store->commit(batch_of(2));
    EXPECT_EQ(counted(), Counted());
    // That it was heard is known all the same: it works.
    EXPECT_EQ(store->snapshot()->coverage(company, {}, ends)[0].covered_us, 2'700'000'000);
}

}  // namespace
}  // namespace mobilytics::store
