#include "pipeline/sensor/decode/fix.h"

#include <cmath>

namespace mobilytics::sensor {

namespace {

namespace chrono = std::chrono;

constexpr Instant kTimeMin{chrono::sys_days{chrono::year{1990} / 1 / 1}};
constexpr Instant kTimeMax{chrono::sys_days{chrono::year{2100} / 1 / 1}};
/// So many in a row that are back in time, each behind the one before, and it is the time before
/// them that was wrong.
constexpr std::size_t kBackMax = 60;

/// Hundredths of `value`, where that is between 0 and `max`.
std::optional<std::uint32_t> hundredths(std::optional<double> value, double max) {
    if (!value || !(*value >= 0 && *value <= max)) return std::nullopt;
    return static_cast<std::uint32_t>(std::lround(*value * 100));
}

}  // namespace

std::optional<FixDrop> FixFilter::fault(const RawFix& raw) const {
    if (!raw.at) return FixDrop::no_time;
    if (*raw.at < kTimeMin || *raw.at >= kTimeMax) return FixDrop::bad_time;
    const bool on_earth = std::abs(raw.latitude_deg) <= 90 && std::abs(raw.longitude_deg) <= 180;
    if (!on_earth) return FixDrop::off_earth;  // Also what is not a number.
    if (raw.latitude_deg == 0 && raw.longitude_deg == 0) return FixDrop::null_island;
    return std::nullopt;
}

bool FixFilter::goes_back(Instant at) {
    if (!last_ || at > *last_) {
        backs_ = 0;
        return false;
    }
    backs_ = backs_ > 0 && at > last_back_ ? backs_ + 1 : 1;
    last_back_ = at;
    return backs_ <= kBackMax;
}

std::optional<Fix> FixFilter::check(const RawFix& raw) {
    auto reason = fault(raw);
    if (!reason && goes_back(*raw.at)) reason = FixDrop::time_back;
    if (reason) {
        counts_.drop(*reason);
        return std::nullopt;
    }
    constexpr double kSpeedMax = 1000;    // m/s.
    constexpr double kAccuracyMax = 1e6;  // m.
    Fix fix;
    fix.at = *raw.at;
    fix.latitude_e7 = static_cast<std::int32_t>(std::lround(raw.latitude_deg * 1e7));
    fix.longitude_e7 = static_cast<std::int32_t>(std::lround(raw.longitude_deg * 1e7));
    fix.speed_cm_s = hundredths(raw.speed_m_s, kSpeedMax);
    fix.heading_cdeg = hundredths(raw.heading_deg, 360);
    if (fix.heading_cdeg == 36000U) fix.heading_cdeg = 0;
    fix.accuracy_cm = hundredths(raw.accuracy_m, kAccuracyMax);
    last_ = fix.at;
    backs_ = 0;
    ++counts_.fixes;
    return fix;
}

}  // namespace mobilytics::sensor
