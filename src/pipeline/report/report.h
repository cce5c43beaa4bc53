#pragma once
// Answers what is asked of the facts. Checks the question, asks the store for one snapshot, and
// rounds, suppresses and says how fresh, how complete and how certain the answer is.

#include <functional>
#include <memory>

#include "pipeline/report/answers.h"
#include "pipeline/report/face_answers.h"
#include "pipeline/report/live.h"
#include "pipeline/report/quality_answers.h"
#include "pipeline/report/region_answers.h"
#include "pipeline/store/store.h"

namespace mobilytics::http {
struct Call;
struct Reply;
}  // namespace mobilytics::http
namespace mobilytics::pg {
class Pool;
}

namespace mobilytics::report {

class FaceTeller;
struct FaceHeard;
struct FaceTold;

struct ReportConfig {
    std::int64_t suppress_below = 10;  // Devices; a figure that rests on fewer is not shown.
};

/// Every operation answers for the caller's company only. All: invalid `bad_query`, with every
/// fault; not_found `no_such_asset`, for an asset that is not the company's.
class Report {
  public:
    /// What it is given must outlive this.
    Report(
        store::Store& store, pg::Pool& pool, Live& live, const Clock& clock,
        ReportConfig config = {}, Business business = {})
        : store_(store),
          pool_(pool),
          live_(live),
          clock_(clock),
          config_(config),
          business_(std::move(business)) {}

    Result<Overview> overview(const Caller& caller, const ReportQuery& query);
    /// invalid `too_many_buckets`.
    Result<ExposureSeries> exposure(const Caller& caller, const ReportQuery& query);
    Result<DwellReport> dwell(const Caller& caller, const ReportQuery& query);
    Result<ReachReport> reach(const Caller& caller, const ReportQuery& query);
    Result<FrequencyReport> frequency(const Caller& caller, const ReportQuery& query);
    /// invalid `box_too_large`.
    Result<Heatmap> heatmap(const Caller& caller, const ReportQuery& query);
    Result<RouteReport> routes(const Caller& caller, const ReportQuery& query);
    Result<FreshnessReport> freshness(const Caller& caller, const ReportQuery& query);

    /// What a face was worth: see face_rules.h. not_found `no_such_face`, `no_such_market`.
    Result<FaceReport> face_report(const Caller& caller, FaceId id, const FaceQuery& query);
    /// Impressions for a play, by hour. not_found `no_such_face`; invalid `vendor_missing`.
    Result<FaceMultipliers> face_multipliers(
        const Caller& caller, FaceId id, const FaceQuery& query);
    /// From where a face is seen. not_found `no_such_face`; invalid `bad_query`, where it is not
    /// known where it is or looks.
    Result<FaceSight> face_visibility(const Caller& caller, FaceId id, const FaceQuery& query);

    /// By region of a set: not_found `no_such_region_set`, as all of these.
    Result<RegionReport> region_report(const Caller& caller, const RegionQuery& query);
    /// By days, however fine the grain that was asked for. not_found `no_such_region`.
    Result<RegionSeries> region_series(const Caller& caller, const RegionQuery& query);
    /// How long moving assets were in zones, and where they stopped: see zones/zone_passages.h.
    Result<ZoneReport> zone_report(const Caller& caller, const RegionQuery& query);
    /// From which zone to which moving assets went.
    Result<ZoneFlows> zone_flows(const Caller& caller, const RegionQuery& query);

    /// invalid `too_many_days`.
    Result<QualityReport> data_quality(
        const Caller& caller, const PageRequest& page, const ReportQuery& query);

    /// The registry, in the order in which a reader meets it.
    Result<MetricDefinitionList> metric_definitions(const Caller& caller);

    Result<LiveAssetList> live_assets(const Caller& caller);
    /// unavailable `too_many_streams`.
    Result<http::Reply> live_events(const http::Call& call);

  private:
    /// One question, checked, and the snapshot that answers it.
    struct Asked;
    struct AskedFace;
    Result<Asked> ask(const Caller& caller, const ReportQuery& query);
    std::int64_t floor_of(const store::Company& company) const;
    void tell_provenance(Asked& asked, Provenance& out) const;
    static FaceTold told_of(Asked& asked, const store::Filter& filter, const FaceHeard& heard);
    Result<AskedFace> ask_face(const Caller& caller, FaceId id, const FaceQuery& query);
    void tell_reach(
        AskedFace& asked, const FaceQuery& query, const std::optional<Population>& market,
        FaceTeller& tell) const;
    void tell_moving(AskedFace& asked, const FaceQuery& query, FaceTeller& tell) const;
    /// Of whole days of the company's clock: by place or by hour, and not by both.
    Result<Asked> ask_days(const Caller& caller, const RegionQuery& query);
    Result<std::shared_ptr<const store::RegionIndex>> regions_asked(
        Asked& asked, const RegionQuery& query, RegionSource& out) const;
    OverviewFigures headline(Asked& asked, store::Period period) const;
    /// `people` of it, and what they rest on.
    CalibrationTold add_people(Asked& asked, store::Period period, OverviewFigures& out) const;

    store::Store& store_;
    pg::Pool& pool_;
    Live& live_;
    const Clock& clock_;
    const ReportConfig config_;
    const Business business_;
};

}  // namespace mobilytics::report
