#include "pipeline/report/metrics/value.h"

#include <cmath>

namespace mobilytics::report::metrics {

Value counted_value(
    MetricId metric, double devices, std::optional<Bounds> bounds,
    const std::optional<Calibration>& calibration) {
    const auto best = definition(metric).standing;
    Value out{.metric = metric, .value = devices, .bounds = bounds};
    out.standing = best == Standing::modelled ? best : Standing::observed;
    if (calibration) {
        const auto its = bounds.value_or(Bounds{devices, devices});
        out.value = devices * calibration->people_per_device;
        out.bounds = Bounds{its.low * calibration->bounds.low, its.high * calibration->bounds.high};
        if (out.standing == Standing::observed) out.standing = Standing::calibrated;
        out.counted = Counted::people;
        out.factors.push_back({FactorId::calibration, calibration->people_per_device});
        out.calibration = calibration;
    }
    return out;
}

Value shown(Value value) {
    const auto scale = std::pow(10.0, definition(value.metric).digits);
    value.value = std::round(value.value * scale) / scale;
    if (value.bounds) {
        value.bounds->low = std::floor(value.bounds->low * scale) / scale;
        value.bounds->high = std::ceil(value.bounds->high * scale) / scale;
    }
    return value;
}

}  // namespace mobilytics::report::metrics
