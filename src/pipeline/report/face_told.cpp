// What of visits to a face's asset may be told, as opportunities of its slots.

#include <algorithm>

#include "pipeline/report/face_figures.h"

namespace mobilytics::report {

namespace {

/// Its sums as they are shown: whatever is made of these tells no more.
store::Figures shown(const Published& told, std::int64_t floor) {
    auto out = told.figures;
    out.visits = told.visits;
    out.visits_carried = told.came - told.visits;
    out.devices = told.devices;
    for (const std::size_t bin : {0, 1}) {
        out.dwell_bins[bin] = to_grid(told.figures.dwell_bins[bin], floor);
    }
    return out;
}

void add(Published& to, const Published& one) {
    to.figures.visits += one.figures.visits;
    to.figures.sightings += one.figures.sightings;
    to.figures.dwell_us += one.figures.dwell_us;
    for (std::size_t i = 0; i < to.figures.dwell_bins.size(); ++i) {
        to.figures.dwell_bins[i] += one.figures.dwell_bins[i];
    }
    to.visits = to_five(to.figures.visits);
    to.devices += one.devices;
    to.came += one.came;
    to.held_back = to.held_back || one.held_back;
}

/// To what extent a slot has a part in the whole: before it is known what the whole is.
struct Part {
    double visits = 0, dwell_s = 0;
};

double share_of(double whole, double parts) { return parts > 0 ? whole / parts : 0; }

}  // namespace

FaceTold face_told(
    std::span<const Published> slots, std::span<const Published> days,
    std::span<const std::size_t> day_of, std::int64_t floor) {
    VERIFY(slots.size() == day_of.size());
    FaceTold out;
    Published whole;
    std::vector<Part> rest;
    std::vector<double> slots_of(days.size(), 0);
    for (const auto& day : days) {
        add(whole, day);
        out.by_day.push_back(shown(day, floor));
        const auto& its = day.figures;
        rest.push_back({static_cast<double>(its.visits), static_cast<double>(its.dwell_us) / 1e6});
    }
    std::vector<Part> parts;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto& its = slots[i].figures;
        auto& of_day = rest[day_of[i]];
        of_day.visits -= static_cast<double>(its.visits);
        of_day.dwell_s -= static_cast<double>(its.dwell_us) / 1e6;
        ++slots_of[day_of[i]];
        parts.push_back(
            {static_cast<double>(slots[i].visits), static_cast<double>(its.dwell_us) / 1e6});
        out.hide.push_back(slots[i].is_hidden());
    }
    Part sum;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& of_day = rest[day_of[i]];
        const auto spread = std::max<std::int64_t>(0, std::llround(of_day.visits));
        parts[i].visits += static_cast<double>(to_five(spread)) / slots_of[day_of[i]];
        parts[i].dwell_s += std::max(0.0, of_day.dwell_s) / slots_of[day_of[i]];
        sum.visits += parts[i].visits;
        sum.dwell_s += parts[i].dwell_s;
    }
    out.whole = shown(whole, floor);
    out.held_back = whole.held_back;
    const auto all = opportunities_of(out.whole);
    for (const auto& part : parts) {
        Opportunities met;
        met.visits = part.visits * share_of(all.visits, sum.visits);
        met.dwell_s = part.dwell_s * share_of(all.dwell_s, sum.dwell_s);
        out.met.push_back(met);
    }
    return out;
}

}  // namespace mobilytics::report
