#pragma once
// What the store is asked, and what it answers. Plain values, exact: rounding, suppression and
// intervals are for whoever shows them.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "foundation/vocabulary.h"
#include "pipeline/measure/measure.h"
#include "pipeline/store/cells.h"

namespace mobilytics::store {

/// [from, to).
struct Period {
    Instant from, to;
    friend bool operator==(const Period&, const Period&) = default;
};

struct Filter {
    std::vector<AssetId> assets;  // Empty: all of the company's.
    std::optional<wire::RadioKind> source;
    std::optional<measure::Motion> motion;
};

/// Of some assets, in some buckets.
struct Figures {
    std::int64_t visits = 0;  // Those that began.
    std::int64_t visits_ended = 0;
    std::int64_t visits_carried = 0;  // Those that had begun before, and were still there.
    std::int64_t sightings = 0;
    std::int64_t presence_us = 0;
    std::int64_t occupancy_max = 0;  // Devices of one kind at one moment at one asset and cell.
    std::array<std::int64_t, measure::kDwellBins> dwell_bins{};
    std::int64_t dwell_us = 0;
    double devices = 0;  // Different ones; an estimate, with fractions.
    friend bool operator==(const Figures&, const Figures&) = default;
};

struct AssetFigures {
    AssetId asset;
    Figures figures;
    friend bool operator==(const AssetFigures&, const AssetFigures&) = default;
};

/// A question whose answer is a sum of blocks, each of which rests on enough devices: see
/// docs/decisions/0017. A block is of one asset, kind of radio and motion, and of a part or a whole
/// of time. Of each part: the whole that it belongs to, the slot of the answer that wants it, and
/// whether that whole lies in that slot and is over.
struct BlockQuestion {
    std::vector<Instant> boundaries;  // Of the parts, ascending: one more than there are parts.
    std::vector<std::int64_t> wholes, slots;
    std::vector<std::int64_t> is_over;   // 1 or 0.
    std::vector<std::int64_t> is_first;  // Of its slot.
    /// Parts are shown where all of their whole's may be. Else those that may be, and the whole
    /// where none of its parts may be.
    bool all_or_none = false;
    std::int64_t devices_min = 10;
    std::size_t slot_count = 1;
};

struct BlockFigures {
    Figures figures;         // Of what may be shown.
    bool held_back = false;  // There is more.
    friend bool operator==(const BlockFigures&, const BlockFigures&) = default;
};

struct AssetBlocks {
    AssetId asset;
    std::vector<BlockFigures> slots;
};

struct Coverage {
    std::int64_t covered_us = 0;
    std::int64_t reports = 0;
    std::int64_t observations = 0;
    std::int64_t assets_heard = 0;  // That had a report.
    bool corrected = false;         // Any of the buckets, after it had been settled.
    friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// Devices behind changing addresses: sums over those quarters of assets that have counts. Bounds
/// are summed as well, for errors of neighbouring quarters are of the same devices: an interval
/// that shrinks with their number would be too narrow.
struct Counted {
    std::int64_t quarters = 0;        // 0: nothing was counted; then all else is 0.
    std::int64_t grid_quarters = 0;   // Of them, those that rest on timers,
    std::int64_t blind_quarters = 0;  // and those on neither strength nor numbers.
    std::int64_t devices_milli = 0, low_milli = 0, high_milli = 0;
    std::int64_t ble_milli = 0, ble_low_milli = 0, ble_high_milli = 0;
    measure::ByGate present_ms{};
    std::int64_t span_ms = 0;  // present_ms over it: present on average, at an asset.
    friend bool operator==(const Counted&, const Counted&) = default;
};

/// Of those hours that are shown: in one of an hour's quarters so many devices were counted at the
/// asset, or in none any. Of quarters: all of their hour's are so.
struct CountedBlocks {
    Counted counted;
    bool held_back = false;  // There is more.
    friend bool operator==(const CountedBlocks&, const CountedBlocks&) = default;
};

/// How one asset was heard in one of the periods asked for; nothing is kept of others.
struct AssetSlot {
    std::size_t slot = 0;  // Which of the periods.
    AssetId asset;
    std::int64_t visits = 0;  // Those that began.
    std::int64_t covered_us = 0;
    std::int64_t observations = 0;
    bool corrected = false;  // Any of the buckets, after it had been settled.
    friend bool operator==(const AssetSlot&, const AssetSlot&) = default;
};

/// What was not counted of an asset in one of the periods asked for.
struct AssetDropped {
    std::size_t slot = 0;
    AssetId asset;
    std::array<std::int64_t, measure::kDropReasons> dropped{};  // By DropReason.
    friend bool operator==(const AssetDropped&, const AssetDropped&) = default;
};

struct AssetHeard {
    AssetId asset;
    Instant until;
    friend bool operator==(const AssetHeard&, const AssetHeard&) = default;
};

inline constexpr std::size_t kFrequencyBins = 10;

struct Frequency {
    std::array<std::int64_t, kFrequencyBins> devices{};  // That came once, twice, ... ten times on.
    std::int64_t visits = 0;
    std::optional<Instant>
        kept_from;  // The first visit that is kept of the company; none: none is.
    friend bool operator==(const Frequency&, const Frequency&) = default;
};

struct HeatQuestion {
    CellBox box;
    std::int64_t devices_min = 10;
};

struct HeatCell {
    measure::Cell cell = 0;  // At the box's zoom.
    std::int64_t visits = 0;
    std::int64_t presence_us = 0;
    friend bool operator==(const HeatCell&, const HeatCell&) = default;
};

struct Heat {
    std::vector<HeatCell> cells;  // Ordered by cell.
    std::int64_t cells_suppressed = 0;
    friend bool operator==(const Heat&, const Heat&) = default;
};

/// West may be greater than east: over the antimeridian.
struct GeoBox {
    std::int32_t west_e7 = 0, south_e7 = 0, east_e7 = 0, north_e7 = 0;
};

struct TripQuestion {
    Period period;
    std::vector<AssetId> assets;  // Empty: all of the company's.
    std::optional<GeoBox> box;    // That a trip's own box touches. Not for sums.
};

struct Trip {
    AssetId asset;
    measure::Route route;
    friend bool operator==(const Trip&, const Trip&) = default;
};

struct TripSums {
    std::int64_t trips = 0;
    std::int64_t distance_m = 0;
    std::int64_t driving_us = 0;
    std::int64_t parked_us = 0;
    friend bool operator==(const TripSums&, const TripSums&) = default;
};

}  // namespace mobilytics::store
