#pragma once
// What this domain speaks of when counts become factors: classes of sites, models, comparisons. The
// shapes of openapi.yaml, which says what each field means.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domains/calibration/count_types.h"

namespace mobilytics::calibration {

struct ModelIdentity {
    static constexpr std::string_view kIdPrefix = "model";
};
using ModelId = Id<ModelIdentity>;
struct SiteClassIdentity {
    static constexpr std::string_view kIdPrefix = "site_class";
};
using SiteClassId = Id<SiteClassIdentity>;

BOOST_DEFINE_ENUM_CLASS(Scope, asset, class_, company)
BOOST_DEFINE_ENUM_CLASS(ModelState, draft, published, retired)
BOOST_DEFINE_ENUM_CLASS(Input, counted, addresses)
BOOST_DEFINE_ENUM_CLASS(Quality, fresh, ageing, old, drifting)

struct SiteClass {
    SiteClassId id;
    std::string name;
    std::vector<AssetId> asset_ids;
};
struct SiteClassList {
    std::vector<SiteClass> items;
};
struct NewSiteClass {
    std::string name;
    std::vector<AssetId> asset_ids;
};

// Models.

/// Which version of the counting made the facts.
struct CountingModel {
    std::string name, version, rules_hash;
    friend bool operator==(const CountingModel&, const CountingModel&) = default;
};
struct CountingModelUse : CountingModel {
    bool in_use = false;
    std::int64_t models = 0;
};
struct CountingModelList {
    std::vector<CountingModelUse> items;
};

struct Residual {
    std::string day;
    std::optional<Instant> at;
    double people = 0, expected = 0, devices = 0;
};

struct Drift {
    double ratio = 1, low = 1, high = 1;
    bool alarm = false;
    std::int64_t quarters = 0, days = 0;
    Instant checked_at;
};

/// What a fit found.
struct Fitted {
    std::int64_t gate_dbm = 0;
    double factor = 0, factor_low = 0, factor_high = 0;  // 90 %.
    double dispersion = 1, error = 0;
    std::int64_t quarters = 0, days = 0;
    std::string newest_day;
    std::vector<Residual> residuals;
};

struct Model : Fitted {
    ModelId id;
    std::int64_t version = 0;
    Scope scope{};
    std::optional<AssetId> asset_id;
    std::optional<SiteClassId> class_id;
    ModelState state{};
    Quality quality{};
    std::int64_t age_days = 0;
    std::string method;
    Input input{};
    std::int64_t unheard = 0;
    CountingModel counted_by;
    Instant fitted_at;
    std::optional<PersonId> fitted_by;
    std::optional<Instant> published_at;
    std::optional<PersonId> published_by;
    std::optional<Instant> valid_from;
    std::optional<Instant> retired_at;
    std::optional<PersonId> retired_by;
    std::optional<std::string> reason;
    std::optional<Drift> drift;
    std::vector<CountId> counts;
};
using ModelPage = Page<Model>;
struct ListModelsQuery {
    std::optional<AssetId> asset_id;
    std::optional<SiteClassId> class_id;
    std::optional<Scope> scope;
    std::optional<ModelState> state;
};

struct NewFit {
    Scope scope{};
    std::optional<AssetId> asset_id;
    std::optional<SiteClassId> class_id;
    std::optional<std::vector<CountId>> count_ids;
};
struct NewPublication {
    std::optional<Instant> valid_from;
    std::optional<std::string> reason;
};

struct CompareModelQuery {
    Instant from, to;
};
struct Compared {
    ModelId model_id;
    std::int64_t version = 0;
    ModelState state{};
    Input input{};
    double factor = 0;
    double people_mean = 0, low = 0, high = 0, devices_mean = 0;
};
struct ComparedDay {
    std::string day;
    double people = 0;
    std::optional<double> published;
};
struct ModelComparison {
    Instant from, to;
    std::int64_t quarters = 0;
    Compared model;
    std::optional<Compared> published;
    std::optional<double> ratio;
    std::vector<ComparedDay> days;
};

struct Site {
    AssetId asset_id;
    std::string code, name, kind;
    std::optional<SiteClassId> class_id;
    std::optional<std::string> class_name;
    std::optional<Model> model;
    std::optional<ModelId> draft_id;
    std::int64_t counts = 0;
    std::optional<CountId> counting_id;
    std::optional<Instant> last_counted_at;
};
struct SitePage {
    std::vector<Site> items;
    std::optional<std::string> next_cursor;
};

/// What an asset's numbers are people by, in [from, to).
struct Span {
    ModelId model_id;
    std::int64_t version = 0;
    Scope scope{};
    double factor = 0, factor_low = 0, factor_high = 0;
    std::string newest_day;
    bool drifting = false;
    Instant from;
    std::optional<Instant> to;
};
struct SiteCalibration {
    Site site;
    std::vector<Model> candidates;
    std::vector<Span> spans;
};

/// What was done to a count, and what rests on it.
struct CountHistory {
    std::vector<CountChange> changes;
    std::vector<Model> models;
};

struct CalibrationSettings {
    bool second_person = false;
};

}  // namespace mobilytics::calibration
