#include "pipeline/report/face_rules.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "foundation/zone.h"
#include "pipeline/report/metrics/sun.h"

namespace mobilytics::report {

namespace {

using namespace std::chrono_literals;
using metrics::FactorId;

constexpr std::chrono::days kFaceSpanMax{93};
constexpr double kUnder5Share = 1.0 / 5;  // Under 1 s, of what is under 5 s.
constexpr double kSteepestDeg = 89;
constexpr double kUsualShare =
    0.5;  // Of the viewing distance, from which a face is seen on average.
constexpr auto kLightStep = 15min;

std::chrono::minutes time_of(const std::string& text) {
    const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
    return std::chrono::hours(number(0)) + std::chrono::minutes(number(3));
}

/// Whether lamps burn at a time of day, also over midnight.
bool burns(const store::Face& face, Instant when, const std::string& zone) {
    const auto day = local_day(when, zone);
    const auto from = first_at(day, time_of(*face.lit_from), zone);
    const auto to = first_at(day, time_of(*face.lit_to), zone);
    return from < to ? from <= when && when < to : from <= when || when < to;
}

void face_inputs(FaceView& out, const store::Face& face, const ViewingDistance& seen) {
    const auto clear = 1 - face.obstruction.value_or(0);
    out.face = {
        .width_m = face.width_m,
        .height_m = face.height_m,
        .letter_height_m = seen.distance_m / metrics::VisibilityRules{}.legible_m_per_letter_m};
    out.sight.distance_m = seen.distance_m * kUsualShare;
    out.sight.clear = clear;
    const FaceInput distance{"distance", out.sight.distance_m, "m", InputSource::assumed};
    out.factors = {
        {FactorId::size,
         {},
         {{"width", face.width_m, "m", InputSource::given},
          {"height", face.height_m, "m", InputSource::given},
          distance}},
        {FactorId::angle, {}, {}},
        {FactorId::distance,
         {},
         {{"viewing distance", seen.distance_m, "m", seen.source}, distance}},
        {FactorId::speed, {}, {}},
        {FactorId::obstruction,
         {},
         {{"clear share", clear, "",
           face.obstruction ? InputSource::given : InputSource::assumed}}},
        {FactorId::illumination, {}, {}}};
}

}  // namespace

Result<> check(const FaceQuery& query, store::Period period) {
    std::vector<Fault> faults;
    const auto look = [&](bool good, const char* field, const char* detail) {
        if (!good) faults.push_back({std::string("/query/") + field, detail});
    };
    look(period.to - period.from <= kFaceSpanMax, "to", "is to be at most 93 days later than from");
    look(
        query.cost_minor.has_value() == query.currency.has_value(), "currency",
        "goes with cost_minor: give both, or neither");
    look(
        !query.currency ||
            (query.currency->size() == 3 &&
             std::ranges::all_of(*query.currency, [](char c) { return c >= 'A' && c <= 'Z'; })),
        "currency", "is to be three capital letters, like EUR");
    if (faults.empty()) return {};
    return tl::unexpected(
        Error{ErrorKind::invalid, "bad_query", "what was asked has faults", std::move(faults)});
}

std::vector<Instant> face_slots(
    store::Period period, const std::string& zone, std::span<const store::Face> versions) {
    std::vector<Instant> out;
    if (versions.empty()) return out;
    const auto& last = versions.back().to;
    for (const auto hour : boundaries(period.from, period.to, Grain::hour, zone)) {
        if (hour >= versions.front().from && (!last || hour <= *last)) out.push_back(hour);
    }
    if (out.size() < 2) out.clear();
    return out;
}

const store::Face* version_at(std::span<const store::Face> versions, Instant when) {
    for (const auto& face : versions) {
        if (face.from <= when && (!face.to || when < *face.to)) return &face;
    }
    return nullptr;
}

ViewingDistance viewing_distance(const store::Face& face) {
    const metrics::VisibilityRules rules;
    if (face.viewing_distance_m) return {*face.viewing_distance_m, InputSource::given};
    if (face.letter_height_m) {
        return {*face.letter_height_m * rules.legible_m_per_letter_m, InputSource::by_rule};
    }
    const auto half = rules.apparent_min_deg / 2 * std::numbers::pi / 180;
    return {std::min(face.width_m, face.height_m) / (2 * std::tan(half)), InputSource::by_rule};
}

FaceView view_of(const store::Face& face) {
    FaceView out;
    face_inputs(out, face, viewing_distance(face));
    if (face.road_angle_deg) {
        out.sight.angle_deg = std::min(90 - *face.road_angle_deg, kSteepestDeg);
        out.factors[1].inputs = {
            {"angle to the road", *face.road_angle_deg, "deg", InputSource::given},
            {"angle of sight", out.sight.angle_deg, "deg", InputSource::by_rule}};
    } else {
        out.missing.emplace_back("the face's angle to the road (road_angle_deg)");
    }
    if (face.speed_kmh) {
        out.sight.speed_m_s = *face.speed_kmh / 3.6;
        out.factors[3].inputs = {
            {"speed of traffic", *face.speed_kmh, "km/h",
             face.speed_measured ? InputSource::measured : InputSource::given}};
    } else {
        out.missing.emplace_back("the speed of passing traffic (speed_kmh)");
    }
    return out;
}

FaceView view_of_moving(const store::Face& face, double vehicle_m_s) {
    FaceView out;
    face_inputs(out, face, viewing_distance(face));
    const bool along = face.side == store::FaceSide::left || face.side == store::FaceSide::right;
    out.sight.angle_deg = along ? metrics::Viewing{}.half_deg / 2 : 0;
    out.sight.speed_m_s = vehicle_m_s;
    out.factors[1].inputs = {{"angle of sight", out.sight.angle_deg, "deg", InputSource::assumed}};
    out.factors[3].inputs = {
        {"speed of the vehicle", vehicle_m_s * 3.6, "km/h", InputSource::measured}};
    return out;
}

std::optional<Light> light_of(
    const store::Face& face, const std::optional<metrics::Spot>& where, store::Period slot,
    const std::string& zone) {
    if (face.lit == store::FaceLight::always) return Light{};
    if (!where) return std::nullopt;
    int all = 0, bright = 0, lit = 0;
    for (auto at = slot.from + (slot.to - slot.from) % kLightStep / 2; at < slot.to;
         at += kLightStep) {
        ++all;
        if (!metrics::is_dark(*where, at)) {
            ++bright;
        } else if (
            face.lit == store::FaceLight::dusk_to_dawn ||
            (face.lit == store::FaceLight::hours && burns(face, at, zone))) {
            ++lit;
        }
    }
    return Light{static_cast<double>(bright) / all, static_cast<double>(lit) / all};
}

Opportunities opportunities_of(const store::Figures& figures) {
    const auto whole = static_cast<double>(figures.visits - figures.dwell_bins[0]);
    const auto short_ones = static_cast<double>(figures.dwell_bins[1]);
    const auto too_short = short_ones * kUnder5Share;
    const auto dwell_s = static_cast<double>(figures.dwell_us) / 1e6;
    return {
        .visits = std::max(0.0, whole - too_short),
        .bounds = {std::max(0.0, whole - short_ones), std::max(0.0, whole)},
        // Those that are left out lay evenly below the second.
        .dwell_s = std::max(0.0, dwell_s - too_short * metrics::kLeastExposureS / 2)};
}

std::optional<double> exposed_devices(const store::Figures& figures) {
    const auto came = static_cast<double>(figures.visits + figures.visits_carried);
    if (came <= 0 || figures.devices <= 0) return std::nullopt;
    return std::min(figures.devices, came) * opportunities_of(figures).visits / came;
}

std::optional<double> mean_gap_s(const store::Figures& figures) {
    const auto gaps = figures.sightings - figures.visits;
    if (gaps <= 0) return std::nullopt;
    return static_cast<double>(figures.dwell_us) / 1e6 / static_cast<double>(gaps);
}

double overlap_s(const Opportunities& opportunities, double spot_s) {
    const auto least = metrics::kLeastExposureS;
    if (spot_s < least) return 0;
    return std::max(0.0, opportunities.dwell_s + opportunities.visits * (spot_s - 2 * least));
}

metrics::Side side_of(const store::Face& face) {
    switch (face.side) {
        case store::FaceSide::front: return metrics::Side::front;
        case store::FaceSide::back: return metrics::Side::rear;
        case store::FaceSide::left:
            return face.drives_left ? metrics::Side::passenger : metrics::Side::driver;
        case store::FaceSide::right:
            return face.drives_left ? metrics::Side::driver : metrics::Side::passenger;
    }
    VERIFY(false);
    return {};
}

FaceFigure shown_figure(const metrics::Value& value) {
    const auto shown = metrics::shown(value);
    FaceFigure out;
    out.metric = shown.metric;
    out.value = shown.value;
    if (shown.bounds) out.interval = Interval{shown.bounds->low, shown.bounds->high};
    out.standing = shown.standing;
    out.counted = shown.counted;
    return out;
}

}  // namespace mobilytics::report
