#pragma once
// Web-map tiles as numbers. A cell at zoom z is its quadkey: two bits a step, y before x, the first
// step highest. Source: Bing Maps Tile System; web Mercator ends at 85.05112878 degrees.

#include <cstdint>
#include <string>

#include "pipeline/measure/measure.h"

namespace mobilytics::store {

struct Tile {
    std::uint32_t x = 0, y = 0;  // From the west and from the north.
    friend bool operator==(const Tile&, const Tile&) = default;
};

/// Tiles of one zoom, all inclusive; where west is greater than east, over the antimeridian.
struct CellBox {
    int zoom = 0;
    std::uint32_t west = 0, north = 0, east = 0, south = 0;
    bool contains(Tile tile) const {
        const bool across =
            west <= east ? west <= tile.x && tile.x <= east : west <= tile.x || tile.x <= east;
        return across && north <= tile.y && tile.y <= south;
    }
    /// How many tiles it has.
    std::uint64_t size() const {
        const std::uint64_t width = (east - west) & ((std::uint64_t{1} << zoom) - 1);
        return (width + 1) * (std::uint64_t{south} - north + 1);
    }
};

measure::Cell cell_of(Tile tile, int zoom);
Tile tile_of(measure::Cell cell, int zoom);
/// The tile of a place; what is beyond Mercator's ends is in the last row.
Tile tile_at(double latitude, double longitude, int zoom);

struct Place {
    double latitude = 0, longitude = 0;
};
/// The middle of a tile.
Place middle_of(Tile tile, int zoom);

/// "0231": a digit a zoom step.
std::string quadkey(measure::Cell cell, int zoom);

}  // namespace mobilytics::store
