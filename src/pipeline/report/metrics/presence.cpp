#include "pipeline/report/metrics/presence.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::report::metrics {

namespace {

constexpr double kNormal95 = 1.96;

std::size_t bin_of(const Stay& stay) {
    if (stay.single) return 0;
    const auto& bounds = measure::kDwellBoundsS;
    const auto* const above = std::ranges::upper_bound(
        bounds, stay.dwell_s, {}, [](int bound) { return static_cast<double>(bound); });
    return static_cast<std::size_t>(above - bounds.begin()) + 1;
}

/// The middle, and between which ranks it lies 95 of 100 times (binomial, by the normal); no bounds
/// where there are too few.
Value median_of(MetricId metric, std::vector<double> sorted) {
    std::ranges::sort(sorted);
    const auto count = sorted.size();
    const auto n = static_cast<double>(count);
    Value out{.metric = metric, .standing = definition(metric).standing};
    out.value = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    const auto half = kNormal95 * std::sqrt(n) / 2;
    const auto low = std::floor(n / 2 - half), high = std::ceil(n / 2 + half);
    if (low >= 1 && high + 1 <= n) {
        out.bounds = Bounds{
            sorted[static_cast<std::size_t>(low) - 1], sorted[static_cast<std::size_t>(high)]};
    }
    return out;
}

Value mean_of(const std::vector<double>& times) {
    const auto n = static_cast<double>(times.size());
    double sum = 0, squares = 0;
    for (const auto time : times) sum += time;
    const auto mean = sum / n;
    for (const auto time : times) squares += (time - mean) * (time - mean);
    Value out{.metric = MetricId::dwell_mean, .value = mean};
    if (times.size() > 1) {
        const auto half = kNormal95 * std::sqrt(squares / (n - 1) / n);
        out.bounds = Bounds{std::max(0.0, mean - half), mean + half};
    }
    return out;
}

}  // namespace

double corrected_dwell(double dwell_s, const Silences& silences) {
    return std::max(dwell_s, std::min(dwell_s + silences.mean_gap_s, silences.transit_s));
}

Dwell dwell(std::span<const Stay> stays, const Silences& silences) {
    Dwell out;
    std::vector<double> observed, corrected;
    for (const auto& stay : stays) {
        ++out.visits;
        ++out.bins.at(bin_of(stay));
        if (stay.single) {
            ++out.singles;
            continue;
        }
        observed.push_back(stay.dwell_s);
        corrected.push_back(corrected_dwell(stay.dwell_s, silences));
    }
    if (observed.empty()) return out;
    out.mean = mean_of(observed);
    out.median = median_of(MetricId::dwell_median, std::move(observed));
    out.corrected = median_of(MetricId::dwell_corrected, std::move(corrected));
    return out;
}

Value occupancy(
    std::span<const double> silent_s, double theta_s,
    const std::optional<Calibration>& calibration) {
    VERIFY(theta_s > 0);
    double here = 0, variance = 0;
    for (const auto silent : silent_s) {
        const auto still = std::exp(-std::max(0.0, silent) / theta_s);
        here += still;
        variance += still * (1 - still);
    }
    const auto half = kNormal95 * std::sqrt(variance);
    const auto most = static_cast<double>(silent_s.size());
    return counted_value(
        MetricId::occupancy, here, Bounds{std::max(0.0, here - half), std::min(most, here + half)},
        calibration);
}

}  // namespace mobilytics::report::metrics
