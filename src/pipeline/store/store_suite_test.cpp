// What is written is there, whole and once, and for its company only.

#include "pipeline/store/store_suite_test.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>

namespace mobilytics::store {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreSuite);

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::IsEmpty;

TEST_P(StoreSuite, ANewStoreKnowsNothing) {
    const auto store = opened();
    EXPECT_EQ(store->position(), ingest::StreamPosition());
    EXPECT_THAT(store->checkpoints(), IsEmpty());
    EXPECT_THAT(store->dimensions()->assets, IsEmpty());
    const auto view = store->snapshot();
    EXPECT_EQ(view->company(company), std::nullopt);
    EXPECT_EQ(view->as_of(company), std::nullopt);
    EXPECT_EQ(view->figures(company, {}, quarters(today, 1)), std::vector<Figures>(1));
    EXPECT_EQ(view->coverage(company, {}, quarters(today, 1)), std::vector<Coverage>(1));
    EXPECT_EQ(view->frequency(company, {}, {today, today + days(1)}), Frequency());
    EXPECT_EQ(view->trip_sums(company, {{today, today + days(1)}, {}, {}}), TripSums());
    EXPECT_THAT(view->figures(company, {}, std::span<const Instant>()), IsEmpty());
}

TEST_P(StoreSuite, WhatIsCommittedComesBackAsItWasAndStaysAfterAnOpening) {
    const auto asset = world.asset();
    auto batch = batch_at({77, 12});
    batch.assets.push_back(world.facts(company, asset, today, 3));
    batch.assets[0].routes_from = today;
    batch.assets[0].routes = {world.route(today), world.route(today + hours(3))};
    batch.checkpoints.push_back({asset, today + hours(1), std::string("\0opaque", 7)});
    auto store = opened();
    store->commit(batch);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(store->position(), batch.position);
        EXPECT_EQ(store->buckets(asset, today, today + hours(1)), batch.assets[0].buckets);
        EXPECT_THAT(store->buckets(asset, today + hours(1), today + hours(2)), IsEmpty());
        EXPECT_THAT(store->buckets(world.asset(), today, today + hours(1)), IsEmpty());
        const auto checkpoints = store->checkpoints();
        ASSERT_EQ(checkpoints.size(), 1);
        EXPECT_EQ(checkpoints[0].asset, asset);
        EXPECT_EQ(checkpoints[0].at, today + hours(1));
        EXPECT_EQ(checkpoints[0].bytes, std::string("\0opaque", 7));
        const auto trips =
            store->snapshot()->trips(company, {{today, today + days(1)}, {}, {}}, 10);
        ASSERT_EQ(trips.size(), 2);
        EXPECT_EQ(trips[0].route, batch.assets[0].routes[0]);
        EXPECT_EQ(trips[1].route, batch.assets[0].routes[1]);
        store.reset();
        store = opened();
    }
}

TEST_P(StoreSuite, TheSameBatchAgainChangesNothingAndANewerBucketReplacesTheOld) {
    const auto asset = world.asset();
    const auto neighbour = world.asset();
    const auto store = opened();
    auto batch = batch_at({1, 1});
    batch.assets.push_back(world.facts(company, asset, today, 4));
    batch.assets.push_back(world.facts(company, neighbour, today, 4));
    Oracle oracle;
    oracle.keep(batch);
    store->commit(batch);
    store->commit(batch);
    const Period day{today, today + days(1)};
    const auto check = [&] {
        EXPECT_EQ(store->buckets(asset, day.from, day.to), oracle.buckets(asset, day.from, day.to));
        EXPECT_EQ(
            store->buckets(neighbour, day.from, day.to),
            oracle.buckets(neighbour, day.from, day.to));
        EXPECT_EQ(
            store->snapshot()->frequency(company, {}, day), oracle.frequency(company, {}, day));
    };
    check();
    auto newer = batch_at({2, 2});
    newer.assets.push_back(facts_of(company, asset));
    newer.assets[0].buckets.push_back(world.bucket(today + minutes(15)));
    newer.assets[0].buckets.push_back(bucket_at(today + minutes(30)));  // Nothing of it is left.
    oracle.keep(newer);
    store->commit(newer);
    check();
    EXPECT_EQ(store->position(), newer.position);
}

TEST_P(StoreSuite, RoutesThatBeganLaterAreReplacedAndOthersStand) {
    const auto asset = world.asset();
    const auto store = opened();
    const std::vector<measure::Route> routes{
        world.route(today), world.route(today + hours(2)), world.route(today + hours(4))};
    measure::FactBatch batch;
    batch.assets.push_back({company, asset, {}, today, routes});
    batch.assets.push_back({company, world.asset(), {}, today, {routes[2]}});
    store->commit(batch);
    const auto again = world.route(today + hours(3));
    measure::FactBatch newer;
    newer.assets.push_back({company, asset, {}, today + hours(2), {again}});
    store->commit(newer);
    const auto view = store->snapshot();
    const TripQuestion of_asset{{today, today + days(1)}, {asset}, {}};
    const std::vector<Trip> expected{{asset, routes[0]}, {asset, again}};
    EXPECT_EQ(view->trips(company, of_asset, 10), expected);
    EXPECT_EQ(view->trips(company, {of_asset.period, {}, {}}, 10).size(), 3);
    EXPECT_EQ(view->trips(company, {of_asset.period, {}, {}}, 2).size(), 2);
    const auto sums = view->trip_sums(company, of_asset);
    EXPECT_EQ(sums.trips, 2);
    EXPECT_EQ(sums.distance_m, routes[0].distance_m + again.distance_m);
    EXPECT_EQ(sums.driving_us, routes[0].driving_us + again.driving_us);
    EXPECT_EQ(sums.parked_us, routes[0].parked_us + again.parked_us);
}

TEST_P(StoreSuite, TripsAreFoundByTheBoxTheyTouch) {
    const auto store = opened();
    measure::FactBatch batch;
    auto route = world.route(today);
    route.path = {{today, 418'000'000, -877'000'000}, {today, 419'000'000, -876'000'000}};
    batch.assets.push_back({company, world.asset(), {}, today, {route}});
    store->commit(batch);
    const auto view = store->snapshot();
    const auto found = [&](GeoBox box) {
        return view->trips(company, {{today, today + days(1)}, {}, box}, 10).size();
    };
    EXPECT_EQ(found({-876'500'000, 418'500'000, -870'000'000, 430'000'000}), 1);
    EXPECT_EQ(found({-875'900'000, 418'500'000, -870'000'000, 430'000'000}), 0);
    EXPECT_EQ(found({-877'000'000, 410'000'000, -876'900'000, 418'000'000}), 1);
    EXPECT_EQ(found({-877'000'000, 410'000'000, -876'900'000, 417'999'999}), 0);
    // Over the antimeridian: all that is not between.
    EXPECT_EQ(found({-876'500'000, 410'000'000, -1'000'000'000, 430'000'000}), 1);
    EXPECT_EQ(found({1'700'000'000, 410'000'000, -1'700'000'000, 430'000'000}), 0);
}

TEST_P(StoreSuite, WhatTheBusinessTellsIsLearntOnce) {
    const auto store = opened();
    const auto before = store->dimensions();
    EXPECT_EQ(before->version, 0);
    const Company home{company, "America/Chicago", true};
    store->learn(home);
    store->learn({other, "UTC", false});
    Asset truck{
        {company, world.asset(), true, std::nullopt, "America/Chicago"},
        "T-1",
        "Truck 1",
        "vehicle",
        false};
    Asset board{
        {company, world.asset(), false, measure::PathPoint{{}, 418'000'000, -876'000'000}, "UTC"},
        "B-1",
        "Board",
        "billboard",
        false};
    store->learn(truck);
    store->learn(board);
    const auto version = store->dimensions()->version;
    EXPECT_GT(version, before->version);
    const auto same = store->dimensions();
    store->learn(board);
    EXPECT_EQ(store->dimensions(), same);
    board.retired = true;
    store->learn(board);
    EXPECT_GT(store->dimensions()->version, version);
    EXPECT_EQ(store->dimensions()->assets.at(truck.dimension.asset), truck.dimension);

    measure::Attachment attachment{
        company, world.device(), truck.dimension.asset, today, std::nullopt};
    store->learn(attachment);
    attachment.to = today + hours(5);
    store->learn(attachment);
    store->learn(attachment);
    const auto view = store->snapshot();
    EXPECT_EQ(view->company(company), home);
    EXPECT_THAT(view->assets(company), testing::UnorderedElementsAre(truck, board));
    EXPECT_THAT(view->attachments(company), testing::ElementsAre(attachment));
    EXPECT_EQ(store->dimensions()->attachments, view->attachments(company));
    EXPECT_THAT(view->assets(other), IsEmpty());
    EXPECT_THAT(view->attachments(other), IsEmpty());
}

TEST_P(StoreSuite, ASnapshotStaysAsItWas) {
    const auto store = opened();
    const auto before = store->snapshot();
    EXPECT_EQ(before->as_of(company), std::nullopt);
    measure::FactBatch batch;
    batch.assets.push_back(world.facts(company, world.asset(), today, 2));
    batch.assets[0].buckets[0].coverage.heard_until =
        batch.assets[0].buckets[0].start + std::chrono::seconds(9);
    store->commit(batch);
    EXPECT_EQ(before->as_of(company), std::nullopt);
    EXPECT_NE(store->snapshot()->as_of(company), std::nullopt);
}

TEST_P(StoreSuite, ReadersOfAStoreThatIsWrittenSeeWholeBatchesOnly) {
    limits.settled_after = hours(0);
    const auto store = opened();
    const auto one = world.asset();
    const auto two = world.asset();
    // Every batch makes all sums of both assets equal to its own number.
    const auto batch = [&](std::uint64_t number) {
        auto out = batch_at({1, number});
        for (const auto asset : {one, two}) {
            auto facts = facts_of(company, asset);
            for (const auto start : {today - days(2), today}) {
                auto bucket = bucket_at(start);
                bucket.coverage.reports = static_cast<std::int64_t>(number);
                bucket.exposures.resize(1);
                bucket.exposures[0].visits_begun = static_cast<std::int64_t>(number);
                facts.buckets.push_back(bucket);
            }
            out.assets.push_back(facts);
        }
        return out;
    };
    store->commit(batch(1));
    std::atomic<bool> over = false;
    std::atomic<int> read = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!over) {
                const auto view = store->snapshot();
                const Filter first{{one}, {}, {}};
                const Filter second{{two}, {}, {}};
                const std::array<Instant, 3> both{today - days(2), today, today + days(1)};
                const auto of_one = view->figures(company, first, both);
                EXPECT_EQ(of_one[0].visits, of_one[1].visits);
                EXPECT_EQ(of_one, view->figures(company, second, both));
                const auto all = view->figures(company, {}, both);
                EXPECT_EQ(all[0].visits, 2 * of_one[0].visits);
                EXPECT_EQ(all[1].visits, 2 * of_one[0].visits);
                EXPECT_EQ(view->coverage(company, {}, both)[1].reports, all[1].visits);
                ++read;
            }
        });
    }
    const auto write = [&] {
        for (std::uint64_t number = 2; number < 25 || read < 8; ++number) {
            store->commit(batch(number));
            if (number % 10 == 0) store->maintain();
        }
    };
    EXPECT_NO_THROW(write());
    over = true;
    for (auto& reader : readers) reader.join();
}

TEST_P(StoreSuite, TheListenerHearsOfEachCommit) {
    const auto store = opened();
    std::vector<std::vector<CompanyId>> heard;
    store->on_news([&](const News& news) { heard.push_back(news.companies); });
    measure::FactBatch batch;
    batch.assets.push_back(world.facts(company, world.asset(), today, 1));
    batch.assets.push_back(world.facts(other, world.asset(), today, 1));
    batch.assets.push_back(world.facts(company, world.asset(), today, 1));
    store->commit(batch);
    store->commit(batch_at({5, 5}));
    EXPECT_EQ(heard, (std::vector<std::vector<CompanyId>>{{company, other}}));
    EXPECT_EQ(store->position(), (ingest::StreamPosition{5, 5}));
}

TEST_P(StoreSuite, MoreReadersThanMayAreUnavailable) {
    limits.readers_max = 2;
    limits.reader_wait_max = std::chrono::milliseconds(10);
    const auto store = opened();
    const auto one = store->snapshot();
    auto two = store->snapshot();
    EXPECT_THROW(store->snapshot(), Unavailable);
    two.reset();
    EXPECT_NE(store->snapshot(), nullptr);
}

}  // namespace
}  // namespace mobilytics::store
