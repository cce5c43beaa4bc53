#include "pipeline/measure/cells.h"

#include <algorithm>

namespace mobilytics::measure {

Cell cell_of(std::int32_t latitude_e7, std::int32_t longitude_e7) {
    constexpr double kTiles = 1 << kCellZoom;
    constexpr double kRadians = kDegreesPerE7 * std::numbers::pi / 180;
    const double x = (longitude_e7 * kDegreesPerE7 + 180) / 360 * kTiles;
    const double sine = std::sin(std::clamp(latitude_e7 * kRadians, -1.4844, 1.4844));
    const double y = (0.5 - std::log((1 + sine) / (1 - sine)) / (4 * std::numbers::pi)) * kTiles;
    const auto column = static_cast<std::uint32_t>(std::clamp(x, 0.0, kTiles - 1));
    const auto row = static_cast<std::uint32_t>(std::clamp(y, 0.0, kTiles - 1));
    Cell cell = 0;
    for (int bit = kCellZoom - 1; bit >= 0; --bit) {
        cell = cell << 2 | ((row >> bit) & 1) << 1 | ((column >> bit) & 1);
    }
    return cell;
}

}  // namespace mobilytics::measure
