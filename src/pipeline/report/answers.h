#pragma once
// What is asked and what is answered: the shapes of openapi.yaml, which says what each means.
// Figures are rounded and suppressed here once, and nowhere after.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"
#include "foundation/zone.h"
#include "pipeline/measure/measure.h"
#include "pipeline/report/calibration_answers.h"
#include "pipeline/report/metrics/registry.h"

namespace mobilytics::report {

BOOST_DEFINE_ENUM_CLASS(SourceFilter, all, wifi, ble)
BOOST_DEFINE_ENUM_CLASS(MotionFilter, all, fixed, parked, driving)
BOOST_DEFINE_ENUM_CLASS(Comparison, previous, none)
BOOST_DEFINE_ENUM_CLASS(Counting, counted, addresses)
BOOST_DEFINE_ENUM_CLASS(LiveState, live, quiet, silent, never)
BOOST_DEFINE_ENUM_CLASS(ReachMethod, measured_within_day, sum_of_days)

/// Of all questions together; each reads those that its contract has.
struct ReportQuery {
    Instant from, to;
    std::optional<std::string> time_zone;
    std::vector<AssetId> asset_id;
    SourceFilter source = SourceFilter::all;
    MotionFilter motion = MotionFilter::all;
    Comparison compare = Comparison::none;
    Grain grain = Grain::hour;
    std::optional<std::string> bbox;
    std::int64_t zoom = 0;
};

/// What every answer says of itself.
struct Provenance {
    std::optional<Instant> as_of;
    std::string time_zone;
    Basis basis = Basis::devices;
    Counting counting = Counting::addresses;
    bool synthetic = false;
    std::int64_t suppress_below = 0;
    std::optional<double> completeness;
    std::optional<bool> sensitive_places;  // The company has some; none of it is in figures.
    std::optional<std::vector<AssetId>> sensitive_assets;  // That were asked for, and stand in one.
};

/// Devices behind changing addresses; see store::Counted. Intervals are of 90 %.
struct CountedFigures {
    double devices_present = 0;
    Interval devices_present_interval{};
    std::int64_t gate_dbm = 0;
    double devices = 0;
    Interval devices_interval{};
    std::int64_t quarters = 0;
    measure::Basis rests_on = measure::Basis::tracks;
};

struct OverviewFigures {
    std::optional<std::int64_t> visits;
    std::optional<double> devices;
    std::optional<Interval> devices_interval;
    std::optional<double> frequency;
    std::optional<double> presence_s;
    std::optional<double> dwell_median_s;
    std::optional<double> occupancy_mean;
    std::optional<std::int64_t> occupancy_max;
    std::optional<PeopleFigures> people;
    std::int64_t assets_heard = 0;
    double distance_m = 0;
    double driving_s = 0;
    double parked_s = 0;
    std::optional<double> completeness;
    std::optional<CountedFigures> counted;
    bool held_back = false;
    std::vector<std::string> suppressed;
};

struct Overview : Provenance {
    Instant from, to;
    OverviewFigures current;
    std::optional<OverviewFigures> previous;
    std::optional<Instant> previous_from, previous_to;
    CalibrationTold calibration;
};

struct ExposureBucket {
    Instant start, end;
    std::optional<std::int64_t> visits;
    std::optional<double> devices;
    std::optional<Interval> devices_interval;
    std::optional<double> presence_s;
    std::optional<double> occupancy_mean;
    std::optional<std::int64_t> occupancy_max;
    std::optional<PeopleFigures> people;
    std::optional<double> completeness;
    std::optional<CountedFigures> counted;
    bool corrected = false;
    bool held_back = false;
    std::vector<std::string> suppressed;
};

struct ExposureSeries : Provenance {
    Grain grain = Grain::hour;
    std::vector<ExposureBucket> items;
    CalibrationTold calibration;
};

struct DwellBin {
    std::string label;
    std::optional<std::int64_t> from_s, to_s;
    std::optional<std::int64_t> visits;
};

struct DwellReport : Provenance {
    std::optional<std::int64_t> visits;
    std::optional<double> median_s;
    std::optional<double> mean_s;
    std::vector<DwellBin> bins;
    std::vector<std::string> suppressed;
};

struct ReachDay {
    std::string day;
    std::optional<double> devices;
    std::optional<Interval> devices_interval;
};

struct ReachAsset {
    AssetId asset_id;
    std::optional<double> devices;
    std::optional<std::int64_t> visits;
};

struct ReachReport : Provenance {
    std::optional<double> devices;
    std::optional<Interval> devices_interval;
    double standard_error = 0;
    ReachMethod method = ReachMethod::measured_within_day;
    std::vector<ReachDay> days;
    std::vector<ReachAsset> by_asset;
    std::optional<double> sum_of_assets;
    std::vector<std::string> suppressed;
};

struct FrequencyBin {
    std::string visits;
    std::optional<std::int64_t> devices;
};

struct FrequencyWindow {
    Instant from, to;
};

struct FrequencyReport : Provenance {
    std::optional<double> mean;
    std::vector<FrequencyBin> distribution;
    FrequencyWindow window;
    std::vector<std::string> suppressed;
};

struct HeatCell {
    std::string cell;
    double latitude = 0, longitude = 0;
    std::int64_t visits = 0;
    double presence_s = 0;
};

struct Heatmap : Provenance {
    std::int64_t zoom = 0;
    std::vector<HeatCell> cells;
    std::int64_t suppressed_cells = 0;
};

struct Trip {
    AssetId asset_id;
    Instant started, ended;
    double distance_m = 0, driving_s = 0, parked_s = 0;
    std::vector<std::array<double, 3>> path;  // Longitude, latitude, seconds since 1970.
};

struct RouteReport : Provenance {
    std::vector<Trip> items;
    bool truncated = false;
};

struct AssetFreshness {
    AssetId asset_id;
    std::optional<Instant> last_report_at, last_observation_at;
    std::optional<double> completeness_24h;
    std::int64_t pending_reports = 0, lost_reports = 0, unknown_reports = 0;
};

struct FreshnessReport : Provenance {
    std::vector<AssetFreshness> items;
};

struct LiveAsset {
    AssetId asset_id;
    std::string code, name, kind;
    std::optional<double> latitude, longitude, heading_deg, speed_m_s;
    std::optional<Instant> position_at, last_heard_at;
    LiveState state = LiveState::never;
};

struct LiveAssetList {
    Instant server_time;
    std::vector<LiveAsset> items;
};

/// What a metric was multiplied by, in words.
struct MetricFactor {
    metrics::FactorId id = metrics::FactorId::calibration;
    std::string name, means, formula, source;
};

struct MetricDefinition {
    metrics::MetricId id = metrics::MetricId::visits;
    std::string name, unit;
    std::int64_t digits = 0;
    metrics::Standing standing = metrics::Standing::observed;
    std::string counts, formula;
    std::vector<MetricFactor> factors;
    std::string needs, uncertainty, source, note;
    std::optional<std::string> answered_by;
};

struct MetricDefinitionList {
    std::vector<MetricDefinition> items;
};

}  // namespace mobilytics::report
