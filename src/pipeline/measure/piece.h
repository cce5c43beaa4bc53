#pragma once
// What is left of a report for one asset, once it is cleaned: a piece lies in one bucket and in one
// attachment, so a report is cut in two where it crosses an edge of either. Small, for pieces are
// kept in memory for a while: see lane.h.

#include <array>
#include <cstdint>
#include <vector>

#include "pipeline/measure/facts.h"

namespace mobilytics::measure {

inline Instant bucket_of(Instant at) {
    constexpr std::int64_t kWidthUs = std::chrono::microseconds(kBucket).count();
    const std::int64_t us = at.time_since_epoch().count();
    return at - std::chrono::microseconds((us % kWidthUs + kWidthUs) % kWidthUs);
}

struct Sighting {
    std::uint64_t pseudonym = 0;
    std::uint32_t at_us = 0;  // Since the piece's start.
    std::int8_t rssi_dbm = 0;
    wire::RadioKind source = wire::RadioKind::wifi;
    wire::AddressClass address_class = wire::AddressClass::global;
    friend bool operator==(const Sighting&, const Sighting&) = default;
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
    std::vector<Sighting> sightings;
    std::vector<Fix> fixes;  // Of moving assets only.
    friend bool operator==(const Piece&, const Piece&) = default;

    Instant ended() const { return key.started + duration; }
    std::size_t bytes() const {
        return sizeof(Piece) + sightings.capacity() * sizeof(Sighting) +
               fixes.capacity() * sizeof(Fix);
    }
};

}  // namespace mobilytics::measure
