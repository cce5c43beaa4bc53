#pragma once
// When it is dark. Source: NOAA, General Solar Position Calculations (after Meeus, Astronomical
// Algorithms); some minutes of time exact, which is more than a quarter of an hour asks.

#include "foundation/clock.h"
#include "pipeline/report/metrics/moving.h"

namespace mobilytics::report::metrics {

/// Of the sun's middle above the horizon, without the air's refraction.
double sun_elevation_deg(const Spot& at, Instant when);

/// From sunset to sunrise: the sun's upper edge is below the horizon, refraction counted.
bool is_dark(const Spot& at, Instant when);

}  // namespace mobilytics::report::metrics
