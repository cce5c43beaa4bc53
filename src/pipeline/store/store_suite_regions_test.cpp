// Regions are kept by version, and figures of cells are parts of the whole.

#include <gmock/gmock.h>

#include "foundation/zone.h"
#include "pipeline/store/region_index.h"
#include "pipeline/store/store_suite_test.h"

namespace mobilytics::store {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

geojson::Shape box(int west, int south, int east, int north) {
    const auto at = [](int x, int y) { return geojson::Point{x * 10'000'000, y * 10'000'000}; };
    return {{{{at(west, south), at(east, south), at(east, north), at(west, north)}, {}}}};
}
Region region(const std::string& code, const geojson::Shape& shape) {
    return {
        .code = code,
        .name = "Region " + code,
        .population = {},
        .population_source = "",
        .area_m2 = geojson::area_m2(shape),
        .shape = geojson::pack(shape)};
}

TEST_P(StoreSuite, ASetOfRegionsIsKeptByVersion) {
    RegionSet set{company, RegionSetId::fresh(today), "Counties", "county", 1, today, {}};
    set.regions = {region("a", box(-88, 41, -87, 42)), region("b", box(-87, 41, -86, 42))};
    set.regions[0].population = 5'000'000;
    set.regions[0].population_source = "Census";
    auto store = opened();
    store->learn(set);
    auto second = set;
    second.version = 2;
    second.name = "Counties, redrawn";
    second.valid_from = today + hours(1);
    second.regions[1] = region("b", box(-87, 41, -85, 42));
    second.regions.push_back(region("c", box(-85, 41, -84, 42)));
    store->learn(second);
    store->learn(set);  // Told late: it is known.
    const auto check = [&] {
        const auto view = store->snapshot();
        const auto newest = view->regions(company, set.set, std::nullopt);
        ASSERT_TRUE(newest);
        EXPECT_EQ(newest->set().version, 2);
        EXPECT_EQ(newest->set().name, "Counties, redrawn");
        EXPECT_EQ(newest->set().valid_from, today + hours(1));
        ASSERT_EQ(newest->set().regions.size(), 3U);
        EXPECT_EQ(newest->set().regions[0].population, 5'000'000);
        EXPECT_EQ(newest->shapes().shapes()[1], box(-87, 41, -85, 42));
        const auto first = view->regions(company, set.set, 1);
        ASSERT_TRUE(first);
        EXPECT_EQ(first->set().regions.size(), 2U);
        EXPECT_EQ(first->shapes().shapes()[1], box(-87, 41, -86, 42));
        EXPECT_EQ(view->regions(company, set.set, 3), nullptr);
        EXPECT_EQ(view->regions(other, set.set, std::nullopt), nullptr);
        EXPECT_THAT(view->region_sets(other), IsEmpty());
        ASSERT_EQ(view->region_sets(company).size(), 1U);
        EXPECT_EQ(view->region_sets(company)[0].version, 2);
    };
    check();
    store.reset();
    store = opened();
    check();
    store->forget(company, set.set);
    EXPECT_EQ(store->snapshot()->regions(company, set.set, std::nullopt), nullptr);
    EXPECT_THAT(store->snapshot()->region_sets(company), IsEmpty());
}

TEST(RegionIndex, ACellIsWhereItsMiddleLies) {
    RegionSet set;
    set.regions = {region("a", box(-88, 41, -87, 42)), region("b", box(-88, 41, -86, 42))};
    const RegionIndex index(set);
    const auto cell = [](double latitude, double longitude) {
        return cell_of(tile_at(latitude, longitude, 17), 17);
    };
    EXPECT_THAT(index.regions_at(cell(41.5, -87.5)), ElementsAre(0, 1));
    EXPECT_THAT(index.regions_at(cell(41.5, -86.5)), ElementsAre(1));
    EXPECT_THAT(index.regions_at(cell(41.5, -86.5)), ElementsAre(1));  // Remembered.
    EXPECT_THAT(index.regions_at(cell(43, -87)), IsEmpty());
    EXPECT_THAT(index.regions_at(measure::kNoCell), IsEmpty());
}

/// Sums are those of the whole, whatever the groups; and devices, of all cells in one group.
void expect_parts(
    Store& store, CompanyId company, const Filter& filter, std::span<const Instant> boundaries) {
    const auto view = store.snapshot();
    const auto whole = view->figures(company, filter, boundaries);
    const auto cells = view->cells(company, filter, {boundaries.front(), boundaries.back()});
    EXPECT_TRUE(std::ranges::is_sorted(cells));
    CellGroups three, one;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        three.add(cells[i], static_cast<std::int64_t>(i % 3));
        one.add(cells[i], 7);
    }
    std::vector<Figures> sums(whole.size());
    std::vector<double> devices(whole.size());
    for (const auto& [slot, group, figures] :
         view->figures_of_cells(company, filter, boundaries, three)) {
        auto& sum = sums.at(static_cast<std::size_t>(slot));
        EXPECT_LT(group, 3);
        sum.visits += figures.visits;
        sum.visits_ended += figures.visits_ended;
        sum.visits_carried += figures.visits_carried;
        sum.sightings += figures.sightings;
        sum.presence_us += figures.presence_us;
        sum.occupancy_max = std::max(sum.occupancy_max, figures.occupancy_max);
        sum.dwell_us += figures.dwell_us;
        for (std::size_t i = 0; i < sum.dwell_bins.size(); ++i) {
            sum.dwell_bins[i] += figures.dwell_bins[i];
        }
        devices.at(static_cast<std::size_t>(slot)) += figures.devices;
        sum.devices = whole.at(static_cast<std::size_t>(slot)).devices;
    }
    EXPECT_EQ(sums, whole);
    for (std::size_t i = 0; i < whole.size();
         ++i) {  // The union bound, but for the estimate's error.
        EXPECT_GE(devices[i] * 1.05 + 1, whole[i].devices);
    }
    for (const auto& [slot, group, figures] :
         view->figures_of_cells(company, filter, boundaries, one)) {
        EXPECT_EQ(group, 7);
        EXPECT_EQ(figures, whole.at(static_cast<std::size_t>(slot)));
    }
}

TEST_P(StoreSuite, FiguresOfCellsAreThoseOfTheWholeInParts) {
    const auto store = opened();
    store->learn(Company{company, "America/Chicago", false});
    const auto start = today - days(5);
    std::vector<AssetId> assets;
    measure::FactBatch batch;
    for (int i = 0; i < 3; ++i) {
        assets.push_back(world.asset());
        for (int day = 0; day < 4; ++day) {
            const auto from = start + days(day) + world.below(60) * measure::kBucket;
            batch.assets.push_back(world.facts(company, assets.back(), from, 12));
            batch.assets.push_back(world.facts(other, world.asset(), from, 2));
        }
    }
    store->commit(batch);
    const auto check = [&] {
        const auto by_day = boundaries(start, today, Grain::day, "America/Chicago");
        expect_parts(*store, company, {}, by_day);
        expect_parts(*store, company, {}, std::array{start, today});
        expect_parts(*store, company, {{assets[1]}, wire::RadioKind::wifi, {}}, by_day);
        expect_parts(*store, company, {{}, {}, measure::Motion::driving}, std::array{start, today});
        expect_parts(
            *store, company, {},
            std::array{start + hours(7), start + hours(31), start + hours(90)});
    };
    check();
    store->maintain();
    check();
    // What comes late for a settled day.
    measure::FactBatch late;
    late.assets.push_back(world.facts(company, assets[0], start + days(1), 30));
    store->commit(late);
    check();
    store->maintain();
    check();
    EXPECT_THAT(store->snapshot()->cells(world.company(), {}, {start, today}), IsEmpty());
    EXPECT_THAT(
        store->snapshot()->figures_of_cells(company, {}, std::array{start, today}, {}), IsEmpty());
}

}  // namespace
}  // namespace mobilytics::store
