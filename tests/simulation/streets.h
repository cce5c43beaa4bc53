#pragma once
// Chicago's grid: a street every eighth of a mile, an arterial every half. Rows and columns count
// streets north and east of State and Madison, where the city's addresses begin.

#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace mobilytics::simulation {

inline constexpr double kBlockM = 201.168;
inline constexpr int kArterial = 4;  // Every so many streets.
inline constexpr int kColumnMin = -68;
inline constexpr int kRowMin = -54;
inline constexpr int kRowMax = 42;

/// Metres east and north of State and Madison.
struct Point {
    double x = 0;
    double y = 0;
    friend bool operator==(const Point&, const Point&) = default;
};

/// A crossing of two streets.
struct Corner {
    std::int16_t column = 0;
    std::int16_t row = 0;
    Point point() const { return {column * kBlockM, row * kBlockM}; }
    friend bool operator==(const Corner&, const Corner&) = default;
};

struct Position {
    double latitude_deg = 0;
    double longitude_deg = 0;
};
Position position_of(Point point);

/// The last column before the lake; further north it is further west.
int last_column(int row);

inline Corner corner(int column, int row) {
    return {static_cast<std::int16_t>(column), static_cast<std::int16_t>(row)};
}
/// The arterial at or before: to the west, to the south.
inline int arterial_before(int street) { return (street + 1024) / kArterial * kArterial - 1024; }

/// A way along streets, mostly arterials: corners, of which neighbours share a row or a column.
using Route = std::array<Corner, 5>;
Route route_between(Corner from, Corner to, bool east_west_first);

/// "Halsted & Fullerton", "1600 W & 47th".
std::string crossing_name(Corner at);

}  // namespace mobilytics::simulation
