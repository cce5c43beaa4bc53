#include "pipeline/report/metrics/sun.h"

#include <cmath>
#include <numbers>

namespace mobilytics::report::metrics {

namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kSunsetDeg = -0.833;  // The sun's radius, 16', and refraction, 34'.

}  // namespace

double sun_elevation_deg(const Spot& at, Instant when) {
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const auto first = std::chrono::sys_days(date.year() / std::chrono::January / 1);
    const auto of_year = static_cast<double>((day - first).count());
    const auto hours = std::chrono::duration<double, std::ratio<3600>>(when - day).count();
    const double year_days = date.year().is_leap() ? 366 : 365;
    const auto turn = 2 * std::numbers::pi / year_days * (of_year + (hours - 12) / 24);
    // Minutes that a sundial is before a clock, and the sun's declination.
    const auto ahead_min =
        229.18 * (0.000075 + 0.001868 * std::cos(turn) - 0.032077 * std::sin(turn) -
                  0.014615 * std::cos(2 * turn) - 0.040849 * std::sin(2 * turn));
    const auto declination = 0.006918 - 0.399912 * std::cos(turn) + 0.070257 * std::sin(turn) -
                             0.006758 * std::cos(2 * turn) + 0.000907 * std::sin(2 * turn) -
                             0.002697 * std::cos(3 * turn) + 0.00148 * std::sin(3 * turn);
    const auto solar_min = hours * 60 + ahead_min + 4 * at.longitude;
    const auto hour_angle = (solar_min / 4 - 180) * kDegree;
    const auto latitude = at.latitude * kDegree;
    return std::asin(
               std::sin(latitude) * std::sin(declination) +
               std::cos(latitude) * std::cos(declination) * std::cos(hour_angle)) /
           kDegree;
}

bool is_dark(const Spot& at, Instant when) { return sun_elevation_deg(at, when) < kSunsetDeg; }

}  // namespace mobilytics::report::metrics
