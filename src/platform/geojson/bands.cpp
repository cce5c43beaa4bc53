#include "platform/geojson/bands.h"

#include <algorithm>

#include "platform/geojson/rings.h"

namespace mobilytics::geojson {

namespace {
constexpr std::size_t kBandsMax = 4096;
}

std::vector<Edge> edges_of(const Polygon& polygon) {
    std::vector<Edge> out;
    const auto add = [&out](const Ring& ring) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            out.push_back({ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]});
        }
    };
    add(polygon.outer);
    for (const auto& hole : polygon.holes) add(hole);
    return out;
}

BandedPolygon::BandedPolygon(const Polygon& polygon)
    : bounds_(bounds_of(Shape{{Polygon{polygon.outer, {}}}})) {
    const auto edges = edges_of(polygon);
    bands_ = std::clamp<std::size_t>(edges.size() / 4, 1, kBandsMax);
    const auto between = [&](const Edge& edge) {
        const auto [low, high] = std::minmax(edge.a.latitude_e7, edge.b.latitude_e7);
        return std::pair(band_of(low), band_of(high));
    };
    begins_.assign(bands_ + 1, 0);
    for (const auto& edge : edges) {
        const auto [first, last] = between(edge);
        for (auto band = first; band <= last; ++band) ++begins_[band + 1];
    }
    for (std::size_t band = 0; band < bands_; ++band) begins_[band + 1] += begins_[band];
    edges_.resize(begins_.back());
    auto next = begins_;
    for (const auto& edge : edges) {
        const auto [first, last] = between(edge);
        for (auto band = first; band <= last; ++band) edges_[next[band]++] = edge;
    }
}

std::size_t BandedPolygon::band_of(std::int32_t latitude_e7) const {
    const auto height = std::int64_t{bounds_.north_e7} - bounds_.south_e7 + 1;
    const auto above = std::int64_t{latitude_e7} - bounds_.south_e7;
    const auto band = above * static_cast<std::int64_t>(bands_) / height;
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(band, 0, static_cast<std::int64_t>(bands_) - 1));
}

bool BandedPolygon::contains(Point place) const {
    if (!bounds_.contains(place)) return false;
    const auto band = band_of(place.latitude_e7);
    bool inside = false;
    for (auto i = begins_[band]; i < begins_[band + 1]; ++i) {
        inside ^= passes(edges_[i].a, edges_[i].b, place);
    }
    return inside;
}

void BandedPolygon::crossings(Point a, Point b, std::vector<double>& out) const {
    const auto [south, north] = std::minmax(a.latitude_e7, b.latitude_e7);
    if (south > bounds_.north_e7 || north < bounds_.south_e7) return;
    const auto last = band_of(north);
    for (auto band = band_of(south); band <= last; ++band) {
        for (auto i = begins_[band]; i < begins_[band + 1]; ++i) {
            const auto& [c, d] = edges_[i];
            const auto from = turn(c, d, a), to = turn(c, d, b);
            const auto one = turn(a, b, c), other = turn(a, b, d);
            const bool apart = (from > 0 && to > 0) || (from < 0 && to < 0) ||
                               (one > 0 && other > 0) || (one < 0 && other < 0);
            if (apart || from == to) continue;  // Along it: the middles between others tell.
            out.push_back(static_cast<double>(from) / static_cast<double>(from - to));
        }
    }
}

}  // namespace mobilytics::geojson
