#include "pipeline/store/duckdb/calibration_table.h"

#include <algorithm>

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kCalibrations{"store.calibrations", R"sql(
    SELECT asset_id, model, version, scope, input, gate_dbm, factor, low, high, dispersion, error,
           quarters, days, newest_day, drifting, valid_from, valid_to
    FROM calibration WHERE company_id = $1 ORDER BY asset_id NULLS FIRST, place
)sql"};
constexpr duckdb::Query kDelete{"store.delete_calibrations", R"sql(
    DELETE FROM calibration WHERE company_id = $1 AND asset_id IS NOT DISTINCT FROM $2::UUID
)sql"};
constexpr duckdb::Query kInsert{"store.insert_calibration", R"sql(
    INSERT INTO calibration (company_id, asset_id, place, model, version, scope, input, gate_dbm,
                             factor, low, high, dispersion, error, quarters, days, newest_day,
                             drifting, valid_from, valid_to)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
)sql"};

CalibrationInput input_of(const std::string& text) {
    const auto found = from_word<CalibrationInput>(text);
    VERIFY(found);
    return *found;
}

Calibration calibration_of(duckdb::Row row) {
    Calibration out;
    out.model = row.get<std::string>(1);
    out.version = row.get<std::int64_t>(2);
    out.scope = row.get<std::string>(3);
    out.input = input_of(row.get<std::string>(4));
    out.gate_dbm = row.get<std::int32_t>(5);
    out.factor = row.get<double>(6);
    out.low = row.get<double>(7);
    out.high = row.get<double>(8);
    out.dispersion = row.get<double>(9);
    out.error = row.get<double>(10);
    out.quarters = row.get<std::int64_t>(11);
    out.days = row.get<std::int64_t>(12);
    out.newest_day = row.get<std::string>(13);
    out.drifting = row.get<bool>(14);
    out.from = row.get<Instant>(15);
    out.to = row.optional<Instant>(16);
    return out;
}

}  // namespace

bool write(duckdb::Connection& connection, const Calibrations& calibrations) {
    const auto& [company, asset, spans] = calibrations;
    const auto known = read_calibrations(connection, company);
    const auto its = std::ranges::find(known, asset, &Calibrations::asset);
    if (its == known.end() ? spans.empty() : its->spans == spans) return false;
    connection.run(kDelete, company, asset);
    std::int64_t place = 0;
    for (const auto& span : spans) {
        connection.run(
            kInsert, company, asset, place++, span.model, span.version, span.scope,
            std::string(word(span.input)), std::int64_t{span.gate_dbm}, span.factor, span.low,
            span.high, span.dispersion, span.error, span.quarters, span.days, span.newest_day,
            span.drifting, span.from, span.to);
    }
    return true;
}

std::vector<Calibrations> read_calibrations(duckdb::Connection& connection, CompanyId company) {
    std::vector<Calibrations> out;
    const auto rows = connection.run(kCalibrations, company).all([](duckdb::Row row) {
        return std::pair(row.optional<AssetId>(0), calibration_of(row));
    });
    for (const auto& [asset, calibration] : rows) {
        if (out.empty() || out.back().asset != asset) out.push_back({company, asset, {}});
        out.back().spans.push_back(calibration);
    }
    return out;
}

}  // namespace mobilytics::store
