// Answers equal those that one gets by going through all facts: for assets, sources, motions, any
// boundaries, before and after days have settled, and never with anything of another company.

#include <gmock/gmock.h>

#include "foundation/zone.h"
#include "pipeline/store/store_suite_test.h"

namespace mobilytics::store {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::IsEmpty;

struct Case {
    Filter filter;
    std::vector<Instant> boundaries;
    Period period() const { return {boundaries.front(), boundaries.back()}; }
};

/// Boundaries on quarters, half hours, hours and days, in any order of lengths.
Case any_case(World& world, const std::vector<AssetId>& assets, Instant from) {
    Case out;
    for (const auto& asset : assets) {
        if (world.below(3) == 0) out.filter.assets.push_back(asset);
    }
    if (world.below(3) == 0) out.filter.source = wire::RadioKind::ble;
    if (world.below(3) == 0) out.filter.motion = measure::Motion::driving;
    const minutes steps[] = {minutes(15), minutes(30), hours(1), hours(3), days(1)};
    out.boundaries.push_back(from + world.below(100) * measure::kBucket);
    const auto slots = 1 + world.below(6);
    for (std::uint64_t i = 0; i < slots; ++i) {
        out.boundaries.push_back(
            out.boundaries.back() + (1 + world.below(4)) * steps[world.below(5)]);
    }
    return out;
}

/// The whole earth, one corner at the cells of the made-up world, and over the antimeridian.
std::vector<CellBox> boxes() {
    const auto middle = tile_of(0x2c1a34567 >> 4, 15);
    const auto last = (std::uint32_t{1} << 15) - 1;
    return {
        {3, 0, 0, 7, 7},
        {17, 4 * middle.x, 0, 4 * last, 4 * middle.y + 2},
        {15, middle.x + 1, 0, middle.x, last}};
}

/// Of those boundaries: two parts are a whole and a slot, and the last is in none.
BlockQuestion block_question(std::span<const Instant> boundaries, bool all_or_none) {
    BlockQuestion out;
    out.boundaries.assign(boundaries.begin(), boundaries.end());
    out.all_or_none = all_or_none;
    const auto parts = std::ssize(boundaries) - 1;
    for (std::int64_t i = 0; i < parts; ++i) {
        out.wholes.push_back(i / 2);
        out.slots.push_back(i + 1 == parts && i > 0 ? -1 : i / 2);
    }
    out.is_over.assign(out.wholes.size(), 0);
    out.is_first.assign(out.wholes.size(), 0);
    out.slot_count = static_cast<std::size_t>(parts / 2 + 1);
    return out;
}

/// Every question there is.
void expect_answers(Store& store, const Oracle& oracle, CompanyId company, const Case& one) {
    const auto view = store.snapshot();
    const auto& [filter, boundaries] = one;
    const auto period = one.period();
    EXPECT_EQ(
        view->figures(company, filter, boundaries), oracle.figures(company, filter, boundaries));
    EXPECT_EQ(
        view->figures_by_asset(company, filter, period),
        oracle.figures_by_asset(company, filter, period));
    EXPECT_EQ(
        view->coverage(company, filter, boundaries), oracle.coverage(company, filter, boundaries));
    EXPECT_EQ(
        view->counted(company, filter, boundaries), oracle.counted(company, filter, boundaries));
    for (const bool all_or_none : {false, true}) {
        const auto question = block_question(boundaries, all_or_none);
        EXPECT_EQ(
            store.snapshot()->counted_blocks(company, filter, question),
            oracle.counted_blocks(company, filter, question));
    }
    EXPECT_EQ(
        view->slots_by_asset(company, filter, boundaries),
        oracle.slots_by_asset(company, filter, boundaries));
    EXPECT_EQ(
        view->dropped_by_asset(company, filter, boundaries),
        oracle.dropped_by_asset(company, filter, boundaries));
    EXPECT_EQ(view->frequency(company, filter, period), oracle.frequency(company, filter, period));
    EXPECT_EQ(view->heard(company), oracle.heard(company));
    for (const auto& box : boxes()) {
        for (const std::int64_t devices_min : {1, 40}) {
            const HeatQuestion question{box, devices_min};
            EXPECT_EQ(
                view->heat(company, filter, period, question),
                oracle.heat(company, filter, period, question));
        }
    }
    const TripQuestion trips{period, filter.assets, {}};
    EXPECT_EQ(view->trips(company, trips, 1000), oracle.trips(company, trips));
}

TEST_P(StoreSuite, EveryAnswerIsThatOfGoingThroughAllFacts) {
    limits.visits_kept = hours(24 * 30);  // So that what is settled can be counted by visits too.
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(seed);
        World facts(seed);
        const duckdb::TemporaryFolder place;
        const auto store = GetParam().open(place.path(), limits, clock);
        Oracle oracle;
        store->learn(Company{company, seed == 1 ? "UTC" : "Asia/Kathmandu", false});
        std::vector<AssetId> mine;
        std::vector<AssetId> theirs;
        for (int i = 0; i < 4; ++i) {
            mine.push_back(facts.asset());
            theirs.push_back(facts.asset());
        }
        const Instant start = today - days(4);
        for (int round = 0; round < 5; ++round) {
            measure::FactBatch batch;
            for (std::size_t i = 0; i < mine.size(); ++i) {
                const auto from = start + facts.below(380) * measure::kBucket;
                const auto count = static_cast<int>(facts.below(12));
                batch.assets.push_back(facts.facts(company, mine[i], from, count));
                batch.assets.push_back(facts.facts(other, theirs[i], from, count));
                if (facts.below(2) == 0) continue;
                batch.assets.back().routes_from = from;
                batch.assets.back().routes = {facts.route(from + minutes(5))};
            }
            oracle.keep(batch);
            store->commit(batch);
            if (round == 2) store->maintain();  // What comes now is late, of settled days.
            for (int i = 0; i < 3; ++i) {
                expect_answers(*store, oracle, company, any_case(facts, mine, start));
                expect_answers(*store, oracle, other, any_case(facts, theirs, start));
            }
        }
        // Days that a company has had by another zone stand; its next are by the new one.
        store->learn(Company{company, "America/Chicago", false});
        clock.advance(days(2));
        store->maintain();
        for (const auto* zone : {"UTC", "Asia/Kathmandu", "America/Chicago"}) {
            Case by_day;
            by_day.boundaries = boundaries(start, today + days(2), Grain::day, zone);
            expect_answers(*store, oracle, company, by_day);
            by_day.filter.assets = {mine[0], mine[2]};
            expect_answers(*store, oracle, company, by_day);
            expect_answers(*store, oracle, other, by_day);
        }
        clock.advance(-days(2));
    }
}

TEST_P(StoreSuite, NoQuestionIsAnsweredWithAnothersRows) {
    const auto store = opened();
    const auto asset = world.asset();
    measure::FactBatch batch;
    batch.assets.push_back(world.facts(other, asset, today, 4));
    batch.assets.push_back(world.facts(other, world.asset(), today - days(3), 4));
    batch.assets[0].routes_from = today;
    batch.assets[0].routes = {world.route(today)};
    store->learn(Company{other, "UTC", false});
    store->learn(Asset{{other, asset, true, {}, "UTC"}, "T", "T", "vehicle", false});
    store->learn(measure::Attachment{other, world.device(), asset, today, {}});
    store->commit(batch);
    store->maintain();
    const auto view = store->snapshot();
    const std::vector<Instant> boundaries{today - days(5), today, today + days(1)};
    const Period period{boundaries.front(), boundaries.back()};
    for (const Filter& filter : {Filter{}, Filter{{asset}, {}, {}}}) {
        EXPECT_EQ(view->figures(company, filter, boundaries), std::vector<Figures>(2));
        EXPECT_THAT(view->figures_by_asset(company, filter, period), IsEmpty());
        EXPECT_EQ(view->coverage(company, filter, boundaries), std::vector<Coverage>(2));
        EXPECT_EQ(view->counted(company, filter, boundaries), std::vector<Counted>(2));
        EXPECT_EQ(view->frequency(company, filter, period), Frequency());
        EXPECT_EQ(view->heat(company, filter, period, {{0, 0, 0, 0, 0}, 1}), Heat());
        EXPECT_THAT(view->trips(company, {period, filter.assets, {}}, 10), IsEmpty());
        EXPECT_EQ(view->trip_sums(company, {period, filter.assets, {}}), TripSums());
        // It is there, for whom it belongs to.
        EXPECT_GT(view->figures(other, filter, boundaries)[1].visits, 0);
        EXPECT_GT(view->heat(other, filter, period, {{0, 0, 0, 0, 0}, 1}).cells.size(), 0);
        EXPECT_EQ(view->trip_sums(other, {period, filter.assets, {}}).trips, 1);
    }
    EXPECT_EQ(view->company(company), std::nullopt);
    EXPECT_THAT(view->assets(company), IsEmpty());
    EXPECT_THAT(view->attachments(company), IsEmpty());
    EXPECT_THAT(view->heard(company), IsEmpty());
    EXPECT_EQ(view->as_of(company), std::nullopt);
}

TEST_P(StoreSuite, VisitsAreForgottenAndExposureIsNot) {
    const auto store = opened();
    const auto asset = world.asset();
    measure::FactBatch batch;
    batch.assets.push_back(world.facts(company, asset, today, 36));
    batch.assets.push_back(world.facts(company, world.asset(), today - days(2), 4));
    Oracle oracle;
    oracle.keep(batch);
    store->commit(batch);
    const Period day{today, today + days(1)};
    const std::array boundaries{today - days(3), today, today + days(1)};
    const auto visits = [&] {
        std::int64_t count = 0;
        for (const auto& bucket : store->buckets(asset, day.from, day.to)) {
            count += std::ssize(bucket.visits);
        }
        return count;
    };
    std::int64_t all = 0;
    std::int64_t after_noon = 0;
    const Instant six = today + hours(6);
    for (const auto& bucket : batch.assets[0].buckets) {
        for (const auto& visit : bucket.visits) {
            ++all;
            if (visit.first >= six) ++after_noon;
        }
    }
    EXPECT_EQ(visits(), all);
    // Of two days ago nothing was kept in the first place.
    EXPECT_EQ(store->snapshot()->frequency(company, {}, {today - days(3), today}).visits, 0);
    EXPECT_EQ(store->maintain().visits_forgotten, 0);

    clock.advance(six + hours(24) - clock.now());
    EXPECT_EQ(store->maintain().visits_forgotten, all - after_noon);
    EXPECT_EQ(visits(), after_noon);
    EXPECT_EQ(store->snapshot()->frequency(company, {}, day).visits, after_noon);
    clock.advance(days(3));
    EXPECT_EQ(store->maintain().visits_forgotten, after_noon);
    EXPECT_EQ(visits(), 0);
    EXPECT_EQ(store->snapshot()->frequency(company, {}, day), Frequency());
    EXPECT_EQ(store->maintain(), Maintained());
    EXPECT_EQ(
        store->snapshot()->figures(company, {}, boundaries),
        oracle.figures(company, {}, boundaries));
    // The same batch again brings none back.
    store->commit(batch);
    EXPECT_EQ(visits(), 0);
}

TEST_P(StoreSuite, VisitsOfAStrictCompanyGoWithinHalfAnHour) {
    const auto store = opened();
    store->learn(Company{company, "America/Chicago", false, true, 0});
    const Instant end = clock.now();
    const auto visit = [&](Instant first, Instant last, std::uint64_t pseudonym) {
        measure::Visit out;
        out.pseudonym = pseudonym;
        out.first = first;
        out.last = last;
        out.sightings = 1;
        return out;
    };
    measure::FactBatch batch;
    for (const auto of : {company, CompanyId::fresh(end)}) {
        measure::BucketFacts bucket;
        bucket.start = std::chrono::floor<std::chrono::minutes>(end - hours(1));
        bucket.start -= bucket.start.time_since_epoch() % measure::kBucket;
        bucket.visits = {
            visit(bucket.start, end - minutes(21), 1), visit(bucket.start, end - minutes(19), 2)};
        auto& facts = batch.assets.emplace_back();
        facts.company = of;
        facts.asset = world.asset();
        facts.buckets.push_back(bucket);
    }
    store->commit(batch);
    const auto kept = [&](CompanyId of) {
        return store->snapshot()->frequency(of, {}, {end - hours(2), end}).visits;
    };
    // What had ended for long is not written at all.
    EXPECT_EQ(kept(company), 1);
    EXPECT_EQ(kept(batch.assets[1].company), 2);
    EXPECT_EQ(store->maintain().visits_forgotten, 0);
    clock.advance(minutes(2));
    EXPECT_EQ(store->maintain().visits_forgotten, 1);
    EXPECT_EQ(kept(company), 0);
    EXPECT_EQ(kept(batch.assets[1].company), 2);
    // Who turns strict later loses what is older with the next round.
    store->learn(Company{batch.assets[1].company, "UTC", false, true, 0});
    EXPECT_EQ(store->maintain().visits_forgotten, 2);
}

TEST_P(StoreSuite, AVisitThatIsStillToComeGoesADayAfterItArrived) {
    const auto store = opened();
    measure::FactBatch batch;  // By a clock that is days ahead.
    batch.assets.push_back(world.facts(company, world.asset(), today + days(5), 8));
    store->commit(batch);
    std::int64_t visits = 0;
    for (const auto& bucket : batch.assets[0].buckets) visits += std::ssize(bucket.visits);
    clock.advance(hours(24));
    EXPECT_EQ(store->maintain().visits_forgotten, 0);
    clock.advance(minutes(1));
    EXPECT_EQ(store->maintain().visits_forgotten, visits);
}

TEST_P(StoreSuite, ACheckpointIsForgottenWhenItIsADayOld) {
    const auto store = opened();
    measure::FactBatch batch;
    const auto old = world.asset();
    batch.checkpoints.push_back({old, clock.now() - hours(24), "old"});
    batch.checkpoints.push_back({world.asset(), clock.now() - hours(23), "young"});
    store->commit(batch);
    EXPECT_EQ(store->maintain().checkpoints_forgotten, 0);
    clock.advance(minutes(1));
    EXPECT_EQ(store->maintain().checkpoints_forgotten, 1);
    const auto left = store->checkpoints();
    ASSERT_EQ(left.size(), 1);
    EXPECT_EQ(left[0].bytes, "young");
}

TEST_P(StoreSuite, RoutesAreForgottenWhenTheirTimeIsUp) {
    limits.routes_kept = days(10);
    const auto store = opened();
    measure::FactBatch batch;
    batch.assets.push_back(
        {company,
         world.asset(),
         {},
         today - days(30),
         {world.route(today - days(20)), world.route(today - days(2))}});
    store->commit(batch);
    EXPECT_EQ(store->maintain().routes_forgotten, 1);
    const auto trips =
        store->snapshot()->trips(company, {{today - days(90), today + days(1)}, {}, {}}, 10);
    ASSERT_EQ(trips.size(), 1);
    EXPECT_EQ(trips[0].route, batch.assets[0].routes[1]);
}

}  // namespace
}  // namespace mobilytics::store
