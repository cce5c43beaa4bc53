#pragma once
// What is known of one asset at a moment of its own time. It is a fold over its pieces in their
// order, and nothing else: the same pieces give the same state.

#include <bit>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/measure/crowd.h"
#include "pipeline/measure/open_visits.h"
#include "pipeline/measure/piece.h"
#include "pipeline/measure/track.h"
#include "pipeline/measure/trip.h"
#include "pipeline/measure/venue_day.h"

namespace mobilytics::measure {

struct DeviceHash {
    std::size_t operator()(const DeviceKey& device) const {
        return (device.pseudonym ^ device.epoch) * 0x9E3779B97F4A7C15U;
    }
};
template <class Value>
using DeviceMap = boost::unordered_flat_map<DeviceKey, Value, DeviceHash>;

/// A sighting that waits for the fixes around it.
struct Waiting {
    Instant at;
    std::uint32_t slot = 0;
    friend bool operator==(const Waiting&, const Waiting&) = default;
};

/// Where the asset was while a visit lasted. Only of moving assets.
struct Travel {
    struct CellCount {
        Cell cell = kNoCell;
        std::uint32_t sightings = 0;
        friend bool operator==(const CellCount&, const CellCount&) = default;
    };
    /// A co-traveller is found out before it sees more cells.
    static constexpr std::size_t kCells = 8;

    bool placed = false;
    std::uint32_t before = OpenVisits::kNone;  // The slot of the visit whose run it goes on with.
    Place run;                                 // Where its device was first heard without a gap.
    Place first, last;                         // Of the visit.
    std::array<CellCount, kCells> cells{};
    friend bool operator==(const Travel&, const Travel&) = default;
};

/// How a long visit is shown until the next quarter of an hour: else its first bucket, long
/// settled, would change with each sighting.
struct Shown {
    Instant last;
    std::uint32_t sightings = 0;
    std::int8_t strongest_dbm = 0;
    Motion motion = Motion::unknown;
    Cell cell = kNoCell;
    friend bool operator==(const Shown&, const Shown&) = default;
};

struct HeardBucket {
    Instant start;
    Coverage coverage;
    std::optional<Counted> counted;  // Of a fixed asset, once it is over.
    friend bool operator==(const HeardBucket&, const HeardBucket&) = default;
};

/// A stay of which there was one burst only may be found out so much later: by twice its silence,
/// and half of one that was missed. Until then its buckets are kept.
inline constexpr auto kCountedAgain = 2 * kBucket;

using Visits = std::vector<Visit>;

struct LaneState {
    bool begun = false;
    PieceKey frontier;      // Of the last piece taken.
    Instant heard_until;    // By the windows taken; occupancy is known up to here.
    Instant covered_until;  // The end of the windows, for their union.
    VenueDay day;
    std::uint32_t hours_heard = 0;  // Of the day, a bit each.

    OpenVisits visits;
    std::map<std::uint32_t, Shown> shown;  // By slot.
    DeviceMap<std::uint32_t> hours;        // Of the day, in which a maker's address was heard.

    // Of moving assets.
    std::vector<Travel> travels;  // By slot.
    DeviceMap<bool> companions;   // Of the day.
    std::deque<Waiting> waiting;
    Track track;
    Trip trip;

    Crowds crowds;  // Of fixed assets: of the day.

    // Of the buckets that may still change: see Fold::cross_into.
    std::vector<std::shared_ptr<const Visits>> sealed;  // Shared with snapshots.
    Visits closed;                                      // Since the last of those.
    std::vector<HeardBucket> heard;                     // Ascending.

    HeardBucket* find_heard(Instant bucket);
    /// Of equal meaning, but cheap to copy.
    void seal();
};

/// What an asset is, to a lane.
struct Venue {
    CompanyId company;
    AssetId asset;
    bool moving = false;
    Cell cell = kNoCell;  // Of a fixed one.
    std::string time_zone = "UTC";
    friend bool operator==(const Venue&, const Venue&) = default;
};

/// The visit in `slot` as it stands.
Visit visit_at(const LaneState& state, const Venue& venue, const Rules& rules, std::uint32_t slot);
Zone zone_of(int strongest_dbm, const Rules& rules);

}  // namespace mobilytics::measure
