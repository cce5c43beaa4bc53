#pragma once
// People counted by hand, and the factors fitted to them: from devices to people.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "domains/calibration/calibration_ports.h"  // IWYU pragma: export
#include "domains/calibration/model_types.h"        // IWYU pragma: export

namespace mobilytics::assets {
class Assets;
struct Asset;
}  // namespace mobilytics::assets
namespace mobilytics::jobs {
class Workers;
}
namespace mobilytics::pg {
class Pool;
class Transaction;
}  // namespace mobilytics::pg

namespace mobilytics::calibration {

/// A model that applies in [from, to).
struct Applied {
    ModelId model;
    std::int64_t version = 0;
    Scope scope{};
    Input input{};
    std::int64_t gate_dbm = 0;
    double factor = 0, low = 0, high = 0, dispersion = 1, error = 0;
    std::int64_t quarters = 0, days = 0;
    std::string newest_day;  // "2026-08-21"; what its age is counted from.
    bool drifting = false;
    Instant from;
    std::optional<Instant> to;  // None: until further notice.
    friend bool operator==(const Applied&, const Applied&) = default;
};

/// Published as `calibration.calibration_changed.v1`: all that applies to one asset, its class's
/// included; without an asset, what applies where nothing else does.
struct CalibrationChanged {
    static constexpr std::string_view kName = "calibration.calibration_changed.v1";
    CompanyId company;
    std::optional<AssetId> asset;
    std::vector<Applied> spans;  // In the order of their beginning.

    boost::json::value to_json() const;
    static CalibrationChanged from_json(const boost::json::value& json);
};

/// Published as `calibration.drift_found.v1`, once for each time that a model begins to drift.
struct DriftFound {
    static constexpr std::string_view kName = "calibration.drift_found.v1";
    CompanyId company;
    ModelId model;
    std::int64_t version = 0;
    std::string site;  // As people call what it is of.
    double ratio = 1, low = 1, high = 1;
    Instant found_at;

    boost::json::value to_json() const;
    static DriftFound from_json(const boost::json::value& json);
};

/// Every operation is one transaction, and sees the rows of the caller's company only. Ports and
/// other domains are asked outside of any.
class Calibration {
  public:
    struct Needs {
        pg::Pool& pool;
        const Clock& clock;
        assets::Assets& assets;
        DevicesPresent& devices;
        const FactorFit& fit;
    };
    /// What it is given must outlive this.
    explicit Calibration(const Needs& needs) : needs_(needs) {}

    /// Looks at published models whenever counts end: before workers.start(). This must outlive
    /// them.
    void serve(jobs::Workers& workers);

    Result<SitePage> list_sites(const Caller& caller, const PageRequest& page);
    /// not_found `no_such_asset`.
    Result<SiteCalibration> find_site(const Caller& caller, AssetId id);

    /// The newest first.
    Result<CountPage> list_counts(
        const Caller& caller, const PageRequest& page, const ListCountsQuery& query);
    /// not_found `no_such_asset`; conflict `asset_retired`, `differs` (the client_id is another
    /// count's); invalid `bad_count`, with every fault.
    Result<Count> begin_count(const Caller& caller, const NewCount& wanted);
    /// not_found `no_such_count`, as all below.
    Result<Count> find_count(const Caller& caller, CountId id);
    /// conflict `dismissed`, `not_of_taps`, `differs` (an id is another tap's), `too_many_taps`,
    /// `too_many_counters`; invalid `bad_taps`, with every fault. Then none of it is taken.
    Result<TapsTaken> add_taps(const Caller& caller, CountId id, const TapBatch& batch);
    Result<TotalList> list_totals(const Caller& caller, CountId id);
    /// conflict `dismissed`, `not_of_totals`; invalid `bad_totals`, with every fault.
    Result<TotalList> set_totals(const Caller& caller, CountId id, NewTotals wanted);
    Result<CorrectionList> list_corrections(const Caller& caller, CountId id);
    /// conflict `dismissed`, `not_of_taps`, `too_many_corrections`; invalid `bad_correction`.
    Result<CorrectionList> correct_count(
        const Caller& caller, CountId id, const NewCorrection& wanted);
    /// conflict `dismissed`, `ended`; invalid `bad_ending`.
    Result<Count> end_count(const Caller& caller, CountId id, const NewEnding& wanted);
    /// conflict `dismissed`.
    Result<Count> dismiss_count(const Caller& caller, CountId id, const NewReason& why);
    /// conflict `not_dismissed`.
    Result<Count> restore_count(const Caller& caller, CountId id, const NewReason& why);
    Result<CountHistory> find_count_history(const Caller& caller, CountId id);
    Result<QuarterList> list_quarters(const Caller& caller, CountId id);

    Result<SiteClassList> list_classes(const Caller& caller);
    /// conflict `class_name_taken`, `too_many_classes`; not_found `no_such_asset`.
    Result<SiteClass> add_class(const Caller& caller, const NewSiteClass& wanted);
    /// not_found `no_such_class`; as add_class().
    Result<SiteClass> change_class(
        const Caller& caller, SiteClassId id, const NewSiteClass& wanted);

    Result<ModelPage> list_models(
        const Caller& caller, const PageRequest& page, const ListModelsQuery& query);
    /// invalid `bad_fit`; not_found `no_such_asset`, `no_such_class`, `no_such_count`; conflict
    /// `nothing_counted`, `nothing_heard`, `too_few_quarters`, `no_fit`.
    Result<Model> fit_model(const Caller& caller, const NewFit& wanted);
    /// not_found `no_such_model`, as all below.
    Result<Model> find_model(const Caller& caller, ModelId id);
    /// invalid `bad_period`.
    Result<ModelComparison> compare_model(
        const Caller& caller, ModelId id, const CompareModelQuery& query);
    /// conflict `not_a_draft`, `second_person`; invalid `bad_publication`.
    Result<Model> publish_model(const Caller& caller, ModelId id, const NewPublication& wanted);
    /// conflict `retired`.
    Result<Model> retire_model(const Caller& caller, ModelId id, const NewReason& why);
    /// conflict `not_published`, `nothing_later` (nobody has counted since).
    Result<Model> check_drift(const Caller& caller, ModelId id);

    Result<CountingModelList> list_counting_models(const Caller& caller);
    Result<CalibrationSettings> find_calibration_settings(const Caller& caller);
    Result<CalibrationSettings> change_calibration_settings(
        const Caller& caller, const CalibrationSettings& wanted);

  private:
    /// What was counted beside what was heard.
    struct Paired;
    Result<Paired> paired(
        CompanyId company, const std::vector<Count>& counts, std::optional<Input> input);
    Result<std::vector<AssetId>> assets_of(const Caller& caller, const NewFit& wanted);
    std::vector<AssetId> assets_of(CompanyId company, const Model& model);
    std::string name_of(CompanyId company, const Model& model);
    /// None where nobody has counted since.
    std::optional<Drift> drift_of(CompanyId company, const Model& model);
    void keep_drift(CompanyId company, ModelId id, const Drift& drift);
    void look_for_drift(CompanyId company);

    const Needs needs_;
};

}  // namespace mobilytics::calibration
