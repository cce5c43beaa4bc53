#include "pipeline/report/face_figures.h"

#include <algorithm>
#include <cmath>

#include "pipeline/report/metrics/cost.h"
#include "pipeline/report/metrics/presence.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

using metrics::MetricId;

constexpr const char* kNoLight = "where the face was is not known, and so not when it was dark";

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& one : words) out += (out.empty() ? "" : ", ") + one;
    return out;
}

/// Contacts that are long enough: so many, seen so.
metrics::Contact contact(double visits, const metrics::Visibility& seen) {
    return {metrics::kLeastExposureS, seen, visits};
}

/// Of the last version in the period; the values are of all of it.
std::vector<FaceFactor> valued(
    std::vector<FaceFactor> factors, const metrics::Value& value, const FaceHeard& heard) {
    for (auto& factor : factors) {
        for (const auto& [id, number] : value.factors) {
            if (id == factor.id) factor.value = rounded(number, 4);
        }
        if (factor.id == metrics::FactorId::illumination) {
            const bool lit = heard.last().lit != store::FaceLight::none;
            factor.inputs = {{"lit", lit ? 1.0 : 0.0, "", InputSource::given}};
        }
    }
    return factors;
}

metrics::Flow flow_of(bool oncoming) {
    return oncoming ? metrics::Flow::oncoming : metrics::Flow::same_direction;
}

FaceFigure figure_of(const metrics::Price& price) {
    FaceFigure out;
    out.metric = price.metric;
    out.standing = price.standing;
    out.counted = price.counted;
    out.price = price.value;
    out.price_low = price.low;
    out.price_high = price.high;
    return out;
}

}  // namespace

void FaceTeller::figure(MetricId metric, std::optional<double> value, const char* why) {
    if (!value) return absent(metric, why);
    FaceFigure out;
    out.metric = metric;
    out.value = value;
    out.standing = metrics::definition(metric).standing;
    out_.figures.push_back(std::move(out));
}

void FaceTeller::price(const std::optional<FaceFigure>& price, MetricId metric) {
    if (price) {
        out_.figures.push_back(*price);
    } else {
        absent(metric, "there are no impressions to share the cost");
    }
}

metrics::Value face_ots(const FaceHeard& heard) {
    const auto opportunities = opportunities_of(heard.whole);
    return metrics::counted_value(
        MetricId::ots, opportunities.visits, opportunities.bounds, heard.calibration);
}

Seen seen_in(const FaceHeard& heard, std::size_t slot) {
    const auto period = heard.slot(slot);
    const auto* const face = version_at(heard.versions, period.from);
    VERIFY(face != nullptr);
    auto view = view_of(*face);
    if (!view.missing.empty()) return {{}, "not known: " + joined(view.missing)};
    const auto light = light_of(*face, heard.where, period, heard.zone);
    if (!light) return {{}, kNoLight};
    view.sight.daylight = std::min(1.0, light->bright + light->lit);
    const auto seen = metrics::visibility(view.face, view.sight);
    VERIFY(seen);
    return {*seen, ""};
}

Likely face_lts(const FaceHeard& heard) {
    std::vector<metrics::Contact> contacts;
    for (std::size_t i = 0; i < heard.met.size(); ++i) {
        const auto seen = seen_in(heard, i);
        if (!seen.visibility) return {{}, {}, seen.why};
        contacts.push_back(contact(heard.met[i].visits, *seen.visibility));
    }
    auto value = metrics::lts(contacts, heard.calibration);
    auto factors = valued(view_of(heard.last()).factors, value, heard);
    return {std::move(value), std::move(factors), ""};
}

MovedLikely face_moved(const FaceHeard& heard, const Moved& moved) {
    std::vector<metrics::MovingContact> contacts;
    for (std::size_t i = 0; i < heard.slots.size() - 1; ++i) {
        const auto period = heard.slot(i);
        const auto* const face = version_at(heard.versions, period.from);
        VERIFY(face != nullptr);
        const auto light = light_of(*face, heard.where, period, heard.zone);
        if (!light) return {{}, {}, kNoLight};
        const auto add = [&](const Opportunities& met, double vehicle_m_s, double oncoming) {
            const auto view = view_of_moving(*face, vehicle_m_s);
            const auto seen = metrics::visibility(view.face, view.sight);
            VERIFY(seen);
            const auto dark = std::max(0.0, 1 - light->bright - light->lit);
            for (const bool is_oncoming : {false, true}) {
                const auto share = is_oncoming ? oncoming : 1 - oncoming;
                const auto flow = vehicle_m_s > 0 ? flow_of(is_oncoming) : metrics::Flow::on_foot;
                const auto part = [&](double of_time, bool is_dark) {
                    contacts.push_back(
                        {side_of(*face), flow, vehicle_m_s, is_dark, false,
                         contact(met.visits * share * of_time, *seen)});
                };
                part(1 - dark, false);
                part(dark, true);
            }
        };
        add(moved.driving[i], std::max(moved.vehicle_m_s, metrics::kDrivingFromMS),
            moved.oncoming_share);
        add(moved.parked[i], 0, 0);
    }
    auto exposure = metrics::moving_exposure(contacts, heard.calibration);
    auto view = view_of_moving(heard.last(), moved.vehicle_m_s);
    view.factors.insert(
        view.factors.begin(),
        FaceFactor{
            metrics::FactorId::direction,
            {},
            {{"oncoming share", moved.oncoming_share, "", InputSource::given}}});
    auto factors = valued(std::move(view.factors), exposure.moving, heard);
    return {std::move(exposure), std::move(factors), ""};
}

void tell_dwell(const FaceHeard& heard, FaceTeller& tell) {
    constexpr const char* kNone = "nobody was heard twice";
    const auto median = median_dwell(heard.whole.dwell_bins);
    tell.figure(MetricId::dwell_median, median, kNone);
    tell.figure(MetricId::dwell_mean, mean_dwell(heard.whole), kNone);
    const auto gap = mean_gap_s(heard.whole);
    const auto& face = heard.last();
    if (!median || !gap) return tell.absent(MetricId::dwell_corrected, kNone);
    if (!face.speed_kmh) {
        return tell.absent(
            MetricId::dwell_corrected,
            "how long one takes to pass is not known without the speed of traffic (speed_kmh)");
    }
    const auto transit_s = viewing_distance(face).distance_m / (*face.speed_kmh / 3.6);
    const auto digits = metrics::definition(MetricId::dwell_corrected).digits;
    tell.figure(
        MetricId::dwell_corrected,
        rounded(metrics::corrected_dwell(*median, {*gap, transit_s}), digits), kNone);
}

void tell_points(
    const metrics::Value& ots, const std::optional<Population>& market, const FaceQuery& query,
    FaceTeller& tell) {
    const auto grp = market ? metrics::grp(ots, market->persons)
                            : fail(ErrorKind::invalid, "no_market", "choose a market");
    if (grp) {
        tell.figure(*grp);
    } else {
        tell.absent(MetricId::grp, grp.error().message);
    }
    if (market && market->target_persons && market->target_share) {
        const auto trp = metrics::trp(ots, *market->target_share, *market->target_persons);
        VERIFY(trp);
        tell.figure(*trp);
    } else {
        tell.absent(MetricId::trp, "choose a market that has a target group");
    }
    if (!query.cost_minor) {
        tell.absent(MetricId::cpm, "give a cost and its currency");
        tell.absent(MetricId::cpp, "give a cost and its currency");
        return;
    }
    const Money cost{*query.cost_minor, *query.currency};
    const auto priced = [](const std::optional<metrics::Price>& price) {
        return price ? std::optional(figure_of(*price)) : std::nullopt;
    };
    tell.price(priced(metrics::cpm(cost, ots)), MetricId::cpm);
    if (grp) {
        tell.price(priced(metrics::cpp(cost, *grp)), MetricId::cpp);
    } else {
        tell.absent(MetricId::cpp, grp.error().message);
    }
}

}  // namespace mobilytics::report
