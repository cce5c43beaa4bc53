#pragma once
// What the business tells of the faces of assets: what a face was, and when. For store.h.

#include <optional>
#include <string>

#include "foundation/named_ids.h"
#include "foundation/trade_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::store {

BOOST_DEFINE_ENUM_CLASS(FaceSide, front, back, left, right)
BOOST_DEFINE_ENUM_CLASS(FaceLight, none, dusk_to_dawn, always, hours)

/// A face as it was in [from, to). Optional: not known.
struct Face {
    CompanyId company;
    FaceId id;
    AssetId asset;
    Instant from;
    std::optional<Instant> to;  // None: until further notice.
    std::string name;
    FaceSide side = FaceSide::front;
    double width_m = 0, height_m = 0;
    std::optional<double> letter_height_m, viewing_distance_m;
    std::optional<double> heading_deg;     // Of what stands still.
    std::optional<double> road_angle_deg;  // 90 faces the traffic.
    std::optional<double> obstruction;
    std::optional<double> speed_kmh;
    bool speed_measured = false;  // Else it is the limit.
    bool drives_left = false;     // Traffic there.
    FaceLight lit = FaceLight::none;
    std::optional<std::string> lit_from, lit_to;  // "18:00", of `hours`.
    std::optional<double> loop_s, spot_s;         // Of a digital face.
    std::optional<std::int64_t> slots;
    std::optional<std::int64_t> venue_type;  // As it is traded: OpenOOH 1.1.
    friend bool operator==(const Face&, const Face&) = default;
};

}  // namespace mobilytics::store
