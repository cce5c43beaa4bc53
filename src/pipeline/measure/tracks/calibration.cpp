#include "pipeline/measure/tracks/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

#include "pipeline/measure/tracks/logarithm.h"

namespace mobilytics::measure {

namespace {

constexpr double kBusy = 5;          // People, from which on relative error means something.
constexpr double kNormal90 = 1.645;  // Two-sided.
constexpr double kCover = 0.9;
constexpr double kDispersionStep = 0.05;
constexpr int kDispersionSteps = 60;
constexpr int kNeighbourDb = 4;

/// Of Student's distribution, two-sided 90 % and 95 %, by degrees of freedom.
constexpr std::array<double, 10> kStudent90{6.314, 2.920, 2.353, 2.132, 2.015,
                                            1.943, 1.895, 1.860, 1.833, 1.812};
constexpr std::array<double, 10> kStudent95{12.706, 4.303, 3.182, 2.776, 2.571,
                                            2.447,  2.365, 2.306, 2.262, 2.228};

double student(const std::array<double, 10>& table, std::size_t degrees) {
    return table[std::clamp<std::size_t>(degrees, 1, table.size()) - 1];
}

struct Point {
    std::chrono::sys_days day;
    double devices = 0;
    double people = 0;
};
using Points = std::vector<Point>;

Points points_at(const CountedBins& counted, std::size_t gate) {
    Points out;
    for (const CountedBin& bin : counted.bins) {
        out.push_back({bin.day, bin.devices[gate], bin.people});
    }
    return out;
}

std::set<std::chrono::sys_days> days_of(const Points& points) {
    std::set<std::chrono::sys_days> out;
    for (const Point& point : points) out.insert(point.day);
    return out;
}

/// Between the ratio over all bins, which is unbiased in the total (a third), and that over the
/// busy ones, which has the least relative error (two thirds). 0: nothing was heard.
double factor_of(const Points& points, std::optional<std::chrono::sys_days> without = {}) {
    double devices = 0;
    double people = 0;
    double busy_devices = 0;
    double busy_people = 0;
    for (const Point& point : points) {
        if (point.day == without) continue;
        devices += point.devices;
        people += point.people;
        if (point.people < kBusy) continue;
        busy_devices += point.devices;
        busy_people += point.people;
    }
    if (devices <= 0) return 0;
    const double all = people / devices;
    const double busy = busy_devices > 0 ? busy_people / busy_devices : all;
    return std::cbrt(all * busy * busy);
}

/// Each bin against the factor of the other days; of a single day, against its own.
std::vector<Residual> residuals_of(const Points& points, std::vector<double>* factors = nullptr) {
    const auto days = days_of(points);
    std::vector<Residual> out;
    for (const auto day : days) {
        const double factor = days.size() > 1 ? factor_of(points, day) : factor_of(points);
        for (const Point& point : points) {
            if (point.day != day) continue;
            out.push_back({day, point.people, factor * point.devices});
            if (factors != nullptr) factors->push_back(factor);
        }
    }
    return out;
}

/// The mean over days of the mean relative error of their busy bins; without any, of the absolute
/// error.
double error_of(const std::vector<Residual>& residuals) {
    double sum = 0;
    double absolute = 0;
    int days = 0;
    for (std::size_t at = 0; at < residuals.size();) {
        const auto day = residuals[at].day;
        double of_day = 0;
        int busy = 0;
        for (; at < residuals.size() && residuals[at].day == day; ++at) {
            const double off = std::abs(residuals[at].expected - residuals[at].people);
            absolute += off;
            if (residuals[at].people < kBusy) continue;
            of_day += off / residuals[at].people;
            ++busy;
        }
        if (busy == 0) continue;
        sum += of_day / busy;
        ++days;
    }
    return days > 0 ? sum / days : absolute / static_cast<double>(residuals.size());
}

/// The gate whose neighbourhood does best: the best single one is often luck.
std::size_t best_gate(const CountedBins& counted) {
    std::vector<double> errors;
    for (std::size_t gate = 0; gate < counted.gates_dbm.size(); ++gate) {
        const Points points = points_at(counted, gate);
        errors.push_back(
            factor_of(points) > 0 ? error_of(residuals_of(points))
                                  : std::numeric_limits<double>::infinity());
    }
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    std::vector<std::pair<double, int>> means;
    int most_near = 0;
    for (std::size_t gate = 0; gate < errors.size(); ++gate) {
        double sum = 0;
        int near = 0;
        for (std::size_t other = 0; other < errors.size(); ++other) {
            if (std::abs(counted.gates_dbm[other] - counted.gates_dbm[gate]) > kNeighbourDb)
                continue;
            sum += errors[other];
            ++near;
        }
        most_near = std::max(most_near, near);
        means.push_back({sum / near, near});
    }
    for (std::size_t gate = 0; gate < means.size(); ++gate) {
        // At an end of the range half of the neighbourhood is not known.
        if (means[gate].second == most_near && means[gate].first < least) {
            least = means[gate].first;
            best = gate;
        }
    }
    return best;
}

/// The quantile of chi-squared by Wilson and Hilferty; `normal` is that of the normal distribution.
double chi_squared(double normal, double degrees) {
    if (degrees <= 0) return 0;
    const double part = 2 / (9 * degrees);
    const double root = std::max(0.0, 1 - part + normal * std::sqrt(part));
    return degrees * root * root * root;
}

/// Garwood's interval of a Poisson count. Where next to nothing was heard its dispersion is 1: who
/// carries nothing is not excluded by silence. It falls to the calibration's with the count: stays
/// last, so bins differ less than Poisson's.
People interval_of(double devices, double factor, double dispersion) {
    const auto scaled = static_cast<std::uint64_t>(std::clamp(devices, 0.0, 30.0) * 65536);
    const double silence = static_cast<double>(exp_minus(scaled)) / (1 << tables::kPowerBits);
    const double spread = dispersion + (1 - dispersion) * silence;
    const double unit = factor * spread / 2;
    return {
        factor * devices, unit * chi_squared(-kNormal90, 2 * devices / spread),
        unit * chi_squared(kNormal90, 2 * devices / spread + 2)};
}

/// The least dispersion whose intervals cover nine of ten bins of days left out.
double dispersion_of(const Points& points) {
    std::vector<double> factors;
    const auto residuals = residuals_of(points, &factors);
    for (int step = 1; step <= kDispersionSteps; ++step) {
        const double dispersion = step * kDispersionStep;
        int all = 0;
        int covered = 0;
        for (std::size_t at = 0; at < residuals.size(); ++at) {
            if (factors[at] <= 0) continue;
            const double devices = residuals[at].expected / factors[at];
            if (devices < 1) continue;
            const People people = interval_of(devices, factors[at], dispersion);
            ++all;
            covered += people.low <= residuals[at].people && residuals[at].people <= people.high;
        }
        if (covered >= kCover * all) return dispersion;
    }
    return kDispersionSteps * kDispersionStep;
}

/// By leaving out each day in turn (jackknife). Of a single day nothing is known of others: half to
/// twice.
void add_interval(const Points& points, Calibration& out) {
    const auto days = days_of(points);
    const auto n = static_cast<double>(days.size());
    double squares = 0;
    for (const auto day : days) {
        const double without = days.size() > 1 ? factor_of(points, day) : 0;
        const double off = without > 0 ? std::log(without / out.factor) : 0;
        squares += off * off;
    }
    const double deviation = std::sqrt(squares * (n - 1) / n);
    const double wide =
        days.size() > 1 ? std::exp(student(kStudent90, days.size() - 1) * deviation) : 2;
    out.factor_low = out.factor / wide;
    out.factor_high = out.factor * wide;
}

/// How far the people of a day lie from what was expected, as logarithms.
std::vector<double> day_ratios(const std::vector<Residual>& residuals) {
    std::vector<double> out;
    for (std::size_t at = 0; at < residuals.size();) {
        const auto day = residuals[at].day;
        double people = 0;
        double expected = 0;
        for (; at < residuals.size() && residuals[at].day == day; ++at) {
            people += residuals[at].people;
            expected += residuals[at].expected;
        }
        if (people > 0 && expected > 0) out.push_back(std::log(people / expected));
    }
    return out;
}

}  // namespace

std::optional<Calibration> calibrate(const CountedBins& counted) {
    const bool anybody = std::any_of(
        counted.bins.begin(), counted.bins.end(), [](const auto& bin) { return bin.people > 0; });
    if (counted.gates_dbm.empty() || !anybody) return std::nullopt;
    const std::size_t gate = best_gate(counted);
    const Points points = points_at(counted, gate);
    Calibration out;
    out.gate_dbm = counted.gates_dbm[gate];
    out.factor = factor_of(points);
    if (out.factor <= 0) return std::nullopt;
    const auto days = days_of(points);
    out.bins = points.size();
    out.days = days.size();
    out.newest = *days.rbegin();
    out.residuals = residuals_of(points);
    out.error = error_of(out.residuals);
    out.dispersion = days.size() > 1 ? dispersion_of(points) : 1;
    add_interval(points, out);
    return out;
}

People people_of(double devices, const Calibration& calibration) {
    return interval_of(devices, calibration.factor, calibration.dispersion);
}

std::optional<Drift> drift_of(const Calibration& calibration, const std::vector<Recount>& later) {
    double people = 0;
    double expected = 0;
    std::set<std::chrono::sys_days> days;
    for (const Recount& recount : later) {
        people += recount.people;
        expected += calibration.factor * recount.devices;
        days.insert(recount.day);
    }
    const std::vector<double> ratios = day_ratios(calibration.residuals);
    if (expected <= 0 || ratios.size() < 3) return std::nullopt;
    double mean = 0;
    for (const double ratio : ratios) mean += ratio / static_cast<double>(ratios.size());
    double squares = 0;
    for (const double ratio : ratios) squares += (ratio - mean) * (ratio - mean);
    const auto n = static_cast<double>(ratios.size());
    const double deviation =
        std::sqrt(squares / (n - 1) * (1 / static_cast<double>(days.size()) + 1 / n));
    const double wide = student(kStudent95, ratios.size() - 1) * deviation;
    Drift out{people / expected, std::exp(mean - wide), std::exp(mean + wide), false};
    out.alarm = out.ratio < out.low || out.ratio > out.high;
    return out;
}

}  // namespace mobilytics::measure
