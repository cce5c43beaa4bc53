#pragma once
// What is left of a report for one asset, once it is cleaned: a piece lies in one bucket and in one
// attachment, so a report is cut in two where it crosses an edge of either. Small, for pieces are
// kept in memory for a while: see lane.h.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "pipeline/measure/facts.h"

namespace mobilytics::measure {

inline Instant bucket_of(Instant at) {
    constexpr std::int64_t kWidthUs = std::chrono::microseconds(kBucket).count();
    const std::int64_t us = at.time_since_epoch().count();
    return at - std::chrono::microseconds((us % kWidthUs + kWidthUs) % kWidthUs);
}

/// Without initial values, for blocks of them are made to be written.
struct Sighting {
    std::uint64_t pseudonym;
    std::uint32_t at_us;    // Since the piece's start.
    std::uint32_t coarse;   // Wi-Fi: fingerprints. BLE: the company,
    std::uint32_t fine;     // and the type, above the message's.
    std::int16_t sequence;  // -1: the source has none.
    std::int8_t rssi_dbm;
    wire::AddressClass address_class;

    /// Each class of address is of one kind of radio: hearing.cpp lets no others pass.
    wire::RadioKind source() const {
        return address_class <= wire::AddressClass::local ? wire::RadioKind::wifi
                                                          : wire::RadioKind::ble;
    }
    friend bool operator==(const Sighting&, const Sighting&) = default;
};

static_assert(sizeof(Sighting) == 24);

/// A run of sightings in a block that it shares with those of other pieces, and keeps alive.
class Sightings {
  public:
    Sightings() = default;
    Sightings(std::shared_ptr<const Sighting> first, std::size_t size)
        : first_(std::move(first)), size_(size) {}
    const Sighting* begin() const { return first_.get(); }
    const Sighting* end() const { return first_.get() + size_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    friend bool operator==(const Sightings& a, const Sightings& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

  private:
    std::shared_ptr<const Sighting> first_;
    std::size_t size_ = 0;
};

/// Where sightings are written. Pieces come and go by the million, each with a dozen sightings: a
/// block for many of them is one allocation for all, and gone with the last of them.
class SightingPool {
  public:
    /// Room for as many at the end of what is kept; good until the next call.
    std::span<Sighting> room(std::size_t sightings) {
        if (used_ + sightings > size_) {
            size_ = std::max(kBlock, sightings);
            block_ = std::make_shared_for_overwrite<Sighting[]>(size_);
            used_ = 0;
        }
        return {block_.get() + used_, sightings};
    }
    /// The first ones of room().
    Sightings keep(std::size_t sightings) {
        if (sightings == 0) return {};
        Sighting* const first = block_.get() + used_;
        used_ += sightings;
        return {std::shared_ptr<const Sighting>(block_, first), sightings};
    }

  private:
    static constexpr std::size_t kBlock = 4096;
    std::shared_ptr<Sighting[]> block_;
    std::size_t used_ = 0, size_ = 0;
};

struct Fix {
    Instant at;
    std::int32_t latitude_e7 = 0;
    std::int32_t longitude_e7 = 0;
    std::int32_t speed_cm_s = -1;  // -1: not known.
    friend bool operator==(const Fix&, const Fix&) = default;
};

/// The order in which a lane takes pieces, whatever the order in which they came.
struct PieceKey {
    Instant started;
    DeviceId device;
    wire::BootId boot{};
    std::uint64_t seq = 0;
    friend auto operator<=>(const PieceKey&, const PieceKey&) = default;
};

struct Piece {
    PieceKey key;
    std::chrono::microseconds duration{0};
    std::uint64_t epoch = 0;
    bool begins_report = true;  // Its report is counted where it begins.
    std::uint32_t observations = 0;
    std::array<std::uint32_t, kDropReasons> dropped{};
    Sightings sightings;
    std::vector<Fix> fixes;  // Of moving assets only.
    friend bool operator==(const Piece&, const Piece&) = default;

    Instant ended() const { return key.started + duration; }
    std::size_t bytes() const {
        return sizeof(Piece) + sightings.size() * sizeof(Sighting) + fixes.capacity() * sizeof(Fix);
    }
};

}  // namespace mobilytics::measure
