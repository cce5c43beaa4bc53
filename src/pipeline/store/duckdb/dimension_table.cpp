#include "pipeline/store/duckdb/dimension_table.h"

#include "pipeline/store/duckdb/fact_writer.h"

namespace mobilytics::store {

namespace {

using measure::Attachment;

constexpr duckdb::Query kCompany{"store.company", R"sql(
    SELECT time_zone, synthetic, strict, suppress_below FROM company WHERE company_id = $1
)sql"};
constexpr duckdb::Query kDeleteCompany{"store.delete_company", R"sql(
    DELETE FROM company WHERE company_id = $1
)sql"};
constexpr duckdb::Query kInsertCompany{"store.insert_company", R"sql(
    INSERT INTO company (company_id, time_zone, synthetic, strict, suppress_below)
    VALUES ($1, $2, $3, $4, $5)
)sql"};

#define MOB_ASSET_COLUMNS                                                              \
    "company_id, asset_id, moving, latitude_e7, longitude_e7, time_zone, code, name, " \
    "kind, retired "

constexpr duckdb::Query kAssets{
    "store.assets", "SELECT " MOB_ASSET_COLUMNS
                    "FROM asset WHERE company_id = $1 AND valid_to IS NULL ORDER BY asset_id"};
constexpr duckdb::Query kAsset{
    "store.asset", "SELECT " MOB_ASSET_COLUMNS
                   "FROM asset WHERE company_id = $1 AND asset_id = $2 AND valid_to IS NULL"};
constexpr duckdb::Query kEveryAsset{
    "store.every_asset",
    "SELECT " MOB_ASSET_COLUMNS "FROM asset WHERE valid_to IS NULL ORDER BY asset_id"};
constexpr duckdb::Query kCloseAsset{"store.close_asset", R"sql(
    UPDATE asset SET valid_to = $3 WHERE company_id = $1 AND asset_id = $2 AND valid_to IS NULL
)sql"};
constexpr duckdb::Query kInsertAsset{"store.insert_asset", R"sql(
    INSERT INTO asset (company_id, asset_id, valid_from, moving, latitude_e7, longitude_e7,
                       time_zone, code, name, kind, retired)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr duckdb::Query kAttachments{"store.attachments", R"sql(
    SELECT company_id, device_id, asset_id, valid_from, valid_to FROM attachment
    WHERE company_id = $1 ORDER BY device_id, valid_from
)sql"};
constexpr duckdb::Query kEveryAttachment{"store.every_attachment", R"sql(
    SELECT company_id, device_id, asset_id, valid_from, valid_to FROM attachment
    ORDER BY device_id, valid_from
)sql"};
constexpr duckdb::Query kAttachment{"store.attachment", R"sql(
    SELECT company_id, device_id, asset_id, valid_from, valid_to FROM attachment
    WHERE company_id = $1 AND device_id = $2 AND valid_from = $3
)sql"};
constexpr duckdb::Query kDeleteAttachment{"store.delete_attachment", R"sql(
    DELETE FROM attachment WHERE company_id = $1 AND device_id = $2 AND valid_from = $3
)sql"};
constexpr duckdb::Query kInsertAttachment{"store.insert_attachment", R"sql(
    INSERT INTO attachment (company_id, device_id, asset_id, valid_from, valid_to)
    VALUES ($1, $2, $3, $4, $5)
)sql"};

Asset asset_of(duckdb::Row row) {
    Asset out;
    out.dimension.company = row.get<CompanyId>(0);
    out.dimension.asset = row.get<AssetId>(1);
    out.dimension.moving = row.get<bool>(2);
    const auto latitude = row.optional<std::int32_t>(3);
    const auto longitude = row.optional<std::int32_t>(4);
    if (latitude && longitude) out.dimension.position = {{}, *latitude, *longitude};
    out.dimension.time_zone = row.get<std::string>(5);
    out.code = row.get<std::string>(6);
    out.name = row.get<std::string>(7);
    out.kind = row.get<std::string>(8);
    out.retired = row.get<bool>(9);
    return out;
}

Attachment attachment_of(duckdb::Row row) {
    return {
        .company = row.get<CompanyId>(0),
        .device = row.get<DeviceId>(1),
        .asset = row.get<AssetId>(2),
        .from = row.get<Instant>(3),
        .to = row.optional<Instant>(4),
    };
}

void count_change(duckdb::Connection& connection) {
    auto progress = read_progress(connection);
    ++progress.dimensions_version;
    write(connection, progress);
}

/// The time of a fixed asset's position is not used, and not kept.
Asset kept(Asset asset) {
    if (asset.dimension.position) asset.dimension.position->at = {};
    return asset;
}

}  // namespace

bool write(duckdb::Connection& connection, const Company& company) {
    if (read_company(connection, company.id) == company) return false;
    connection.run(kDeleteCompany, company.id);
    connection.run(
        kInsertCompany, company.id, company.time_zone, company.synthetic, company.strict,
        company.suppress_below);
    return true;
}

bool write(duckdb::Connection& connection, const Asset& asset, Instant now) {
    const auto& [company, id, moving, position, zone] = asset.dimension;
    if (connection.run(kAsset, company, id).first(asset_of) == kept(asset)) return false;
    std::optional<std::int64_t> latitude;
    std::optional<std::int64_t> longitude;
    if (position) {
        latitude = position->latitude_e7;
        longitude = position->longitude_e7;
    }
    connection.run(kCloseAsset, company, id, now);
    connection.run(
        kInsertAsset, company, id, now, moving, latitude, longitude, zone, asset.code, asset.name,
        asset.kind, asset.retired);
    count_change(connection);
    return true;
}

bool write(duckdb::Connection& connection, const Attachment& attachment) {
    const auto& [company, device, asset, from, to] = attachment;
    const auto known = connection.run(kAttachment, company, device, from).first(attachment_of);
    if (known == attachment) return false;
    connection.run(kDeleteAttachment, company, device, from);
    connection.run(kInsertAttachment, company, device, asset, from, to);
    count_change(connection);
    return true;
}

std::optional<Company> read_company(duckdb::Connection& connection, CompanyId company) {
    return connection.run(kCompany, company).first([&](duckdb::Row row) {
        return Company{
            company, row.get<std::string>(0), row.get<bool>(1), row.get<bool>(2),
            row.get<std::int64_t>(3)};
    });
}

std::vector<Asset> read_assets(duckdb::Connection& connection, CompanyId company) {
    return connection.run(kAssets, company).all(asset_of);
}

std::vector<Attachment> read_attachments(duckdb::Connection& connection, CompanyId company) {
    return connection.run(kAttachments, company).all(attachment_of);
}

measure::Dimensions read_dimensions(duckdb::Connection& connection) {
    measure::Dimensions out;
    out.version = read_progress(connection).dimensions_version;
    for (auto& asset : connection.run(kEveryAsset).all(asset_of)) {
        out.assets.emplace(asset.dimension.asset, std::move(asset.dimension));
    }
    out.attachments = connection.run(kEveryAttachment).all(attachment_of);
    return out;
}

}  // namespace mobilytics::store
