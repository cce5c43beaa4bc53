#include "domains/calibration/model_rules.h"

#include <gtest/gtest.h>

namespace mobilytics::calibration {
namespace {

using namespace std::chrono_literals;

const Instant kNow{*parse_iso8601("2026-08-21T12:00:00Z")};
const Caller kFirst{{}, Role::admin, PersonId::fresh(kNow)};
const Caller kSecond{{}, Role::admin, PersonId::fresh(kNow + 1s)};

Model draft() {
    Model out;
    out.id = ModelId::fresh(kNow);
    out.fitted_by = kFirst.actor();
    out.newest_day = "2026-08-20";
    return out;
}

Applied span(ModelId model, Instant from, std::optional<Instant> to = {}) {
    Applied out;
    out.model = model;
    out.from = from;
    out.to = to;
    return out;
}

TEST(ModelRules, ADraftIsPublishedOnceAndRetiredOnce) {
    const auto shown = published(draft(), kFirst, false, kNow - 1h, kNow);
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->state, ModelState::published);
    EXPECT_EQ(shown->valid_from, kNow - 1h);
    EXPECT_EQ(published(*shown, kFirst, false, kNow, kNow).error().code, "not_a_draft");
    const auto gone = retired(*shown, kSecond, "rebuilt", kNow);
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->retired_by, kSecond.actor());
    EXPECT_EQ(retired(*gone, kFirst, "again", kNow).error().code, "retired");
    EXPECT_EQ(published(*gone, kFirst, false, kNow, kNow).error().code, "not_a_draft");
    EXPECT_EQ(retired(draft(), kFirst, "no good", kNow)->state, ModelState::retired);
}

TEST(ModelRules, WhoFittedItDoesNotPublishItWhereASecondPersonIsWanted) {
    EXPECT_EQ(published(draft(), kFirst, true, kNow, kNow).error().code, "second_person");
    EXPECT_TRUE(published(draft(), kSecond, true, kNow, kNow));
}

TEST(ModelRules, DriftGoesBeforeAge) {
    auto model = draft();
    EXPECT_EQ(aged(model, kNow).age_days, 1);
    EXPECT_EQ(aged(model, kNow).quality, Quality::fresh);
    EXPECT_EQ(aged(model, kNow + 24h * 400).quality, Quality::old);
    model.drift = Drift{};
    EXPECT_EQ(aged(model, kNow).quality, Quality::fresh);
    model.drift->alarm = true;
    EXPECT_EQ(aged(model, kNow + 24h * 400).quality, Quality::drifting);
    EXPECT_EQ(aged(model, kNow - 24h * 400).age_days, 0);
}

TEST(ModelRules, WhatFollowsEndsWhatWasBefore) {
    const auto one = ModelId::fresh(kNow), two = ModelId::fresh(kNow), three = ModelId::fresh(kNow);
    const auto spans = followed_by({span(one, kNow)}, span(two, kNow + 2h));
    EXPECT_EQ(spans, (std::vector{span(one, kNow, kNow + 2h), span(two, kNow + 2h)}));
    EXPECT_EQ(
        followed_by(spans, span(three, kNow + 1h)),
        (std::vector{span(one, kNow, kNow + 1h), span(three, kNow + 1h)}));
    EXPECT_EQ(followed_by(spans, span(three, kNow)), std::vector{span(three, kNow)});
    EXPECT_EQ(
        without(spans, two, kNow + 3h),
        (std::vector{span(one, kNow, kNow + 2h), span(two, kNow + 2h, kNow + 3h)}));
    EXPECT_EQ(without(spans, one, kNow + 3h), spans);
    EXPECT_EQ(without({span(two, kNow)}, two, kNow - 1h), std::vector<Applied>());
}

TEST(ModelRules, AnAssetsOwnLiesOverItsClasss) {
    const auto own = ModelId::fresh(kNow), of_class = ModelId::fresh(kNow);
    const std::vector below{span(of_class, kNow)};
    EXPECT_EQ(laid_over({}, below), below);
    EXPECT_EQ(
        laid_over(std::vector{span(own, kNow + 1h, kNow + 2h)}, below),
        (std::vector{
            span(of_class, kNow, kNow + 1h), span(own, kNow + 1h, kNow + 2h),
            span(of_class, kNow + 2h)}));
    EXPECT_EQ(
        laid_over(std::vector{span(own, kNow - 1h)}, below), std::vector{span(own, kNow - 1h)});
}

}  // namespace
}  // namespace mobilytics::calibration
