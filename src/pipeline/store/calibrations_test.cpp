#include "pipeline/store/calibrations.h"

#include <gtest/gtest.h>

namespace mobilytics::store {
namespace {

using namespace std::chrono_literals;

TEST(Calibrations, AnAssetsOwnGoesBeforeTheCompanys) {
    const Instant now{std::chrono::hours(1000)};
    const auto own = AssetId::fresh(now), another = AssetId::fresh(now);
    const auto span = [](const char* model, Instant from, std::optional<Instant> to) {
        Calibration out;
        out.model = model;
        out.from = from;
        out.to = to;
        return out;
    };
    const std::vector<Calibrations> known{
        {{}, std::nullopt, {span("all", now, std::nullopt)}},
        {{}, own, {span("first", now + 1h, now + 2h), span("second", now + 3h, std::nullopt)}}};
    const auto at = [&](AssetId asset, Instant when) {
        const auto* found = applying(known, asset, when);
        return found == nullptr ? std::string() : found->model;
    };
    EXPECT_EQ(at(own, now - 1s), "");
    EXPECT_EQ(at(own, now), "all");
    EXPECT_EQ(at(own, now + 1h), "first");
    EXPECT_EQ(at(own, now + 2h), "all");
    EXPECT_EQ(at(own, now + 99h), "second");
    EXPECT_EQ(at(another, now + 1h), "all");
    EXPECT_EQ(changes_between(known, now, now + 3h), (std::vector<Instant>{now + 1h, now + 2h}));
    EXPECT_EQ(changes_between(known, now - 1h, now + 1h), std::vector{now});
}

}  // namespace
}  // namespace mobilytics::store
