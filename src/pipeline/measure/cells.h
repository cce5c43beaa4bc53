#pragma once
// Where on the map, and how far. Cells are web-map quadkeys: OpenStreetMap wiki, "Slippy map
// tilenames"; Bing Maps, "Tile System".

#include <cmath>
#include <cstdint>
#include <numbers>

#include "pipeline/measure/facts.h"

namespace mobilytics::measure {

inline constexpr double kDegreesPerE7 = 1e-7;
/// Of a degree of latitude, on a sphere of 6 371 008.8 m (IUGG's mean radius).
inline constexpr double kMetresPerDegree = 6'371'008.8 * std::numbers::pi / 180;

/// The cell of zoom 17 that holds this place. Beyond 85.05 degrees, the map's last row.
Cell cell_of(std::int32_t latitude_e7, std::int32_t longitude_e7);

/// On a plane that touches at the first place: off by less than 0.1 % within 10 km.
struct Plane {
    Plane(std::int32_t latitude_e7, std::int32_t longitude_e7)
        : latitude_e7(latitude_e7),
          longitude_e7(longitude_e7),
          metres_east(
              kMetresPerDegree * kDegreesPerE7 *
              std::cos(latitude_e7 * kDegreesPerE7 * std::numbers::pi / 180)) {}

    double east_m(std::int32_t other_e7) const {
        // Over the date line the shorter way.
        std::int64_t off = std::int64_t{other_e7} - longitude_e7;
        if (off > 1'800'000'000) off -= 3'600'000'000;
        if (off < -1'800'000'000) off += 3'600'000'000;
        return double(off) * metres_east;
    }
    double north_m(std::int32_t other_e7) const {
        return double(std::int64_t{other_e7} - latitude_e7) * kMetresPerDegree * kDegreesPerE7;
    }

    std::int32_t latitude_e7;
    std::int32_t longitude_e7;
    double metres_east;
};

template <class From, class To>
double distance_m(const From& from, const To& to) {
    const Plane plane(from.latitude_e7, from.longitude_e7);
    return std::hypot(plane.east_m(to.longitude_e7), plane.north_m(to.latitude_e7));
}

}  // namespace mobilytics::measure
