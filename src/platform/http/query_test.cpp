#include "platform/http/query.h"

#include <gtest/gtest.h>

#include "foundation/named_ids.h"

namespace mobilytics::http {
namespace {

BOOST_DEFINE_ENUM_CLASS(Source, all, wifi, ble)

struct Asked {
    Instant from;
    std::optional<std::string> zone;
    std::vector<AssetId> assets;
    std::vector<double> bbox;
    Source source{};
    std::int64_t zoom = 0;
    bool exact = false;
    PageRequest page;
};

Result<Asked> read(const Query& query) {
    QueryReader in(query);
    Asked out;
    in.required(out.from, "from");
    in.optional(out.zone, "zone", {.max = 4});
    in.list(out.assets, "asset_id", {.max = 3});
    in.list(out.bbox, "bbox", {.max = 4}, {.min = -180, .max = 180});
    in.defaulted(out.source, "source", "all");
    in.defaulted(out.zoom, "zoom", "12", {.min = 0, .max = 17});
    in.defaulted(out.exact, "exact", "false");
    in.page(out.page);
    CHECK(in.finish());
    return out;
}

const std::string kOne = "asset_018f2f6e8c7a7c0e9a51c3b0d2e4f601";
const std::string kTwo = "asset_018f2f6e8c7a7c0e9a51c3b0d2e4f602";
const std::string kThree = "asset_018f2f6e8c7a7c0e9a51c3b0d2e4f603";

TEST(QueryReader, ReadsEveryTypeAndFillsInWhatIsNotSaid) {
    const auto least = read({{"from", "2026-08-21T09:30:00Z"}});
    ASSERT_TRUE(least);
    EXPECT_EQ(least->source, Source::all);
    EXPECT_EQ(least->zoom, 12);
    EXPECT_EQ(least->zone, std::nullopt);
    EXPECT_TRUE(least->assets.empty());

    const auto most = read(
        {{"from", "2026-08-21T09:30:00Z"},
         {"zone", "gran"},
         {"asset_id", kOne + "," + kTwo},
         {"asset_id", kThree},
         {"bbox", "-87.8,41.5,-87,42"},
         {"source", "ble"},
         {"zoom", "0"},
         {"exact", "true"},
         {"limit", "7"},
         {"cursor", "c"}});
    ASSERT_TRUE(most) << most.error().faults.at(0).detail;
    ASSERT_EQ(most->assets.size(), 3);
    EXPECT_EQ(most->assets[2].str(), kThree);
    EXPECT_EQ(most->bbox, (std::vector<double>{-87.8, 41.5, -87, 42}));
    EXPECT_EQ(most->source, Source::ble);
    EXPECT_EQ(most->zoom, 0);
    EXPECT_TRUE(most->exact);
    EXPECT_EQ(most->page.limit, 7);
    EXPECT_EQ(most->page.cursor, "c");
}

TEST(QueryReader, NamesEveryFault) {
    const auto bad = read(
        {{"zone", "Chicago"},
         {"asset_id", "x"},
         {"bbox", "181,,nan"},
         {"source", "radio"},
         {"zoom", "1.5"},
         {"exact", "yes"},
         {"limit", "0"},
         {"from_", ""}});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, "bad_query");
    const std::vector<Fault> expected{
        {"/query/from", "is missing"},
        {"/query/zone", "is too long"},
        {"/query/asset_id", "is not such an id"},
        {"/query/bbox", "is out of range"},
        {"/query/bbox", "is not a number"},
        {"/query/bbox", "is not a number"},
        {"/query/source", "is not one of the words that it may be"},
        {"/query/zoom", "is not a whole number"},
        {"/query/exact", "is not true or false"},
        {"/query/limit", "is out of range"},
        {"/query/from_", "is not known here"}};
    EXPECT_EQ(bad.error().faults, expected);
}

TEST(QueryReader, RefusesWhatComesTwiceAndListsThatAreTooLong) {
    const auto bad = read(
        {{"from", "2026-08-21T09:30:00Z"},
         {"from", "2026-08-21T09:30:00Z"},
         {"asset_id", "a,b,c,d"}});
    ASSERT_FALSE(bad);
    const std::vector<Fault> expected{
        {"/query/from", "comes more than once"}, {"/query/asset_id", "has too many items"}};
    EXPECT_EQ(bad.error().faults, expected);
}

}  // namespace
}  // namespace mobilytics::http
