#pragma once
// How long devices stayed, and how many are there. Source: the measurement reference, 1.2.2
// and 1.2.3.

#include <array>
#include <span>

#include "pipeline/measure/measure.h"
#include "pipeline/report/metrics/value.h"

namespace mobilytics::report::metrics {

struct Stay {
    double dwell_s = 0;
    bool single = false;  // One sighting: it has no length, and is never averaged in.
};

/// What is known of silences: how long a device of these is silent between two sightings, on
/// average, and how long one takes to cross the zone.
struct Silences {
    double mean_gap_s = 0;
    double transit_s = 0;
};

/// min(d + gap, transit), never less than observed.
double corrected_dwell(double dwell_s, const Silences& silences);

/// Observed and corrected, over stays of two sightings and more. None of a figure without such
/// stays.
struct Dwell {
    std::int64_t visits = 0;
    std::int64_t singles = 0;
    std::array<std::int64_t, measure::kDwellBins> bins{};
    std::optional<Value> median, mean, corrected;
};
Dwell dwell(std::span<const Stay> stays, const Silences& silences);

/// The devices that are still here, given for how long each has been silent: sum of exp(-t /
/// theta). `theta_s` above 0.
Value occupancy(
    std::span<const double> silent_s, double theta_s,
    const std::optional<Calibration>& calibration);

}  // namespace mobilytics::report::metrics
