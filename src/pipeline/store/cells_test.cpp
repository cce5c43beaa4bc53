#include "pipeline/store/cells.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mobilytics::store {
namespace {

TEST(Cells, AQuadkeyIsThatOfTheTileSystem) {
    // The example of Bing Maps Tile System: tile (3, 5) of zoom 3.
    EXPECT_EQ(quadkey(cell_of({3, 5}, 3), 3), "213");
    EXPECT_EQ(cell_of({3, 5}, 3), 0b100111);
    EXPECT_EQ(tile_of(0b100111, 3), (Tile{3, 5}));
    EXPECT_EQ(quadkey(0, 0), "");
}

TEST(Cells, APlaceIsInItsTile) {
    // OpenStreetMap wiki, "Slippy map tilenames": Null Island and Hachiko's statue.
    EXPECT_EQ(tile_at(0, 0, 1), (Tile{1, 1}));
    EXPECT_EQ(tile_at(35.6590699, 139.7006793, 18), (Tile{232798, 103246}));
    EXPECT_EQ(tile_at(90, -180, 4), (Tile{0, 0}));
    EXPECT_EQ(tile_at(-90, 180, 4), (Tile{15, 15}));
}

RC_GTEST_PROP(Cells, TheMiddleOfATileIsInItAndACellInItsPrefix, ()) {
    const int zoom = *rc::gen::inRange(0, 18);
    const auto end = std::uint32_t{1} << zoom;
    const Tile tile{*rc::gen::inRange(0u, end), *rc::gen::inRange(0u, end)};
    const auto middle = middle_of(tile, zoom);
    RC_ASSERT(tile_at(middle.latitude, middle.longitude, zoom) == tile);
    RC_ASSERT(tile_of(cell_of(tile, zoom), zoom) == tile);
    if (zoom == 0) return;
    const Tile parent{tile.x / 2, tile.y / 2};
    RC_ASSERT(cell_of(parent, zoom - 1) == cell_of(tile, zoom) >> 2);
}

TEST(Cells, ABoxMayGoOverTheAntimeridian) {
    const CellBox box{4, 14, 3, 1, 5};
    EXPECT_EQ(box.size(), 4 * 3);
    EXPECT_TRUE(box.contains({15, 3}));
    EXPECT_TRUE(box.contains({0, 5}));
    EXPECT_FALSE(box.contains({2, 4}));
    EXPECT_FALSE(box.contains({0, 6}));
    EXPECT_EQ((CellBox{4, 0, 0, 15, 15}).size(), 256);
}

}  // namespace
}  // namespace mobilytics::store
