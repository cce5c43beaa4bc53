#include "platform/geojson/cover.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "platform/geojson/bands.h"
#include "platform/geojson/rings.h"

namespace mobilytics::geojson {

namespace {

struct Tile {
    std::uint32_t x = 0, y = 0;
    int zoom = 0;
};

Tile tile_of(std::uint64_t cell, int zoom) {
    Tile out{0, 0, zoom};
    for (int bit = 0; bit < zoom; ++bit) {
        out.x |= static_cast<std::uint32_t>(cell >> (2 * bit) & 1) << bit;
        out.y |= static_cast<std::uint32_t>(cell >> (2 * bit + 1) & 1) << bit;
    }
    return out;
}

double latitude_e7(double y, int zoom) {
    const double mercator = std::numbers::pi * (1 - 2 * std::ldexp(y, -zoom));
    return std::atan(std::sinh(mercator)) * 180 / std::numbers::pi * 1e7;
}
double longitude_e7(double x, int zoom) { return (std::ldexp(x, -zoom) * 360 - 180) * 1e7; }

/// A little larger than the tile, so that nothing on its border is missed. The last rows of the map
/// reach to the poles, as the cells of places do.
Bounds box_of(Tile tile) {
    const auto east = longitude_e7(tile.x + 1.0, tile.zoom);
    const auto south = latitude_e7(tile.y + 1.0, tile.zoom);
    const bool first = tile.y == 0;
    const bool last = tile.y + 1 == std::uint32_t{1} << tile.zoom;
    return {
        static_cast<std::int32_t>(std::floor(longitude_e7(tile.x, tile.zoom))) - 1,
        last ? -900'000'000 : static_cast<std::int32_t>(std::floor(south)) - 1,
        static_cast<std::int32_t>(std::ceil(east)) + 1,
        first ? 900'000'000
              : static_cast<std::int32_t>(std::ceil(latitude_e7(tile.y, tile.zoom))) + 1};
}

bool meets(const Edge& edge, const Bounds& box) {
    const auto [west, east] = std::minmax(edge.a.longitude_e7, edge.b.longitude_e7);
    const auto [south, north] = std::minmax(edge.a.latitude_e7, edge.b.latitude_e7);
    if (!box.touches({west, south, east, north})) return false;
    int left = 0, right = 0;
    for (const Point corner :
         {Point{box.west_e7, box.south_e7}, Point{box.east_e7, box.south_e7},
          Point{box.west_e7, box.north_e7}, Point{box.east_e7, box.north_e7}}) {
        const auto side = turn(edge.a, edge.b, corner);
        left += side >= 0 ? 1 : 0;
        right += side <= 0 ? 1 : 0;
    }
    return left > 0 && right > 0;
}

class Covering {
  public:
    Covering(const Shape& shape, int zoom, CoverRule rule, std::size_t runs_max)
        : zoom_(zoom), rule_(rule), runs_max_(runs_max) {
        for (const auto& part : shape.parts) {
            parts_.emplace_back(part);
            const auto its = edges_of(part);
            edges_.insert(edges_.end(), its.begin(), its.end());
        }
    }

    std::optional<std::vector<CellRun>> runs() {
        std::vector<std::uint32_t> all(edges_.size());
        for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
        visit(0, 0, all);
        if (runs_.size() > runs_max_) return std::nullopt;
        return std::move(runs_);
    }

  private:
    void visit(std::uint64_t cell, int zoom, const std::vector<std::uint32_t>& near) {
        if (runs_.size() > runs_max_) return;
        const auto box = box_of(tile_of(cell, zoom));
        std::vector<std::uint32_t> here;
        for (const auto edge : near) {
            if (meets(edges_[edge], box)) here.push_back(edge);
        }
        if (here.empty() || zoom == zoom_) {
            const bool in = (!here.empty() && rule_ == CoverRule::touched) ||
                            contains(middle_of_cell(cell, zoom));
            if (in) add(cell, zoom);
            return;
        }
        for (std::uint64_t child = 0; child < 4; ++child) visit(cell << 2 | child, zoom + 1, here);
    }

    bool contains(Point place) const {
        return std::ranges::any_of(
            parts_, [&](const BandedPolygon& part) { return part.contains(place); });
    }

    void add(std::uint64_t cell, int zoom) {
        const int finer = 2 * (zoom_ - zoom);
        const CellRun run{cell << finer, ((cell + 1) << finer) - 1};
        if (!runs_.empty() && runs_.back().last + 1 == run.first) {
            runs_.back().last = run.last;
        } else {
            runs_.push_back(run);
        }
    }

    const int zoom_;
    const CoverRule rule_;
    const std::size_t runs_max_;
    std::vector<BandedPolygon> parts_;
    std::vector<Edge> edges_;
    std::vector<CellRun> runs_;
};

}  // namespace

Point middle_of_cell(std::uint64_t cell, int zoom) {
    const auto tile = tile_of(cell, zoom);
    return {
        static_cast<std::int32_t>(std::llround(longitude_e7(tile.x + 0.5, zoom))),
        static_cast<std::int32_t>(std::llround(latitude_e7(tile.y + 0.5, zoom)))};
}

std::optional<std::vector<CellRun>> cover(
    const Shape& shape, int zoom, CoverRule rule, std::size_t runs_max) {
    VERIFY(zoom >= 0 && zoom <= kCoverZoomMax);
    return Covering(shape, zoom, rule, runs_max).runs();
}

bool covers(const std::vector<CellRun>& runs, std::uint64_t cell) {
    const auto next = std::ranges::upper_bound(runs, cell, {}, &CellRun::first);
    return next != runs.begin() && cell <= std::prev(next)->last;
}

}  // namespace mobilytics::geojson
