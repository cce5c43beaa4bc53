#pragma once
// Counts against the truth, and what is printed of it.

#include <optional>
#include <string>
#include <vector>

#include "apps/accuracy/counted.h"
#include "apps/accuracy/mixes.h"
#include "pipeline/measure/tracks/calibration.h"
#include "pipeline/measure/tracks/counting_rules.h"

namespace mobilytics::accuracy {

/// A line of the table.
struct Figure {
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<double> bar;       // At most; of a bias, its amount.
    std::size_t n = 0;               // Mixes, or quarters of an hour.
    std::optional<double> coverage;  // The share of intervals that have the truth in them, in %.
    std::string beside;              // What else to know, in a few words.

    std::optional<bool> met() const;
    std::optional<bool> coverage_met() const;  // 90 % and 5 to either side.
};

struct MixScore {
    std::size_t n = 0;
    double error = 0;  // Mean of |counted - K| / K, in %; the others alike.
    double bias = 0;
    double coverage = 0;
    double width = 0;      // Of the interval, of K.
    double addresses = 0;  // The error of counting addresses,
    double lists = 0;      // and of counting coarse fingerprints.
};
MixScore score(const Mixes& mixes, const measure::CountingRules& rules = {});
/// The mean of the scores of several sets.
MixScore mean_of(const std::vector<MixScore>& scores);
Figure figure_of(const std::string& name, const MixScore& score, double bar);

/// A room's figures, each day by a calibration of the others.
struct DayScore {
    std::string name;
    std::size_t bins = 0;
    double error = 0;  // In %, of bins of five people and more.
    double bias = 0;
    double absolute = 0;
    bool empty = false;
    double coverage = 0;
    measure::Calibration calibration;
};
struct RoomScore {
    std::vector<DayScore> days;
    std::size_t bins = 0;  // Of days with people.
    std::size_t busy = 0;  // Of them, with five and more.
    double error = 0;
    double bias = 0;
    double absolute = 0;
    double coverage = 0;
    std::optional<double> empty;  // People on average where there were none.
    std::optional<double> empty_coverage;
    std::size_t empty_bins = 0;
};
/// invalid `one_day`: people were counted on less than two days.
Result<RoomScore> score(const std::vector<Recording>& recordings);
std::vector<Figure> figures_of(const RoomScore& score);

/// Everything that a folder of such captures tells.
Result<std::vector<Figure>> evaluate_devices(
    const std::string& name, const Devices& devices, std::uint64_t seed);
/// Of a counted room: its people, and its long-known devices made to hide.
Result<std::vector<Figure>> evaluate_room(
    const std::vector<Recording>& recordings, std::uint64_t seed, bool with_hiding);

/// The devices of a counted day that kept their address for long; of days with 22 and more.
struct LongKnown {
    std::chrono::sys_days day;
    Devices devices;
};
std::vector<LongKnown> long_known_days(const std::vector<Recording>& recordings);

std::string table_of(const std::vector<Figure>& figures);

}  // namespace mobilytics::accuracy
