// Sensitive places: what answers say of them, and that no answer says anything of what was heard
// there, whatever is asked and subtracted.

#include <set>

#include <gmock/gmock.h>

#include "foundation/clock_test.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_api.h"
#include "platform/duckdb/duckdb_test.h"
#include "platform/geojson/geojson.h"
#include "platform/http/router.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr double kWidth = 360.0 / 131072;  // Of a cell of zoom 17, in degrees of longitude.

std::int32_t e7(double degrees) { return static_cast<std::int32_t>(std::lround(degrees * 1e7)); }
geojson::Shape box(double west, double south, double east, double north) {
    const auto at = [](double x, double y) { return geojson::Point{e7(x), e7(y)}; };
    return {{{{at(west, south), at(east, south), at(east, north), at(west, north)}, {}}}};
}
store::Region region(const std::string& code, const geojson::Shape& shape) {
    store::Region out;
    out.code = out.name = code;
    out.area_m2 = geojson::area_m2(shape);
    out.shape = geojson::pack(shape);
    return out;
}
/// The cell in this column and row, from the corner of four at (0, 0): north-east of it.
measure::Cell cell(int column, int row) {
    return store::cell_of(store::tile_at((row + 0.5) * kWidth, (column + 0.5) * kWidth, 17), 17);
}
geojson::Shape cells(int column, int row, int columns, int rows) {
    return box(column * kWidth, row * kWidth, (column + columns) * kWidth, (row + rows) * kWidth);
}
/// Well within one cell.
std::string place_in(int column, int row) {
    return geojson::pack(
        box((column + 0.4) * kWidth, (row + 0.4) * kWidth, (column + 0.6) * kWidth,
            (row + 0.6) * kWidth));
}

/// A company of two trucks and a billboard: a store, and a report over it.
class World {
  public:
    World(
        pg::Pool& pool, pg::SystemPool& system, const pg::Address& address, ManualClock& clock,
        std::vector<AssetId> assets, CompanyId company, std::vector<RegionSetId> sets)
        : company_(company),
          assets_(std::move(assets)),
          sets_(std::move(sets)),
          store_(store::open_duckdb_store(folder_.path() / "store.duckdb", {}, clock)),
          live_(*store_, system, address, hub_, clock),
          report_(*store_, pool, live_, clock) {
        mount(router_, report_);
        store_->learn(store::Company{company_, "America/Chicago", true});
        for (std::size_t i = 0; i < assets_.size(); ++i) {
            store::Asset asset;
            const bool moving = i + 1 < assets_.size();
            asset.dimension = {company_, assets_[i], moving, {}, "America/Chicago"};
            if (!moving) {
                asset.dimension.position =
                    measure::PathPoint{{}, e7(0.5 * kWidth), e7(0.5 * kWidth)};
            }
            asset.code = asset.name = "A-" + std::to_string(i);
            asset.kind = moving ? "vehicle" : "billboard";
            store_->learn(asset);
        }
        store::RegionSet parts{company_, sets_[0], "Parts", "custom", 1, begin, {}};
        parts.regions = {region("east", cells(3, 0, 3, 6)), region("west", cells(0, 0, 3, 6))};
        store_->learn(parts);
        // Zones that overlap each other and the place, one that is it, and one beside it.
        store::RegionSet zones{company_, sets_[1], "Zones", "custom", 1, begin, {}};
        zones.regions = {
            region("all", cells(0, 0, 6, 6)), region("beside", cells(3, 2, 1, 1)),
            region("place", cells(2, 2, 1, 1)), region("row", cells(0, 2, 6, 1))};
        store_->learn(zones);
    }

    /// So many different devices in each cell of a quarter of an hour, of one asset.
    void keep(
        std::size_t asset, Instant start,
        const std::vector<std::pair<measure::Cell, int>>& counts) {
        measure::BucketFacts bucket;
        bucket.start = start;
        bucket.coverage.covered_us = 900'000'000;
        bucket.coverage.reports = 1;
        std::uint64_t device = 1'000'000 * (asset + 1);
        for (const auto& [where, count] : counts) {
            measure::Exposure exposure;
            exposure.motion =
                asset + 1 < assets_.size() ? measure::Motion::driving : measure::Motion::fixed;
            exposure.cell = where;
            exposure.visits_begun = count;
            exposure.presence_us = count * 36'000'000LL;
            exposure.occupancy_max = count / 10;
            exposure.dwell_bins[2] = count;
            for (int i = 0; i < count; ++i) {
                exposure.reach.add(1, ++device * 0x9E3779B97F4A7C15);
                measure::Visit visit;
                visit.epoch = 1;
                visit.pseudonym = device;
                visit.first = start + std::chrono::seconds(i % 600);
                visit.last = visit.first + 36s;
                visit.motion = exposure.motion;
                visit.cell = where;
                bucket.visits.push_back(visit);
            }
            bucket.exposures.push_back(std::move(exposure));
        }
        std::ranges::sort(bucket.exposures, {}, &measure::Exposure::cell);
        measure::FactBatch batch;
        batch.position = {++commits_, 1};
        batch.assets.push_back({company_, assets_[asset], {bucket}, {}, {}});
        store_->commit(batch);
    }

    boost::json::value ask(const std::string& what, unsigned status = 200) {
        http::Request request{.target = "/api/v1/reports/" + what};
        request.headers.add("Authorization", "Bearer x");
        const auto reply = router_.handle(std::move(request));
        EXPECT_EQ(reply.status, status) << what << boost::json::serialize(reply.body);
        return reply.body;
    }
    std::string set(std::size_t number) const { return "&set_id=" + sets_[number].str(); }
    std::string asset(std::size_t number) const { return "&asset_id=" + assets_[number].str(); }
    store::Store& store() { return *store_; }
    CompanyId company() const { return company_; }

    const Instant begin = *parse_iso8601("2026-08-20T12:00:00Z");

  private:
    const CompanyId company_;
    const std::vector<AssetId> assets_;
    const std::vector<RegionSetId> sets_;
    duckdb::TemporaryFolder folder_;
    std::unique_ptr<store::Store> store_;
    http::EventHub hub_;
    Live live_;
    Report report_;
    std::uint64_t commits_ = 0;
    http::Router router_{
        [this](std::string_view) -> Result<Caller> { return Caller{company_, Role::viewer}; }};
};

class SensitiveReportTest : public pg::PostgresTest {
  protected:
    SensitiveReportTest() : PostgresTest({pg::kMigrations, ingest::kMigrations}) {}

    std::unique_ptr<World> world() {
        return std::make_unique<World>(
            pool, system, as("mobilytics_system"), clock, assets, company, sets);
    }

    ManualClock clock{*parse_iso8601("2026-08-21T13:00:00Z")};
    const CompanyId company = CompanyId::fresh(clock.now());
    const std::vector<AssetId> assets{
        AssetId::fresh(clock.now()), AssetId::fresh(clock.now()), AssetId::fresh(clock.now())};
    const std::vector<RegionSetId> sets{
        RegionSetId::fresh(clock.now()), RegionSetId::fresh(clock.now())};
    const std::string span = "?from=2026-08-20T12:00:00Z&to=2026-08-20T13:00:00Z";
};

TEST_F(SensitiveReportTest, AnswersByPlaceAreWithoutIt) {
    const auto one = world();
    // West: columns 0 to 2. The place is in (2, 2).
    one->store().learn(store::SensitivePlaces{company, {place_in(2, 2)}});
    one->keep(
        0, one->begin,
        {{cell(2, 2), 100},
         {cell(1, 2), 40},
         {cell(3, 2), 30},
         {cell(50, 50), 20},
         {measure::kNoCell, 15}});
    const auto parts = one->ask("regions" + span + one->set(0));
    EXPECT_EQ(parts.at("sensitive_places"), true);
    ASSERT_EQ(parts.at("items").as_array().size(), 2U);
    const auto& east = parts.at("items").at(0);
    const auto& west = parts.at("items").at(1);
    EXPECT_EQ(east.at("visits"), 30);
    EXPECT_FALSE(east.as_object().contains("sensitive"));
    EXPECT_EQ(west.at("visits"), 40);
    EXPECT_EQ(west.at("cells"), 1);
    EXPECT_EQ(west.at("presence_s"), 1440.0);  // 40 of 36 s.
    EXPECT_EQ(west.at("sensitive"), true);
    EXPECT_EQ(parts.at("outside").at("visits"), 20);
    EXPECT_EQ(parts.at("unplaced").at("visits"), 20);  // 15 and 105, to ten.
    EXPECT_EQ(parts.at("total").at("visits"), 110);

    const auto zones = one->ask("regions" + span + one->set(1));
    ASSERT_EQ(zones.at("items").as_array().size(), 3U);  // In the place itself nothing is heard.
    EXPECT_EQ(zones.at("items").at(0).at("code"), "all");
    EXPECT_EQ(zones.at("items").at(0).at("visits"), 70);
    EXPECT_EQ(zones.at("items").at(0).at("sensitive"), true);
    EXPECT_EQ(zones.at("items").at(1).at("visits"), 30);
    EXPECT_EQ(zones.at("items").at(2).at("code"), "row");
    const auto series = one->ask("regions/series" + span + one->set(1) + "&grain=hour&code=place");
    EXPECT_EQ(series.at("sensitive"), true);
    EXPECT_EQ(series.at("items").at(0).at("visits"), 0);

    const auto heat = one->ask("heatmap" + span + "&zoom=17&bbox=-0.1,-0.1,0.1,0.1");
    std::set<std::string> shown;
    for (const auto& one_cell : heat.at("cells").as_array()) {
        shown.emplace(one_cell.at("cell").as_string());
    }
    EXPECT_EQ(shown, (std::set{store::quadkey(cell(1, 2), 17), store::quadkey(cell(3, 2), 17)}));
    // All of it, whatever the place, is without it too: else it were the difference.
    EXPECT_EQ(one->ask("overview" + span).at("current").at("visits"), 105);
}

TEST_F(SensitiveReportTest, WithoutPlacesNothingIsSaid) {
    const auto one = world();
    one->keep(0, one->begin, {{cell(2, 2), 100}});
    const auto parts = one->ask("regions" + span + one->set(0));
    EXPECT_FALSE(parts.as_object().contains("sensitive_places"));
    EXPECT_FALSE(parts.as_object().contains("sensitive_assets"));
    EXPECT_EQ(parts.at("items").at(0).at("visits"), 100);
}

TEST_F(SensitiveReportTest, AnAssetThatStandsThereIsHeldBackAndNamed) {
    const auto one = world();
    one->store().learn(store::SensitivePlaces{company, {place_in(0, 0)}});
    one->keep(0, one->begin, {{cell(3, 3), 40}});
    one->keep(2, one->begin, {{cell(0, 0), 90}});
    const auto board = assets[2].str();
    const auto all = one->ask("overview" + span);
    EXPECT_EQ(all.at("current").at("visits"), 40);
    EXPECT_EQ(all.at("sensitive_assets"), boost::json::array{board});
    const auto alone = one->ask("overview" + span + one->asset(2));
    EXPECT_TRUE(alone.at("current").at("visits").is_null());
    EXPECT_EQ(alone.at("current").at("suppressed").as_array().size(), 7U);
    EXPECT_EQ(alone.at("sensitive_assets"), boost::json::array{board});
    const auto series = one->ask("exposure" + span + one->asset(2) + "&grain=hour");
    EXPECT_TRUE(series.at("items").at(0).at("visits").is_null());
    EXPECT_EQ(series.at("items").at(0).at("suppressed").as_array().size(), 5U);
    EXPECT_TRUE(one->ask("dwell" + span + one->asset(2)).at("visits").is_null());
    EXPECT_TRUE(one->ask("frequency" + span + one->asset(2)).at("mean").is_null());
    EXPECT_TRUE(one->ask("reach" + span + one->asset(2)).at("devices").is_null());
    const auto regions = one->ask("regions" + span + one->set(0) + one->asset(2));
    EXPECT_TRUE(regions.at("total").at("visits").is_null());
    EXPECT_TRUE(regions.at("outside").at("visits").is_null());
    // One that stands elsewhere is not concerned.
    const auto truck = one->ask("overview" + span + one->asset(0));
    EXPECT_EQ(truck.at("current").at("visits"), 40);
    EXPECT_TRUE(truck.at("sensitive_assets").as_array().empty());
}

/// Every question that there is of figures, over sets, zooms, ranges and assets.
std::vector<std::string> questions(const World& one) {
    std::vector<std::string> out;
    const std::vector<std::string> ranges{
        "?from=2026-08-20T12:00:00Z&to=2026-08-20T13:00:00Z",
        "?from=2026-08-20T05:00:00Z&to=2026-08-21T05:00:00Z"};
    const std::vector<std::string> of{"", one.asset(0) + one.asset(2)};
    for (const auto& range : ranges) {
        for (const auto& assets : of) {
            const auto asked = range + assets;
            for (const char* what : {"overview", "dwell", "reach", "frequency"}) {
                out.push_back(what + asked);
            }
            for (const char* grain : {"quarter", "hour", "day"}) {
                out.push_back("exposure" + asked + "&grain=" + grain);
            }
            for (const std::size_t set : {0, 1}) {
                out.push_back("regions" + asked + one.set(set));
                out.push_back("zones" + asked + one.set(set));
                out.push_back("zone-flows" + asked + one.set(set));
            }
            for (const char* code : {"all", "beside", "place", "row"}) {
                for (const char* grain : {"quarter", "hour"}) {
                    out.push_back(
                        "regions/series" + asked + one.set(1) + "&grain=" + grain +
                        "&code=" + code);
                }
            }
            for (const int zoom : {3, 14, 17}) {
                const auto bbox = zoom < 12 ? "-180,-85,180,85" : "-0.1,-0.1,0.1,0.1";
                out.push_back(
                    "heatmap" + asked + "&zoom=" + std::to_string(zoom) + "&bbox=" + bbox);
            }
        }
    }
    return out;
}

TEST_F(SensitiveReportTest, WorldsThatDifferInAPlaceAloneAnswerTheSame) {
    // An attack is a function of answers. Where all answers are the same, byte by byte, whatever
    // was heard in the place, none tells of it: neither one by itself, nor any two subtracted.
    for (const bool told_first : {true, false}) {
        SCOPED_TRACE(told_first);
        const auto quiet = world();
        const auto busy = world();
        const store::SensitivePlaces places{company, {place_in(2, 2), place_in(0, 0)}};
        for (const auto& [one, there] : {std::pair(quiet.get(), 0), std::pair(busy.get(), 1)}) {
            if (told_first) one->store().learn(places);
            for (int i = 0; i < 6; ++i) {
                const auto start = one->begin + i * measure::kBucket;
                // The same devices elsewhere in both: what is drawn in the place comes last.
                std::vector<std::pair<measure::Cell, int>> first{
                    {cell(1, 2), 20 + i}, {cell(3, 2), 12}, {cell(2, 3), 11}, {cell(50, 50), 30}};
                std::vector<std::pair<measure::Cell, int>> second{{cell(3, 2), 15}};
                if (there > 0) {
                    first.emplace_back(cell(2, 2), 17 * (i + 1));
                    second.emplace_back(cell(2, 2), 3);
                    second.emplace_back(cell(0, 0), 60);
                    one->keep(2, start, {{cell(0, 0), 25 + i}});
                } else {
                    one->keep(2, start, {});
                }
                one->keep(0, start, first);
                one->keep(1, start, second);
            }
            if (!told_first) one->store().learn(places);
        }
        std::size_t asked = 0;
        for (const auto& question : questions(*quiet)) {
            ++asked;
            EXPECT_EQ(
                boost::json::serialize(quiet->ask(question)),
                boost::json::serialize(busy->ask(question)))
                << question;
        }
        EXPECT_EQ(asked, 2U * 2U * (4 + 3 + 6 + 8 + 3));
    }
}

TEST_F(SensitiveReportTest, WithoutAPlaceThoseWorldsDoDiffer) {
    // That the attack above could find something.
    const auto quiet = world();
    const auto busy = world();
    quiet->keep(0, quiet->begin, {{cell(1, 2), 40}});
    busy->keep(0, busy->begin, {{cell(1, 2), 40}, {cell(2, 2), 30}});
    std::size_t differ = 0;
    const auto all = questions(*quiet);
    for (std::size_t i = 0; i < 24; ++i) {
        differ += quiet->ask(all[i]) == busy->ask(all[i]) ? 0 : 1;
    }
    EXPECT_GT(differ, 8U);
}

}  // namespace
}  // namespace mobilytics::report
