// Counted rooms: each day by a calibration of the others.

#include <algorithm>
#include <cmath>

#include "apps/accuracy/evaluation.h"
#include "apps/accuracy/wording.h"
#include "pipeline/measure/tracks/stays.h"
#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::accuracy {

namespace {

constexpr double kBusy = 5;

std::vector<int> gates() { return {measure::kGatesDbm.begin(), measure::kGatesDbm.end()}; }

/// The devices present in each counted quarter of an hour, by gate. A maker's address is no person
/// here: it is a fixture or a laptop.
std::vector<measure::CountedBin> bins_of(const Recording& recording) {
    measure::Tracks tracks;
    measure::StayRules rules;
    rules.kept_ms = std::int64_t{1} << 50;
    measure::Stays stays(rules);
    for (const Heard& heard : recording.heard) {
        const auto placed = tracks.add(heard);
        if (!placed.begins_burst || placed.global) continue;
        stays.add(placed.track, heard.at_ms, heard.rssi_dbm);
    }
    std::vector<measure::CountedBin> out;
    for (const auto& [bin, people] : recording.people) {
        out.push_back({recording.day, people, {}});
        for (const std::int64_t presence_ms : stays.presence_ms(bin)) {
            out.back().devices.push_back(static_cast<double>(presence_ms) / kBinMs);
        }
    }
    return out;
}

bool has_people(const std::vector<measure::CountedBin>& bins) {
    return std::ranges::any_of(bins, [](const auto& bin) { return bin.people > 0; });
}

/// What is summed over bins.
struct Sums {
    double absolute = 0, relative = 0, counted = 0, people = 0;
    std::size_t bins = 0, busy = 0, covered = 0;

    void add(const measure::People& said, double people_there) {
        const double off = std::abs(said.value - people_there);
        absolute += off;
        counted += said.value;
        people += people_there;
        ++bins;
        covered += said.low <= people_there && people_there <= said.high;
        if (people_there < kBusy) return;
        relative += off / people_there;
        ++busy;
    }
    void add(const Sums& other) {
        absolute += other.absolute;
        relative += other.relative;
        counted += other.counted;
        people += other.people;
        bins += other.bins;
        busy += other.busy;
        covered += other.covered;
    }
    double error() const { return busy == 0 ? 0 : 100 * relative / static_cast<double>(busy); }
    double bias() const { return people == 0 ? 0 : 100 * (counted / people - 1); }
    double mean_off() const { return absolute / static_cast<double>(bins); }
    double coverage() const {
        return 100 * static_cast<double>(covered) / static_cast<double>(bins);
    }
};

}  // namespace

Result<RoomScore> score(const std::vector<Recording>& recordings) {
    std::vector<std::vector<measure::CountedBin>> all;
    for (const Recording& recording : recordings) all.push_back(bins_of(recording));
    RoomScore out;
    Sums with_people;
    Sums empty;
    for (std::size_t held = 0; held < recordings.size(); ++held) {
        if (all[held].empty()) continue;
        measure::CountedBins others{gates(), {}};
        for (std::size_t at = 0; at < recordings.size(); ++at) {
            if (recordings[at].day == recordings[held].day || !has_people(all[at])) continue;
            others.bins.insert(others.bins.end(), all[at].begin(), all[at].end());
        }
        auto calibration = measure::calibrate(others);
        if (!calibration) {
            return fail(
                ErrorKind::invalid, "one_day",
                "people were counted on less than two days: nothing to calibrate " +
                    recordings[held].name + " with");
        }
        const auto gate = static_cast<std::size_t>(
            std::ranges::find(measure::kGatesDbm, calibration->gate_dbm) -
            measure::kGatesDbm.begin());
        Sums day;
        for (const auto& bin : all[held]) {
            day.add(measure::people_of(bin.devices[gate], *calibration), bin.people);
        }
        const bool is_empty = !has_people(all[held]);
        (is_empty ? empty : with_people).add(day);
        out.days.push_back(
            {recordings[held].name, day.bins, day.error(), day.bias(), day.mean_off(), is_empty,
             day.coverage(), *std::move(calibration)});
    }
    if (with_people.bins == 0) {
        return fail(ErrorKind::invalid, "one_day", "nobody was counted on any day");
    }
    out.bins = with_people.bins;
    out.busy = with_people.busy;
    out.error = with_people.error();
    out.bias = with_people.bias();
    out.absolute = with_people.mean_off();
    out.coverage = with_people.coverage();
    out.empty_bins = empty.bins;
    if (empty.bins > 0) {
        out.empty = empty.counted / static_cast<double>(empty.bins);
        out.empty_coverage = empty.coverage();
    }
    return out;
}

std::vector<Figure> figures_of(const RoomScore& score) {
    constexpr double kErrorBar = 25;
    constexpr double kBiasBar = 15;
    constexpr double kEmptyBar = 0.5;
    std::vector<Figure> out;
    out.push_back(
        {"counted rooms: 5 people and more, days left out",
         score.error,
         "% MAPE",
         kErrorBar,
         score.busy,
         {},
         "MAE " + fixed(score.absolute, 2) + " people over all bins"});
    out.push_back(
        {"counted rooms: all people", score.bias, "% bias", kBiasBar, score.bins, score.coverage,
         ""});
    if (score.empty) {
        out.push_back(
            {"counted rooms: empty", *score.empty, "people", kEmptyBar, score.empty_bins,
             std::nullopt, "intervals have 0 in " + fixed(*score.empty_coverage, 0) + " %"});
    }
    for (const DayScore& day : score.days) {
        if (day.empty) continue;
        const auto& fit = day.calibration;
        out.push_back(
            {"  " + day.name,
             day.error,
             "% MAPE",
             {},
             day.bins,
             {},
             "bias " + signed_fixed(day.bias, 0) + " %, MAE " + fixed(day.absolute, 2) +
                 ", intervals " + fixed(day.coverage, 0) + " %; gate " +
                 std::to_string(fit.gate_dbm) + " dBm, factor " + fixed(fit.factor, 2) + " (" +
                 fixed(fit.factor_low, 2) + " to " + fixed(fit.factor_high, 2) + "), dispersion " +
                 fixed(fit.dispersion, 2)});
    }
    return out;
}

}  // namespace mobilytics::accuracy
