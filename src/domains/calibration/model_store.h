#pragma once
// Models, classes of sites, and where models apply, in Postgres. All SQL about them is in
// model_store.cpp.

#include <optional>
#include <vector>

#include "domains/calibration/calibration.h"
#include "domains/calibration/count_store.h"
#include "platform/pg/pg.h"

namespace mobilytics::calibration {

/// What a model is of: the asset, the class or the company itself.
struct ScopeKey {
    Scope scope{};
    std::string uuid;
    friend auto operator<=>(const ScopeKey&, const ScopeKey&) = default;
};
ScopeKey key_of(AssetId asset);
ScopeKey key_of(SiteClassId site_class);
ScopeKey key_of(CompanyId company);
ScopeKey key_of(const Model& model, CompanyId company);

/// Others that would change this scope wait.
void lock(pg::Transaction& tx, const ScopeKey& key);

/// With the next version of its scope, which is returned.
std::int64_t insert(pg::Transaction& tx, const Model& model);
std::optional<Model> select_model(pg::Transaction& tx, ModelId id, Lock lock);
std::optional<Model> select_published(pg::Transaction& tx, const ScopeKey& key);
/// The newest first, without residuals and counts.
std::vector<Model> select_models(
    pg::Transaction& tx, std::optional<ModelId> before, const ListModelsQuery& query,
    std::int64_t limit);
/// Those that were fitted to a count, the newest first, without residuals and counts.
std::vector<Model> select_models_of(pg::Transaction& tx, CountId count, std::int64_t limit);
/// Of every scope, without residuals and counts.
std::vector<Model> select_all_published(pg::Transaction& tx);
/// The newest draft of each asset's own.
std::vector<std::pair<AssetId, ModelId>> select_drafts(pg::Transaction& tx);
/// Its state, and what comes with it.
void update_state(pg::Transaction& tx, const Model& model);
void update_drift(pg::Transaction& tx, ModelId model, const Drift& drift);

std::vector<Applied> select_spans(pg::Transaction& tx, const ScopeKey& key);
void replace_spans(pg::Transaction& tx, const ScopeKey& key, const std::vector<Applied>& spans);

/// By name.
std::vector<SiteClass> select_classes(pg::Transaction& tx);
std::optional<SiteClass> select_class(pg::Transaction& tx, SiteClassId id);
std::optional<SiteClassId> select_class_of(pg::Transaction& tx, AssetId asset);
/// False when the company has a class of this name.
bool upsert(pg::Transaction& tx, const SiteClass& site_class);
/// The classes that they were in are left.
void replace_members(pg::Transaction& tx, const SiteClass& site_class);

std::vector<CountingModelUse> select_counting_models(pg::Transaction& tx);

CalibrationSettings select_settings(pg::Transaction& tx);
void upsert(pg::Transaction& tx, const CalibrationSettings& settings);

}  // namespace mobilytics::calibration
