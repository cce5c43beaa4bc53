#include "domains/assets/face_store.h"

namespace mobilytics::assets {

namespace {

#define MOB_FACE_COLUMNS                                                                     \
    "id, asset_id, from_at, to_at, name, side, medium, width_m, height_m, center_height_m, " \
    "letter_height_m, viewing_distance_m, heading_deg, road_angle_deg, obstruction, "        \
    "speed_kmh, speed_source, traffic_side, lit, lit_from, lit_to, loop_s, spot_s, slots, "  \
    "venue_type"

constexpr pg::Query kSelectFaces{
    "assets.select_faces",
    "SELECT " MOB_FACE_COLUMNS " FROM (SELECT DISTINCT ON (id) " MOB_FACE_COLUMNS
    " FROM assets.face WHERE company_id = $1 AND asset_id = $2"
    " ORDER BY id, from_at DESC) AS last ORDER BY id"};

constexpr pg::Query kSelectVersions{
    "assets.select_versions",
    "SELECT " MOB_FACE_COLUMNS
    " FROM assets.face WHERE company_id = $1 AND id = $2 ORDER BY from_at"};

constexpr pg::Query kUpsertFace{
    "assets.upsert_face", "INSERT INTO assets.face (company_id, " MOB_FACE_COLUMNS
                          ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
                          " $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)"
                          " ON CONFLICT (company_id, id, from_at)"
                          " DO UPDATE SET to_at = excluded.to_at"};

Face face_from(const pg::Row& row) {
    Face out;
    out.id = row.get<FaceId>("id");
    out.asset_id = row.get<AssetId>("asset_id");
    out.from = row.get<Instant>("from_at");
    out.to = row.optional<Instant>("to_at");
    out.name = row.get<std::string>("name");
    out.side = row.get<FaceSide>("side");
    out.medium = row.get<FaceMedium>("medium");
    out.width_m = row.get<double>("width_m");
    out.height_m = row.get<double>("height_m");
    out.center_height_m = row.optional<double>("center_height_m");
    out.letter_height_m = row.optional<double>("letter_height_m");
    out.viewing_distance_m = row.optional<double>("viewing_distance_m");
    out.heading_deg = row.optional<double>("heading_deg");
    out.road_angle_deg = row.optional<double>("road_angle_deg");
    out.obstruction = row.optional<double>("obstruction");
    out.speed_kmh = row.optional<double>("speed_kmh");
    out.speed_source = row.optional<SpeedSource>("speed_source");
    out.traffic_side = row.optional<TrafficSide>("traffic_side");
    out.lit = row.get<FaceLight>("lit");
    out.lit_from = row.optional<std::string>("lit_from");
    out.lit_to = row.optional<std::string>("lit_to");
    out.loop_s = row.optional<double>("loop_s");
    out.spot_s = row.optional<double>("spot_s");
    out.slots = row.optional<std::int64_t>("slots");
    out.venue_type = row.optional<std::int64_t>("venue_type");
    return out;
}

}  // namespace

std::vector<Face> select_faces(pg::Transaction& tx, AssetId asset) {
    return tx.run(kSelectFaces, tx.company(), asset).all(face_from);
}

std::vector<Face> select_versions(pg::Transaction& tx, FaceId id) {
    return tx.run(kSelectVersions, tx.company(), id).all(face_from);
}

void upsert(pg::Transaction& tx, const Face& face) {
    tx.run(
        kUpsertFace, tx.company(), face.id, face.asset_id, face.from, face.to, face.name, face.side,
        face.medium, face.width_m, face.height_m, face.center_height_m, face.letter_height_m,
        face.viewing_distance_m, face.heading_deg, face.road_angle_deg, face.obstruction,
        face.speed_kmh, face.speed_source, face.traffic_side, face.lit, face.lit_from, face.lit_to,
        face.loop_s, face.spot_s, face.slots, face.venue_type);
}

}  // namespace mobilytics::assets
