#pragma once
// What a ring must be, and exact geometry of whole 1e-7 degrees. For this folder.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/geojson/geojson.h"

namespace mobilytics::geojson {

/// Twice the area of the triangle, positive where it turns to the left: exact.
__extension__ using Exact = __int128;
inline Exact turn(Point a, Point b, Point c) {
    const auto ax = std::int64_t{a.longitude_e7}, ay = std::int64_t{a.latitude_e7};
    return static_cast<Exact>(b.longitude_e7 - ax) * (c.latitude_e7 - ay) -
           static_cast<Exact>(b.latitude_e7 - ay) * (c.longitude_e7 - ax);
}

/// Whether an edge is passed on the way from `place` to the east. The lower end belongs to it, the
/// upper one does not, and a place on it passes nothing: the rule of contains().
inline bool passes(Point a, Point b, Point place) {
    if (a.latitude_e7 == b.latitude_e7) return false;
    const Point low = a.latitude_e7 < b.latitude_e7 ? a : b;
    const Point high = a.latitude_e7 < b.latitude_e7 ? b : a;
    if (place.latitude_e7 < low.latitude_e7 || place.latitude_e7 >= high.latitude_e7) return false;
    return turn(low, high, place) > 0;
}

bool contains(const Ring& ring, Point place);

/// How many pairs of edges may still be compared; less at each.
using Budget = std::size_t;

/// What is wrong with a ring, and where; and what its author can do.
struct RingFault {
    const char* code;
    std::string what, remedy;
};

/// Takes from a ring as it was written its end, and points that repeat the one before.
std::optional<RingFault> take_end(Ring& ring);
/// Puts orientation right; or leaves it as it is, and says what is wrong: see read().
std::optional<RingFault> normalise(Polygon& polygon, Budget& budget);

/// How much of a file may still be mended.
struct MendBudget {
    Budget comparisons = 100'000'000;
    std::size_t meetings = 50'000;  // Pairs of edges that cross or touch.
};
/// What the outer ring, which is the first, goes around, without what the others do, as parts in
/// order; they touch in single points at most. Nothing where it would cost too much.
std::optional<std::vector<Polygon>> mended(std::vector<Ring> rings, MendBudget& budget);
/// Whether so few edges of rings meet, to a budget.
bool few_meetings(const std::vector<Ring>& rings, MendBudget& budget);
/// Of the first ring without the others, whatever they cross.
double written_area_m2(const std::vector<Ring>& rings);

}  // namespace mobilytics::geojson
