#include "pipeline/store/trip_part.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mobilytics::store {

namespace {

constexpr double kEarthRadiusM = 6'371'008.8;  // Mean radius, IUGG.

double metres_between(const measure::PathPoint& a, const measure::PathPoint& b) {
    constexpr double radians = std::numbers::pi / 180 / 1e7;
    const double middle = (a.latitude_e7 + static_cast<double>(b.latitude_e7)) / 2 * radians;
    const double north = (static_cast<double>(b.latitude_e7) - a.latitude_e7) * radians;
    const double east =
        (static_cast<double>(b.longitude_e7) - a.longitude_e7) * radians * std::cos(middle);
    return kEarthRadiusM * std::hypot(north, east);
}

/// How much of [from, to) lies in the period, 0 to 1.
double share_of(Instant from, Instant to, const Period& period) {
    if (from >= to) return period.from <= from && from < period.to ? 1 : 0;
    const auto inside = std::min(to, period.to) - std::max(from, period.from);
    return std::max(0.0, static_cast<double>(inside.count())) /
           static_cast<double>((to - from).count());
}

}  // namespace

void add_part(TripSums& sums, const measure::Route& route, const Period& period) {
    double length = 0, inside = 0;
    for (std::size_t i = 1; i < route.path.size(); ++i) {
        const auto& [a, b] = std::pair(route.path[i - 1], route.path[i]);
        const auto metres = metres_between(a, b);
        length += metres;
        inside += metres * share_of(a.at, b.at, period);
    }
    const auto time = share_of(route.started, route.ended, period);
    const auto share = length > 0 ? inside / length : time;
    const auto driving = std::llround(static_cast<double>(route.driving_us) * share);
    const auto whole = static_cast<double>(route.driving_us + route.parked_us);
    sums.trips += 1;
    sums.distance_m += std::llround(static_cast<double>(route.distance_m) * share);
    sums.driving_us += driving;
    sums.parked_us += std::max<std::int64_t>(0, std::llround(whole * time) - driving);
}

}  // namespace mobilytics::store
