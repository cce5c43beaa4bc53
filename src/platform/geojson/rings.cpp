#include "platform/geojson/rings.h"

#include <algorithm>
#include <cmath>

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

/// Where two edges that are at odds meet: to some centimetres.
Point meeting_of(const Edge& one, const Edge& other) {
    if (crosses(one, other)) {
        const auto from = static_cast<double>(turn(other.a, other.b, one.a));
        const auto to = static_cast<double>(turn(other.a, other.b, one.b));
        const auto along = [share = from / (from - to)](std::int32_t a, std::int32_t b) {
            return static_cast<std::int32_t>(std::lround(a + share * (double(b) - a)));
        };
        return {
            along(one.a.longitude_e7, one.b.longitude_e7),
            along(one.a.latitude_e7, one.b.latitude_e7)};
    }
    for (const Point end : {other.a, other.b}) {
        if (turn(one.a, one.b, end) == 0 && between(one.a, one.b, end)) return end;
    }
    return one.b;
}

/// Calls `met(one, other)` for pairs whose boxes touch, until it says false. False where that would
/// be more pairs than the budget allows.
template <class Met>
bool each_pair(const std::vector<Edge>& edges, Budget& budget, Met met) {
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto& one = edges[i];
        for (std::size_t j = i + 1; j < edges.size() && edges[j].west() <= one.east(); ++j) {
            if (budget == 0) return false;
            --budget;
            const auto& other = edges[j];
            if (other.north() < one.south() || one.north() < other.south()) continue;
            if (!met(one, other)) return true;
        }
    }
    return true;
}

struct Edges {
    void add(const Ring& ring) {
        const auto number = static_cast<std::uint32_t>(sizes.size());
        sizes.push_back(static_cast<std::uint32_t>(ring.size()));
        for (std::uint32_t i = 0; i < ring.size(); ++i) {
            all.push_back({ring[i], ring[(i + 1) % ring.size()], number, i});
        }
    }
    void sort() { std::ranges::sort(all, {}, &Edge::west); }

    std::vector<Edge> all;
    std::vector<std::uint32_t> sizes;  // Of rings.
};

std::optional<RingFault> check_edges(const Polygon& polygon, Budget& budget) {
    Edges edges;
    edges.add(polygon.outer);
    for (const auto& hole : polygon.holes) edges.add(hole);
    edges.sort();
    std::optional<RingFault> out;
    const bool whole = each_pair(edges.all, budget, [&](const Edge& one, const Edge& other) {
        if (!at_odds(one, other, edges.sizes)) return true;
        const auto where = at(meeting_of(one, other)) + " (longitude, latitude)";
        const bool neighbours = one.ring == other.ring && (one.b == other.a || other.b == one.a);
        std::string what = "its border touches itself near ";
        if (one.ring != other.ring) {
            what = "a hole crosses another ring near ";
        } else if (crosses(one, other)) {
            what = "its border crosses itself near ";
        } else if (neighbours) {
            what = "its border runs back along itself near ";
        }
        out = {
            "ring_crosses_itself", what + where,
            "repair it, as with \"make valid\" of a map program"};
        return false;
    });
    if (!whole) {
        return RingFault{
            "too_intricate", "too many of its edges lie beside each other", "simplify it"};
    }
    return out;
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

std::optional<RingFault> take_end(Ring& ring) {
    const bool is_short = ring.size() < 4;
    const bool is_open = !ring.empty() && ring.front() != ring.back();
    const auto where = ring.empty() ? "" : " near " + at(ring.front()) + " (longitude, latitude)";
    ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
    while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    if (is_short) {
        return RingFault{
            "ring_too_short", "a ring" + where + " has fewer than four points",
            "draw three at least, and the first one again"};
    }
    if (is_open) {
        return RingFault{
            "ring_not_closed", "a ring" + where + " does not end where it begins",
            "repeat its first point at its end"};
    }
    if (ring.size() < 3) {
        return RingFault{
            "ring_too_short", "a ring" + where + " has no three different points, to a centimetre",
            "leave it out"};
    }
    return std::nullopt;
}

bool few_meetings(const std::vector<Ring>& rings, MendBudget& budget) {
    Edges edges;
    for (const auto& ring : rings) edges.add(ring);
    edges.sort();
    bool few = true;
    const bool whole =
        each_pair(edges.all, budget.comparisons, [&](const Edge& one, const Edge& other) {
            const bool met =
                one.ring == other.ring ? at_odds(one, other, edges.sizes) : meets(one, other);
            if (!met) return true;
            few = budget.meetings > 0;
            if (few) --budget.meetings;
            return few;
        });
    return whole && few;
}

double written_area_m2(const std::vector<Ring>& rings) {
    double out = 0;
    for (std::size_t i = 0; i < rings.size(); ++i) {
        auto ring = rings[i];
        if (doubled_area(ring) < 0) std::ranges::reverse(ring);
        const double area = area_m2(Shape{{Polygon{std::move(ring), {}}}});
        out += i == 0 ? area : -area;
    }
    return out;
}

std::optional<RingFault> normalise(Polygon& polygon, Budget& budget) {
    if (auto fault = check_edges(polygon, budget)) return fault;
    for (const auto& hole : polygon.holes) {
        const bool inside =
            std::ranges::any_of(hole, [&](Point point) { return contains(polygon.outer, point); });
        if (!inside) {
            return RingFault{
                "hole_outside", "a hole at " + at(hole.front()) + " lies outside of its polygon",
                "make it a polygon of its own, or leave it out"};
        }
    }
    if (doubled_area(polygon.outer) < 0) std::ranges::reverse(polygon.outer);
    for (auto& hole : polygon.holes) {
        if (doubled_area(hole) > 0) std::ranges::reverse(hole);
    }
    return std::nullopt;
}

}  // namespace mobilytics::geojson
