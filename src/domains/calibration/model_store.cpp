#include "domains/calibration/model_store.h"

#include "domains/calibration/model_json.h"
#include "domains/calibration/model_rules.h"

namespace mobilytics::calibration {

namespace {

#define MOB_MODEL_COLUMNS                                                                       \
    "id, scope, scope_id, version, state, method, input, gate_dbm, factor, factor_low, "        \
    "factor_high, dispersion, error, quarters, days, unheard, newest_day::text AS newest_day, " \
    "counting_name, counting_version, counting_hash, fitted_at, fitted_by, published_at, "      \
    "published_by, valid_from, retired_at, retired_by, reason, drift::text AS drift "

constexpr pg::Query kLock{"calibration.lock_scope", R"sql(
    SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2::text || $3::text, 11)) AS company_locked
)sql"};

constexpr pg::Query kNextVersion{"calibration.next_version", R"sql(
    SELECT coalesce(max(version), 0) + 1 AS version FROM calibration.model
    WHERE company_id = $1 AND scope = $2 AND scope_id = $3
)sql"};

constexpr pg::Query kInsert{"calibration.insert_model", R"sql(
    INSERT INTO calibration.model (company_id, id, scope, scope_id, version, state, method, input,
        gate_dbm, factor, factor_low, factor_high, dispersion, error, quarters, days, unheard,
        newest_day, residuals, counts, counting_name, counting_version, counting_hash, fitted_at,
        fitted_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
        $18::text::date, $19::text::jsonb, $20, $21, $22, $23, $24, $25)
)sql"};

constexpr pg::Query kSelect{
    "calibration.select_model", "SELECT " MOB_MODEL_COLUMNS
                                ", residuals::text AS residuals, counts FROM calibration.model "
                                "WHERE company_id = $1 AND id = $2"};

constexpr pg::Query kLockModel{"calibration.lock_model", R"sql(
    SELECT id FROM calibration.model WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kSelectPublished{
    "calibration.select_published",
    "SELECT " MOB_MODEL_COLUMNS
    ", residuals::text AS residuals, counts FROM calibration.model "
    "WHERE company_id = $1 AND scope = $2 AND scope_id = $3 AND state = 'published'"};

constexpr pg::Query kSelectSome{
    "calibration.select_models",
    "SELECT " MOB_MODEL_COLUMNS
    "FROM calibration.model WHERE company_id = $1 AND ($2::uuid IS NULL OR id < $2) "
    "AND ($3::uuid IS NULL OR (scope = 'asset' AND scope_id = $3)) "
    "AND ($4::uuid IS NULL OR (scope = 'class' AND scope_id = $4)) "
    "AND ($5::text IS NULL OR scope = $5) AND ($6::text IS NULL OR state = $6) "
    "ORDER BY id DESC LIMIT $7"};

constexpr pg::Query kSelectOfCount{
    "calibration.select_models_of_count",
    "SELECT " MOB_MODEL_COLUMNS
    "FROM calibration.model WHERE company_id = $1 AND counts @> ARRAY[$2::uuid] "
    "ORDER BY id DESC LIMIT $3"};

constexpr pg::Query kSelectAllPublished{
    "calibration.select_all_published",
    "SELECT " MOB_MODEL_COLUMNS
    "FROM calibration.model WHERE company_id = $1 AND state = 'published' ORDER BY id"};

constexpr pg::Query kSelectDrafts{"calibration.select_drafts", R"sql(
    SELECT DISTINCT ON (scope_id) scope_id, id FROM calibration.model
    WHERE company_id = $1 AND scope = 'asset' AND state = 'draft' ORDER BY scope_id, id DESC
)sql"};

constexpr pg::Query kUpdateState{"calibration.update_model", R"sql(
    UPDATE calibration.model
    SET state = $3, published_at = $4, published_by = $5, valid_from = $6, retired_at = $7,
        retired_by = $8, reason = $9
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdateDrift{"calibration.update_drift", R"sql(
    UPDATE calibration.model SET drift = $3::text::jsonb WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectSpans{
    "calibration.select_spans",
    "SELECT " MOB_MODEL_COLUMNS
    ", from_at, to_at FROM calibration.model JOIN "
    "(SELECT company_id AS of_company, model_id, from_at, to_at FROM calibration.span "
    "WHERE span.company_id = $1 AND span.scope = $2 AND span.scope_id = $3) AS its "
    "ON of_company = company_id AND model_id = id WHERE company_id = $1 ORDER BY from_at"};

constexpr pg::Query kDeleteSpans{"calibration.delete_spans", R"sql(
    DELETE FROM calibration.span WHERE company_id = $1 AND scope = $2 AND scope_id = $3
)sql"};

constexpr pg::Query kInsertSpan{"calibration.insert_span", R"sql(
    INSERT INTO calibration.span (company_id, scope, scope_id, from_at, to_at, model_id)
    VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kSelectClasses{"calibration.select_classes", R"sql(
    SELECT id, name, ARRAY(SELECT asset_id FROM calibration.class_member AS its
                           WHERE its.company_id = $1 AND its.class_id = site_class.id
                           ORDER BY asset_id) AS assets
    FROM calibration.site_class WHERE company_id = $1 ORDER BY name, id
)sql"};

constexpr pg::Query kSelectClassOf{"calibration.select_class_of", R"sql(
    SELECT class_id FROM calibration.class_member WHERE company_id = $1 AND asset_id = $2
)sql"};

constexpr pg::Query kNameTaken{"calibration.class_name_taken", R"sql(
    SELECT id FROM calibration.site_class WHERE company_id = $1 AND name = $2 AND id <> $3
)sql"};

constexpr pg::Query kUpsertClass{"calibration.upsert_class", R"sql(
    INSERT INTO calibration.site_class (company_id, id, name) VALUES ($1, $2, $3)
    ON CONFLICT (company_id, id) DO UPDATE SET name = excluded.name
)sql"};

constexpr pg::Query kDeleteMembers{"calibration.delete_members", R"sql(
    DELETE FROM calibration.class_member WHERE company_id = $1 AND class_id = $2
)sql"};

constexpr pg::Query kUpsertMembers{"calibration.upsert_members", R"sql(
    INSERT INTO calibration.class_member (company_id, asset_id, class_id)
    SELECT $1, asset_id, $2 FROM unnest($3::uuid[]) AS one (asset_id)
    ON CONFLICT (company_id, asset_id) DO UPDATE SET class_id = excluded.class_id
)sql"};

constexpr pg::Query kSelectCounting{"calibration.select_counting_models", R"sql(
    SELECT counting_name, counting_version, counting_hash, count(*) AS models
    FROM calibration.model WHERE company_id = $1
    GROUP BY counting_name, counting_version, counting_hash
    ORDER BY min(fitted_at) DESC LIMIT 200
)sql"};

constexpr pg::Query kSelectSettings{"calibration.select_settings", R"sql(
    SELECT second_person FROM calibration.setting WHERE company_id = $1
)sql"};

constexpr pg::Query kUpsertSettings{"calibration.upsert_settings", R"sql(
    INSERT INTO calibration.setting (company_id, second_person) VALUES ($1, $2)
    ON CONFLICT (company_id) DO UPDATE SET second_person = excluded.second_person
)sql"};

Model model_from(const pg::Row& row) {
    Model out;
    out.id = row.get<ModelId>("id");
    out.scope = row.get<Scope>("scope");
    if (out.scope == Scope::asset) out.asset_id = row.get<AssetId>("scope_id");
    if (out.scope == Scope::class_) out.class_id = row.get<SiteClassId>("scope_id");
    out.version = row.get<std::int64_t>("version");
    out.state = row.get<ModelState>("state");
    out.method = row.get<std::string>("method");
    out.input = row.get<Input>("input");
    out.gate_dbm = row.get<std::int64_t>("gate_dbm");
    out.factor = row.get<double>("factor");
    out.factor_low = row.get<double>("factor_low");
    out.factor_high = row.get<double>("factor_high");
    out.dispersion = row.get<double>("dispersion");
    out.error = row.get<double>("error");
    out.quarters = row.get<std::int64_t>("quarters");
    out.days = row.get<std::int64_t>("days");
    out.unheard = row.get<std::int64_t>("unheard");
    out.newest_day = row.get<std::string>("newest_day");
    out.counted_by = {
        row.get<std::string>("counting_name"), row.get<std::string>("counting_version"),
        row.get<std::string>("counting_hash")};
    out.fitted_at = row.get<Instant>("fitted_at");
    out.fitted_by = row.get<PersonId>("fitted_by");
    out.published_at = row.optional<Instant>("published_at");
    out.published_by = row.optional<PersonId>("published_by");
    out.valid_from = row.optional<Instant>("valid_from");
    out.retired_at = row.optional<Instant>("retired_at");
    out.retired_by = row.optional<PersonId>("retired_by");
    out.reason = row.optional<std::string>("reason");
    if (const auto drift = row.optional<std::string>("drift")) out.drift = drift_of_text(*drift);
    return out;
}

Model whole_model_from(const pg::Row& row) {
    auto out = model_from(row);
    out.residuals = residuals_of_text(row.get<std::string>("residuals"));
    out.counts = row.get<std::vector<CountId>>("counts");
    return out;
}

}  // namespace

ScopeKey key_of(AssetId asset) { return {Scope::asset, asset.uuid()}; }
ScopeKey key_of(SiteClassId site_class) { return {Scope::class_, site_class.uuid()}; }
ScopeKey key_of(CompanyId company) { return {Scope::company, company.uuid()}; }
ScopeKey key_of(const Model& model, CompanyId company) {
    if (model.asset_id) return key_of(*model.asset_id);
    return model.class_id ? key_of(*model.class_id) : key_of(company);
}

void lock(pg::Transaction& tx, const ScopeKey& key) {
    tx.run(kLock, tx.company(), key.scope, key.uuid);
}

std::int64_t insert(pg::Transaction& tx, const Model& model) {
    const auto key = key_of(model, tx.company());
    lock(tx, key);
    const auto version =
        *tx.run(kNextVersion, tx.company(), key.scope, key.uuid).first([](const pg::Row& row) {
            return row.get<std::int64_t>("version");
        });
    tx.run(
        kInsert, tx.company(), model.id, key.scope, key.uuid, version, model.state, model.method,
        model.input, model.gate_dbm, model.factor, model.factor_low, model.factor_high,
        model.dispersion, model.error, model.quarters, model.days, model.unheard, model.newest_day,
        text_of(model.residuals), model.counts, model.counted_by.name, model.counted_by.version,
        model.counted_by.rules_hash, model.fitted_at, *model.fitted_by);
    return version;
}

std::optional<Model> select_model(pg::Transaction& tx, ModelId id, Lock how) {
    if (how == Lock::for_update) tx.run(kLockModel, tx.company(), id);
    return tx.run(kSelect, tx.company(), id).first(whole_model_from);
}

std::optional<Model> select_published(pg::Transaction& tx, const ScopeKey& key) {
    return tx.run(kSelectPublished, tx.company(), key.scope, key.uuid).first(whole_model_from);
}

std::vector<Model> select_models(
    pg::Transaction& tx, std::optional<ModelId> before, const ListModelsQuery& query,
    std::int64_t limit) {
    return tx
        .run(
            kSelectSome, tx.company(), before, query.asset_id, query.class_id, query.scope,
            query.state, limit)
        .all(model_from);
}

std::vector<Model> select_models_of(pg::Transaction& tx, CountId count, std::int64_t limit) {
    return tx.run(kSelectOfCount, tx.company(), count, limit).all(model_from);
}

std::vector<Model> select_all_published(pg::Transaction& tx) {
    return tx.run(kSelectAllPublished, tx.company()).all(model_from);
}

std::vector<std::pair<AssetId, ModelId>> select_drafts(pg::Transaction& tx) {
    return tx.run(kSelectDrafts, tx.company()).all([](const pg::Row& row) {
        return std::pair(row.get<AssetId>("scope_id"), row.get<ModelId>("id"));
    });
}

void update_state(pg::Transaction& tx, const Model& model) {
    tx.run(
        kUpdateState, tx.company(), model.id, model.state, model.published_at, model.published_by,
        model.valid_from, model.retired_at, model.retired_by, model.reason);
}

void update_drift(pg::Transaction& tx, ModelId model, const Drift& drift) {
    tx.run(kUpdateDrift, tx.company(), model, text_of(drift));
}

std::vector<Applied> select_spans(pg::Transaction& tx, const ScopeKey& key) {
    return tx.run(kSelectSpans, tx.company(), key.scope, key.uuid).all([](const pg::Row& row) {
        return applied_of(
            model_from(row), row.get<Instant>("from_at"), row.optional<Instant>("to_at"));
    });
}

void replace_spans(pg::Transaction& tx, const ScopeKey& key, const std::vector<Applied>& spans) {
    tx.run(kDeleteSpans, tx.company(), key.scope, key.uuid);
    for (const auto& span : spans) {
        tx.run(kInsertSpan, tx.company(), key.scope, key.uuid, span.from, span.to, span.model);
    }
}

std::vector<SiteClass> select_classes(pg::Transaction& tx) {
    return tx.run(kSelectClasses, tx.company()).all([](const pg::Row& row) {
        return SiteClass{
            row.get<SiteClassId>("id"), row.get<std::string>("name"),
            row.get<std::vector<AssetId>>("assets")};
    });
}

std::optional<SiteClass> select_class(pg::Transaction& tx, SiteClassId id) {
    for (auto& each : select_classes(tx)) {
        if (each.id == id) return std::move(each);
    }
    return std::nullopt;
}

std::optional<SiteClassId> select_class_of(pg::Transaction& tx, AssetId asset) {
    return tx.run(kSelectClassOf, tx.company(), asset).first([](const pg::Row& row) {
        return row.get<SiteClassId>("class_id");
    });
}

bool upsert(pg::Transaction& tx, const SiteClass& site_class) {
    if (tx.run(kNameTaken, tx.company(), site_class.name, site_class.id).size() > 0) return false;
    tx.run(kUpsertClass, tx.company(), site_class.id, site_class.name);
    return true;
}

void replace_members(pg::Transaction& tx, const SiteClass& site_class) {
    tx.run(kDeleteMembers, tx.company(), site_class.id);
    tx.run(kUpsertMembers, tx.company(), site_class.id, site_class.asset_ids);
}

std::vector<CountingModelUse> select_counting_models(pg::Transaction& tx) {
    return tx.run(kSelectCounting, tx.company()).all([](const pg::Row& row) {
        CountingModelUse out;
        out.name = row.get<std::string>("counting_name");
        out.version = row.get<std::string>("counting_version");
        out.rules_hash = row.get<std::string>("counting_hash");
        out.models = row.get<std::int64_t>("models");
        return out;
    });
}

CalibrationSettings select_settings(pg::Transaction& tx) {
    return tx.run(kSelectSettings, tx.company())
        .first(
            [](const pg::Row& row) { return CalibrationSettings{row.get<bool>("second_person")}; })
        .value_or(CalibrationSettings{});
}

void upsert(pg::Transaction& tx, const CalibrationSettings& settings) {
    tx.run(kUpsertSettings, tx.company(), settings.second_person);
}

}  // namespace mobilytics::calibration
