#pragma once
// What measure makes of reports: the facts that the store keeps. Plain values.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"
#include "pipeline/ingest/ingest.h"
#include "pipeline/measure/counted.h"
#include "pipeline/measure/reach_sketch.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::measure {

inline constexpr std::chrono::minutes kBucket{15};

/// A web-map quadkey at zoom 17 as a number: two bits a zoom step, the first step highest (so a
/// coarser cell is a prefix: cell >> 2 * (17 - zoom)). kNoCell where the position is not known.
using Cell = std::uint64_t;
inline constexpr int kCellZoom = 17;
inline constexpr Cell kNoCell = ~Cell{0};

/// How the asset moved meanwhile. A billboard is fixed; a vehicle under 1.5 m/s is parked.
BOOST_DEFINE_ENUM_CLASS(Motion, fixed, parked, driving, unknown)
/// By the strongest sighting, with hysteresis: near >= -60 dBm, mid, far < -75 dBm.
BOOST_DEFINE_ENUM_CLASS(Zone, near, mid, far)

/// Upper bounds, in seconds, of the dwell bins; the first bin holds the visits of one sighting,
/// whose dwell is below what can be resolved; the last is open: single, <5, 5-15, 15-30, 30-60,
/// 60-300, 300-900, >=900. Source: reference formulas of the field, measurement definitions in
/// docs/metrics.md.
inline constexpr std::array<int, 6> kDwellBoundsS{5, 15, 30, 60, 300, 900};
inline constexpr std::size_t kDwellBins = 8;

/// One device's stay in one asset's zone. Kept at most 24 h.
struct Visit {
    wire::RadioKind source = wire::RadioKind::wifi;
    std::uint64_t epoch = 0;  // The salt epoch's first 8 bytes, big endian.
    std::uint64_t pseudonym = 0;
    wire::AddressClass address_class = wire::AddressClass::global;
    Instant first, last;  // Dwell is last - first; nothing of it for a single sighting.
    std::uint32_t sightings = 0;
    std::int8_t strongest_dbm = 0;
    Zone zone = Zone::far;
    Motion motion = Motion::unknown;  // Of most of its time.
    Cell cell = kNoCell;              // Where most of its sightings were.
    bool open = false;                // May still go on: the gap that ends it has not passed.
    friend bool operator==(const Visit&, const Visit&) = default;
};

/// company × asset × 15 min × source × motion × cell.
struct Exposure {
    wire::RadioKind source = wire::RadioKind::wifi;
    Motion motion = Motion::unknown;
    Cell cell = kNoCell;
    std::int64_t visits_begun = 0;  // A visit counts where it began.
    std::int64_t visits_ended = 0;
    std::int64_t occupancy_min = 0;  // Devices present at a moment, over the bucket.
    std::int64_t occupancy_max = 0;
    /// Device-microseconds inside the bucket; / 15 min = mean occupancy.
    std::int64_t presence_us = 0;
    std::int64_t sightings = 0;                         // Of the visits begun here.
    std::array<std::int64_t, kDwellBins> dwell_bins{};  // Of the visits begun here.
    std::int64_t dwell_us = 0;                          // Observed, of the visits begun here.
    ReachSketch reach;                                  // Of the devices present.
    std::int64_t visits_carried = 0;  // Begun before, and still there: with those begun, all.
    friend bool operator==(const Exposure&, const Exposure&) = default;
};

/// Why a sighting or a visit does not count. Closed.
BOOST_DEFINE_ENUM_CLASS(
    DropReason, group_address, weak_signal, no_signal, infrastructure, resident, co_traveller,
    not_a_phone, unattached, time_uncertain, time_implausible, lane_full)
inline constexpr std::size_t kDropReasons = 11;

/// How much of a bucket was heard at all, and what was left out of it.
struct Coverage {
    std::int64_t covered_us = 0;  // Of the 15 min, by windows that were accepted.
    std::int64_t reports = 0;
    std::int64_t observations = 0;
    std::array<std::int64_t, kDropReasons> dropped{};  // By DropReason.
    Instant heard_until;  // The end of the last of those windows; the bucket's end at most.
    friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// All that is known of one asset in one bucket. Replaces what was known before.
struct BucketFacts {
    Instant start;
    Coverage coverage;
    std::vector<Exposure> exposures;  // Ordered by (source, motion, cell).
    std::vector<Visit> visits;  // Those that began here, ordered by (first, source, pseudonym).
    std::optional<Counted> counted;  // None: of a moving asset, or not known.
    bool corrected = false;          // By reports that came after the bucket had been settled.
    friend bool operator==(const BucketFacts&, const BucketFacts&) = default;
};

struct PathPoint {
    Instant at;
    std::int32_t latitude_e7 = 0;
    std::int32_t longitude_e7 = 0;
    friend bool operator==(const PathPoint&, const PathPoint&) = default;
};

/// A trip of a moving asset, between gaps of more than 5 min or 1 km.
struct Route {
    Instant started, ended;
    std::int64_t distance_m = 0;
    std::int64_t driving_us = 0;
    std::int64_t parked_us = 0;
    std::vector<PathPoint> path;  // Simplified; never off by more than 15 m.
    friend bool operator==(const Route&, const Route&) = default;
};

/// What changed of one asset.
struct AssetFacts {
    CompanyId company;
    AssetId asset;
    std::vector<BucketFacts> buckets;
    std::optional<Instant> routes_from;  // Routes that began then or later are replaced by:
    std::vector<Route> routes;
};

/// What lets a restart go on without reading the whole day again. Opaque to the store.
struct Checkpoint {
    AssetId asset;
    Instant at;
    std::string bytes;
};

/// Facts and the place in the stream that they were made up to: kept together or not at all.
struct FactBatch {
    ingest::StreamPosition position;
    std::vector<AssetFacts> assets;
    std::vector<Checkpoint> checkpoints;  // Each replaces its asset's.
};

}  // namespace mobilytics::measure
