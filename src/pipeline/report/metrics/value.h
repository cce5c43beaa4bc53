#pragma once
// A number with what is known of it. It is not rounded: that is done once, where it is shown.

#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/report/metrics/registry.h"

namespace mobilytics::report::metrics {

/// Whom a number counts: without a calibration never people.
BOOST_DEFINE_ENUM_CLASS(Counted, devices, people)

/// 95 %.
struct Bounds {
    double low = 0, high = 0;

    friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// People for each device, fitted to people counted by hand. Source: the measurement
/// reference, 1.2.5.
struct Calibration {
    double people_per_device = 1;
    Bounds bounds{1, 1};
    Instant fitted_at{};
    std::int64_t counts = 0;  // Of how many counts by hand.

    friend bool operator==(const Calibration&, const Calibration&) = default;
};

struct Factor {
    FactorId id;
    double value;

    friend bool operator==(const Factor&, const Factor&) = default;
};

/// Its unit is its metric's: definition(metric).unit.
struct Value {
    MetricId metric;
    double value = 0;
    std::optional<Bounds> bounds{};
    Standing standing = Standing::observed;
    Counted counted = Counted::devices;
    std::vector<Factor> factors{};
    std::optional<Calibration> calibration{};
};

/// Devices, or people where there is a calibration; then its interval is multiplied in. `devices`
/// may have bounds of its own. A modelled metric stays modelled, any other is calibrated, or
/// observed.
Value counted_value(
    MetricId metric, double devices, std::optional<Bounds> bounds,
    const std::optional<Calibration>& calibration);

/// As it is shown: rounded to its metric's digits, the bounds outwards, so that they still hold.
Value shown(Value value);

}  // namespace mobilytics::report::metrics
