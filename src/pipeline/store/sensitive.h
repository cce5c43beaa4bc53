#pragma once
// Places in which nobody is counted: docs/decisions/0018. What is heard in a cell of the map that
// any part of one touches is not kept, and what was kept of it is forgotten.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"
#include "pipeline/measure/measure.h"
#include "platform/geojson/cover.h"

namespace mobilytics::store {

/// All that a company has, as the business tells them.
struct SensitivePlaces {
    CompanyId company;
    std::vector<std::string> shapes;  // As platform/geojson packs them.
};

/// The cells that they touch.
class SensitiveCells {
  public:
    SensitiveCells() = default;
    /// Runs ascend, and none is beside the next.
    explicit SensitiveCells(std::vector<geojson::CellRun> runs) : runs_(std::move(runs)) {}
    /// VERIFYs that the shapes are packed ones.
    explicit SensitiveCells(const SensitivePlaces& places);

    bool empty() const { return runs_.empty(); }
    bool has(measure::Cell cell) const { return geojson::covers(runs_, cell); }
    /// An asset that does not move, and stands in one.
    bool has(const measure::AssetDimension& asset) const;
    const std::vector<geojson::CellRun>& runs() const { return runs_; }
    friend bool operator==(const SensitiveCells&, const SensitiveCells&) = default;

  private:
    std::vector<geojson::CellRun> runs_;
};

/// Of the companies that have any.
using SensitiveByCompany = std::map<CompanyId, SensitiveCells>;

/// What may be kept of a bucket: without exposures and visits of such cells; and where there were
/// any, without what was counted, which is of the same devices and names no cell.
measure::BucketFacts without(measure::BucketFacts bucket, const SensitiveCells& cells);
/// The same of a batch; and of an asset that stands in one, nothing that was counted, nor what has
/// no place. None where all of it may be kept.
std::optional<measure::FactBatch> without(
    const measure::FactBatch& batch, const SensitiveByCompany& cells,
    const measure::Dimensions& dimensions);

}  // namespace mobilytics::store
