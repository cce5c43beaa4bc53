#include <algorithm>
#include <cmath>
#include <numbers>

#include "platform/geojson/rings.h"

namespace mobilytics::geojson {

namespace {

constexpr double kRadians = std::numbers::pi / 180 / 1e7;  // Of 1e-7 degrees.
constexpr double kEarthRadiusM = 6'371'008.8;              // Mean radius, IUGG.
constexpr double kEquatorM = 6'378'137.0;                  // WGS 84.
constexpr double kEccentricity2 = 0.00669437999014;        // WGS 84, squared.

/// The authalic q of a latitude. Source: Snyder, Map Projections: A Working Manual, 3-12.
double authalic(std::int32_t latitude_e7) {
    const double e = std::sqrt(kEccentricity2);
    const double sine = std::sin(latitude_e7 * kRadians);
    const double es = e * sine;
    return (1 - kEccentricity2) * (sine / (1 - es * es) - std::log((1 - es) / (1 + es)) / (2 * e));
}

double signed_area_m2(const Ring& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto& a = ring[i];
        const auto& b = ring[i + 1 == ring.size() ? 0 : i + 1];
        const double across = (double(b.longitude_e7) - a.longitude_e7) * kRadians;
        sum -= across * (authalic(a.latitude_e7) + authalic(b.latitude_e7)) / 2;
    }
    return sum * kEquatorM * kEquatorM / 2;
}

void write_number(std::string& out, std::int32_t e7) {
    const auto whole = std::abs(std::int64_t{e7});
    if (e7 < 0) out += '-';
    out += std::to_string(whole / 10'000'000);
    auto rest = std::to_string(10'000'000 + whole % 10'000'000);
    while (rest.ends_with('0')) rest.pop_back();
    if (rest.size() > 1) out.append(".").append(rest, 1);
}

void write_ring(std::string& out, const Ring& ring) {
    out += '[';
    for (std::size_t i = 0; i <= ring.size(); ++i) {
        const auto& point = ring[i == ring.size() ? 0 : i];
        out += i == 0 ? "[" : ",[";
        write_number(out, point.longitude_e7);
        out += ',';
        write_number(out, point.latitude_e7);
        out += ']';
    }
    out += ']';
}

void write_polygon(std::string& out, const Polygon& polygon) {
    out += '[';
    write_ring(out, polygon.outer);
    for (const auto& hole : polygon.holes) {
        out += ',';
        write_ring(out, hole);
    }
    out += ']';
}

Ring simplified(const Ring& ring, std::int32_t grid) {
    const auto snapped = [grid](std::int32_t value) {
        const auto half = value >= 0 ? grid / 2 : -(grid / 2);
        const auto at = (std::int64_t{value} + half) / grid * grid;
        return static_cast<std::int32_t>(
            std::clamp<std::int64_t>(at, -1'800'000'000, 1'800'000'000));
    };
    Ring out;
    for (const auto& point : ring) {
        const Point next{
            snapped(point.longitude_e7),
            std::clamp(snapped(point.latitude_e7), -900'000'000, 900'000'000)};
        if (!out.empty() && out.back() == next) continue;
        // What does not turn, or turns back, says nothing.
        while (out.size() >= 2 && turn(out[out.size() - 2], out.back(), next) == 0) out.pop_back();
        if (out.empty() || out.back() != next) out.push_back(next);
    }
    while (out.size() > 2 &&
           (out.front() == out.back() || turn(out[out.size() - 2], out.back(), out.front()) == 0)) {
        out.pop_back();
    }
    while (out.size() > 2 && turn(out.back(), out[0], out[1]) == 0) out.erase(out.begin());
    if (out.size() < 3) out.clear();
    return out;
}

}  // namespace

bool contains(const Polygon& polygon, Point place) {
    bool inside = contains(polygon.outer, place);
    for (const auto& hole : polygon.holes) inside ^= contains(hole, place);
    return inside;
}

bool contains(const Shape& shape, Point place) {
    return std::ranges::any_of(
        shape.parts, [&](const Polygon& part) { return contains(part, place); });
}

Bounds bounds_of(const Shape& shape) {
    const auto& first = shape.parts.front().outer.front();
    Bounds out{first.longitude_e7, first.latitude_e7, first.longitude_e7, first.latitude_e7};
    for (const auto& part : shape.parts) {
        for (const auto& point : part.outer) {
            out.west_e7 = std::min(out.west_e7, point.longitude_e7);
            out.east_e7 = std::max(out.east_e7, point.longitude_e7);
            out.south_e7 = std::min(out.south_e7, point.latitude_e7);
            out.north_e7 = std::max(out.north_e7, point.latitude_e7);
        }
    }
    return out;
}

double area_m2(const Shape& shape) {
    double sum = 0;
    for (const auto& part : shape.parts) {
        sum += signed_area_m2(part.outer);
        for (const auto& hole : part.holes) sum += signed_area_m2(hole);  // Less: they turn right.
    }
    return std::max(0.0, sum);
}

std::size_t points_of(const Shape& shape) {
    std::size_t sum = 0;
    for (const auto& part : shape.parts) {
        sum += part.outer.size();
        for (const auto& hole : part.holes) sum += hole.size();
    }
    return sum;
}

double distance_m(Point a, Point b) {
    const double middle = (double(a.latitude_e7) + b.latitude_e7) / 2 * kRadians;
    const double north = (double(b.latitude_e7) - a.latitude_e7) * kRadians;
    const double east = (double(b.longitude_e7) - a.longitude_e7) * kRadians * std::cos(middle);
    return kEarthRadiusM * std::hypot(north, east);
}

std::optional<Shape> buffered(std::span<const Point> line, double metres) {
    constexpr int kCorners = 16;
    Shape out;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const auto [a, b] = std::pair(line[i - 1], line[i]);
        const double middle = (double(a.latitude_e7) + b.latitude_e7) / 2 * kRadians;
        const double north_e7 = metres / kEarthRadiusM / kRadians;
        const double east_e7 = north_e7 / std::max(std::cos(middle), 1e-6);
        const double way_north = double(b.latitude_e7) - a.latitude_e7;
        const double way_east = (double(b.longitude_e7) - a.longitude_e7) * std::cos(middle);
        const double heading = std::atan2(way_north, way_east);
        Ring ring;
        for (int corner = 0; corner <= kCorners + 1; ++corner) {  // Half around b, half around a.
            const bool at_end = corner <= kCorners / 2;
            const auto& centre = at_end ? b : a;
            const double angle = heading - std::numbers::pi / 2 +
                                 std::numbers::pi * 2 * (corner - (at_end ? 0 : 1)) / kCorners;
            const double longitude = centre.longitude_e7 + east_e7 * std::cos(angle);
            const double latitude = centre.latitude_e7 + north_e7 * std::sin(angle);
            if (std::abs(longitude) > 1.8e9 || std::abs(latitude) > 8.9e8) return std::nullopt;
            const Point next{
                static_cast<std::int32_t>(std::llround(longitude)),
                static_cast<std::int32_t>(std::llround(latitude))};
            if (ring.empty() || ring.back() != next) ring.push_back(next);
        }
        if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
        if (ring.size() >= 3) out.parts.push_back({std::move(ring), {}});
    }
    return out.parts.empty() ? std::nullopt : std::optional(std::move(out));
}

Shape simplified(const Shape& shape, std::int32_t grid_e7) {
    Shape out;
    for (const auto& part : shape.parts) {
        Polygon next{simplified(part.outer, grid_e7), {}};
        if (next.outer.empty()) continue;
        for (const auto& hole : part.holes) {
            auto coarse = simplified(hole, grid_e7);
            if (!coarse.empty()) next.holes.push_back(std::move(coarse));
        }
        out.parts.push_back(std::move(next));
    }
    return out;
}

std::string geometry_json(const Shape& shape) {
    const bool one = shape.parts.size() == 1;
    std::string out =
        one ? R"({"type":"Polygon","coordinates":)" : R"({"type":"MultiPolygon","coordinates":[)";
    for (std::size_t i = 0; i < shape.parts.size(); ++i) {
        if (i > 0) out += ',';
        write_polygon(out, shape.parts[i]);
    }
    return out + (one ? "}" : "]}");
}

}  // namespace mobilytics::geojson
