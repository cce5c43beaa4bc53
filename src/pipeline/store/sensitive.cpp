#include "pipeline/store/sensitive.h"

#include <algorithm>

#include "pipeline/store/cells.h"

namespace mobilytics::store {

SensitiveCells::SensitiveCells(const SensitivePlaces& places) {
    std::vector<geojson::CellRun> all;
    for (const auto& packed : places.shapes) {
        const auto shape = geojson::unpack(packed);
        VERIFY(shape);
        const auto runs = geojson::cover(*shape, measure::kCellZoom, geojson::CoverRule::touched);
        VERIFY(runs);  // The business takes only places that touch few.
        all.insert(all.end(), runs->begin(), runs->end());
    }
    std::ranges::sort(all, {}, &geojson::CellRun::first);
    for (const auto& run : all) {
        if (!runs_.empty() && run.first <= runs_.back().last + 1) {
            runs_.back().last = std::max(runs_.back().last, run.last);
        } else {
            runs_.push_back(run);
        }
    }
}

bool SensitiveCells::has(const measure::AssetDimension& asset) const {
    if (asset.moving || !asset.position) return false;
    const auto at = tile_at(
        asset.position->latitude_e7 * 1e-7, asset.position->longitude_e7 * 1e-7,
        measure::kCellZoom);
    return has(cell_of(at, measure::kCellZoom));
}

measure::BucketFacts without(measure::BucketFacts bucket, const SensitiveCells& cells) {
    const auto is_in = [&](const auto& one) { return cells.has(one.cell); };
    if (std::erase_if(bucket.exposures, is_in) > 0) bucket.counted.reset();
    std::erase_if(bucket.visits, is_in);
    return bucket;
}

std::optional<measure::FactBatch> without(
    const measure::FactBatch& batch, const SensitiveByCompany& cells,
    const measure::Dimensions& dimensions) {
    const auto has_any = [&](const auto& facts) { return cells.contains(facts.company); };
    if (std::ranges::none_of(batch.assets, has_any)) return std::nullopt;
    auto out = batch;
    for (auto& facts : out.assets) {
        const auto its = cells.find(facts.company);
        if (its == cells.end()) continue;
        const auto asset = dimensions.assets.find(facts.asset);
        const bool stands_there =
            asset != dimensions.assets.end() && its->second.has(asset->second);
        for (auto& bucket : facts.buckets) {
            bucket = without(std::move(bucket), its->second);
            if (!stands_there) continue;
            bucket.counted.reset();
            const auto has_no_place = [](const auto& one) { return one.cell == measure::kNoCell; };
            std::erase_if(bucket.exposures, has_no_place);
            std::erase_if(bucket.visits, has_no_place);
        }
    }
    return out;
}

}  // namespace mobilytics::store
