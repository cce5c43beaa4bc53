#include "pipeline/store/duckdb/region_table.h"

#include "platform/duckdb/appender.h"

namespace mobilytics::store {

namespace {

constexpr std::int64_t kVersionsKept = 20;

constexpr duckdb::Query kVersion{"store.region_version", R"sql(
    SELECT company_id, set_id, version, name, kind, valid_from FROM region_version
    WHERE company_id = $1 AND set_id = $2 AND (version = $3 OR ($3 IS NULL AND valid_to IS NULL))
)sql"};
constexpr duckdb::Query kSets{"store.region_sets", R"sql(
    SELECT company_id, set_id, version, name, kind, valid_from FROM region_version
    WHERE company_id = $1 AND valid_to IS NULL ORDER BY set_id
)sql"};
constexpr duckdb::Query kCloseVersion{"store.close_region_version", R"sql(
    UPDATE region_version SET valid_to = $3
    WHERE company_id = $1 AND set_id = $2 AND valid_to IS NULL
)sql"};
constexpr duckdb::Query kInsertVersion{"store.insert_region_version", R"sql(
    INSERT INTO region_version (company_id, set_id, version, name, kind, valid_from)
    VALUES ($1, $2, $3, $4, $5, $6)
)sql"};
constexpr duckdb::Query kForgetVersions{"store.forget_region_versions", R"sql(
    DELETE FROM region_version WHERE company_id = $1 AND set_id = $2 AND version <= $3
)sql"};

constexpr duckdb::Query kRegions{"store.regions", R"sql(
    SELECT code, name, population, population_source, area_m2, shape FROM region
    WHERE company_id = $1 AND set_id = $2 AND from_version <= $3
      AND (to_version IS NULL OR to_version > $3)
    ORDER BY code
)sql"};
constexpr duckdb::Query kEndRegions{"store.end_regions", R"sql(
    UPDATE region SET to_version = $4
    WHERE company_id = $1 AND set_id = $2 AND to_version IS NULL
      AND code IN (SELECT unnest($3::VARCHAR[]))
)sql"};
constexpr duckdb::Query kForgetRegions{"store.forget_regions", R"sql(
    DELETE FROM region WHERE company_id = $1 AND set_id = $2 AND to_version <= $3
)sql"};
constexpr duckdb::Query kForgetSet{"store.forget_region_set", R"sql(
    DELETE FROM region WHERE company_id = $1 AND set_id = $2
)sql"};

RegionSet set_of(duckdb::Row row) {
    return {
        .company = row.get<CompanyId>(0),
        .set = row.get<RegionSetId>(1),
        .name = row.get<std::string>(3),
        .kind = row.get<std::string>(4),
        .version = row.get<std::int64_t>(2),
        .valid_from = row.get<Instant>(5),
        .regions = {}};
}

}  // namespace

bool write(duckdb::Connection& connection, const RegionSet& set) {
    const auto known = read_region_set(connection, set.company, set.set, std::nullopt);
    if (known && known->version >= set.version) return false;
    const auto before = known ? with_regions(connection, *known).regions : std::vector<Region>();
    std::vector<std::string> ended;
    auto next = set.regions.begin();
    std::vector<const Region*> fresh;
    for (const auto& old : before) {
        for (; next != set.regions.end() && next->code < old.code; ++next) fresh.push_back(&*next);
        const bool stays = next != set.regions.end() && next->code == old.code && *next == old;
        if (!stays) ended.push_back(old.code);
        if (next != set.regions.end() && next->code == old.code) {
            if (!stays) fresh.push_back(&*next);
            ++next;
        }
    }
    for (; next != set.regions.end(); ++next) fresh.push_back(&*next);
    if (!ended.empty()) {
        connection.run(kEndRegions, set.company, set.set, ended, set.version);
    }
    duckdb::Appender rows(connection, "region");
    for (const auto* region : fresh) {
        rows.row(
            set.company, set.set, set.version, std::optional<std::int64_t>(), region->code,
            region->name, region->population, region->population_source, region->area_m2,
            duckdb::Blob{region->shape});
    }
    rows.close();
    connection.run(kCloseVersion, set.company, set.set, set.valid_from);
    connection.run(
        kInsertVersion, set.company, set.set, set.version, set.name, set.kind, set.valid_from);
    const auto oldest = set.version - kVersionsKept;
    connection.run(kForgetVersions, set.company, set.set, oldest);
    connection.run(kForgetRegions, set.company, set.set, oldest + 1);
    return true;
}

void forget_regions(duckdb::Connection& connection, CompanyId company, RegionSetId set) {
    connection.run(kForgetVersions, company, set, std::numeric_limits<std::int64_t>::max());
    connection.run(kForgetSet, company, set);
}

std::vector<RegionSet> read_region_sets(duckdb::Connection& connection, CompanyId company) {
    return connection.run(kSets, company).all(set_of);
}

std::optional<RegionSet> read_region_set(
    duckdb::Connection& connection, CompanyId company, RegionSetId set,
    std::optional<std::int64_t> version) {
    return connection.run(kVersion, company, set, version).first(set_of);
}

RegionSet with_regions(duckdb::Connection& connection, RegionSet set) {
    auto rows = connection.run(kRegions, set.company, set.set, set.version);
    set.regions = rows.all([](duckdb::Row row) {
        return Region{
            .code = row.get<std::string>(0),
            .name = row.get<std::string>(1),
            .population = row.optional<std::int64_t>(2),
            .population_source = row.get<std::string>(3),
            .area_m2 = row.get<double>(4),
            .shape = std::string(row.get<duckdb::Blob>(5).bytes)};
    });
    return set;
}

}  // namespace mobilytics::store
