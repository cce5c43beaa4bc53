#include "pipeline/report/metrics/reach.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mobilytics::report::metrics {

namespace {

constexpr double kNormal95 = 1.96;
constexpr double kShapeLeast = 1e-6, kShapeMost = 1e6;
constexpr int kHalvings = 200;
constexpr double kRounding = 1e-9;  // Relative: sums of the same numbers in another order.

bool is_count(double number) { return std::isfinite(number) && number >= 0; }

tl::unexpected<Error> bad_population(const char* pointer) {
    return tl::unexpected(Error{
        ErrorKind::invalid,
        "bad_population",
        "rating points are of a population",
        {{pointer, "is to be above 0"}}});
}

/// Not reached at all.
double share_missed(const std::optional<double>& shape, double mean) {
    return shape ? std::exp(-*shape * std::log1p(mean / *shape)) : std::exp(-mean);
}

Value points(MetricId metric, const Value& impressions, double per_impression) {
    Value out = impressions;
    out.metric = metric;
    out.value *= per_impression;
    if (out.bounds)
        out.bounds = Bounds{out.bounds->low * per_impression, out.bounds->high * per_impression};
    return out;
}

}  // namespace

Value reach(double devices, double standard_error, const std::optional<Calibration>& calibration) {
    const auto half = kNormal95 * standard_error * devices;
    return counted_value(
        MetricId::reach, devices, Bounds{std::max(0.0, devices - half), devices + half},
        calibration);
}

Result<Delivery> Delivery::of(double impressions, double reach, double population) {
    std::vector<Fault> faults;
    if (!is_count(impressions)) faults.push_back({"/impressions", "is not to be negative"});
    if (!is_count(reach)) faults.push_back({"/reach", "is not to be negative"});
    if (!is_count(population) || population == 0) {
        faults.push_back({"/population", "is to be above 0"});
    }
    if (faults.empty()) {
        if (reach > population * (1 + kRounding)) {
            faults.push_back({"/reach", "is more than the population"});
        }
        if (reach > impressions * (1 + kRounding)) {
            faults.push_back({"/reach", "is more than the impressions"});
        }
        if (reach == 0 && impressions > 0)
            faults.push_back({"/reach", "is 0, and impressions are not"});
    }
    if (!faults.empty()) {
        return tl::unexpected(Error{
            ErrorKind::invalid, "bad_delivery", "these are not of the same people",
            std::move(faults)});
    }
    const auto held = std::min({reach, population, impressions});
    return Delivery(impressions, held, population);
}

std::optional<double> Delivery::frequency() const {
    if (reach_ == 0) return std::nullopt;
    return impressions_ / reach_;
}

std::optional<Value> average_frequency(double impressions, const Value& reach) {
    if (reach.value <= 0) return std::nullopt;
    Value out{
        .metric = MetricId::average_frequency,
        .value = impressions / reach.value,
        .standing = reach.standing,
        .counted = reach.counted};
    out.calibration = reach.calibration;
    if (reach.bounds && reach.bounds->low > 0) {
        out.bounds = Bounds{
            std::max(1.0, impressions / reach.bounds->high), impressions / reach.bounds->low};
    }
    return out;
}

Result<Value> grp(const Value& impressions, double population) {
    if (!is_count(population) || population == 0) return bad_population("/population");
    return points(MetricId::grp, impressions, 100 / population);
}

Result<Value> trp(const Value& impressions, double share_in_target, double target_population) {
    if (!is_count(target_population) || target_population == 0) {
        return bad_population("/target_population");
    }
    if (!(share_in_target >= 0 && share_in_target <= 1)) {
        return tl::unexpected(Error{
            ErrorKind::invalid,
            "bad_population",
            "a target is a part of the whole",
            {{"/share_in_target", "is to be from 0 to 1"}}});
    }
    return points(MetricId::trp, impressions, 100 * share_in_target / target_population);
}

Bounds union_bounds(std::span<const double> reaches, double population) {
    double greatest = 0, sum = 0;
    for (const auto reach : reaches) {
        greatest = std::max(greatest, reach);
        sum += reach;
    }
    return {std::min(greatest, population), std::min(sum, population)};
}

double Frequencies::reach() const { return std::accumulate(people.begin(), people.end(), 0.0); }

double Frequencies::impressions() const {
    double sum = 0;
    for (std::size_t i = 0; i < people.size(); ++i) sum += people[i] * static_cast<double>(i + 1);
    return sum;
}

double Frequencies::at_least(std::size_t impressions) const {
    double sum = 0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (i + 1 >= impressions) sum += people[i];
    }
    return sum;
}

std::optional<Value> effective_reach(const Frequencies& frequencies, std::size_t impressions) {
    const auto n = frequencies.reach();
    if (n <= 0) return std::nullopt;
    const auto share = std::min(1.0, frequencies.at_least(impressions) / n);
    const auto z2 = kNormal95 * kNormal95;
    const auto middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    const auto half =
        kNormal95 * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    return Value{
        .metric = MetricId::effective_reach,
        .value = share,
        .bounds = Bounds{
            std::max(0.0, std::min(share, middle - half)),
            std::min(1.0, std::max(share, middle + half))}};
}

Result<ReachModel> fit_reach(const Delivery& day) {
    if (day.reach() == 0 || day.reach() >= day.population()) {
        return fail(
            ErrorKind::invalid, "nothing_to_fit",
            "a day on which somebody was reached, and not everybody, says how people repeat");
    }
    const auto mean = day.impressions() / day.population();
    const auto missed = 1 - day.reach() / day.population();
    if (missed <= share_missed(std::nullopt, mean)) return ReachModel{day.population(), {}};
    // The more alike people are, the fewer are missed: halve between the logarithms.
    double low = std::log(kShapeLeast), high = std::log(kShapeMost);
    if (missed >= share_missed(kShapeLeast, mean)) {
        return fail(
            ErrorKind::invalid, "nothing_to_fit",
            "so few were reached so often that no shape says it");
    }
    for (int i = 0; i < kHalvings; ++i) {
        const auto middle = (low + high) / 2;
        (share_missed(std::exp(middle), mean) > missed ? low : high) = middle;
    }
    return ReachModel{day.population(), std::exp((low + high) / 2)};
}

Value modelled_reach(const ReachModel& model, double impressions) {
    const auto mean = impressions / model.population;
    const auto exponent = model.shape ? -*model.shape * std::log1p(mean / *model.shape) : -mean;
    return {
        .metric = MetricId::reach_modelled,
        .value = -model.population * std::expm1(exponent),
        .bounds = {},
        .standing = Standing::modelled};
}

double modelled_at_least(const ReachModel& model, double impressions, std::size_t least) {
    const auto mean = impressions / model.population;
    double exactly = share_missed(model.shape, mean), below = 0;
    for (std::size_t x = 0; x < least; ++x) {
        below += exactly;
        const auto more = static_cast<double>(x) + 1;
        exactly *= model.shape ? (*model.shape + more - 1) / more * mean / (*model.shape + mean)
                               : mean / more;
    }
    return model.population * std::max(0.0, 1 - below);
}

std::optional<Value> modelled_effective_reach(
    const ReachModel& model, double impressions, std::size_t least) {
    const auto reached = modelled_reach(model, impressions).value;
    if (reached <= 0) return std::nullopt;
    return Value{
        .metric = MetricId::effective_reach,
        .value = std::min(1.0, modelled_at_least(model, impressions, least) / reached),
        .standing = Standing::modelled};
}

std::vector<double> modelled_frequencies(
    const ReachModel& model, double impressions, std::size_t most) {
    std::vector<double> out;
    for (std::size_t n = 1; n <= most; ++n) {
        const auto here = modelled_at_least(model, impressions, n);
        out.push_back(n < most ? here - modelled_at_least(model, impressions, n + 1) : here);
    }
    return out;
}

}  // namespace mobilytics::report::metrics
