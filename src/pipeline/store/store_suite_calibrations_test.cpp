// What is learnt of calibrations: which factor was in force when, told in whatever order and again.

#include <gmock/gmock.h>

#include "pipeline/store/store_suite_test.h"

namespace mobilytics::store {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

/// All of its fields are other than those of any other version.
Calibration span_of(std::int64_t version, Instant from, std::optional<Instant> to) {
    const auto nth = static_cast<double>(version);
    return {
        .model = "model_" + std::to_string(version),
        .version = version,
        .scope = version % 2 == 0 ? "class" : "asset",
        .input = version % 2 == 0 ? CalibrationInput::addresses : CalibrationInput::counted,
        .gate_dbm = static_cast<std::int32_t>(-70 - version),
        .factor = 1.5 + nth,
        .low = 1.25 + nth,
        .high = 1.75 + nth,
        .dispersion = 0.5 + nth,
        .error = 0.125 * nth,
        .quarters = 30 + version,
        .days = 2 + version,
        .newest_day = "2026-08-0" + std::to_string(version),
        .drifting = version % 3 == 0,
        .from = from,
        .to = to};
}

std::string in_force(Store& store, CompanyId company, AssetId asset, Instant at) {
    const auto known = store.snapshot()->calibrations(company);
    const auto* found = applying(known, asset, at);
    return found == nullptr ? "" : found->model;
}

TEST_P(StoreSuite, FactorsWithHistoryTellWhatWasInForceAtEachTime) {
    auto store = opened();
    const auto own = world.asset(), another = world.asset();
    EXPECT_THAT(store->snapshot()->calibrations(company), IsEmpty());
    const Calibrations its{
        company,
        own,
        {span_of(1, today, today + hours(6)), span_of(2, today + hours(6), today + hours(12)),
         span_of(3, today + days(1), std::nullopt)}};
    const Calibrations all{company, std::nullopt, {span_of(4, today - days(1), std::nullopt)}};
    const Calibrations theirs{other, own, {span_of(5, today, std::nullopt)}};
    for (const auto& each : {its, theirs, all}) store->learn(each);
    const auto check = [&] {
        // The company's come first; each whole, in the order of its spans.
        EXPECT_THAT(store->snapshot()->calibrations(company), ElementsAre(all, its));
        EXPECT_THAT(store->snapshot()->calibrations(other), ElementsAre(theirs));
        const auto at = [&](AssetId asset, Instant when) {
            return in_force(*store, company, asset, when);
        };
        EXPECT_EQ(at(own, today - days(2)), "");
        EXPECT_EQ(at(own, today - hours(1)), "model_4");
        EXPECT_EQ(at(own, today), "model_1");
        EXPECT_EQ(at(own, today + hours(6) - std::chrono::microseconds(1)), "model_1");
        EXPECT_EQ(at(own, today + hours(6)), "model_2");
        EXPECT_EQ(at(own, today + hours(12)), "model_4");  // Its own has a gap.
        EXPECT_EQ(at(own, today + days(900)), "model_3");
        EXPECT_EQ(at(another, today + hours(1)), "model_4");
        EXPECT_EQ(in_force(*store, other, own, today + hours(1)), "model_5");
        EXPECT_EQ(in_force(*store, other, another, today + hours(1)), "");
    };
    check();
    // Told again, in another order: nothing changes.
    for (const auto& each : {all, its, its, theirs}) store->learn(each);
    check();
    store.reset();
    store = opened();
    check();
    store->learn(its);
    check();
}

TEST_P(StoreSuite, WhatIsToldLastOfAnAssetIsAllThatIsKnownOfIt) {
    auto store = opened();
    const auto asset = world.asset();
    const Calibrations first{company, asset, {span_of(1, today, std::nullopt)}};
    auto ended = span_of(1, today, today + hours(3));
    const Calibrations followed{
        company, asset, {ended, span_of(2, today + hours(3), std::nullopt)}};
    store->learn(first);
    store->learn(followed);
    EXPECT_THAT(store->snapshot()->calibrations(company), ElementsAre(followed));
    // That it drifts changes how what it made is told, and not when it was in force.
    auto drifts = followed;
    drifts.spans[1].drifting = true;
    store->learn(drifts);
    EXPECT_THAT(store->snapshot()->calibrations(company), ElementsAre(drifts));
    // A snapshot goes on seeing what it saw.
    auto before = store->snapshot();
    EXPECT_THAT(before->calibrations(company), ElementsAre(drifts));
    store->learn(Calibrations{company, asset, {}});
    EXPECT_THAT(before->calibrations(company), ElementsAre(drifts));
    before.reset();
    EXPECT_THAT(store->snapshot()->calibrations(company), IsEmpty());
    EXPECT_EQ(in_force(*store, company, asset, today + hours(1)), "");
    store->learn(Calibrations{company, asset, {}});
    store.reset();
    store = opened();
    EXPECT_THAT(store->snapshot()->calibrations(company), IsEmpty());
    store->learn(followed);
    EXPECT_EQ(in_force(*store, company, asset, today + hours(1)), "model_1");
}

}  // namespace
}  // namespace mobilytics::store
