#include "pipeline/store/region_index.h"

namespace mobilytics::store {

namespace {

constexpr std::size_t kPointsKept = 4'000'000;  // Of all indexes together: some 200 MB.
constexpr std::size_t kCellsKept = 2'000'000;   // Of one.

std::vector<geojson::Shape> shapes_of(const RegionSet& set) {
    std::vector<geojson::Shape> out;
    for (const auto& region : set.regions) {
        auto shape = geojson::unpack(region.shape);
        VERIFY(shape);
        out.push_back(*std::move(shape));
    }
    return out;
}

}  // namespace

RegionIndex::RegionIndex(RegionSet set) : set_(std::move(set)), shapes_(shapes_of(set_)) {
    for (auto& region : set_.regions) region.shape = {};
    for (const auto& shape : shapes_.shapes()) points_ += geojson::points_of(shape);
}

std::vector<std::uint32_t> RegionIndex::regions_at(measure::Cell cell) const {
    if (cell == measure::kNoCell) return {};
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(cell); found != known_.end()) return found->second;
    if (known_.size() >= kCellsKept) known_.clear();
    auto regions = shapes_.at(geojson::middle_of_cell(cell, measure::kCellZoom));
    return known_.emplace(cell, std::move(regions)).first->second;
}

std::shared_ptr<const RegionIndex> RegionIndexes::get(
    const Key& key, const std::function<std::optional<RegionSet>()>& read) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = std::ranges::find(kept_, key, &Kept::key);
        if (found != kept_.end()) {
            kept_.splice(kept_.begin(), kept_, found);
            return found->index;
        }
    }
    auto set = read();
    if (!set) return nullptr;
    auto index = std::make_shared<const RegionIndex>(*std::move(set));
    const std::lock_guard lock(mutex_);
    kept_.push_front({key, index});
    std::size_t points = 0;
    for (auto at = kept_.begin(); at != kept_.end();) {
        points += at->index->points();
        const bool first = at == kept_.begin();
        at = !first && points > kPointsKept ? kept_.erase(at) : std::next(at);
    }
    return index;
}

}  // namespace mobilytics::store
