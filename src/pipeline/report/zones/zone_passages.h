#pragma once
// When moving assets were in zones, of their trips: pure functions. Between two points of a path an
// asset goes straight and evenly, so that borders are crossed at an interpolated moment. Where a
// trip begins or ends within a zone, nobody saw it come or go, and it is said.

#include <span>
#include <vector>

#include "pipeline/store/store.h"

namespace mobilytics::report::zones {

/// One stay of an asset in a zone, within one trip or trips that follow at once.
struct Passage {
    AssetId asset;
    std::uint32_t zone = 0;
    Instant from, to;
    bool entry_seen = false, exit_seen = false;  // Whether it crossed the border then.
    double distance_m = 0;
    std::int64_t stops = 0;
    std::chrono::microseconds stopped{0};
    friend bool operator==(const Passage&, const Passage&) = default;
};

struct Question {
    store::Period period;
    std::chrono::microseconds stop_min = std::chrono::minutes(3);
};

/// Slower than this it stands.
inline constexpr double kStopBelowMS = 1.5;
/// Trips of one asset with no more than this between them are one: they were cut at midnight.
inline constexpr std::chrono::microseconds kTripGapMax = std::chrono::minutes(5);

/// All that lie in the period, cut at its ends; by asset, then by when they began. `trips` are in
/// the order of their beginning.
std::vector<Passage> passages(
    std::span<const store::Trip> trips, const geojson::ShapeIndex& zones, const Question& question);

/// Of the passages of an asset in one zone that follow each other: the time between one whose end
/// nobody saw and the next whose beginning nobody saw. It may have stayed, or not.
std::chrono::microseconds unseen_between(const Passage& before, const Passage& after);

/// The zone of a place: of several, the smallest. None: outside of all.
std::optional<std::uint32_t> zone_at(
    const store::RegionIndex& zones, const measure::PathPoint& point);

}  // namespace mobilytics::report::zones
