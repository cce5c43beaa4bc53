#include "pipeline/report/metrics/moving.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mobilytics::report::metrics {

namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kEarthM = 6'371'008.8;  // Its mean radius, IUGG.
constexpr int kArcSteps = 12;

double turned(double degrees) {
    const auto rest = std::fmod(degrees, 360);
    return rest < 0 ? rest + 360 : rest;
}

/// So far from there in that direction, on a sphere.
Spot gone(const Spot& from, double bearing_deg, double distance_m) {
    const auto along = distance_m / kEarthM;
    const auto latitude = from.latitude * kDegree, bearing = bearing_deg * kDegree;
    const auto there = std::asin(
        std::sin(latitude) * std::cos(along) +
        std::cos(latitude) * std::sin(along) * std::cos(bearing));
    const auto aside = std::atan2(
        std::sin(bearing) * std::sin(along) * std::cos(latitude),
        std::cos(along) - std::sin(latitude) * std::sin(there));
    return {there / kDegree, turned(from.longitude + aside / kDegree + 180) - 180};
}

struct Way {
    double distance_m, bearing_deg;
};
Way way(const Spot& from, const Spot& to) {
    const auto a = from.latitude * kDegree, b = to.latitude * kDegree;
    const auto aside = (to.longitude - from.longitude) * kDegree;
    const auto half_up = std::sin((b - a) / 2), half_aside = std::sin(aside / 2);
    const auto h = half_up * half_up + std::cos(a) * std::cos(b) * half_aside * half_aside;
    return {
        2 * kEarthM * std::asin(std::sqrt(std::min(1.0, h))),
        turned(
            std::atan2(
                std::sin(aside) * std::cos(b),
                std::cos(a) * std::sin(b) - std::sin(a) * std::cos(b) * std::cos(aside)) /
            kDegree)};
}

double legible_m(const Face& face, const VisibilityRules& rules) {
    return rules.legible_m_per_letter_m * face.letter_height_m;
}

/// Weights added up, one factor after another.
struct Sum {
    std::array<double, kVisibilityFactors.size() + 2>
        after{};  // [0] all, [1] direction, then the rest.

    void add(const MovingContact& of) {
        double weight = of.contact.visits;
        after[0] += weight;
        after[1] += weight *= of.flow == Flow::oncoming ? kOncomingShare : 1;
        const auto factors = of.contact.seen.factors();
        for (std::size_t i = 0; i < factors.size(); ++i) after[i + 2] += weight *= factors[i];
    }
    Value value(MetricId metric, const std::optional<Calibration>& calibration) const {
        auto out = counted_value(metric, after.back(), std::nullopt, calibration);
        for (std::size_t i = 0; i + 1 < after.size(); ++i) {
            const auto id = i == 0 ? FactorId::direction : kVisibilityFactors[i - 1];
            out.factors.push_back({id, after[i] > 0 ? after[i + 1] / after[i] : 1});
        }
        return out;
    }
};

}  // namespace

double facing_deg(const Pose& pose, Side side, TrafficSide traffic) {
    const double to_driver = traffic == TrafficSide::right ? -90 : 90;
    switch (side) {
        case Side::driver: return turned(pose.heading_deg + to_driver);
        case Side::passenger: return turned(pose.heading_deg - to_driver);
        case Side::front: return turned(pose.heading_deg);
        case Side::rear: return turned(pose.heading_deg + 180);
    }
    VERIFY(false);
    return 0;
}

std::vector<Spot> visibility_polygon(
    const Pose& pose, const Mounted& mounted, const Viewing& viewing) {
    VERIFY(viewing.half_deg >= 1 && viewing.half_deg <= 89);
    const auto facing = facing_deg(pose, mounted.side, viewing.traffic);
    std::vector<Spot> out{pose.at};
    for (int i = 0; i <= kArcSteps; ++i) {
        const auto aside = viewing.half_deg * (2.0 * i / kArcSteps - 1);
        out.push_back(gone(pose.at, facing + aside, legible_m(mounted.face, viewing.rules)));
    }
    out.push_back(pose.at);
    return out;
}

bool in_sight(const Pose& pose, const Mounted& mounted, const Spot& who, const Viewing& viewing) {
    const auto [distance_m, bearing_deg] = way(pose.at, who);
    const auto facing = facing_deg(pose, mounted.side, viewing.traffic);
    const auto aside = turned(bearing_deg - facing + 180) - 180;
    return distance_m <= legible_m(mounted.face, viewing.rules) &&
           std::abs(aside) <= viewing.half_deg;
}

std::optional<NoCredit> no_credit(const MovingContact& contact) {
    if (contact.contact.dwell_s < kLeastExposureS) return NoCredit::too_short;
    if (contact.side == Side::passenger && contact.flow == Flow::oncoming) {
        return NoCredit::oncoming_on_passenger_side;
    }
    if (contact.dark && !contact.lit) return NoCredit::dark_and_not_lit;
    return std::nullopt;
}

MovingExposure moving_exposure(
    std::span<const MovingContact> contacts, const std::optional<Calibration>& calibration) {
    Sum moving, parked;
    std::array<double, kNoCredits> left_out{};
    for (const auto& contact : contacts) {
        if (const auto why = no_credit(contact)) {
            left_out.at(static_cast<std::size_t>(*why)) += contact.contact.visits;
        } else {
            (contact.vehicle_m_s >= kDrivingFromMS ? moving : parked).add(contact);
        }
    }
    return {
        moving.value(MetricId::moving_impressions, calibration),
        parked.value(MetricId::parked_impressions, calibration), left_out};
}

}  // namespace mobilytics::report::metrics
