// How many were reached, and how often: measured within a day, modelled over more.

#include <algorithm>
#include <cmath>

#include "pipeline/report/asked.h"

namespace mobilytics::report {

namespace {

using metrics::MetricId;

constexpr const char* kNobody = "nobody was there for a second";
constexpr const char* kTooMany =
    "it is more than the market's population: choose a market that holds them";
constexpr const char* kNoMarket =
    "choose a market: over several days reach is modelled, and that needs a population";

/// The counts of a distribution, as far as they may be shown.
void tell_bins(
    std::span<const std::int64_t, store::kFrequencyBins> counts, std::int64_t floor,
    FaceReport& out) {
    const auto hide = hidden(counts, floor);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        FrequencyBin bin{
            .visits = i + 1 == counts.size() ? "10+" : std::to_string(i + 1), .devices = {}};
        if (!hide[i]) bin.devices = to_grid(counts[i], floor);
        out.distribution.push_back(std::move(bin));
    }
    if (std::ranges::count(hide, true) > 0) out.suppressed.emplace_back("distribution");
}

/// Of visits that are kept.
void tell_observed(
    const store::Frequency& found, store::Period period, std::int64_t floor, std::size_t least,
    FaceTeller& tell) {
    auto& out = tell.out();
    metrics::Frequencies frequencies;
    double devices = 0;
    for (const auto count : found.devices) {
        frequencies.people.push_back(static_cast<double>(count));
        devices += static_cast<double>(count);
    }
    if (!found.kept_from || devices == 0) {
        return tell.absent(
            MetricId::effective_reach, "visits of single devices are no longer kept");
    }
    out.window = FrequencyWindow{std::clamp(*found.kept_from, period.from, period.to), period.to};
    const auto often = static_cast<std::int64_t>(std::llround(frequencies.at_least(least)));
    const std::array<std::int64_t, 2> parts{
        often, static_cast<std::int64_t>(std::llround(devices)) - often};
    const auto hide = hidden(parts, floor);
    if (devices < static_cast<double>(floor) || hide[0] || hide[1]) {
        out.suppressed.emplace_back("effective_reach");
    } else {
        // Of both parts as they are shown.
        metrics::Frequencies shown;
        shown.people.assign(std::max<std::size_t>(least, 1), 0);
        shown.people.back() = static_cast<double>(to_grid(parts[0], floor));
        if (least > 1) shown.people.front() += static_cast<double>(to_grid(parts[1], floor));
        tell.figure(*metrics::effective_reach(shown, least));
    }
    if (devices < static_cast<double>(floor)) {
        out.suppressed.emplace_back("distribution");
    } else {
        tell_bins(found.devices, floor, out);
    }
}

}  // namespace

void Report::tell_reach(
    AskedFace& asked, const FaceQuery& query, const std::optional<Population>& market,
    FaceTeller& tell) const {
    const auto& heard = asked.heard;
    const auto& company = asked.asked.company;
    const auto& filter = asked.asked.question.filter;
    auto& snapshot = *asked.asked.snapshot;
    const store::Period there{heard.slots.front(), heard.slots.back()};
    const auto least = static_cast<std::size_t>(query.least_frequency);
    const auto ots = face_ots(heard);
    const auto absent = [&](std::initializer_list<MetricId> metrics, const char* why) {
        for (const auto metric : metrics) tell.absent(metric, why);
    };
    const auto tell_frequency = [&](const metrics::Value& reach) {
        tell.figure(reach);
        if (auto often = metrics::average_frequency(ots.value, reach)) tell.figure(*often);
    };

    // Salts end with the company's day: a period within one is measured.
    const bool one_day = local_day(there.from, company.time_zone) ==
                         local_day(there.to - std::chrono::microseconds(1), company.time_zone);
    if (one_day) {
        absent({MetricId::reach_modelled}, "within one day it is measured");
        const auto exposed = exposed_devices(heard.whole);
        if (!exposed || *exposed <= 0) {
            return absent(
                {MetricId::reach, MetricId::average_frequency, MetricId::effective_reach}, kNobody);
        }
        const auto reach = metrics::reach(*exposed, kStandardError, heard.calibration);
        if (market && reach.value > market->persons) {
            absent({MetricId::reach, MetricId::average_frequency}, kTooMany);
        } else {
            tell_frequency(reach);
        }
        return tell_observed(
            snapshot.frequency(company.id, filter, there), there, asked.asked.floor, least, tell);
    }

    absent({MetricId::reach}, "pseudonyms end with the day: over several days it is modelled");
    const auto none = [&](const char* why) {
        absent(
            {MetricId::reach_modelled, MetricId::average_frequency, MetricId::effective_reach},
            why);
    };
    if (!market) return none(kNoMarket);
    const auto fullest = std::ranges::max_element(
        heard.by_day, {}, [](const store::Figures& day) { return opportunities_of(day).visits; });
    const auto exposed = exposed_devices(*fullest);
    if (!exposed || *exposed <= 0) return none(kNobody);
    const auto k = heard.calibration ? heard.calibration->people_per_device : 1;
    const auto day =
        metrics::Delivery::of(k * opportunities_of(*fullest).visits, k * *exposed, market->persons);
    if (!day) return none(kTooMany);
    const auto model = metrics::fit_reach(*day);
    if (!model) return tell.absent(MetricId::reach_modelled, model.error().message);
    auto reach = metrics::modelled_reach(*model, ots.value);
    reach.counted = ots.counted;
    tell_frequency(reach);
    if (auto share = metrics::modelled_effective_reach(*model, ots.value, least)) {
        share->counted = ots.counted;
        tell.figure(*share);
    }
    std::array<std::int64_t, store::kFrequencyBins> counts{};
    const auto modelled = metrics::modelled_frequencies(*model, ots.value, counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        counts.at(i) = static_cast<std::int64_t>(std::llround(modelled[i]));
    }
    tell_bins(counts, asked.asked.floor, tell.out());
}

}  // namespace mobilytics::report
