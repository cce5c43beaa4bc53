#include "platform/geojson/rings.h"

#include <algorithm>

namespace mobilytics::geojson {

namespace {

struct Edge {
    Point a, b;
    std::uint32_t ring = 0, index = 0;
    std::int32_t west() const { return std::min(a.longitude_e7, b.longitude_e7); }
    std::int32_t east() const { return std::max(a.longitude_e7, b.longitude_e7); }
    std::int32_t south() const { return std::min(a.latitude_e7, b.latitude_e7); }
    std::int32_t north() const { return std::max(a.latitude_e7, b.latitude_e7); }
};

std::string at(Point point) {
    const auto degrees = [](std::int32_t e7) {
        auto text = std::to_string(e7 / 1e7);  // Six digits: a tenth of a metre.
        return text;
    };
    return degrees(point.longitude_e7) + ", " + degrees(point.latitude_e7);
}

int sign(Exact value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

bool between(Point a, Point b, Point c) {  // c lies on the line through a and b.
    return std::min(a.longitude_e7, b.longitude_e7) <= c.longitude_e7 &&
           c.longitude_e7 <= std::max(a.longitude_e7, b.longitude_e7) &&
           std::min(a.latitude_e7, b.latitude_e7) <= c.latitude_e7 &&
           c.latitude_e7 <= std::max(a.latitude_e7, b.latitude_e7);
}

bool crosses(const Edge& one, const Edge& other) {
    return sign(turn(one.a, one.b, other.a)) * sign(turn(one.a, one.b, other.b)) < 0 &&
           sign(turn(other.a, other.b, one.a)) * sign(turn(other.a, other.b, one.b)) < 0;
}

bool meets(const Edge& one, const Edge& other) {
    if (crosses(one, other)) return true;
    return (turn(one.a, one.b, other.a) == 0 && between(one.a, one.b, other.a)) ||
           (turn(one.a, one.b, other.b) == 0 && between(one.a, one.b, other.b)) ||
           (turn(other.a, other.b, one.a) == 0 && between(other.a, other.b, one.a)) ||
           (turn(other.a, other.b, one.b) == 0 && between(other.a, other.b, one.b));
}

/// Of neighbours, whether the second runs back along the first.
bool turns_back(const Edge& one, const Edge& next) {
    return turn(one.a, one.b, next.b) == 0 &&
           (between(one.a, one.b, next.b) || between(next.a, next.b, one.a));
}

/// Of one ring: whether they may not be as they are. Of two: whether one goes over into the other.
bool at_odds(const Edge& one, const Edge& other, std::span<const std::uint32_t> sizes) {
    if (one.ring != other.ring) return crosses(one, other);
    const auto size = sizes[one.ring];
    if ((one.index + 1) % size == other.index) return turns_back(one, other);
    if ((other.index + 1) % size == one.index) return turns_back(other, one);
    return meets(one, other);
}

Result<> check_edges(const std::vector<const Ring*>& rings, Budget& budget) {
    std::vector<Edge> edges;
    std::vector<std::uint32_t> sizes;
    for (std::uint32_t ring = 0; ring < rings.size(); ++ring) {
        const auto& points = *rings[ring];
        sizes.push_back(static_cast<std::uint32_t>(points.size()));
        for (std::uint32_t i = 0; i < points.size(); ++i) {
            edges.push_back({points[i], points[(i + 1) % points.size()], ring, i});
        }
    }
    std::ranges::sort(edges, {}, &Edge::west);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto& one = edges[i];
        for (std::size_t j = i + 1; j < edges.size() && edges[j].west() <= one.east(); ++j) {
            if (budget-- == 0) {
                budget = 0;
                return fail(
                    ErrorKind::invalid, "too_intricate",
                    "too many of its edges lie beside each other: simplify it");
            }
            const auto& other = edges[j];
            if (other.north() < one.south() || one.north() < other.south()) continue;
            if (!at_odds(one, other, sizes)) continue;
            return fail(
                ErrorKind::invalid, "ring_crosses_itself",
                "its border crosses or touches itself near " + at(other.a) +
                    " (longitude, latitude): repair it, as with \"make valid\" of a map program");
        }
    }
    return {};
}

Exact doubled_area(const Ring& ring) {
    Exact sum = 0;
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) sum += turn(ring[0], ring[i], ring[i + 1]);
    return sum;
}

}  // namespace

bool contains(const Ring& ring, Point place) {
    bool inside = false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        inside ^= passes(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1], place);
    }
    return inside;
}

Result<> normalise(Polygon& polygon, Budget& budget) {
    std::vector<const Ring*> rings{&polygon.outer};
    for (const auto& hole : polygon.holes) rings.push_back(&hole);
    CHECK(check_edges(rings, budget));
    for (const auto& hole : polygon.holes) {
        const bool inside =
            std::ranges::any_of(hole, [&](Point point) { return contains(polygon.outer, point); });
        if (!inside) {
            return fail(
                ErrorKind::invalid, "hole_outside",
                "a hole at " + at(hole.front()) +
                    " lies outside of its polygon: make it a polygon of its own, or leave it out");
        }
    }
    if (doubled_area(polygon.outer) < 0) std::ranges::reverse(polygon.outer);
    for (auto& hole : polygon.holes) {
        if (doubled_area(hole) > 0) std::ranges::reverse(hole);
    }
    return {};
}

}  // namespace mobilytics::geojson
