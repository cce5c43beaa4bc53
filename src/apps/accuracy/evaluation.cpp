#include "apps/accuracy/evaluation.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/accuracy/shares.h"
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

MixScore score(const Mixes& mixes, const measure::CountingRules& rules) {
    MixScore out;
    out.n = mixes.size();
    for (const Mix& mix : mixes) {
        measure::Tracks tracks(rules);
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

namespace {

/// The long-known devices of a counted day, made to hide.
struct HiddenDay {
    std::chrono::sys_days day;
    Mixes distinct, identical;
};

std::vector<HiddenDay> hidden_days(const std::vector<Recording>& recordings, std::uint64_t seed) {
    std::vector<HiddenDay> out;
    for (const LongKnown& known : long_known_days(recordings)) {
        out.push_back(
            {known.day, distinct_mixes(known.devices, seed, 2, hiding(0.5)),
             identical_mixes(known.devices, seed, kModelMin, hiding(0.3))});
    }
    return out;
}

/// The shares and bounds that the other days give; today's, where there is none.
measure::CountingRules rules_without(
    const std::vector<HiddenDay>& days, std::chrono::sys_days without) {
    Shares shares;
    std::vector<Mixes> sets;
    for (const HiddenDay& day : days) {
        if (day.day == without) continue;
        for (const Mix& mix : day.distinct) shares.add(mix);
        sets.push_back(day.distinct);
        sets.push_back(day.identical);
    }
    if (sets.empty()) return {};
    return with_bounds(shares.rules(), sets);
}

std::vector<Figure> figures_of(const std::vector<HiddenDay>& days) {
    std::vector<MixScore> distinct, identical, distinct_left_out, identical_left_out;
    for (const HiddenDay& day : days) {
        const auto rules = rules_without(days, day.day);
        distinct.push_back(score(day.distinct));
        distinct_left_out.push_back(score(day.distinct, rules));
        if (day.identical.empty()) continue;
        identical.push_back(score(day.identical));
        identical_left_out.push_back(score(day.identical, rules));
    }
    std::vector<Figure> out;
    const auto add = [&](const std::string& name, const std::vector<MixScore>& scores, double bar) {
        if (!scores.empty()) out.push_back(figure_of(name, mean_of(scores), bar));
    };
    add("devices of rooms, made to hide: mixes of 3 to 22", distinct, kDistinctBar);
    add("devices of rooms, made to hide: identical models", identical, kIdenticalBar);
    add("  mixes, by shares and bounds of the other days", distinct_left_out, kDistinctBar);
    add("  identical, by shares and bounds of the other days", identical_left_out, kIdenticalBar);
    return out;
}

}  // namespace

std::vector<LongKnown> long_known_days(const std::vector<Recording>& recordings) {
    std::vector<LongKnown> out;
    for (const Recording& recording : recordings) {
        if (!recording.from_capture) continue;
        Devices devices = long_known(recording.heard, recording.name);
        if (devices.size() >= kFieldMin) out.push_back({recording.day, std::move(devices)});
    }
    return out;
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
    const auto more = figures_of(hidden_days(recordings, seed));
    out.insert(out.end(), more.begin(), more.end());
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
