#pragma once
// What is asked and answered by region: the shapes of openapi.yaml, which says what each means.

#include "foundation/region_ids.h"
#include "pipeline/report/answers.h"

namespace mobilytics::report {

BOOST_DEFINE_ENUM_CLASS(FlowKind, trips, passages)
BOOST_DEFINE_ENUM_CLASS(FlowGrouping, none, hour, day)

/// Of all questions by region together; each reads those that its contract has.
struct RegionQuery : ReportQuery {
    RegionSetId set_id;
    std::optional<std::int64_t> version;
    std::string code;
    double stop_min = 3;
    FlowKind flow = FlowKind::trips;
    FlowGrouping group = FlowGrouping::none;
};

/// Which areas an answer is about.
struct RegionSource {
    RegionSetId set_id;
    std::string set_name, set_kind;
    std::int64_t version = 0;
    Instant valid_from;
    std::int64_t regions = 0;
};

struct RegionFigures {
    std::optional<std::int64_t> visits;
    std::optional<double> devices;
    std::optional<Interval> devices_interval;
    std::optional<double> presence_s;
    std::optional<double> dwell_median_s;
    std::optional<double> occupancy_mean;
    std::optional<std::int64_t> occupancy_max;
    std::vector<std::string> suppressed;
};

struct RegionItem : RegionFigures {
    std::string code, name;
    std::optional<std::int64_t> population;
    std::string population_source;
    double area_km2 = 0;
    std::int64_t cells = 0;
    std::optional<bool> sensitive;  // Some of its cells are not counted.
};

struct RegionReport : Provenance, RegionSource {
    std::optional<Instant> from, to;  // Whole days.
    bool overlapping = false;
    std::vector<RegionItem> items;
    RegionFigures outside, unplaced, total;
};

struct RegionBucket : RegionFigures {
    Instant start, end;
};

struct RegionSeries : Provenance, RegionSource {
    std::string code, name;
    Grain grain = Grain::hour;
    std::vector<RegionBucket> items;
    std::optional<bool> sensitive;
};

/// One asset in one zone.
struct ZoneItem {
    AssetId asset_id;
    std::string code, name;
    std::int64_t passages = 0, entries = 0, exits = 0, stops = 0;
    double time_s = 0, stopped_s = 0, distance_m = 0, unseen_s = 0;
};

struct ZonePassage {
    AssetId asset_id;
    std::string code;
    Instant from, to;
    bool entry_seen = false, exit_seen = false;
    double distance_m = 0, stopped_s = 0;
    std::int64_t stops = 0;
};

struct ZoneReport : Provenance, RegionSource {
    std::vector<ZoneItem> items;
    std::vector<ZonePassage> passages;
    std::int64_t trips = 0;
    bool truncated = false;
};

struct ZoneFlow {
    std::string slot;
    std::optional<std::string> from_code, to_code;
    std::int64_t trips = 0;
    double distance_m = 0, duration_s = 0;
};

struct ZoneFlows : Provenance, RegionSource {
    FlowKind flow = FlowKind::trips;
    FlowGrouping group = FlowGrouping::none;
    std::vector<ZoneFlow> items;
    std::int64_t trips = 0;
    bool truncated = false;
};

}  // namespace mobilytics::report
