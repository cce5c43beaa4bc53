#include "pipeline/store/cells.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mobilytics::store {

namespace {

/// 0 to 1 of the way around, or down; the last tile includes its far edge.
std::uint32_t step(double share, int zoom) {
    const double count = std::ldexp(1.0, zoom);
    return static_cast<std::uint32_t>(std::clamp(std::floor(share * count), 0.0, count - 1));
}

}  // namespace

measure::Cell cell_of(Tile tile, int zoom) {
    measure::Cell cell = 0;
    for (int bit = zoom - 1; bit >= 0; --bit) {
        cell = cell << 2 | (tile.y >> bit & 1) << 1 | (tile.x >> bit & 1);
    }
    return cell;
}

Tile tile_of(measure::Cell cell, int zoom) {
    Tile tile;
    for (int bit = 0; bit < zoom; ++bit) {
        tile.x |= static_cast<std::uint32_t>(cell >> (2 * bit) & 1) << bit;
        tile.y |= static_cast<std::uint32_t>(cell >> (2 * bit + 1) & 1) << bit;
    }
    return tile;
}

Tile tile_at(double latitude, double longitude, int zoom) {
    const double sine = std::sin(latitude * std::numbers::pi / 180);
    const double down = 0.5 - std::atanh(sine) / (2 * std::numbers::pi);
    return {step(longitude / 360 + 0.5, zoom), step(std::isnan(down) ? 0 : down, zoom)};
}

Place middle_of(Tile tile, int zoom) {
    const double count = std::ldexp(1.0, zoom);
    const double mercator = std::numbers::pi * (1 - 2 * (tile.y + 0.5) / count);
    return {
        std::atan(std::sinh(mercator)) * 180 / std::numbers::pi,
        (tile.x + 0.5) / count * 360 - 180};
}

std::string quadkey(measure::Cell cell, int zoom) {
    std::string digits(static_cast<std::size_t>(zoom), '0');
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, cell >>= 2) {
        *digit = static_cast<char>('0' + (cell & 3));
    }
    return digits;
}

}  // namespace mobilytics::store
