#pragma once
// Which cells of the web map an area covers, and which of many areas a place is in.

#include <cstdint>
#include <memory>
#include <vector>

#include "platform/geojson/geojson.h"

namespace mobilytics::geojson {

inline constexpr int kCoverZoomMax = 17;

/// Cells of one zoom from `first` to `last`, both included, by their numbers along the quadkey (two
/// bits a step of zoom, the first highest): cells that share a prefix are one run.
struct CellRun {
    std::uint64_t first = 0, last = 0;
    friend bool operator==(const CellRun&, const CellRun&) = default;
};

/// centre: a cell counts where its middle lies, so cells of areas that partition are partitioned.
/// touched: every cell that any part of the area is in, for what must not be missed.
enum class CoverRule { centre, touched };

/// Ascending, none beside the next. Nothing where it would be more than `runs_max`.
std::optional<std::vector<CellRun>> cover(
    const Shape& shape, int zoom, CoverRule rule, std::size_t runs_max = 4'000'000);

/// Whether a cell is in such runs; a binary search.
bool covers(const std::vector<CellRun>& runs, std::uint64_t cell);

/// The middle of a cell of a zoom, in whole 1e-7 degrees.
Point middle_of_cell(std::uint64_t cell, int zoom);

/// Many areas, asked for places. Immutable: any thread.
class ShapeIndex {
  public:
    explicit ShapeIndex(std::vector<Shape> shapes);
    ~ShapeIndex();
    ShapeIndex(const ShapeIndex&) = delete;
    ShapeIndex& operator=(const ShapeIndex&) = delete;

    /// The areas that a place is in, ascending by their place in the list.
    std::vector<std::uint32_t> at(Point place) const;
    /// Those that may touch a box, ascending: by their own bounds.
    std::vector<std::uint32_t> near(const Bounds& box) const;
    /// Where on the straight way between two places one lies in a shape: shares of the way, 0 to 1,
    /// ascending and apart.
    struct Stretch {
        double from = 0, to = 0;
        friend bool operator==(const Stretch&, const Stretch&) = default;
    };
    std::vector<Stretch> inside(std::uint32_t shape, Point a, Point b) const;
    const std::vector<Shape>& shapes() const;

  private:
    struct Parts;
    std::unique_ptr<const Parts> parts_;
};

}  // namespace mobilytics::geojson
