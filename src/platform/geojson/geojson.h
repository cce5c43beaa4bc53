#pragma once
// Areas of the earth, read of GeoJSON (RFC 7946) that others made, and what is asked of them: is a
// place inside, how large, which cells of the map. Places are whole 1e-7 degrees, so that every
// answer is exact and the same on every machine.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "foundation/vocabulary.h"

namespace mobilytics::geojson {

struct Point {
    std::int32_t longitude_e7 = 0;  // WGS 84, 1e-7 degrees.
    std::int32_t latitude_e7 = 0;
    friend bool operator==(const Point&, const Point&) = default;
    friend auto operator<=>(const Point&, const Point&) = default;
};

/// Closed, without the first point again at its end: three points at least.
using Ring = std::vector<Point>;

struct Polygon {
    Ring outer;               // Counter-clockwise.
    std::vector<Ring> holes;  // Clockwise.
    friend bool operator==(const Polygon&, const Polygon&) = default;
};

/// An area: what lies in any of its parts.
struct Shape {
    std::vector<Polygon> parts;
    friend bool operator==(const Shape&, const Shape&) = default;
};

/// Both ends inclusive; never over the antimeridian.
struct Bounds {
    std::int32_t west_e7 = 0, south_e7 = 0, east_e7 = 0, north_e7 = 0;
    bool touches(const Bounds& other) const {
        return west_e7 <= other.east_e7 && other.west_e7 <= east_e7 && south_e7 <= other.north_e7 &&
               other.south_e7 <= north_e7;
    }
    bool contains(Point point) const {
        return west_e7 <= point.longitude_e7 && point.longitude_e7 <= east_e7 &&
               south_e7 <= point.latitude_e7 && point.latitude_e7 <= north_e7;
    }
    friend bool operator==(const Bounds&, const Bounds&) = default;
};

struct Limits {
    std::size_t bytes_max = std::size_t{32} << 20;
    std::size_t features_max = 50'000;
    std::size_t points_max = 2'000'000;         // Of all features together.
    std::size_t property_bytes_max = 16 << 10;  // Of one feature, as they were written.
    std::size_t faults_max = 100;               // After so many, it says how many more there are.
    bool mend = false;                          // Features whose rings can be mended are taken.
};

/// What mending does to one feature. Places that were written stay as they are; new ones are where
/// its borders cross.
struct Mending {
    std::string what;       // For people: what was wrong with its rings, and where.
    double written_m2 = 0;  // Of its rings as they were written: outer ones less their holes.
    double area_m2 = 0;     // Of what became of it.
    friend bool operator==(const Mending&, const Mending&) = default;
};

struct Feature {
    std::size_t number = 0;          // In the file, from 0.
    boost::json::object properties;  // As they were written.
    Shape shape;                     // Empty of a line.
    std::vector<Point> line;         // Of a LineString: its points; two at least.
    std::optional<Mending> mended;   // Of one that had to be, where Limits::mend is set.
};

/// What is wrong with one feature, and how to mend it.
struct FeatureFault {
    std::size_t number = 0;
    std::string code;    // "ring_not_closed"; never changes.
    std::string detail;  // For people: where, and the remedy.
    std::optional<Mending> can_be_mended = {};
    friend bool operator==(const FeatureFault&, const FeatureFault&) = default;
};

struct Collection {
    std::vector<Feature> features;     // Those without a fault, in the order of the file.
    std::vector<FeatureFault> faults;  // In the order of the file, at most faults_max.
    std::size_t faults_left_out = 0;
};

/// Reads a FeatureCollection, or one Feature, of Polygon, MultiPolygon and LineString. Faults of a
/// feature: `no_geometry`, `wrong_geometry`, `bad_coordinates` (not numbers, NaN), `out_of_range`,
/// `ring_not_closed`, `ring_too_short` (also once its points are whole 1e-7 degrees),
/// `ring_crosses_itself` (or touches itself, or a hole crosses what it is in), `hole_outside`,
/// `crosses_antimeridian`, `properties_too_large`, `bad_properties`, `too_intricate`. Those of
/// rings can be mended, where something is left then, and it costs not too much. Of the file,
/// invalid: `not_geojson`, `file_too_large`, `too_many_features`, `too_many_points`,
/// `other_coordinates`.
Result<Collection> read(std::string_view text, const Limits& limits = {});

/// Whether a place lies inside, by this rule for edges: a place on an edge belongs to the area east
/// of it, and on one that runs east and west to the area north of it. So a place on a border that
/// two areas share, point by point, is in one of them, and never in both.
bool contains(const Polygon& polygon, Point place);
bool contains(const Shape& shape, Point place);

/// Of a shape that is not empty.
Bounds bounds_of(const Shape& shape);
/// Of the WGS 84 ellipsoid, edges straight in the cylindrical equal-area projection; parts that
/// overlap count twice.
double area_m2(const Shape& shape);
/// Of places that are near each other: on the plane between them.
double distance_m(Point a, Point b);
std::size_t points_of(const Shape& shape);

/// What lies within so many metres of a line: a part for every stretch, rounded at its ends by half
/// of 16 corners each. None where it would reach over a pole or the antimeridian.
std::optional<Shape> buffered(std::span<const Point> line, double metres);

/// The same, coarser: points are moved to a grid of so many 1e-7 degrees, and those that do not
/// turn are left out. Borders that two areas share point by point stay shared. Parts that vanish
/// are left out.
Shape simplified(const Shape& shape, std::int32_t grid_e7);

/// {"type":"MultiPolygon","coordinates":...}, or Polygon of one part; at most 7 digits.
std::string geometry_json(const Shape& shape);

/// As bytes, some three a point, and back; nothing of what pack() did not make. Points are kept
/// exactly.
std::string pack(const Shape& shape);
std::optional<Shape> unpack(std::string_view bytes);

}  // namespace mobilytics::geojson
