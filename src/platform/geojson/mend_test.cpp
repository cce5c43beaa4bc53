// Rings that are not as they are to be: drawn ones, and those of real borders.

#include <map>

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include "platform/geojson/geojson.h"
#include "platform/geojson/topology_test.h"

namespace mobilytics::geojson {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Limits kMend{.mend = true};

std::string geometry(const std::string& type, const std::string& coordinates) {
    return R"({"type":"Feature","properties":null,"geometry":{"type":")" + type +
           R"(","coordinates":)" + coordinates + "}}";
}
std::string polygon(const std::string& coordinates) { return geometry("Polygon", coordinates); }
Point at(int longitude, int latitude) { return {longitude * 10'000'000, latitude * 10'000'000}; }
Shape box(int west, int south, int east, int north) {
    return {{{{at(west, south), at(east, south), at(east, north), at(west, north)}, {}}}};
}

Feature mended(const std::string& text) {
    const auto found = read(text, kMend);
    if (!found || found->features.size() != 1 || !found->features[0].mended) {
        ADD_FAILURE() << "was not mended: " << text;
        return {};
    }
    return found->features[0];
}
FeatureFault fault_of(const std::string& text, const Limits& limits = {}) {
    const auto found = read(text, limits);
    if (!found || found->faults.size() != 1) {
        ADD_FAILURE() << "was not refused: " << text;
        return {};
    }
    return found->faults[0];
}

TEST(Mending, ABowTieBecomesItsTwoTriangles) {
    const auto text = polygon("[[[0,0],[2,2],[2,0],[0,2],[0,0]]]");
    const auto out = mended(text);
    ASSERT_EQ(out.shape.parts.size(), 2U);
    EXPECT_THAT(out.shape.parts[0].outer, ElementsAre(at(0, 0), at(1, 1), at(0, 2)));
    EXPECT_THAT(out.shape.parts[1].outer, ElementsAre(at(1, 1), at(2, 0), at(2, 2)));
    EXPECT_EQ(
        out.mended->what,
        "its border crosses itself near 1.000000, 1.000000 (longitude, latitude)");
    EXPECT_NEAR(out.mended->written_m2, 0, 1e8);  // Its turns cancel out.
    EXPECT_NEAR(out.mended->area_m2, 24'607e6, 30e6);
    EXPECT_DOUBLE_EQ(out.mended->area_m2, area_m2(out.shape));
}

TEST(Mending, WhoDoesNotAskForItIsToldWhatItWouldDo) {
    const auto text = polygon("[[[0,0],[2,2],[2,0],[0,2],[0,0]]]");
    const auto fault = fault_of(text);
    EXPECT_EQ(fault.code, "ring_crosses_itself");
    EXPECT_EQ(
        fault.detail,
        "its border crosses itself near 1.000000, 1.000000 (longitude, latitude): repair it, as "
        "with \"make valid\" of a map program");
    EXPECT_EQ(fault.can_be_mended, mended(text).mended);
}

TEST(Mending, ARingThatTouchesItselfIsCutThere) {
    const auto out = mended(polygon("[[[0,0],[4,0],[2,2],[4,4],[0,4],[2,2],[0,0]]]"));
    EXPECT_EQ(
        out.mended->what,
        "its border touches itself near 2.000000, 2.000000 (longitude, latitude)");
    ASSERT_EQ(out.shape.parts.size(), 2U);
    EXPECT_THAT(out.shape.parts[0].outer, ElementsAre(at(0, 0), at(4, 0), at(2, 2)));
    EXPECT_THAT(out.shape.parts[1].outer, ElementsAre(at(0, 4), at(2, 2), at(4, 4)));
    EXPECT_NEAR(out.mended->written_m2, out.mended->area_m2, 1);
}

TEST(Mending, WhatARingGoesAroundByTouchingIsAHole) {
    const auto out = mended(polygon("[[[0,0],[4,0],[4,4],[0,4],[0,2],[1,3],[1,1],[0,2],[0,0]]]"));
    ASSERT_EQ(out.shape.parts.size(), 1U);
    EXPECT_THAT(
        out.shape.parts[0].outer, ElementsAre(at(0, 0), at(4, 0), at(4, 4), at(0, 4), at(0, 2)));
    EXPECT_THAT(out.shape.parts[0].holes, ElementsAre(ElementsAre(at(0, 2), at(1, 3), at(1, 1))));
}

TEST(Mending, WhatARingGoesAroundTwiceIsInsideOnce) {
    // Around the square of 1 to 3 degrees on the way again.
    const auto out = mended(polygon("[[[0,0],[3,0],[3,3],[1,3],[1,1],[4,1],[4,4],[0,4],[0,0]]]"));
    EXPECT_TRUE(contains(out.shape, at(2, 2)));
    EXPECT_TRUE(contains(out.shape, {5'000'000, 5'000'000}));
    EXPECT_GT(out.mended->written_m2, out.mended->area_m2 * 1.2);  // Was counted twice there.
}

TEST(Mending, SpikesAndRepeatedPointsGo) {
    const auto out = mended(polygon("[[[0,0],[0,0],[2,0],[9,0],[2,0],[2,2],[0,2],[0,2],[0,0]]]"));
    EXPECT_THAT(out.mended->what, HasSubstr("itself near 2.000000, 0.000000"));
    EXPECT_DOUBLE_EQ(area_m2(out.shape), area_m2(box(0, 0, 2, 2)));
    EXPECT_DOUBLE_EQ(out.mended->written_m2, out.mended->area_m2);
    EXPECT_EQ(bounds_of(out.shape), bounds_of(box(0, 0, 2, 2)));
}

TEST(Mending, AnOpenRingIsClosed) {
    const auto out = mended(polygon("[[[0,0],[1,0],[1,1],[0,1]]]"));
    EXPECT_EQ(out.shape, box(0, 0, 1, 1));
    EXPECT_EQ(
        out.mended->what,
        "a ring near 0.000000, 0.000000 (longitude, latitude) does not end where it begins");
    EXPECT_EQ(mended(polygon("[[[0,0],[1,0],[1,1]]]")).shape.parts[0].outer.size(), 3U);
}

TEST(Mending, HolesTakeAwayOnlyWhatTheyCover) {
    const std::string square = "[[0,0],[4,0],[4,4],[0,4],[0,0]]";
    const auto outside = mended(polygon("[" + square + ",[[6,6],[7,6],[7,7],[6,7],[6,6]]]"));
    EXPECT_EQ(outside.shape, box(0, 0, 4, 4));
    EXPECT_THAT(outside.mended->what, HasSubstr("a hole at 6.000000, 6.000000 lies outside"));

    const auto across = mended(polygon("[" + square + ",[[3,1],[6,1],[6,3],[3,3],[3,1]]]"));
    EXPECT_THAT(across.mended->what, HasSubstr("a hole crosses another ring near 4.000000, 1"));
    EXPECT_FALSE(contains(across.shape, {35'000'000, 20'000'000}));
    EXPECT_TRUE(contains(across.shape, at(1, 2)));
    EXPECT_FALSE(contains(across.shape, at(5, 2)));

    const auto crossing = mended(polygon(
        "[" + square +
        ",[[1,1],[3,1],[3,2],[1,2],[1,1]],[[2,1.5],[3.5,1.5],[3.5,3],[2,3],[2,1.5]]]"));
    ASSERT_EQ(crossing.shape.parts.size(), 1U);
    EXPECT_EQ(crossing.shape.parts[0].holes.size(), 1U);
    EXPECT_FALSE(contains(crossing.shape, {25'000'000, 17'000'000}));
}

TEST(Mending, OnlyThePartThatIsBadIsTouched) {
    const auto out = mended(geometry(
        "MultiPolygon",
        "[[[[5,5],[6,5],[6,6],[5,6],[5,5]]],[[[0,0],[1,0],[1,1],[0,1]]],[[[8,8],[9,9],[8,8]]]]"));
    ASSERT_EQ(out.shape.parts.size(), 2U);
    EXPECT_EQ(out.shape.parts[0], box(5, 5, 6, 6).parts[0]);
    EXPECT_EQ(out.shape.parts[1], box(0, 0, 1, 1).parts[0]);
    EXPECT_THAT(out.mended->what, HasSubstr("; a ring near 8.000000, 8.000000 "));
}

TEST(Mending, WhatCannotBeMendedStaysRefused) {
    const auto refused = [](const std::string& coordinates) {
        const auto fault = fault_of(polygon(coordinates), kMend);
        EXPECT_EQ(fault.can_be_mended, std::nullopt);
        EXPECT_EQ(fault, fault_of(polygon(coordinates)));
        return fault.code;
    };
    EXPECT_EQ(refused("[[[0,0],[1,1],[0,0],[0,0]]]"), "ring_too_short");  // Nothing is left.
    EXPECT_EQ(refused("[[[0,0],[1,1],[2,2],[0,0]]]"), "ring_crosses_itself");
    EXPECT_EQ(refused("[[[179,0],[-179,0],[-179,1],[179,0]]]"), "crosses_antimeridian");
    EXPECT_EQ(refused("[[[0,0],[0,91],[1,0],[0,0]]]"), "out_of_range");
    EXPECT_EQ(refused("[[[0,0],[0,\"x\"],[1,0],[0,0]]]"), "bad_coordinates");
}

TEST(Mending, WhatCrossesItselfTooOftenIsRefusedAtOnce) {
    // Up and down 400 times, and 400 times across: 160 000 crossings.
    std::string ring = "[[";
    for (int i = 0; i < 400; ++i) {
        ring += "[" + std::to_string(i) + "e-2," + (i % 2 == 0 ? "-5" : "5") + "],";
    }
    for (int i = 0; i < 400; ++i) {
        ring += std::string("[") + (i % 2 == 0 ? "5," : "-5,") + std::to_string(i) + "e-2],";
    }
    const auto fault = fault_of(polygon(ring + "[0,-5]]]"), kMend);
    EXPECT_EQ(fault.code, "ring_crosses_itself");
    EXPECT_EQ(fault.can_be_mended, std::nullopt);
}

/// Whatever the points of a ring are, what becomes of it is a shape that is taken as it is.
TEST(MendingProperties, WhatIsMendedIsSound) {
    rc::check([] {
        const auto size = *rc::gen::inRange<std::size_t>(3, 40);
        const auto number = rc::gen::inRange(-20, 20);
        const auto points = *rc::gen::container<std::vector<std::pair<int, int>>>(
            size, rc::gen::pair(number, number));
        std::string ring = "[[";
        for (const auto& [x, y] : points) {
            ring += "[" + std::to_string(x) + "e-6," + std::to_string(y) + "e-6],";
        }
        ring.back() = ']';
        const auto found = read(polygon(ring + "]"), kMend);
        RC_ASSERT(found.has_value());
        for (const auto& feature : found->features) {
            const auto again = read(
                R"({"type":"Feature","properties":null,"geometry":)" +
                geometry_json(feature.shape) + "}");
            RC_ASSERT(again.has_value());
            RC_ASSERT(again->features.size() == 1);
            RC_ASSERT(again->features[0].shape == feature.shape);
        }
    });
}

/// The area of those with a code, together.
double km2_of(const Collection& all, std::string_view code) {
    double out = 0;
    for (const auto& each : all.features) {
        if (each.properties.at("code").as_string() == code) out += area_m2(each.shape) / 1e6;
    }
    return out;
}
std::vector<std::string> codes_at(const Collection& all, double longitude, double latitude) {
    const Point place{
        static_cast<std::int32_t>(std::lround(longitude * 1e7)),
        static_cast<std::int32_t>(std::lround(latitude * 1e7))};
    std::vector<std::string> out;
    for (const auto& each : all.features) {
        if (contains(each.shape, place)) out.emplace_back(each.properties.at("code").as_string());
    }
    return out;
}

/// Coarse outlines: rings that touch themselves, spikes, and rings of two points.
TEST(RealBorders, CountiesOfTheUnitedStatesAreTaken) {
    const auto topology = borders("us-atlas", "counties-10m.json");
    if (topology.empty()) GTEST_SKIP() << "us-atlas is not installed: script/bootstrap";
    const auto file = geojson_of(topology, "counties");
    const auto strict = read(file);
    ASSERT_TRUE(strict);
    EXPECT_EQ(strict->features.size(), 3191U);
    EXPECT_EQ(strict->faults.size(), 40U);

    const auto all = read(file, kMend);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->features.size(), 3230U);
    ASSERT_EQ(all->faults.size(), 1U);
    EXPECT_EQ(
        all->faults[0].detail,  // Falls Church, which is a point there.
        "a ring near -77.171908, 38.892991 (longitude, latitude) has fewer than four points, and "
        "it goes around nothing: leave it out");
    EXPECT_EQ(all->faults[0].can_be_mended, std::nullopt);

    std::map<std::size_t, Shape> sound;
    for (const auto& each : strict->features) sound[each.number] = each.shape;
    std::size_t mended_count = 0;
    double total_km2 = 0;
    for (const auto& each : all->features) {
        total_km2 += area_m2(each.shape) / 1e6;
        if (!each.mended) {
            EXPECT_EQ(each.shape, sound[each.number]);
            continue;
        }
        ++mended_count;
        EXPECT_LT(std::abs(each.mended->area_m2 - each.mended->written_m2), 620'000);
    }
    EXPECT_EQ(mended_count, 39U);
    EXPECT_NEAR(total_km2, 9'365'942, 1);

    // Areas by the US Census, land and inland water. Mended were all but the first two.
    for (const auto& [code, km2] : std::initializer_list<std::pair<const char*, double>>{
             {"48301", 1'753},      // Loving, Texas
             {"06039", 5'577},      // Madera, California
             {"53007", 7'754},      // Chelan, Washington
             {"53037", 6'042},      // Kittitas, Washington
             {"56029", 18'044},     // Park, Wyoming
             {"08123", 10'404}}) {  // Weld, Colorado
        EXPECT_NEAR(km2_of(*all, code), km2, km2 * 0.005) << code;
    }
    EXPECT_THAT(codes_at(*all, -87.6319, 41.8838), ElementsAre("17031"));   // Chicago
    EXPECT_THAT(codes_at(*all, -118.2427, 34.0537), ElementsAre("06037"));  // Los Angeles
    EXPECT_THAT(codes_at(*all, -73.9857, 40.7580), ElementsAre("36061"));   // New York
    EXPECT_THAT(codes_at(*all, -157.8583, 21.3069), ElementsAre("15003"));  // Honolulu
    EXPECT_THAT(codes_at(*all, -120.3103, 47.4235), ElementsAre("53007"));  // Wenatchee, Chelan
    EXPECT_THAT(codes_at(*all, -120.5478, 46.9965), ElementsAre("53037"));  // Ellensburg, Kittitas
    EXPECT_THAT(codes_at(*all, -109.0563, 44.5263), ElementsAre("56029"));  // Cody, Park
    EXPECT_THAT(codes_at(*all, -104.7091, 40.4233), ElementsAre("08123"));  // Greeley, Weld
    EXPECT_THAT(codes_at(*all, -40, 40), ElementsAre());
}

TEST(RealBorders, CountriesAreTakenButThoseAcrossTheAntimeridian) {
    const auto topology = borders("world-atlas", "countries-110m.json");
    if (topology.empty()) GTEST_SKIP() << "world-atlas is not installed: script/bootstrap";
    const auto all = read(geojson_of(topology, "countries"), kMend);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->features.size(), 174U);
    ASSERT_EQ(all->faults.size(), 3U);
    for (const auto& fault : all->faults) EXPECT_EQ(fault.code, "crosses_antimeridian");
    std::vector<std::string> names;
    for (const auto& each : all->features) {
        if (each.mended) names.emplace_back(each.properties.at("name").as_string());
    }
    EXPECT_THAT(names, ElementsAre("Sudan", "North Korea"));
}

}  // namespace
}  // namespace mobilytics::geojson
