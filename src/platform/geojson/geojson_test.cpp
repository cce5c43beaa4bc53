#include "platform/geojson/geojson.h"

#include <gmock/gmock.h>
#include <rapidcheck.h>

namespace mobilytics::geojson {
namespace {

using testing::ElementsAre;

std::string feature(const std::string& geometry, const std::string& properties = "{}") {
    return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}";
}
std::string polygon(const std::string& coordinates) {
    return feature(R"({"type":"Polygon","coordinates":)" + coordinates + "}");
}
std::string collection(const std::vector<std::string>& features) {
    std::string out = R"({"type":"FeatureCollection","features":[)";
    for (std::size_t i = 0; i < features.size(); ++i) out += (i > 0 ? "," : "") + features[i];
    return out + "]}";
}
constexpr const char* kSquare = "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]";

std::string fault_of(const std::string& coordinates) {
    const auto read_back = read(polygon(coordinates));
    if (!read_back) return read_back.error().code;
    return read_back->faults.empty() ? "" : read_back->faults.at(0).code;
}
std::string refused(std::string_view text, const Limits& limits = {}) {
    const auto found = read(text, limits);
    return found ? "" : found.error().code;
}

Point at(double longitude, double latitude) {
    return {
        static_cast<std::int32_t>(std::lround(longitude * 1e7)),
        static_cast<std::int32_t>(std::lround(latitude * 1e7))};
}

Polygon box(double west, double south, double east, double north) {
    return {{at(west, south), at(east, south), at(east, north), at(west, north)}, {}};
}

TEST(GeojsonReading, APolygonComesInItsOwnOrderOfMembers) {
    const auto found = read(
        R"({"geometry":{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"},)"
        R"("id":7,"properties":{"GEOID":"17031","name":"Cook"},"type":"Feature","bbox":[0,0,1,1]})");
    ASSERT_TRUE(found);
    ASSERT_EQ(found->features.size(), 1U);
    const auto& only = found->features[0];
    EXPECT_EQ(only.properties.at("GEOID"), "17031");
    EXPECT_THAT(only.shape.parts.at(0).outer, ElementsAre(at(0, 0), at(1, 0), at(1, 1)));
}

TEST(GeojsonReading, RingsAreTurnedRight) {
    const auto found =
        read(polygon("[[[0,0],[0,4],[4,4],[4,0],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]]"));
    ASSERT_TRUE(found);
    const auto& part = found->features.at(0).shape.parts.at(0);
    EXPECT_THAT(part.outer, ElementsAre(at(4, 0), at(4, 4), at(0, 4), at(0, 0)));
    EXPECT_THAT(part.holes.at(0), ElementsAre(at(1, 2), at(2, 2), at(2, 1), at(1, 1)));
}

TEST(GeojsonReading, EachFaultIsNamedByItsFeature) {
    const auto found = read(collection(
        {polygon(kSquare), polygon("[[[0,0],[1,0],[1,1],[0,1]]]"), feature("null"),
         polygon("[[[0,0],[200,0],[1,1],[0,0]]]"), polygon(kSquare)}));
    ASSERT_TRUE(found);
    ASSERT_EQ(found->features.size(), 2U);
    EXPECT_EQ(found->features[1].number, 4U);
    ASSERT_EQ(found->faults.size(), 3U);
    EXPECT_EQ(found->faults[0].number, 1U);
    EXPECT_EQ(found->faults[0].code, "ring_not_closed");
    EXPECT_EQ(
        found->faults[0].detail,
        "a ring near 0.000000, 0.000000 (longitude, latitude) does not end where it begins: repeat "
        "its first point at its end");
    EXPECT_EQ(found->faults[1].code, "no_geometry");
    EXPECT_EQ(found->faults[2].code, "out_of_range");
}

TEST(GeojsonReading, WhatIsNoAreaIsRefused) {
    EXPECT_EQ(fault_of(kSquare), "");
    EXPECT_EQ(fault_of("[[[0,0],[1,0],[0,0]]]"), "ring_too_short");
    EXPECT_EQ(fault_of("[[[0,0],[1,0],[1,0],[0,0]]]"), "ring_too_short");
    EXPECT_EQ(fault_of("[[[0,0],[1e-9,0],[0,1e-9],[0,0]]]"), "ring_too_short");
    EXPECT_EQ(fault_of("[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"), "ring_crosses_itself");  // A bow tie.
    EXPECT_EQ(
        fault_of("[[[0,0],[2,0],[1,1],[2,2],[0,2],[1,1],[0,0]]]"),
        "ring_crosses_itself");  // It touches itself in a point.
    EXPECT_EQ(
        fault_of("[[[0,0],[2,0],[1,0],[1,1],[0,0]]]"), "ring_crosses_itself");  // It turns back.
    EXPECT_EQ(fault_of("[[[0,0],[1,0],[1,1],[0,0]],[[5,5],[6,5],[6,6],[5,5]]]"), "hole_outside");
    EXPECT_EQ(
        fault_of("[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[9,1],[9,2],[1,2],[1,1]]]"),
        "ring_crosses_itself");
    EXPECT_EQ(fault_of("[[[179,0],[-179,0],[-179,1],[179,0]]]"), "crosses_antimeridian");
    EXPECT_EQ(fault_of("[[[0,0],[1,null],[1,1],[0,0]]]"), "bad_coordinates");
    EXPECT_EQ(fault_of("[[[0,0],[1],[1,1],[0,0]]]"), "bad_coordinates");
    EXPECT_EQ(fault_of("[[0,0],[1,0],[1,1],[0,0]]"), "bad_coordinates");
    EXPECT_EQ(fault_of("[[[0,0],[1e999,0],[1,1],[0,0]]]"), "not_geojson");
    EXPECT_EQ(fault_of("[[[0,0],[NaN,0],[1,1],[0,0]]]"), "not_geojson");
    EXPECT_EQ(fault_of("[]"), "no_geometry");
    EXPECT_EQ(fault_of("[[[0,0,12],[1,0,12],[1,1,12],[0,0,12]]]"), "");  // Heights are passed over.
}

TEST(GeojsonReading, AHoleMayTouchItsOuterRing) {
    EXPECT_EQ(fault_of("[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,2],[1,1],[1,3],[0,2]]]"), "");
}

TEST(GeojsonReading, AFileThatIsNoneIsRefusedWhole) {
    EXPECT_EQ(refused(""), "not_geojson");
    EXPECT_EQ(refused("[]"), "not_geojson");
    EXPECT_EQ(refused(R"({"type":"Polygon","coordinates":[]})"), "not_geojson");
    EXPECT_EQ(refused(R"({"type":"FeatureCollection"})"), "not_geojson");
    EXPECT_EQ(refused(collection({polygon(kSquare)}) + "x"), "not_geojson");
    EXPECT_EQ(refused(collection({polygon(kSquare)}).substr(0, 90)), "not_geojson");
    EXPECT_EQ(refused(collection({R"({"type":"Other"})"})), "not_geojson");
    EXPECT_EQ(refused(std::string(1000, '[')), "not_geojson");
    EXPECT_EQ(
        refused(R"({"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:3857"}},)"
                R"("features":[]})"),
        "other_coordinates");
    EXPECT_EQ(
        refused(R"({"crs":{"properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},)"
                R"("type":"FeatureCollection","features":[]})"),
        "");
}

TEST(GeojsonReading, LimitsHold) {
    const auto two = collection({polygon(kSquare), polygon(kSquare)});
    EXPECT_EQ(refused(two, {.bytes_max = two.size() - 1}), "file_too_large");
    EXPECT_EQ(refused(two, {.bytes_max = two.size()}), "");
    EXPECT_EQ(refused(two, {.features_max = 1}), "too_many_features");
    EXPECT_EQ(refused(two, {.points_max = 9}), "too_many_points");
    EXPECT_EQ(refused(two, {.points_max = 10}), "");
    const auto wordy = collection({feature(
        R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})",
        R"({"text":")" + std::string(100, 'x') + "\"}")});
    const auto read_back = read(wordy, {.property_bytes_max = 50});
    EXPECT_EQ(read_back->faults.at(0).code, "properties_too_large");
    const auto bad =
        read(collection(std::vector<std::string>(5, feature("null"))), {.faults_max = 2});
    EXPECT_EQ(bad->faults.size(), 2U);
    EXPECT_EQ(bad->faults_left_out, 3U);
}

TEST(GeojsonReading, ALineIsReadToBeABuffer) {
    const auto found =
        read(feature(R"({"type":"LineString","coordinates":[[0,0],[0.01,0],[0.01,0.01]]})"));
    ASSERT_TRUE(found);
    EXPECT_THAT(found->features.at(0).line, ElementsAre(at(0, 0), at(0.01, 0), at(0.01, 0.01)));
    const auto shape = buffered(found->features[0].line, 100);
    ASSERT_TRUE(shape);
    EXPECT_EQ(shape->parts.size(), 2U);
    EXPECT_TRUE(contains(*shape, at(0.005, 0.0008)));  // 89 m beside it.
    EXPECT_FALSE(contains(*shape, at(0.005, 0.001)));  // 111 m.
    EXPECT_TRUE(contains(*shape, at(0.01088, 0)));     // Around the bend.
    EXPECT_TRUE(contains(*shape, at(-0.0008, 0)));     // Behind its end.
    EXPECT_FALSE(contains(*shape, at(-0.001, 0)));
    EXPECT_FALSE(buffered(std::vector{at(179.9999, 0), at(180, 0)}, 100));
}

TEST(GeojsonShape, AnEdgeBelongsToWhatIsEastAndNorthOfIt) {
    const auto square = box(0, 0, 1, 1);
    EXPECT_TRUE(contains(square, at(0, 0.5)));
    EXPECT_TRUE(contains(square, at(0.5, 0)));
    EXPECT_TRUE(contains(square, at(0, 0)));
    EXPECT_FALSE(contains(square, at(1, 0.5)));
    EXPECT_FALSE(contains(square, at(0.5, 1)));
    EXPECT_FALSE(contains(square, at(1, 1)));
    EXPECT_FALSE(contains(square, at(1, 0)));
}

TEST(GeojsonShape, HolesAndPartsCount) {
    auto ring = box(0, 0, 4, 4);
    ring.holes.push_back({at(1, 1), at(1, 3), at(3, 3), at(3, 1)});
    const Shape shape{{ring, box(10, 10, 11, 11)}};
    EXPECT_TRUE(contains(shape, at(0.5, 2)));
    EXPECT_FALSE(contains(shape, at(2, 2)));
    EXPECT_TRUE(contains(shape, at(10.5, 10.5)));
    EXPECT_EQ(bounds_of(shape), (Bounds{0, 0, 110'000'000, 110'000'000}));
    EXPECT_EQ(points_of(shape), 12U);
    EXPECT_NEAR(
        area_m2(shape),
        area_m2(Shape{{box(0, 0, 4, 4)}}) - area_m2(Shape{{box(1, 1, 3, 3)}}) +
            area_m2(Shape{{box(10, 10, 11, 11)}}),
        1);
}

TEST(GeojsonShape, AreasAreThoseOfTheEllipsoid) {
    // A degree at the equator, by integrating the ellipsoid's radii of curvature numerically.
    EXPECT_NEAR(area_m2(Shape{{box(0, 0, 1, 1)}}) / 1e6, 12308.46389, 0.0001);
    // The whole earth: 510 065 622 km2.
    EXPECT_NEAR(area_m2(Shape{{box(-180, -90, 180, 90)}}) / 1e6, 510'065'621.7, 1);
}

TEST(GeojsonShape, BytesGoThereAndBack) {
    auto ring = box(-87.9, 41.6, -87.5, 42.1);
    ring.holes.push_back({at(-87.7, 41.8), at(-87.7, 41.9), at(-87.6, 41.9)});
    const Shape shape{{ring, box(-180, -90, 180, 90)}};
    const auto bytes = pack(shape);
    EXPECT_EQ(unpack(bytes), shape);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, cut))) << cut;
    }
    EXPECT_FALSE(unpack(bytes + "x"));
}

TEST(GeojsonShape, WhatIsWrittenIsReadAgain) {
    Shape shape{{box(-87.9, 41.6, -87.5, 42.1)}};
    EXPECT_EQ(
        geometry_json(shape),
        R"({"type":"Polygon","coordinates":[[[-87.9,41.6],[-87.5,41.6],[-87.5,42.1],[-87.9,42.1],[-87.9,41.6]]]})");
    shape.parts.push_back(box(-0.0000001, 0, 1, 1));
    const auto found = read(feature(geometry_json(shape)));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->features.at(0).shape, shape);
}

TEST(GeojsonShape, CoarserBordersStayShared) {
    // Two counties, and a border of ten thousand steps between them.
    Ring left{at(0, 0)}, right;
    for (int i = 0; i <= 10'000; ++i) {
        const auto border = at(1 + (i * 7919 % 13) * 1e-4, i * 1e-4);
        left.push_back(border);
        right.push_back(border);
    }
    left.push_back(at(0, 1));
    std::ranges::reverse(right);
    right.insert(right.begin(), {at(2, 0), at(2, 1)});
    const auto one = simplified(Shape{{{left, {}}}}, 100'000);
    const auto other = simplified(Shape{{{right, {}}}}, 100'000);
    EXPECT_LT(points_of(one), 300U);
    EXPECT_NEAR(area_m2(one) + area_m2(other), area_m2(Shape{{box(0, 0, 2, 1)}}), 1);
    EXPECT_TRUE(simplified(Shape{{box(0, 0, 1e-4, 1e-4)}}, 100'000).parts.empty());
}

/// A star around a centre: never crosses itself.
Ring star(Point centre, const std::vector<int>& radii) {
    Ring out;
    for (std::size_t i = 0; i < radii.size(); ++i) {
        const double angle = 2 * 3.14159265358979 * double(i) / double(radii.size());
        const double radius = 1000 + std::abs(radii[i]) % 1'000'000;
        out.push_back(
            {centre.longitude_e7 + static_cast<std::int32_t>(std::lround(radius * std::cos(angle))),
             centre.latitude_e7 +
                 static_cast<std::int32_t>(std::lround(radius * std::sin(angle)))});
    }
    return out;
}

TEST(GeojsonProperties, APlaceIsInOneHalfOfACutSquare) {
    // A square cut by any broken line from its south to its north: every place is in one half.
    EXPECT_TRUE(rc::check([] {
        const auto steps = *rc::gen::container<std::vector<int>>(10, rc::gen::inRange(100, 900));
        Ring left{{0, 0}}, right{{1000, 0}};
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const Point border{steps[i], static_cast<std::int32_t>(i) * 111};
            left.push_back(border);
            right.push_back(border);
        }
        left.push_back({0, 999});
        right.push_back({1000, 999});
        std::reverse(right.begin() + 1, right.end());
        const Point place{*rc::gen::inRange(0, 1000), *rc::gen::inRange(0, 999)};
        RC_ASSERT(contains(Polygon{left, {}}, place) != contains(Polygon{right, {}}, place));
    }));
}

TEST(GeojsonProperties, WhatIsReadIsWhatWasWritten) {
    EXPECT_TRUE(rc::check([] {
        const auto radii =
            *rc::gen::container<std::vector<int>>(12, rc::gen::inRange(0, 1'000'000));
        const Shape shape{{{star({-876'000'000, 418'000'000}, radii), {}}}};
        const auto found = read(feature(geometry_json(shape)));
        RC_ASSERT(found.has_value());
        RC_ASSERT(found->features.size() == 1U);
        RC_ASSERT(found->features[0].shape == shape);
        RC_ASSERT(unpack(pack(shape)) == shape);
    }));
}

}  // namespace
}  // namespace mobilytics::geojson
