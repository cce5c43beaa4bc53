#pragma once
// How a piece changes what is known of an asset: the piece steps, and what the passing of time
// does. Deterministic, and without an allocation for one sighting.

#include <map>
#include <optional>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "pipeline/measure/lane_state.h"
#include "pipeline/measure/steps.h"

namespace mobilytics::measure {

/// Which facts are no longer as they were told.
struct Marks {
    std::vector<Instant> buckets;  // Each once.
    std::optional<Instant> routes_from;
    std::map<Instant, Route> trips;       // Those that ended, by their beginning.
    Instant trips_from = Instant::min();  // Those that began before it are not told any more.

    void mark(Instant bucket);
    void unmark(Instant bucket);
    void mark_routes(Instant from);
    void end_trip(Route trip);
    /// All was told.
    void clear();
};

class Fold {
  public:
    Fold(LaneState& state, const Venue& venue, const Rules& rules, Marks& marks, Tally& tally)
        : state_(state), venue_(venue), rules_(rules), marks_(marks), tally_(tally) {}

    /// Nothing before `now` will come. Ends the day, closes visits; with `crosses`, `now` lies in
    /// another bucket than what came before.
    void advance(Instant now, bool crosses);
    /// Whether a bucket may still change, while time stands in the bucket `current`.
    bool is_kept(Instant bucket, Instant current) const;
    /// Forgets what only matters to buckets that are not kept any more.
    void forget(Instant current);

    /// Counts the piece as heard, and then runs the piece steps.
    void take(const Piece& piece);
    /// What is told of sightings that wait for their places may change with each fix.
    void mark_waiting();
    /// As if the asset's last fixes were the last ever: for facts that cannot wait for the next.
    void assume_no_more_fixes();

    /// The steps.
    void locate(const Piece& piece);
    void link(const Piece& piece);
    void count(const Piece& piece);
    void route();

  private:
    void begin_day(Instant now);
    void count_ended();
    void expire(Instant now);
    void remember_shown(Instant current);
    void cover(const Piece& piece, HeardBucket& heard);
    void drop(DropReason reason, std::int64_t count = 1);

    bool is_resident(const DeviceKey& device, std::uint32_t slot);
    std::uint32_t begin_visit(const DeviceKey& device, Instant at, std::uint32_t before);
    void close(std::uint32_t slot);
    void remove(std::uint32_t slot);

    void place_waiting(Instant frontier, bool all);
    void place(const Waiting& sighting, bool for_good);
    void retract(std::uint32_t slot);
    std::int64_t take_back(const DeviceKey& device, Instant from);
    void mark_visit(const OpenVisit& visit);

    LaneState& state_;
    const Venue& venue_;
    const Rules& rules_;
    Marks& marks_;
    Tally& tally_;
    const bool counts_ = !venue_.moving && rules_.count_devices;

    std::vector<TrackFix> settled_;  // From locate to route.
    Instant bucket_;                 // Of the piece at hand; between pieces, of the last.
    HeardBucket* heard_ = nullptr;   // What was heard in it.
    std::uint8_t hour_ = 0;
    boost::container::small_vector<const Sighting*, 64> linked_;  // Of the piece, to visits.
};

struct PieceWork {
    Fold& fold;
    const Piece& piece;
};

}  // namespace mobilytics::measure
