// An asset's faces: what happens. Each operation is one transaction, which holds the asset.

#include <utility>

#include "domains/assets/asset_store.h"
#include "domains/assets/assets.h"
#include "domains/assets/face_rules.h"
#include "domains/assets/face_store.h"
#include "domains/assets/venue_types.h"
#include "platform/audit/audit.h"
#include "platform/events/events.h"

namespace mobilytics::assets {

namespace {

constexpr std::size_t kFacesMax = 24;       // Of an asset: a tower of three sides has as many.
constexpr std::size_t kVersionsMax = 1000;  // Of a face.

template <class T>
void put(boost::json::object& out, const char* name, const std::optional<T>& value) {
    if (value) out[name] = *value;
}
template <WordEnum T>
void put(boost::json::object& out, const char* name, const std::optional<T>& value) {
    if (value) out[name] = word(*value);
}

/// For the audit trail.
boost::json::object json_of(const Face& face) {
    boost::json::object out{
        {"name", face.name},
        {"side", word(face.side)},
        {"medium", word(face.medium)},
        {"width_m", face.width_m},
        {"height_m", face.height_m},
        {"lit", word(face.lit)},
        {"from", to_iso8601(face.from)}};
    if (face.to) out["to"] = to_iso8601(*face.to);
    put(out, "center_height_m", face.center_height_m);
    put(out, "letter_height_m", face.letter_height_m);
    put(out, "viewing_distance_m", face.viewing_distance_m);
    put(out, "heading_deg", face.heading_deg);
    put(out, "road_angle_deg", face.road_angle_deg);
    put(out, "obstruction", face.obstruction);
    put(out, "speed_kmh", face.speed_kmh);
    put(out, "speed_source", face.speed_source);
    put(out, "traffic_side", face.traffic_side);
    put(out, "lit_from", face.lit_from);
    put(out, "lit_to", face.lit_to);
    put(out, "loop_s", face.loop_s);
    put(out, "spot_s", face.spot_s);
    put(out, "slots", face.slots);
    put(out, "venue_type", face.venue_type);
    return out;
}

struct Done {
    const char* action;
    const Caller& by;
    Instant at;
    const Asset& asset;
};
void tell(pg::Transaction& tx, const Done& done, const Face* before, const Face& after) {
    events::publish(tx, FaceChanged{tx.company(), after.id});
    audit::append(
        tx, done.at,
        {.action = done.action,
         .actor = audit::actor_of(done.by),
         .targets =
             {{"face", after.id.str(), after.name},
              {"asset", done.asset.id.str(), done.asset.name}},
         .before = before != nullptr ? boost::json::value(json_of(*before)) : boost::json::value(),
         .after = json_of(after)});
}

tl::unexpected<Error> no_such_face(FaceId id) {
    return fail(ErrorKind::not_found, "no_such_face", id.str());
}

/// A face's versions and its asset, which nobody else changes until the transaction ends.
struct Held {
    Asset asset;
    std::vector<Face> versions;
};
Result<Held> hold(pg::Transaction& tx, FaceId id) {
    const auto seen = select_versions(tx, id);
    if (seen.empty()) return no_such_face(id);
    auto asset = select(tx, seen.back().asset_id, Lock::for_update);
    VERIFY(asset);
    return Held{*std::move(asset), select_versions(tx, id)};
}

}  // namespace

Result<Face> Assets::add_face(const Caller& caller, AssetId id, NewFace wanted) {
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    const auto asset = select(tx, id, Lock::for_update);
    if (!asset) return fail(ErrorKind::not_found, "no_such_asset", id.str());
    if (asset->state == AssetState::retired) {
        return fail(ErrorKind::conflict, "asset_retired", "a retired asset gets no face");
    }
    CHECK(check(wanted, asset->kind));
    if (select_faces(tx, id).size() >= kFacesMax) {
        return fail(ErrorKind::conflict, "too_many_faces", "an asset has 24 faces at most");
    }
    Face face;
    face.id = FaceId::fresh(now);
    face.asset_id = id;
    // What was heard before it was written down counts too.
    face.from = wanted.from.value_or(Instant{});
    static_cast<FaceTraits&>(face) = std::move(wanted);
    upsert(tx, face);
    tell(tx, {"assets.face_added", caller, now, *asset}, nullptr, face);
    tx.commit();
    return face;
}

Result<Face> Assets::find_face(const Caller& caller, FaceId id) {
    auto tx = pool_.begin(caller.company);
    auto versions = select_versions(tx, id);
    if (versions.empty()) return no_such_face(id);
    return std::move(versions.back());
}

Result<Faces> Assets::list_faces(const Caller& caller, AssetId id) {
    auto tx = pool_.begin(caller.company);
    if (!select(tx, id, Lock::none)) {
        return fail(ErrorKind::not_found, "no_such_asset", id.str());
    }
    return Faces{select_faces(tx, id)};
}

Result<Faces> Assets::list_face_versions(const Caller& caller, FaceId id) {
    auto tx = pool_.begin(caller.company);
    auto versions = select_versions(tx, id);
    if (versions.empty()) return no_such_face(id);
    return Faces{{versions.rbegin(), versions.rend()}};
}

Result<Face> Assets::change_face(const Caller& caller, FaceId id, const NewFace& wanted) {
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    TRY(const auto held, hold(tx, id));
    CHECK(check(wanted, held.asset.kind));
    TRY(const auto after, changed(held.versions, wanted, now));
    if (after.size() == held.versions.size()) return after.back();
    if (after.size() > kVersionsMax) {
        return fail(
            ErrorKind::conflict, "too_many_versions",
            "this face has changed a thousand times: retire it, and add another");
    }
    upsert(tx, after[after.size() - 2]);
    upsert(tx, after.back());
    tell(tx, {"assets.face_changed", caller, now, held.asset}, &held.versions.back(), after.back());
    tx.commit();
    return after.back();
}

Result<Face> Assets::retire_face(const Caller& caller, FaceId id) {
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    TRY(const auto held, hold(tx, id));
    TRY(auto after, retired(held.versions.back(), now));
    upsert(tx, after);
    tell(tx, {"assets.face_retired", caller, now, held.asset}, &held.versions.back(), after);
    tx.commit();
    return after;
}

std::vector<Face> Assets::versions_of(CompanyId company, FaceId id) {
    auto tx = pool_.begin(company);
    return select_versions(tx, id);
}

Result<VenueNames> Assets::list_venue_types(const Caller&) {
    VenueNames out;
    for (const auto& type : venue_types()) out.items.push_back({type.code, std::string(type.name)});
    return out;
}

}  // namespace mobilytics::assets
