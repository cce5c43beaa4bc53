#include "domains/regions/region_store.h"

namespace mobilytics::regions {

namespace {

constexpr pg::Query kLockUsage{"regions.lock_usage", R"sql(
    SELECT pg_advisory_xact_lock(hashtextextended($1::text, 11)) AS company_locked
)sql"};
constexpr pg::Query kUsage{"regions.usage", R"sql(
    SELECT count(*) AS sets, coalesce(sum(points), 0)::bigint AS points
    FROM regions.region_set WHERE company_id = $1 AND state = 'in_use'
)sql"};

constexpr pg::Query kInsert{"regions.insert", R"sql(
    INSERT INTO regions.region_set (company_id, id, name, kind, state, version, regions, points,
                                    created_at, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (company_id, name) WHERE state = 'in_use' DO NOTHING
    RETURNING id
)sql"};
constexpr pg::Query kSelect{"regions.select", R"sql(
    SELECT id, name, kind, state, version, regions, points, created_at, changed_at
    FROM regions.region_set WHERE company_id = $1 AND id = $2
)sql"};
constexpr pg::Query kLock{"regions.lock", R"sql(
    SELECT id FROM regions.region_set WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};
constexpr pg::Query kSelectAfter{"regions.select_after", R"sql(
    SELECT id, name, kind, state, version, regions, points, created_at, changed_at
    FROM regions.region_set WHERE company_id = $1 AND state = 'in_use' AND id > $2
    ORDER BY id LIMIT $3
)sql"};
constexpr pg::Query kUpdate{"regions.update", R"sql(
    UPDATE regions.region_set
    SET state = $3, version = $4, regions = $5, points = $6, changed_at = $7
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectNow{"regions.select_now", R"sql(
    SELECT code, name, population, population_source, area_m2, buffer_m, points, shape
    FROM regions.region WHERE company_id = $1 AND set_id = $2 AND to_version IS NULL
    ORDER BY code COLLATE "C"
)sql"};
constexpr pg::Query kSelectRegionsAfter{"regions.select_regions_after", R"sql(
    SELECT code, name, population, population_source, area_m2, buffer_m, points, from_version
    FROM regions.region
    WHERE company_id = $1 AND set_id = $2 AND to_version IS NULL AND code COLLATE "C" > $3
    ORDER BY code COLLATE "C" LIMIT $4
)sql"};
constexpr pg::Query kSelectContent{"regions.select_content", R"sql(
    SELECT code, name, population, population_source, area_m2, shape
    FROM regions.region
    WHERE company_id = $1 AND set_id = $2 AND from_version <= $3
      AND (to_version IS NULL OR to_version > $3)
    ORDER BY code COLLATE "C"
)sql"};
constexpr pg::Query kEnd{"regions.end", R"sql(
    UPDATE regions.region SET to_version = $4
    WHERE company_id = $1 AND set_id = $2 AND code = ANY ($3::text[]) AND to_version IS NULL
)sql"};
constexpr pg::Query kInsertRegions{"regions.insert_regions", R"sql(
    INSERT INTO regions.region (company_id, set_id, from_version, code, name, population,
                                population_source, area_m2, buffer_m, points, shape)
    SELECT $1, $2, $3, given.*
    FROM unnest($4::text[], $5::text[], $6::bigint[], $7::text[], $8::float8[], $9::float8[],
                $10::bigint[], $11::bytea[]) AS given
)sql"};

constexpr pg::Query kInsertVersion{"regions.insert_version", R"sql(
    INSERT INTO regions.version (company_id, set_id, number, made_at, source, regions, added,
                                 changed, removed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};
constexpr pg::Query kSelectVersions{"regions.select_versions", R"sql(
    SELECT number, made_at, source, regions, added, changed, removed
    FROM regions.version WHERE company_id = $1 AND set_id = $2 ORDER BY number DESC LIMIT $3
)sql"};
constexpr pg::Query kForgetVersions{"regions.forget_versions", R"sql(
    DELETE FROM regions.version WHERE company_id = $1 AND set_id = $2 AND number <= $3
)sql"};
constexpr pg::Query kForgetRegionsUntil{"regions.forget_regions_until", R"sql(
    DELETE FROM regions.region WHERE company_id = $1 AND set_id = $2 AND to_version <= $3 + 1
)sql"};
constexpr pg::Query kForgetRegions{"regions.forget_regions", R"sql(
    DELETE FROM regions.region WHERE company_id = $1 AND set_id = $2
)sql"};

RegionSet set_from(const pg::Row& row) {
    return {
        .id = row.get<RegionSetId>("id"),
        .name = row.get<std::string>("name"),
        .kind = row.get<RegionSetKind>("kind"),
        .state = row.get<RegionSetState>("state"),
        .version = row.get<std::int64_t>("version"),
        .regions = row.get<std::int64_t>("regions"),
        .points = row.get<std::int64_t>("points"),
        .created_at = row.get<Instant>("created_at"),
        .changed_at = row.get<Instant>("changed_at"),
    };
}

std::string bytes_of(const pg::Row& row, const char* column) {
    const auto bytes = row.get<std::vector<std::uint8_t>>(column);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

Usage lock_usage(pg::Transaction& tx) {
    tx.run(kLockUsage, tx.company());
    return *tx.run(kUsage, tx.company()).first([](const pg::Row& row) {
        return Usage{row.get<std::int64_t>("sets"), row.get<std::int64_t>("points")};
    });
}

bool insert(pg::Transaction& tx, const RegionSet& set) {
    const auto rows = tx.run(
        kInsert, tx.company(), set.id, set.name, set.kind, set.state, set.version, set.regions,
        set.points, set.created_at, set.changed_at);
    return rows.size() == 1;
}

std::optional<RegionSet> select(pg::Transaction& tx, RegionSetId id, Lock lock) {
    if (lock == Lock::for_update) tx.run(kLock, tx.company(), id);
    return tx.run(kSelect, tx.company(), id).first(set_from);
}

std::vector<RegionSet> select_after(pg::Transaction& tx, RegionSetId after, std::int64_t count) {
    return tx.run(kSelectAfter, tx.company(), after, count).all(set_from);
}

void update(pg::Transaction& tx, const RegionSet& set) {
    tx.run(
        kUpdate, tx.company(), set.id, set.state, set.version, set.regions, set.points,
        set.changed_at);
}

std::vector<Kept> select_now(pg::Transaction& tx, RegionSetId set) {
    return tx.run_binary(kSelectNow, tx.company(), set).all([](const pg::Row& row) {
        return Kept{
            .code = row.get<std::string>("code"),
            .name = row.get<std::string>("name"),
            .population = row.optional<std::int64_t>("population"),
            .population_source = row.get<std::string>("population_source"),
            .area_m2 = row.get<double>("area_m2"),
            .buffer_m = row.optional<double>("buffer_m"),
            .points = row.get<std::int64_t>("points"),
            .shape = bytes_of(row, "shape")};
    });
}

std::vector<Region> select_regions_after(
    pg::Transaction& tx, RegionSetId set, const std::string& after, std::int64_t count) {
    return tx.run(kSelectRegionsAfter, tx.company(), set, after, count).all([](const pg::Row& row) {
        return Region{
            .code = row.get<std::string>("code"),
            .name = row.get<std::string>("name"),
            .population = row.optional<std::int64_t>("population"),
            .population_source = row.get<std::string>("population_source"),
            .area_km2 = row.get<double>("area_m2") / 1e6,
            .buffer_m = row.optional<double>("buffer_m"),
            .points = row.get<std::int64_t>("points"),
            .since_version = row.get<std::int64_t>("from_version")};
    });
}

std::vector<Content::Entry> select_content(
    pg::Transaction& tx, RegionSetId set, std::int64_t version) {
    return tx.run_binary(kSelectContent, tx.company(), set, version).all([](const pg::Row& row) {
        return Content::Entry{
            .code = row.get<std::string>("code"),
            .name = row.get<std::string>("name"),
            .population = row.optional<std::int64_t>("population"),
            .population_source = row.get<std::string>("population_source"),
            .area_m2 = row.get<double>("area_m2"),
            .shape = bytes_of(row, "shape")};
    });
}

void end(
    pg::Transaction& tx, RegionSetId set, const std::vector<std::string>& codes,
    std::int64_t version) {
    tx.run(kEnd, tx.company(), set, codes, version);
}

void insert(
    pg::Transaction& tx, RegionSetId set, std::int64_t version,
    const std::vector<const Kept*>& regions) {
    if (regions.empty()) return;
    std::vector<std::string> codes, names, sources;
    std::vector<std::optional<std::int64_t>> populations;
    std::vector<double> areas;
    std::vector<std::optional<double>> buffers;
    std::vector<std::int64_t> points;
    std::vector<std::vector<std::uint8_t>> shapes;
    for (const auto* region : regions) {
        codes.push_back(region->code);
        names.push_back(region->name);
        populations.push_back(region->population);
        sources.push_back(region->population_source);
        areas.push_back(region->area_m2);
        buffers.push_back(region->buffer_m);
        points.push_back(region->points);
        shapes.emplace_back(region->shape.begin(), region->shape.end());
    }
    tx.run(
        kInsertRegions, tx.company(), set, version, codes, names, populations, sources, areas,
        buffers, points, shapes);
}

void insert(pg::Transaction& tx, RegionSetId set, const Version& version) {
    tx.run(
        kInsertVersion, tx.company(), set, version.number, version.made_at, version.source,
        version.regions, version.added, version.changed, version.removed);
}

std::vector<Version> select_versions(pg::Transaction& tx, RegionSetId set, std::int64_t count) {
    return tx.run(kSelectVersions, tx.company(), set, count).all([](const pg::Row& row) {
        return Version{
            .number = row.get<std::int64_t>("number"),
            .made_at = row.get<Instant>("made_at"),
            .source = row.get<std::string>("source"),
            .regions = row.get<std::int64_t>("regions"),
            .added = row.get<std::int64_t>("added"),
            .changed = row.get<std::int64_t>("changed"),
            .removed = row.get<std::int64_t>("removed")};
    });
}

void forget_until(pg::Transaction& tx, RegionSetId set, std::int64_t version) {
    if (version < 1) return;
    tx.run(kForgetVersions, tx.company(), set, version);
    tx.run(kForgetRegionsUntil, tx.company(), set, version);
}

void forget_regions(pg::Transaction& tx, RegionSetId set) {
    tx.run(kForgetRegions, tx.company(), set);
}

}  // namespace mobilytics::regions
