// 3 136 counties that part the lower 48 states, of 64 points each, and 1 000 assets in them, one in
// five moving, over 30 days of hours.

#include "pipeline/store/region_bench.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "foundation/monotonic.h"
#include "foundation/zone.h"
#include "pipeline/store/store.h"
#include "platform/geojson/geojson.h"

namespace mobilytics::store {

namespace {

using std::chrono::days;

constexpr int kSide = 56;
constexpr int kStepsASide = 16;  // Of a county's border.
constexpr double kWest = -124, kSouth = 26, kWidth = 56, kHeight = 22;
constexpr int kDays = 30;
constexpr std::size_t kAssets = 1000;
constexpr auto kZone = "America/Chicago";
const Instant kFirstDay = *parse_iso8601("2026-08-01T05:00:00Z");  // Midnight there.

class StillClock final : public Clock {
  public:
    Instant now() const override { return kFirstDay + days(kDays + 2); }
};

/// A corner or a step between two corners, the same for both counties that share it.
geojson::Point border(int x, int y) {  // In steps from the south-western end.
    const auto bend = [](int a, int b) {
        auto hash =
            static_cast<std::uint32_t>(a * 73856093) ^ static_cast<std::uint32_t>(b * 19349663);
        hash = (hash ^ (hash >> 13)) * 0x5bd1e995u;
        return static_cast<double>(hash >> 16 & 0xFF) / 256 - 0.5;
    };
    const double step_x = kWidth / kSide / kStepsASide, step_y = kHeight / kSide / kStepsASide;
    return {
        static_cast<std::int32_t>(std::lround((kWest + (x + 0.8 * bend(x, y)) * step_x) * 1e7)),
        static_cast<std::int32_t>(
            std::lround((kSouth + (y + 0.8 * bend(y + 7, x)) * step_y) * 1e7))};
}

RegionSet counties(CompanyId company) {
    RegionSet out;
    out.company = company;
    out.set = RegionSetId::from_bytes({9});
    out.name = "Counties";
    out.kind = "county";
    out.version = 1;
    for (int row = 0; row < kSide; ++row) {
        for (int column = 0; column < kSide; ++column) {
            geojson::Ring ring;
            const int x = column * kStepsASide, y = row * kStepsASide;
            for (int i = 0; i < kStepsASide; ++i) ring.push_back(border(x + i, y));
            for (int i = 0; i < kStepsASide; ++i) ring.push_back(border(x + kStepsASide, y + i));
            for (int i = 0; i < kStepsASide; ++i) {
                ring.push_back(border(x + kStepsASide - i, y + kStepsASide));
            }
            for (int i = 0; i < kStepsASide; ++i) ring.push_back(border(x, y + kStepsASide - i));
            const geojson::Shape shape{{{ring, {}}}};
            Region region;
            region.code = std::to_string(10'000 + row * kSide + column);
            region.name = region.code;
            region.area_m2 = geojson::area_m2(shape);
            region.shape = geojson::pack(shape);
            out.regions.push_back(std::move(region));
        }
    }
    return out;
}

measure::BucketFacts bucket(Instant start, std::size_t asset, std::mt19937_64& random) {
    measure::BucketFacts out;
    out.start = start;
    out.coverage.covered_us = 890'000'000;
    out.coverage.reports = 450;
    const bool moving = asset % 5 == 0;
    const double longitude = kWest + 1 + std::fmod(static_cast<double>(asset) * 7.31, kWidth - 2);
    const double latitude = kSouth + 1 + std::fmod(static_cast<double>(asset) * 3.17, kHeight - 2);
    for (const auto source : {wire::RadioKind::wifi, wire::RadioKind::ble}) {
        for (int cell = 0; cell < (moving ? 6 : 1); ++cell) {
            measure::Exposure one;
            one.source = source;
            one.motion = moving ? measure::Motion::driving : measure::Motion::fixed;
            const double away = moving ? static_cast<double>(random() % 1000) * 3e-4 : 0;
            one.cell = cell_of(tile_at(latitude + away, longitude + away / 2, 17), 17);
            one.visits_begun = 40;
            one.visits_ended = 40;
            one.presence_us = 40 * 40'000'000LL;
            for (int i = 0; i < 40; ++i) {
                ++one.dwell_bins[random() % measure::kDwellBins];
                one.reach.add(1, random() % 6'000'000);
            }
            out.exposures.push_back(std::move(one));
        }
    }
    std::ranges::sort(out.exposures, {}, [](const measure::Exposure& one) {
        return std::tuple(one.source, one.motion, one.cell);
    });
    const auto same = std::ranges::unique(out.exposures, {}, [](const measure::Exposure& one) {
        return std::tuple(one.source, one.motion, one.cell);
    });
    out.exposures.erase(same.begin(), same.end());
    return out;
}

double milliseconds_of(const std::function<void()>& work) {
    const Stopwatch watch;
    work();
    return std::chrono::duration<double, std::milli>(watch.elapsed()).count();
}

}  // namespace

void bench_regions(
    const std::filesystem::path& folder,
    const std::function<void(const std::string&, double, const char*)>& add) {
    const StillClock clock;
    const auto file = folder / "regions.duckdb";
    const auto store = open_duckdb_store(file, {}, clock);
    const auto company = CompanyId::from_bytes({7});
    store->learn(Company{company, kZone, false});
    std::mt19937_64 random(1);
    for (int day = 0; day < kDays; ++day) {
        measure::FactBatch batch;
        batch.position = {static_cast<std::uint64_t>(day + 1), 1};
        for (std::size_t asset = 0; asset < kAssets; ++asset) {
            measure::AssetFacts facts;
            facts.company = company;
            facts.asset = AssetId::from_bytes(
                {0, 1, static_cast<std::uint8_t>(asset >> 8), static_cast<std::uint8_t>(asset)});
            for (int hour = 0; hour < 24; ++hour) {
                facts.buckets.push_back(
                    bucket(kFirstDay + days(day) + std::chrono::hours(hour), asset, random));
            }
            batch.assets.push_back(std::move(facts));
        }
        store->commit(batch);
    }
    add("regions_settle_30_days", milliseconds_of([&] { store->maintain(); }), "ms");
    const auto set = counties(company);
    add("regions_learn_3136_counties", milliseconds_of([&] { store->learn(set); }), "ms");
    const std::array whole{kFirstDay, kFirstDay + days(kDays)};
    const auto by_day = boundaries(whole[0], whole[1], Grain::day, kZone);
    std::size_t cells = 0;
    const auto ask = [&](std::span<const Instant> ends) {
        const auto view = store->snapshot();
        const auto index = view->regions(company, set.set, {});
        const auto heard = view->cells(company, {}, {whole[0], whole[1]});
        cells = heard.size();
        CellGroups groups;
        for (const auto cell : heard) {
            for (const auto region : index->regions_at(cell)) groups.add(cell, region);
        }
        view->figures_of_cells(company, {}, ends, groups);
    };
    // The first question after a start reads the shapes and looks for each cell.
    add("regions_report_first", milliseconds_of([&] { ask(whole); }), "ms");
    const auto middle = [&](std::span<const Instant> ends) {
        std::vector<double> runs;
        for (int i = 0; i < 7; ++i) runs.push_back(milliseconds_of([&] { ask(ends); }));
        std::ranges::sort(runs);
        return runs[3];
    };
    add("regions_report_30_days", middle(whole), "ms");
    add("regions_report_30_days_by_day", middle(by_day), "ms");
    const std::array week{whole[0] + std::chrono::hours(7), whole[0] + days(7)};
    add("regions_report_ragged_week", middle(week), "ms");
    add("regions_cells", static_cast<double>(cells), "cells");
}

}  // namespace mobilytics::store
