#pragma once
// The edges of an area by bands of latitude, so that asking for a place looks at few of them. For
// this folder.

#include "platform/geojson/geojson.h"

namespace mobilytics::geojson {

struct Edge {
    Point a, b;
};

class BandedPolygon {
  public:
    explicit BandedPolygon(const Polygon& polygon);
    /// As contains() of the polygon.
    bool contains(Point place) const;
    /// Appends where, 0 to 1 of the way from `a` to `b`, its border is crossed or touched; in no
    /// order, some twice.
    void crossings(Point a, Point b, std::vector<double>& out) const;
    const Bounds& bounds() const { return bounds_; }

  private:
    std::size_t band_of(std::int32_t latitude_e7) const;

    Bounds bounds_;
    std::size_t bands_ = 1;
    std::vector<std::uint32_t> begins_;  // Of each band, and the end of the last.
    std::vector<Edge> edges_;
};

/// All edges of it.
std::vector<Edge> edges_of(const Polygon& polygon);

}  // namespace mobilytics::geojson
