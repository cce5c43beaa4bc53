#include "pipeline/store/duckdb/face_table.h"

#include <algorithm>

namespace mobilytics::store {

namespace {

#define MOB_FACE_COLUMNS                                                                     \
    "company_id, face_id, asset_id, valid_from, valid_to, name, side, width_m, height_m, "   \
    "letter_height_m, viewing_distance_m, heading_deg, road_angle_deg, obstruction, "        \
    "speed_kmh, speed_measured, drives_left, lit, lit_from, lit_to, loop_s, spot_s, slots, " \
    "venue_type "

constexpr duckdb::Query kFaces{
    "store.faces",
    "SELECT " MOB_FACE_COLUMNS "FROM face WHERE company_id = $1 ORDER BY face_id, valid_from"};
constexpr duckdb::Query kFace{
    "store.face", "SELECT " MOB_FACE_COLUMNS
                  "FROM face WHERE company_id = $1 AND face_id = $2 ORDER BY valid_from"};
constexpr duckdb::Query kDeleteFace{"store.delete_face", R"sql(
    DELETE FROM face WHERE company_id = $1 AND face_id = $2
)sql"};
constexpr duckdb::Query kInsertFace{
    "store.insert_face", "INSERT INTO face (" MOB_FACE_COLUMNS
                         ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
                         " $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)"};

Face face_of(duckdb::Row row) {
    Face out;
    out.company = row.get<CompanyId>(0);
    out.id = row.get<FaceId>(1);
    out.asset = row.get<AssetId>(2);
    out.from = row.get<Instant>(3);
    out.to = row.optional<Instant>(4);
    out.name = row.get<std::string>(5);
    out.side = *from_word<FaceSide>(row.get<std::string>(6));  // We wrote it.
    out.width_m = row.get<double>(7);
    out.height_m = row.get<double>(8);
    out.letter_height_m = row.optional<double>(9);
    out.viewing_distance_m = row.optional<double>(10);
    out.heading_deg = row.optional<double>(11);
    out.road_angle_deg = row.optional<double>(12);
    out.obstruction = row.optional<double>(13);
    out.speed_kmh = row.optional<double>(14);
    out.speed_measured = row.get<bool>(15);
    out.drives_left = row.get<bool>(16);
    out.lit = *from_word<FaceLight>(row.get<std::string>(17));
    out.lit_from = row.optional<std::string>(18);
    out.lit_to = row.optional<std::string>(19);
    out.loop_s = row.optional<double>(20);
    out.spot_s = row.optional<double>(21);
    out.slots = row.optional<std::int64_t>(22);
    out.venue_type = row.optional<std::int64_t>(23);
    return out;
}

}  // namespace

bool write(duckdb::Connection& connection, std::span<const Face> versions) {
    if (versions.empty()) return false;
    const auto company = versions.front().company;
    const auto id = versions.front().id;
    const auto known = connection.run(kFace, company, id).all(face_of);
    if (std::ranges::equal(known, versions)) return false;
    connection.run(kDeleteFace, company, id);
    for (const auto& face : versions) {
        VERIFY(face.company == company && face.id == id);
        connection.run(
            kInsertFace, company, id, face.asset, face.from, face.to, face.name, face.side,
            face.width_m, face.height_m, face.letter_height_m, face.viewing_distance_m,
            face.heading_deg, face.road_angle_deg, face.obstruction, face.speed_kmh,
            face.speed_measured, face.drives_left, face.lit, face.lit_from, face.lit_to,
            face.loop_s, face.spot_s, face.slots, face.venue_type);
    }
    return true;
}

std::vector<Face> read_faces(duckdb::Connection& connection, CompanyId company) {
    return connection.run(kFaces, company).all(face_of);
}

}  // namespace mobilytics::store
