#pragma once
// One version of a set of regions, to be asked which cells are in which. Each cell is looked for
// once in the life of this, and remembered.

#include <functional>
#include <list>
#include <mutex>
#include <span>
#include <unordered_map>

#include "pipeline/store/regions.h"
#include "platform/geojson/cover.h"

namespace mobilytics::store {

/// For any thread.
class RegionIndex {
  public:
    /// VERIFYs that the shapes are packed ones. Of each region, its shape is left out afterwards.
    explicit RegionIndex(RegionSet set);

    const RegionSet& set() const { return set_; }
    const geojson::ShapeIndex& shapes() const { return shapes_; }

    /// The regions that the middle of a cell is in, ascending; none of kNoCell.
    std::vector<std::uint32_t> regions_at(measure::Cell cell) const;
    std::size_t points() const { return points_; }

  private:
    RegionSet set_;
    geojson::ShapeIndex shapes_;
    std::size_t points_ = 0;
    mutable std::mutex mutex_;
    mutable std::unordered_map<measure::Cell, std::vector<std::uint32_t>> known_;
};

/// The indexes that were asked for last. For any thread.
class RegionIndexes {
  public:
    using Key = std::tuple<CompanyId, RegionSetId, std::int64_t>;
    /// `read` gives the version of the set, where it is not kept here.
    std::shared_ptr<const RegionIndex> get(
        const Key& key, const std::function<std::optional<RegionSet>()>& read);

  private:
    struct Kept {
        Key key;
        std::shared_ptr<const RegionIndex> index;
    };
    std::mutex mutex_;
    std::list<Kept> kept_;  // Those asked for last first.
};

}  // namespace mobilytics::store
