#include "domains/regions/sensitive_store.h"

namespace mobilytics::regions {

namespace {

constexpr pg::Query kSelect{"regions.select_sensitive", R"sql(
    SELECT code, name, kind, area_m2, points, cells, shape FROM regions.sensitive_place
    WHERE company_id = $1 ORDER BY code COLLATE "C"
)sql"};
constexpr pg::Query kSelectAfter{"regions.select_sensitive_after", R"sql(
    SELECT code, name, kind, area_m2, points, cells, marked_at FROM regions.sensitive_place
    WHERE company_id = $1 AND code COLLATE "C" > $2 ORDER BY code COLLATE "C" LIMIT $3
)sql"};
constexpr pg::Query kPut{"regions.put_sensitive", R"sql(
    INSERT INTO regions.sensitive_place (company_id, marked_at, code, name, kind, area_m2, points,
                                         cells, shape)
    SELECT $1, $2, given.*
    FROM unnest($3::text[], $4::text[], $5::text[], $6::float8[], $7::bigint[], $8::bigint[],
                $9::bytea[]) AS given
    ON CONFLICT (company_id, code) DO UPDATE
    SET marked_at = excluded.marked_at, name = excluded.name, kind = excluded.kind,
        area_m2 = excluded.area_m2, points = excluded.points, cells = excluded.cells,
        shape = excluded.shape
)sql"};
constexpr pg::Query kDelete{"regions.delete_sensitive", R"sql(
    DELETE FROM regions.sensitive_place WHERE company_id = $1 AND code = $2
)sql"};

}  // namespace

std::vector<Kept> select_sensitive(pg::Transaction& tx) {
    return tx.run_binary(kSelect, tx.company()).all([](const pg::Row& row) {
        const auto bytes = row.get<std::vector<std::uint8_t>>("shape");
        const auto kind = from_word<SensitiveKind>(row.get<std::string>("kind"));
        VERIFY(kind);
        return Kept{
            .code = row.get<std::string>("code"),
            .name = row.get<std::string>("name"),
            .area_m2 = row.get<double>("area_m2"),
            .points = row.get<std::int64_t>("points"),
            .shape = {bytes.begin(), bytes.end()},
            .kind = *kind,
            .cells = row.get<std::int64_t>("cells")};
    });
}

std::vector<SensitivePlace> select_sensitive_after(
    pg::Transaction& tx, const std::string& after, std::int64_t count) {
    return tx.run(kSelectAfter, tx.company(), after, count).all([](const pg::Row& row) {
        return SensitivePlace{
            .code = row.get<std::string>("code"),
            .name = row.get<std::string>("name"),
            .kind = row.get<SensitiveKind>("kind"),
            .area_km2 = row.get<double>("area_m2") / 1e6,
            .points = row.get<std::int64_t>("points"),
            .cells = row.get<std::int64_t>("cells"),
            .marked_at = row.get<Instant>("marked_at")};
    });
}

void put_sensitive(pg::Transaction& tx, const std::vector<const Kept*>& places, Instant now) {
    std::vector<std::string> codes, names, kinds;
    std::vector<double> areas;
    std::vector<std::int64_t> points, cells;
    std::vector<std::vector<std::uint8_t>> shapes;
    for (const auto* place : places) {
        codes.push_back(place->code);
        names.push_back(place->name);
        kinds.emplace_back(word(place->kind.value()));
        areas.push_back(place->area_m2);
        points.push_back(place->points);
        cells.push_back(place->cells);
        shapes.emplace_back(place->shape.begin(), place->shape.end());
    }
    tx.run(kPut, tx.company(), now, codes, names, kinds, areas, points, cells, shapes);
}

void delete_sensitive(pg::Transaction& tx, const std::string& code) {
    tx.run(kDelete, tx.company(), code);
}

}  // namespace mobilytics::regions
