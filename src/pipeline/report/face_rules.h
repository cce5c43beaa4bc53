#pragma once
// How a face is seen, and what visits to its asset are to it: pure functions.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/report/face_answers.h"
#include "pipeline/report/metrics/impressions.h"
#include "pipeline/report/metrics/moving.h"

namespace mobilytics::report {

/// invalid `bad_query`, with every fault.
Result<> check(const FaceQuery& query, store::Period period);

/// The whole hours of a period in which a face was there: n + 1 instants. An hour counts as the
/// face was when it began.
std::vector<Instant> face_slots(
    store::Period period, const std::string& zone, std::span<const store::Face> versions);
/// The version that was there then; null before the first and after the last.
const store::Face* version_at(std::span<const store::Face> versions, Instant when);

/// The greatest distance from which a face is seen: as it was given; else of its letters, else
/// where its shorter side looks a degree high.
struct ViewingDistance {
    double distance_m = 0;
    InputSource source = InputSource::given;
};
ViewingDistance viewing_distance(const store::Face& face);

/// How a face is seen, but for its light, which is the hour's.
struct FaceView {
    metrics::Face face;
    metrics::Sight sight;
    std::vector<FaceFactor> factors;  // In the order of the factors, without values.
    std::vector<std::string> missing;
};
FaceView view_of(const store::Face& face);
/// The same of a vehicle's: its own speed, and the middle of the sector in which a side is seen.
FaceView view_of_moving(const store::Face& face, double vehicle_m_s);

/// Shares of a slot of time.
struct Light {
    double bright = 1;
    double lit = 0;  // Dark, and the face is lit.
};
/// None where it has to be known where the face is, and is not.
std::optional<Light> light_of(
    const store::Face& face, const std::optional<metrics::Spot>& where, store::Period slot,
    const std::string& zone);

/// Visits of a second and more: of those under 5 s a fifth is taken to be under 1 s, as if they
/// lay evenly; the bounds are none of them, and all.
struct Opportunities {
    double visits = 0;
    metrics::Bounds bounds;
    double dwell_s = 0;  // Of these, together.
};
Opportunities opportunities_of(const store::Figures& figures);

/// Different devices that had an opportunity: as large a part of all as opportunities are of
/// visits. None where nobody came.
std::optional<double> exposed_devices(const store::Figures& figures);

/// How long a device is silent between two sightings, on average; none of none.
std::optional<double> mean_gap_s(const store::Figures& figures);

/// Contacts of these visits with a spot that plays all the time: sum of d + s - 2m, in seconds.
double overlap_s(const Opportunities& opportunities, double spot_s);

metrics::Side side_of(const store::Face& face);
/// What is shown of a value: rounded once, here.
FaceFigure shown_figure(const metrics::Value& value);

}  // namespace mobilytics::report
