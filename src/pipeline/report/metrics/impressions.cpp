#include "pipeline/report/metrics/impressions.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mobilytics::report::metrics {

namespace {

constexpr double kDegree = std::numbers::pi / 180;

double size_of(const Face& face, const Sight& sight, const VisibilityRules& rules) {
    const auto shorter = std::min(face.width_m, face.height_m);
    const auto apparent_deg = 2 * std::atan(shorter / (2 * sight.distance_m)) / kDegree;
    return std::min(1.0, apparent_deg / rules.apparent_min_deg);
}

double angle_of(const Sight& sight, const VisibilityRules& rules) {
    if (sight.angle_deg >= 90) return 0;
    return std::max(rules.angle_floor, std::cos(sight.angle_deg * kDegree));
}

double distance_of(const Face& face, const Sight& sight, const VisibilityRules& rules) {
    return std::min(1.0, rules.legible_m_per_letter_m * face.letter_height_m / sight.distance_m);
}

double speed_of(const Sight& sight, const VisibilityRules& rules) {
    const auto along =
        (sight.speed_m_s - rules.speed_whole_m_s) / (rules.speed_least_m_s - rules.speed_whole_m_s);
    return 1 - (1 - rules.speed_floor) * std::clamp(along, 0.0, 1.0);
}

std::vector<Fault> faults_of(const Face& face, const Sight& sight) {
    std::vector<Fault> out;
    const auto look = [&](bool good, const char* pointer, const char* detail) {
        if (!good) out.push_back({pointer, detail});
    };
    const auto above_0 = [](double number) { return std::isfinite(number) && number > 0; };
    const auto share = [](double number) { return number >= 0 && number <= 1; };
    look(above_0(face.width_m), "/face/width_m", "is to be above 0");
    look(above_0(face.height_m), "/face/height_m", "is to be above 0");
    look(above_0(face.letter_height_m), "/face/letter_height_m", "is to be above 0");
    look(above_0(sight.distance_m), "/sight/distance_m", "is to be above 0");
    look(
        sight.angle_deg >= 0 && sight.angle_deg <= 180, "/sight/angle_deg",
        "is to be from 0 to 180");
    look(
        std::isfinite(sight.speed_m_s) && sight.speed_m_s >= 0, "/sight/speed_m_s",
        "is not to be negative");
    look(share(sight.clear), "/sight/clear", "is to be from 0 to 1");
    look(share(sight.daylight), "/sight/daylight", "is to be from 0 to 1");
    return out;
}

}  // namespace

double Visibility::weight() const {
    double product = 1;
    for (const auto factor : factors()) product *= factor;
    return product;
}

Result<Visibility> visibility(const Face& face, const Sight& sight, const VisibilityRules& rules) {
    if (auto faults = faults_of(face, sight); !faults.empty()) {
        return tl::unexpected(
            Error{ErrorKind::invalid, "bad_sight", "a face cannot be seen so", std::move(faults)});
    }
    return Visibility{
        .size = size_of(face, sight, rules),
        .angle = angle_of(sight, rules),
        .distance = distance_of(face, sight, rules),
        .speed = speed_of(sight, rules),
        .obstruction = sight.clear,
        .illumination = sight.daylight + (face.lit ? 1 - sight.daylight : 0)};
}

Value ots(
    std::span<const Contact> contacts, const std::optional<Calibration>& calibration,
    double least_s) {
    double visits = 0;
    for (const auto& contact : contacts) {
        if (contact.dwell_s >= least_s) visits += contact.visits;
    }
    return counted_value(MetricId::ots, visits, std::nullopt, calibration);
}

Value lts(
    std::span<const Contact> contacts, const std::optional<Calibration>& calibration,
    double least_s) {
    std::array<double, kVisibilityFactors.size() + 1> after{};  // [0]: before any factor.
    for (const auto& contact : contacts) {
        if (contact.dwell_s < least_s) continue;
        double weight = contact.visits;
        after[0] += weight;
        const auto factors = contact.seen.factors();
        for (std::size_t i = 0; i < factors.size(); ++i) after[i + 1] += weight *= factors[i];
    }
    auto out = counted_value(MetricId::lts, after.back(), std::nullopt, calibration);
    for (std::size_t i = 0; i < kVisibilityFactors.size(); ++i) {
        out.factors.push_back({kVisibilityFactors[i], after[i] > 0 ? after[i + 1] / after[i] : 1});
    }
    return out;
}

}  // namespace mobilytics::report::metrics
