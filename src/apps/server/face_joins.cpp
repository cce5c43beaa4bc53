#include "apps/server/face_joins.h"

#include "domains/assets/venue_types.h"

namespace mobilytics::server {

namespace {

store::FaceSide side_of(assets::FaceSide side) {
    switch (side) {
        case assets::FaceSide::front: return store::FaceSide::front;
        case assets::FaceSide::back: return store::FaceSide::back;
        case assets::FaceSide::left: return store::FaceSide::left;
        case assets::FaceSide::right: return store::FaceSide::right;
    }
    VERIFY(false);
    return {};
}

store::FaceLight light_of(assets::FaceLight light) {
    switch (light) {
        case assets::FaceLight::none: return store::FaceLight::none;
        case assets::FaceLight::dusk_to_dawn: return store::FaceLight::dusk_to_dawn;
        case assets::FaceLight::always: return store::FaceLight::always;
        case assets::FaceLight::hours: return store::FaceLight::hours;
    }
    VERIFY(false);
    return {};
}

/// As it is traded; none where nothing is said.
std::optional<std::int64_t> traded(std::optional<std::int64_t> code) {
    const auto type = code ? assets::venue_type(*code) : std::nullopt;
    return type && type->code_1_1 != 0 ? std::optional(type->code_1_1) : std::nullopt;
}

}  // namespace

std::vector<store::Face> faces_of(CompanyId company, const std::vector<assets::Face>& versions) {
    std::vector<store::Face> out;
    for (const auto& face : versions) {
        out.push_back({
            .company = company,
            .id = face.id,
            .asset = face.asset_id,
            .from = face.from,
            .to = face.to,
            .name = face.name,
            .side = side_of(face.side),
            .width_m = face.width_m,
            .height_m = face.height_m,
            .letter_height_m = face.letter_height_m,
            .viewing_distance_m = face.viewing_distance_m,
            .heading_deg = face.heading_deg,
            .road_angle_deg = face.road_angle_deg,
            .obstruction = face.obstruction,
            .speed_kmh = face.speed_kmh,
            .speed_measured = face.speed_source == assets::SpeedSource::measured,
            .drives_left = face.traffic_side == assets::TrafficSide::left,
            .lit = light_of(face.lit),
            .lit_from = face.lit_from,
            .lit_to = face.lit_to,
            .loop_s = face.loop_s,
            .spot_s = face.spot_s,
            .slots = face.slots,
            .venue_type = traded(face.venue_type),
        });
    }
    return out;
}

void join_faces(events::Relay& relay, assets::Assets& assets, store::Store& store) {
    relay.subscribe<assets::FaceChanged>("store_faces", [&assets, &store](const auto& told) {
        store.learn(faces_of(told.company, assets.versions_of(told.company, told.face)));
    });
}

report::Business business_of(assets::Assets& assets, plays::Plays& plays) {
    report::Business out;
    out.market = [&assets](CompanyId company, MarketId id) -> Result<report::Population> {
        TRY(const auto market, assets.find_market({company, Role::viewer}, id));
        report::Population population;
        population.persons = static_cast<double>(market.population);
        if (market.target_population) {
            population.target_persons = static_cast<double>(*market.target_population);
        }
        population.target_share = market.target_share;
        return population;
    };
    out.plays = [&plays](CompanyId company, FaceId face, std::span<const Instant> slots) {
        auto logged = plays.logged(company, face, slots);
        report::LoggedPlays known;
        known.imported_at = logged.imported;
        for (const auto& one : logged.covered) known.covered.push_back({one.from, one.to});
        for (auto& one : logged.plays) {
            known.plays.push_back({one.slot, std::move(one.creative), one.plays, one.airtime_s});
        }
        return known;
    };
    return out;
}

}  // namespace mobilytics::server
