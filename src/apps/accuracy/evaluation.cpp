#include "apps/accuracy/evaluation.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/accuracy/wording.h"
#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::accuracy {

namespace {

constexpr double kDistinctBar = 10;
constexpr double kIdenticalBar = 25;
constexpr std::size_t kModelMin = 5;  // Devices of a model that identical mixes are made of.
constexpr std::size_t kFieldMin = 22;

template <class Field>
double distinct(const Rows& rows, Field field) {
    std::set<std::uint64_t> seen;
    for (const Heard& heard : rows) seen.insert(heard.*field);
    return static_cast<double>(seen.size());
}

double off(double counted, double k) { return 100 * std::abs(counted - k) / k; }

}  // namespace

std::optional<bool> Figure::met() const {
    if (!bar) return std::nullopt;
    return std::abs(value) <= *bar;
}

std::optional<bool> Figure::coverage_met() const {
    if (!coverage) return std::nullopt;
    return *coverage >= 85 && *coverage <= 95;
}

MixScore score(const Mixes& mixes) {
    MixScore out;
    out.n = mixes.size();
    for (const Mix& mix : mixes) {
        measure::Tracks tracks;
        for (const Heard& heard : mix.heard) tracks.add(heard);
        const auto estimate = tracks.devices(0);
        const double k = mix.devices;
        const double share = 1.0 / static_cast<double>(mixes.size());
        const double counted = estimate.value_milli / 1'000.0;
        const bool inside =
            estimate.low_milli <= 1'000 * mix.devices && 1'000 * mix.devices <= estimate.high_milli;
        out.error += share * off(counted, k);
        out.bias += share * 100 * (counted - k) / k;
        out.coverage += share * (inside ? 100 : 0);
        out.width += share * (estimate.high_milli - estimate.low_milli) / 10.0 / k;
        out.addresses += share * off(distinct(mix.heard, &Heard::pseudonym), k);
        out.lists += share * off(distinct(mix.heard, &Heard::coarse), k);
    }
    return out;
}

MixScore mean_of(const std::vector<MixScore>& scores) {
    MixScore out;
    for (const MixScore& one : scores) {
        const double share = 1.0 / static_cast<double>(scores.size());
        out.n += one.n;
        out.error += share * one.error;
        out.bias += share * one.bias;
        out.coverage += share * one.coverage;
        out.width += share * one.width;
        out.addresses += share * one.addresses;
        out.lists += share * one.lists;
    }
    return out;
}

Figure figure_of(const std::string& name, const MixScore& score, double bar) {
    return {
        name,
        score.error,
        "% MAPE",
        bar,
        score.n,
        score.coverage,
        "bias " + signed_fixed(score.bias, 1) + " %, width " + fixed(score.width, 0) +
            " %; addresses " + fixed(score.addresses, 0) + " %, lists " + fixed(score.lists, 0) +
            " %"};
}

Result<std::vector<Figure>> evaluate_devices(
    const std::string& name, const Devices& devices, std::uint64_t seed) {
    if (devices.size() < 2) {
        return fail(
            ErrorKind::invalid, "one_device",
            name + " has probe requests of one device only: nothing can be mixed");
    }
    std::vector<Figure> out;
    const std::size_t most = std::min<std::size_t>(kDevicesMax, devices.size());
    const std::size_t least = std::min<std::size_t>(kDevicesMin, most);
    out.push_back(figure_of(
        name + ": mixes of " + std::to_string(least) + " to " + std::to_string(most) + " of " +
            std::to_string(devices.size()) + " devices",
        score(distinct_mixes(devices, seed, devices.size())), kDistinctBar));
    if (const auto mixes = identical_mixes(devices, seed, kDevicesMin); !mixes.empty()) {
        out.push_back(figure_of(name + ": identical models", score(mixes), kIdenticalBar));
    }
    if (const auto mixes = clone_mixes(devices, seed); !mixes.empty()) {
        out.push_back(
            figure_of(name + ": identical, clones of one device", score(mixes), kIdenticalBar));
    }
    return out;
}

Result<std::vector<Figure>> evaluate_room(
    const std::vector<Recording>& recordings, std::uint64_t seed, bool with_hiding) {
    TRY(const auto room, score(recordings));
    auto out = figures_of(room);
    if (!with_hiding) return out;
    std::vector<MixScore> distinct_scores;
    std::vector<MixScore> identical_scores;
    for (const Recording& recording : recordings) {
        if (!recording.from_capture) continue;
        const Devices devices = long_known(recording.heard, recording.name);
        if (devices.size() < kFieldMin) continue;
        distinct_scores.push_back(score(distinct_mixes(devices, seed, 2, hiding(0.5))));
        const auto identical = identical_mixes(devices, seed, kModelMin, hiding(0.3));
        if (!identical.empty()) identical_scores.push_back(score(identical));
    }
    if (!distinct_scores.empty()) {
        out.push_back(figure_of(
            "devices of rooms, made to hide: mixes of 3 to 22", mean_of(distinct_scores),
            kDistinctBar));
    }
    if (!identical_scores.empty()) {
        out.push_back(figure_of(
            "devices of rooms, made to hide: identical models", mean_of(identical_scores),
            kIdenticalBar));
    }
    return out;
}

std::string table_of(const std::vector<Figure>& figures) {
    std::size_t width = 10;
    for (const Figure& figure : figures) width = std::max(width, figure.name.size());
    const auto line = [&](const std::array<std::string, 7>& cells) {
        constexpr std::array<std::size_t, 5> kWidths{20, 6, 5, 6, 14};
        std::string out = padded(cells[0], width);
        for (std::size_t at = 0; at < kWidths.size(); ++at) {
            out += "  " + padded(cells[at + 1], kWidths[at], true);
        }
        return out + "  " + cells[6] + "\n";
    };
    const auto said = [](std::optional<bool> met) { return !met ? "" : *met ? "yes" : "NO"; };
    std::string out = line({"evaluation", "value", "bar", "met", "n", "90 % intervals", "beside"});
    for (const Figure& figure : figures) {
        out += line(
            {figure.name, fixed(figure.value, 2) + " " + figure.unit,
             figure.bar ? fixed(*figure.bar, 1) : "", said(figure.met()), std::to_string(figure.n),
             figure.coverage ? fixed(*figure.coverage, 0) + " % " + said(figure.coverage_met())
                             : "",
             figure.beside});
    }
    return out;
}

}  // namespace mobilytics::accuracy
