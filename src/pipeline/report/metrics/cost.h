#pragma once
// What impressions and points cost. Source: Geopath, Ratings Vocabulary; the measurement
// reference, 1.2.9.

#include "pipeline/report/metrics/value.h"

namespace mobilytics::report::metrics {

/// In the cost's currency; each rounded once, to its smallest unit, a half away from zero.
struct Price {
    MetricId metric;
    Money value;
    std::optional<Money> low, high;  // Of the dearest and the cheapest that the bounds allow.
    Standing standing = Standing::observed;
    Counted counted = Counted::devices;
};

/// Cost / impressions x 1000. None without impressions, and none that is beyond Money.
std::optional<Price> cpm(const Money& cost, const Value& impressions);
/// Cost / GRP.
std::optional<Price> cpp(const Money& cost, const Value& points);

}  // namespace mobilytics::report::metrics
