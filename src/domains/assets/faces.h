#pragma once
// The surfaces of an asset on which advertising is shown, and the populations that see them. For
// whoever includes assets.h.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/named_ids.h"
#include "foundation/trade_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::assets {

/// Of what stands still, as one who stands before it sees it; of a vehicle, in its direction.
BOOST_DEFINE_ENUM_CLASS(FaceSide, front, back, left, right)
BOOST_DEFINE_ENUM_CLASS(FaceMedium, printed, digital)
BOOST_DEFINE_ENUM_CLASS(FaceLight, none, dusk_to_dawn, always, hours)
BOOST_DEFINE_ENUM_CLASS(SpeedSource, limit, measured)
/// On which side of the road one drives where it is.
BOOST_DEFINE_ENUM_CLASS(TrafficSide, right, left)

/// What of a face decides how it is seen and sold. Optional: not known.
struct FaceTraits {
    std::string name;
    FaceSide side = FaceSide::front;
    FaceMedium medium = FaceMedium::printed;
    double width_m = 0, height_m = 0;
    std::optional<double> center_height_m;     // Above ground.
    std::optional<double> letter_height_m;     // Of its headline.
    std::optional<double> viewing_distance_m;  // The greatest.
    std::optional<double> heading_deg;  // Where it looks, clockwise from north; not of a vehicle.
    std::optional<double> road_angle_deg;  // To the road: 90 faces the traffic, 0 lies along it.
    std::optional<double> obstruction;  // Share of the way along which something stands before it.
    std::optional<double> speed_kmh;    // Of passing traffic.
    std::optional<SpeedSource> speed_source;
    std::optional<TrafficSide> traffic_side;
    FaceLight lit = FaceLight::none;
    std::optional<std::string> lit_from, lit_to;  // "18:00", by the asset's zone; of `hours`.
    std::optional<double> loop_s, spot_s;         // Of a digital face.
    std::optional<std::int64_t> slots;            // In its loop.
    std::optional<std::int64_t> venue_type;       // OpenOOH 1.2.
    friend bool operator==(const FaceTraits&, const FaceTraits&) = default;
};

struct NewFace : FaceTraits {
    std::optional<Instant> from;  // None: from now on; of the first: for all time.
};

/// A face as it was in [from, to).
struct Face : FaceTraits {
    FaceId id;
    AssetId asset_id;
    Instant from;
    std::optional<Instant> to;  // None: until further notice. Of the last: it is retired.
};
struct Faces {
    std::vector<Face> items;
};

/// Of a company: a population in persons, and one part of it that campaigns aim at.
struct NewMarket {
    std::string name;
    std::int64_t population = 0;
    std::string source;
    std::int64_t year = 0;
    std::optional<std::string> target_name;
    std::optional<std::int64_t> target_population;
    std::optional<double>
        target_share;  // Of the impressions, that are in the target; of elsewhere.
};
struct Market : NewMarket {
    MarketId id;
};
struct Markets {
    std::vector<Market> items;
};

struct VenueName {
    std::int64_t code = 0;
    std::string name;
};
struct VenueNames {
    std::vector<VenueName> items;
};

/// Published as `assets.face_changed.v1` whenever a face is added, changes or is retired: ask
/// Assets::versions_of().
struct FaceChanged {
    static constexpr std::string_view kName = "assets.face_changed.v1";
    CompanyId company;
    FaceId face;

    boost::json::value to_json() const;
    static FaceChanged from_json(const boost::json::value& json);
};

}  // namespace mobilytics::assets
