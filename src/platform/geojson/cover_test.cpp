#include "platform/geojson/cover.h"

#include <gmock/gmock.h>
#include <rapidcheck.h>

namespace mobilytics::geojson {
namespace {

using testing::ElementsAre;

Point at(double longitude, double latitude) {
    return {
        static_cast<std::int32_t>(std::lround(longitude * 1e7)),
        static_cast<std::int32_t>(std::lround(latitude * 1e7))};
}
Shape box(double west, double south, double east, double north) {
    return {{{{at(west, south), at(east, south), at(east, north), at(west, north)}, {}}}};
}
Shape circle(double longitude, double latitude, double radius, int corners) {
    Ring ring;
    for (int i = 0; i < corners; ++i) {
        const double angle = 2 * 3.14159265358979 * i / corners;
        ring.push_back(
            at(longitude + radius * std::cos(angle), latitude + radius * std::sin(angle)));
    }
    return {{{ring, {}}}};
}
std::uint64_t cells_in(const std::vector<CellRun>& runs) {
    std::uint64_t sum = 0;
    for (const auto& run : runs) sum += run.last - run.first + 1;
    return sum;
}

TEST(CellCover, ATileIsItsOwnPrefix) {
    // The north-western quarter of the map, a little within: quadkey 0.
    const auto runs = cover(box(-180, 0.0001, -0.0001, 85.06), 17, CoverRule::centre);
    ASSERT_TRUE(runs);
    EXPECT_THAT(*runs, ElementsAre(CellRun{0, (std::uint64_t{1} << 32) - 1}));
    EXPECT_TRUE(covers(*runs, 12345));
    EXPECT_FALSE(covers(*runs, std::uint64_t{1} << 32));
}

TEST(CellCover, ACellCountsWhereItsMiddleLies) {
    const auto shape = circle(-87.65, 41.85, 0.02, 40);
    const auto runs = cover(shape, 17, CoverRule::centre);
    ASSERT_TRUE(runs);
    std::uint64_t inside = 0;
    for (const auto& run : *runs) {
        for (auto cell = run.first; cell <= run.last; ++cell) {
            ASSERT_TRUE(contains(shape, middle_of_cell(cell, 17)));
            ++inside;
        }
    }
    // None is missing: a cell here is 227.8 m wide, and the circle has 5.74 km2 / 0.0519 km2.
    EXPECT_NEAR(static_cast<double>(inside) * 0.0518, area_m2(shape) / 1e6, 0.2);
    const auto touched = cover(shape, 17, CoverRule::touched);
    EXPECT_GT(cells_in(*touched), inside);
    for (const auto& run : *runs) EXPECT_TRUE(covers(*touched, run.first));
}

TEST(CellCover, AThinOneTouchesWhereNoMiddleLies) {
    const auto thin = box(-87.70001, 41.80001, -87.69999, 41.80002);
    EXPECT_EQ(cover(thin, 17, CoverRule::centre)->size(), 0U);
    const auto touched = cover(thin, 17, CoverRule::touched);
    EXPECT_GE(cells_in(*touched), 1U);
    EXPECT_LE(cells_in(*touched), 4U);
}

TEST(CellCover, ItIsGivenUpWhereItWouldBeTooMuch) {
    EXPECT_FALSE(cover(circle(0, 0, 1, 400), 17, CoverRule::centre, 10));
}

TEST(CellCover, TheErrorOfMiddlesIsSmallAndEvensOut) {
    // Of zones drawn over the same city: the share of each zone's area that its cells miss or have
    // too much. docs/regions.md says what this prints.
    double worst = 0, sum = 0;
    for (int i = 0; i < 50; ++i) {
        const auto shape = circle(-87.65 + i * 0.0007, 41.85 + i * 0.0005, 0.02, 60);
        const auto runs = cover(shape, 17, CoverRule::centre);
        double cells = 0;
        for (const auto& run : *runs) {
            for (auto cell = run.first; cell <= run.last; ++cell) {
                const double latitude = middle_of_cell(cell, 17).latitude_e7 / 1e7;
                const double side = 40'075'016.686 / 131072 * std::cos(latitude * 3.14159265 / 180);
                cells += side * side;
            }
        }
        const double error = cells / area_m2(shape) - 1;
        worst = std::max(worst, std::abs(error));
        sum += error;
    }
    RecordProperty("worst_percent", std::to_string(100 * worst));
    EXPECT_LT(worst, 0.04);
    EXPECT_LT(std::abs(sum / 50), 0.01);
}

TEST(CellCover, APartitionIsPartitioned) {
    // Any square cut in two by a broken line: each cell of the square is in one half.
    EXPECT_TRUE(rc::check([] {
        const auto steps =
            *rc::gen::container<std::vector<int>>(8, rc::gen::inRange(100'000, 900'000));
        const Point origin{-876'500'000, 418'000'000};
        const auto place = [&](std::int32_t x, std::int32_t y) {
            return Point{origin.longitude_e7 + x, origin.latitude_e7 + y};
        };
        Ring left{place(0, 0)}, right{place(1'000'000, 0)};
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const auto border = place(steps[i], static_cast<std::int32_t>(i) * 100'000);
            left.push_back(border);
            right.push_back(border);
        }
        left.push_back(place(0, 700'000));
        right.push_back(place(1'000'000, 700'000));
        std::reverse(right.begin() + 1, right.end());
        const Shape whole{
            {{{place(0, 0), place(1'000'000, 0), place(1'000'000, 700'000), place(0, 700'000)},
              {}}}};
        std::reverse(left.begin(), left.end());
        const auto one = cover({{{left, {}}}}, 17, CoverRule::centre);
        const auto other = cover({{{right, {}}}}, 17, CoverRule::centre);
        const auto both = cover(whole, 17, CoverRule::centre);
        RC_ASSERT(cells_in(*one) + cells_in(*other) == cells_in(*both));
        for (const auto& run : *one) RC_ASSERT(!covers(*other, run.first));
        // Two parts of one shape are the same as the two apart.
        const auto joined = cover({{{left, {}}, {right, {}}}}, 17, CoverRule::centre);
        RC_ASSERT(*joined == *both);
    }));
}

TEST(ManyShapes, APlaceIsFoundInWhatItIsIn) {
    std::vector<Shape> shapes;
    for (int i = 0; i < 400; ++i) shapes.push_back(box(i % 20, i / 20, i % 20 + 1, i / 20 + 1));
    shapes.push_back(box(3.5, 3.5, 5.5, 5.5));  // Over others.
    const ShapeIndex index(shapes);
    EXPECT_THAT(index.at(at(0.5, 0.5)), ElementsAre(0));
    EXPECT_THAT(index.at(at(19.5, 19.5)), ElementsAre(399));
    EXPECT_THAT(index.at(at(1, 0.5)), ElementsAre(1));
    EXPECT_THAT(index.at(at(4.5, 4.5)), ElementsAre(84, 400));
    EXPECT_THAT(index.at(at(20, 20)), ElementsAre());
    EXPECT_THAT(index.at(at(-1, 5)), ElementsAre());
    EXPECT_THAT(ShapeIndex({}).at(at(0, 0)), ElementsAre());
    EXPECT_THAT(index.near({5'000'000, 5'000'000, 6'000'000, 12'000'000}), ElementsAre(0, 20));
    EXPECT_THAT(index.near({-20'000'000, 0, -10'000'000, 1}), ElementsAre());
}

TEST(ManyShapes, AWayIsCutAtItsBorders) {
    auto ring = box(0, 0, 4, 4);
    ring.parts[0].holes.push_back({at(1, 1), at(1, 3), at(3, 3), at(3, 1)});
    const ShapeIndex index({ring, box(2, 2, 10, 10)});
    using Stretch = ShapeIndex::Stretch;
    EXPECT_THAT(
        index.inside(0, at(-2, 2), at(6, 2)),
        ElementsAre(Stretch{0.25, 0.375}, Stretch{0.625, 0.75}));
    EXPECT_THAT(index.inside(1, at(-2, 2.5), at(6, 2.5)), ElementsAre(Stretch{0.5, 1}));
    EXPECT_THAT(index.inside(0, at(-2, -2), at(-1, 6)), ElementsAre());
    EXPECT_THAT(index.inside(0, at(0.5, 0.5), at(0.5, 0.5)), ElementsAre(Stretch{0, 1}));
    EXPECT_THAT(index.inside(0, at(2, 2), at(2, 2)), ElementsAre());
}

TEST(ManyShapes, TheIndexSaysWhatEachShapeSays) {
    EXPECT_TRUE(rc::check([] {
        std::vector<Shape> shapes;
        for (int i = 0; i < 30; ++i) {
            shapes.push_back(circle(
                *rc::gen::inRange(0, 100) / 10.0, *rc::gen::inRange(0, 100) / 10.0,
                *rc::gen::inRange(1, 30) / 10.0, *rc::gen::inRange(3, 50)));
        }
        const ShapeIndex index(shapes);
        const Point place{
            *rc::gen::inRange(-10'000'000, 120'000'000),
            *rc::gen::inRange(-10'000'000, 120'000'000)};
        std::vector<std::uint32_t> slowly;
        for (std::uint32_t i = 0; i < shapes.size(); ++i) {
            if (contains(shapes[i], place)) slowly.push_back(i);
        }
        RC_ASSERT(index.at(place) == slowly);
    }));
}

}  // namespace
}  // namespace mobilytics::geojson
