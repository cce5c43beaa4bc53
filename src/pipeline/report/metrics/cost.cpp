#include "pipeline/report/metrics/cost.h"

#include <cmath>
#include <limits>

namespace mobilytics::report::metrics {

namespace {

std::optional<Money> divided(const Money& cost, long double by, long double times) {
    if (!(by > 0)) return std::nullopt;
    const auto minor = std::round(static_cast<long double>(cost.minor) * times / by);
    if (std::abs(minor) >= static_cast<long double>(std::numeric_limits<std::int64_t>::max())) {
        return std::nullopt;
    }
    return Money{static_cast<std::int64_t>(minor), cost.currency};
}

std::optional<Price> price(MetricId metric, const Money& cost, const Value& of, long double times) {
    auto value = divided(cost, of.value, times);
    if (!value) return std::nullopt;
    Price out{.metric = metric, .value = *std::move(value), .low = {}, .high = {}};
    out.standing = of.standing;
    out.counted = of.counted;
    if (of.bounds) {
        out.low = divided(cost, of.bounds->high, times);
        out.high = divided(cost, of.bounds->low, times);
    }
    return out;
}

}  // namespace

std::optional<Price> cpm(const Money& cost, const Value& impressions) {
    return price(MetricId::cpm, cost, impressions, 1000);
}

std::optional<Price> cpp(const Money& cost, const Value& points) {
    return price(MetricId::cpp, cost, points, 1);
}

}  // namespace mobilytics::report::metrics
