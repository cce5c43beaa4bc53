#pragma once
// What every metric is: its name, its unit, what it counts, its formula and where that comes from.
// Once: the functions of this folder, the API's definitions and the pages of docs/metrics/ all take
// it from here.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/vocabulary.h"

namespace mobilytics::report::metrics {

BOOST_DEFINE_ENUM_CLASS(
    MetricId, visits, devices, frequency, dwell_median, dwell_mean, dwell_corrected, presence,
    occupancy_mean, devices_present, devices_counted, occupancy_max, occupancy, assets_heard,
    distance, driving, parked, completeness, sum_of_assets, frequency_devices, people, ots, lts,
    reach, average_frequency, effective_reach, reach_modelled, grp, trp, cpm, cpp, loop_contacts,
    multiplier, moving_impressions, parked_impressions, people_present, zone_time, zone_stops,
    zone_flows)

/// What a number is. observed: counted or timed by sensors. calibrated: observed, and made people
/// of by a factor that was measured. modelled: of a formula that assumes what was not measured.
BOOST_DEFINE_ENUM_CLASS(Standing, observed, calibrated, modelled)

/// What a metric was multiplied by, each told apart.
BOOST_DEFINE_ENUM_CLASS(
    FactorId, calibration, size, angle, distance, speed, obstruction, illumination, direction)

struct Definition {
    MetricId id;
    std::string_view name;
    std::string_view unit;  // Empty: a plain number.
    int digits;             // Behind the point, where it is shown.
    Standing standing;      // At its best: without a calibration it is less.
    std::string_view counts;
    std::string_view formula;
    std::string_view factors;  // Words of FactorId, separated by blanks.
    std::string_view needs;
    std::string_view uncertainty;
    std::string_view source;
    std::string_view note;
    std::string_view answered_by;  // An operation of the API; empty: none yet.
};

struct FactorDefinition {
    FactorId id;
    std::string_view name;
    std::string_view means;
    std::string_view formula;
    std::string_view source;
};

/// All of them, in the order in which a reader meets them.
std::span<const Definition> definitions();
std::span<const FactorDefinition> factor_definitions();

const Definition& definition(MetricId id);
const FactorDefinition& definition(FactorId id);

/// What a definition discloses.
std::vector<FactorId> factors_of(const Definition& metric);

}  // namespace mobilytics::report::metrics
