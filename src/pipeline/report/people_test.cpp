#include "pipeline/report/people.h"

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "platform/duckdb/duckdb_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kQuarterUs = 900'000'000;

store::Calibration factor_of(double factor, double low, double high, std::int64_t days) {
    store::Calibration out;
    out.model = "model_1";
    out.factor = factor;
    out.low = low;
    out.high = high;
    out.days = days;
    out.newest_day = "2026-08-20";
    return out;
}
CalibratedPart part(const store::Calibration& by, double present, std::int64_t quarters) {
    const auto covered = quarters * kQuarterUs;
    return {by, static_cast<std::int64_t>(present * static_cast<double>(covered)), covered, false};
}

TEST(People, AreDevicesTimesTheFactorWithBothUncertainties) {
    // No other uncertainty than the count's: Garwood's of 20 at one moment, times 1.5.
    const auto sure = factor_of(1.5, 1.5, 1.5, 5);
    const auto moment = people_of(std::vector{part(sure, 20, 1)}, 15min);
    EXPECT_EQ(moment, (PeopleFigures{30, 19.8, 43.6}));
    // Over a day, a twenty-fourth of its variance is left.
    const auto day = people_of(std::vector{part(sure, 20, 96)}, 24h);
    EXPECT_EQ(day, (PeopleFigures{30, 27.9, 32.8}));
    // Of a single day of counting: half to twice, however long it is.
    const auto single = factor_of(1.5, 0.75, 3, 1);
    const auto wide = people_of(std::vector{part(single, 20, 96)}, 24h);
    EXPECT_EQ(wide->mean, 30);
    EXPECT_NEAR(wide->low, 15, 0.3);
    EXPECT_NEAR(wide->high, 60, 0.3);
    // Of five days within a tenth: one more day may be off by the root of six times that.
    const auto days = factor_of(1.5, 1.5 / 1.1, 1.5 * 1.1, 5);
    const auto usual = people_of(std::vector{part(days, 20, 96)}, 24h);
    EXPECT_NEAR(usual->high, 38.4, 0.2);
    EXPECT_NEAR(people_of(std::vector{part(days, 20, 96 * 30)}, 24h * 30)->high, 33.3, 0.2);
}

TEST(People, PartsAreWeighedByHowLongTheyWereHeard) {
    const auto one = factor_of(1, 1, 1, 3), two = factor_of(2, 2, 2, 3);
    const auto both = people_of(std::vector{part(one, 10, 3), part(two, 10, 1)}, 1h);
    EXPECT_EQ(both->mean, 12.5);
    EXPECT_EQ(people_of({}, 1h), std::nullopt);
    EXPECT_EQ(people_of(std::vector{part(one, 0, 4)}, 1h)->mean, 0);
}

TEST(People, AFactorAgesAndDrifts) {
    const auto now = *parse_iso8601("2026-08-21T12:00:00Z");
    auto by = factor_of(1.23456, 1, 2, 3);
    EXPECT_EQ(told(by, now).age_days, 1);
    EXPECT_EQ(told(by, now).factor, 1.2346);
    EXPECT_EQ(told(by, now).gate_dbm, std::nullopt);
    EXPECT_EQ(told(by, now).state, CalibrationState::fresh);
    EXPECT_EQ(told(by, now + 24h * 90).state, CalibrationState::ageing);
    EXPECT_EQ(told(by, now + 24h * 366).state, CalibrationState::old);
    by.drifting = true;
    EXPECT_EQ(told(by, now).state, CalibrationState::drifting);
}

TEST(People, AreHiddenWithAnyPart) {
    const auto by = factor_of(1, 1, 1, 3);
    CalibratedSlots slots{{{part(by, 10, 4)}, {part(by, 10, 4), part(by, 10, 4)}}, {}};
    slots.slots[1][1].is_hidden = true;
    const std::vector<Instant> ends{Instant{}, Instant{1h}, Instant{2h}};
    const auto by_slot = people_by_slot(slots, ends);
    EXPECT_EQ(by_slot[0]->mean, 10);
    EXPECT_EQ(by_slot[1], std::nullopt);
    EXPECT_EQ(people_together(slots, ends), std::nullopt);
    slots.slots[1][1].is_hidden = false;
    EXPECT_EQ(people_together(slots, ends)->mean, 10);
    const auto partly = told(slots, true, 24 * kQuarterUs, Instant{1000h});
    EXPECT_EQ(partly.basis, Basis::people);
    EXPECT_EQ(partly.share, 0.5);
    EXPECT_EQ(partly.models.size(), 1U);
    EXPECT_EQ(told(slots, false, 24 * kQuarterUs, Instant{1000h}).reason, NoPeople::suppressed);
}

/// Two assets with a quarter of an hour each: counted, and by addresses.
TEST(People, AreOfWhatTheirFactorIsOf) {
    const auto at = *parse_iso8601("2026-08-20T12:00:00Z");
    ManualClock clock{at + 1h};
    const duckdb::TemporaryFolder folder;
    const auto store = store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    const auto company = CompanyId::fresh(at);
    const auto counted = AssetId::fresh(at), heard = AssetId::fresh(at + 1s);
    store->learn(store::Company{company, "UTC", false});
    measure::FactBatch batch;
    batch.position = {1, 1};
    for (const auto asset : {counted, heard}) {
        store::Asset known;
        known.dimension = {company, asset, false, {}, "UTC"};
        known.code = known.name = asset.str();
        store->learn(known);
        measure::Exposure exposure;
        exposure.presence_us = 40 * kQuarterUs;
        for (std::uint64_t i = 1; i <= 60; ++i) exposure.reach.add(1, i * 0x9E3779B97F4A7C15);
        measure::BucketFacts bucket;
        bucket.start = at;
        bucket.coverage.covered_us = kQuarterUs;
        bucket.exposures = {exposure};
        if (asset == counted) {
            auto& of = bucket.counted.emplace();
            of.devices = {30'000, 20'000, 40'000, {}};
            of.present_ms.fill(0);
            of.present_ms[5] = 20 * 900'000;  // As loud as -70 dBm.
            of.span_ms = 900'000;
        }
        measure::AssetFacts facts;
        facts.company = company;
        facts.asset = asset;
        facts.buckets = {bucket};
        batch.assets.push_back(facts);
    }
    store->commit(batch);
    auto by_counts = factor_of(1.5, 1.5, 1.5, 5);
    by_counts.input = store::CalibrationInput::counted;
    by_counts.gate_dbm = -70;
    auto by_addresses = factor_of(0.1, 0.1, 0.1, 5);
    by_addresses.model = "model_2";
    by_addresses.input = store::CalibrationInput::addresses;
    store->learn(store::Calibrations{company, counted, {by_counts}});
    store->learn(store::Calibrations{company, heard, {by_addresses}});
    const std::vector<Instant> ends{at, at + 1h};
    const Telling how{"UTC", clock.now(), 10};
    const auto people = [&](std::vector<AssetId> assets) {
        const auto snapshot = store->snapshot();
        const auto slots = calibrated(*snapshot, company, {std::move(assets), {}, {}}, ends, how);
        return people_together(slots, ends);
    };
    EXPECT_EQ(people({counted})->mean, 30);
    EXPECT_EQ(people({heard})->mean, 4);
    EXPECT_EQ(people({})->mean, 17);  // At one of the two.
}

}  // namespace
}  // namespace mobilytics::report
