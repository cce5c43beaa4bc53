#include "pipeline/report/counted_figures.h"

#include <cmath>

#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

measure::Basis rests_on(const store::Counted& counted) {
    if (2 * counted.blind_quarters > counted.quarters) return measure::Basis::blind;
    return counted.grid_quarters > 0 ? measure::Basis::grid : measure::Basis::tracks;
}

/// To a tenth, outwards.
Interval outwards(double low, double high) {
    return {std::floor(low * 10) / 10, std::ceil(high * 10) / 10};
}

}  // namespace

bool counts_devices(const store::Filter& filter) {
    return filter.source != wire::RadioKind::ble &&
           (!filter.motion || *filter.motion == measure::Motion::fixed);
}

std::optional<CountedFigures> counted_figures(const store::Counted& counted) {
    if (counted.quarters == 0 || counted.span_ms == 0) return std::nullopt;
    const auto a_quarter = [&](std::int64_t milli) {
        return static_cast<double>(milli) / 1000 / static_cast<double>(counted.quarters);
    };
    const double devices = a_quarter(counted.devices_milli);
    const double low = a_quarter(counted.low_milli);
    const double high = a_quarter(counted.high_milli);
    const double present =
        static_cast<double>(counted.present_ms[0]) / static_cast<double>(counted.span_ms);
    const double low_share = devices > 0 ? low / devices : 0;
    const double high_share = devices > 0 ? high / devices : 1;
    return CountedFigures{
        .devices_present = rounded(present, 1),
        .devices_present_interval = outwards(present * low_share, present * high_share),
        .gate_dbm = measure::kGatesDbm[0],
        .devices = rounded(devices, 1),
        .devices_interval = outwards(low, high),
        .quarters = counted.quarters,
        .rests_on = rests_on(counted)};
}

}  // namespace mobilytics::report
