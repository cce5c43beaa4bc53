#include "domains/assets/face_rules.h"

#include <algorithm>
#include <cmath>

#include "domains/assets/venue_types.h"
#include "foundation/zone.h"

namespace mobilytics::assets {

namespace {

constexpr double kSideMostM = 200, kFarthestM = 5000, kFastestKmh = 200;
constexpr double kLoopMostS = 3600;
constexpr double kRoundingS = 1e-6;
constexpr std::int64_t kFirstYear = 1900;

/// Collects what is wrong, field by field.
class Look {
  public:
    void see(bool good, const char* field, std::string detail) {
        if (!good) faults_.push_back({std::string("/") + field, std::move(detail)});
    }
    void within(const std::optional<double>& number, const char* field, double most) {
        see(!number || (std::isfinite(*number) && *number > 0 && *number <= most), field,
            "is to be above 0 and at most " + std::to_string(std::lround(most)));
    }
    void share(const std::optional<double>& number, const char* field) {
        see(!number || (*number >= 0 && *number <= 1), field, "is to be from 0 to 1");
    }
    Result<> finish(const char* code, const char* what) {
        if (faults_.empty()) return {};
        return tl::unexpected(Error{ErrorKind::invalid, code, what, std::move(faults_)});
    }

  private:
    std::vector<Fault> faults_;
};

/// "18:00".
bool is_time(const std::string& text) {
    const auto digit = [&](std::size_t at, char most) {
        return text[at] >= '0' && text[at] <= most;
    };
    return text.size() == 5 && text[2] == ':' && digit(0, '2') && digit(1, '9') && digit(3, '5') &&
           digit(4, '9') && text < "24";
}

void look_at_light(Look& look, const FaceTraits& face) {
    const bool by_hours = face.lit == FaceLight::hours;
    const auto time = [&](const std::optional<std::string>& text, const char* field) {
        if (!by_hours) {
            look.see(!text, field, "is only of a face that is lit by hours");
        } else {
            look.see(text && is_time(*text), field, "is to be a time of day, like 18:00");
        }
    };
    time(face.lit_from, "lit_from");
    time(face.lit_to, "lit_to");
    look.see(
        !by_hours || face.lit_from != face.lit_to, "lit_to",
        "is to be another time than lit_from; a face that is lit all day is lit always");
}

void look_at_loop(Look& look, const FaceTraits& face) {
    if (face.medium == FaceMedium::printed) {
        look.see(!face.loop_s, "loop_s", "is only of a digital face");
        look.see(!face.spot_s, "spot_s", "is only of a digital face");
        look.see(!face.slots, "slots", "is only of a digital face");
        return;
    }
    look.see(face.loop_s.has_value(), "loop_s", "is missing: a digital face has a loop");
    look.see(face.spot_s.has_value(), "spot_s", "is missing: a digital face has spots");
    look.see(face.slots.has_value(), "slots", "is missing: how many spots its loop has");
    look.within(face.loop_s, "loop_s", kLoopMostS);
    look.within(face.spot_s, "spot_s", kLoopMostS);
    if (face.loop_s && face.spot_s && face.slots) {
        look.see(
            static_cast<double>(*face.slots) * *face.spot_s <= *face.loop_s + kRoundingS, "loop_s",
            "is shorter than its slots together");
    }
}

}  // namespace

Result<> check(const FaceTraits& face, AssetKind kind) {
    Look look;
    look.within(face.width_m, "width_m", kSideMostM);
    look.within(face.height_m, "height_m", kSideMostM);
    look.within(face.center_height_m, "center_height_m", kFarthestM);
    look.within(face.letter_height_m, "letter_height_m", kSideMostM);
    look.see(
        !face.letter_height_m || *face.letter_height_m <= face.height_m, "letter_height_m",
        "is more than the face's height");
    look.within(face.viewing_distance_m, "viewing_distance_m", kFarthestM);
    if (kind == AssetKind::vehicle) {
        look.see(!face.heading_deg, "heading_deg", "is the vehicle's own: leave it out");
        look.see(!face.road_angle_deg, "road_angle_deg", "is of what stands still: leave it out");
        look.see(!face.speed_kmh, "speed_kmh", "is of what stands still: leave it out");
    }
    look.see(
        !face.heading_deg || (*face.heading_deg >= 0 && *face.heading_deg < 360), "heading_deg",
        "is to be from 0 to below 360");
    look.see(
        !face.road_angle_deg || (*face.road_angle_deg >= 0 && *face.road_angle_deg <= 90),
        "road_angle_deg", "is to be from 0 to 90");
    look.share(face.obstruction, "obstruction");
    look.within(face.speed_kmh, "speed_kmh", kFastestKmh);
    look.see(
        face.speed_kmh.has_value() == face.speed_source.has_value(), "speed_source",
        "goes with speed_kmh: give both, or neither");
    look_at_light(look, face);
    look_at_loop(look, face);
    look.see(
        !face.venue_type || venue_type(*face.venue_type), "venue_type",
        "is no code of OpenOOH's venue taxonomy 1.2; GET /api/v1/venue-types has them");
    return look.finish("bad_face", "a face cannot be so");
}

Result<std::vector<Face>> changed(std::vector<Face> versions, const NewFace& wanted, Instant now) {
    VERIFY(!versions.empty());
    auto& last = versions.back();
    if (last.to) return fail(ErrorKind::conflict, "face_retired", "a retired face stays as it was");
    if (static_cast<const FaceTraits&>(last) == static_cast<const FaceTraits&>(wanted)) {
        return versions;
    }
    const auto from = wanted.from.value_or(std::max(now, last.from + std::chrono::microseconds(1)));
    if (from <= last.from) {
        return fail(
            ErrorKind::conflict, "changed_later",
            "this face has been as it is since " + to_iso8601(last.from) + ", later than this");
    }
    last.to = from;
    Face next = last;
    static_cast<FaceTraits&>(next) = wanted;
    next.from = from;
    next.to = std::nullopt;
    versions.push_back(std::move(next));
    return versions;
}

Result<Face> retired(Face last, Instant now) {
    if (last.to) return fail(ErrorKind::conflict, "face_retired", "this face is retired already");
    last.to = std::max(now, last.from + std::chrono::microseconds(1));
    return last;
}

Result<> check(const NewMarket& market, Instant now) {
    Look look;
    look.see(market.population > 0, "population", "is to be above 0");
    const auto this_year = static_cast<int>(local_day(now, "UTC").date.year());
    look.see(
        market.year >= kFirstYear && market.year <= this_year, "year",
        "is to be the year of its source, " + std::to_string(kFirstYear) + " to " +
            std::to_string(this_year));
    const bool any = market.target_name || market.target_population || market.target_share;
    if (any) {
        look.see(market.target_name.has_value(), "target_name", "goes with a target: name it");
        look.see(
            market.target_population.has_value(), "target_population",
            "goes with a target: give it");
        look.see(market.target_share.has_value(), "target_share", "goes with a target: give it");
    }
    look.see(
        !market.target_population ||
            (*market.target_population > 0 && *market.target_population <= market.population),
        "target_population", "is to be above 0 and at most the population");
    look.share(market.target_share, "target_share");
    return look.finish("bad_market", "a market cannot be so");
}

}  // namespace mobilytics::assets
