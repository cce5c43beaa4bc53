#pragma once
// Delivery trucks: from their depot over stops and back, in shifts spread over day and night.

#include "foundation/zone.h"
#include "simulation/motion.h"

namespace mobilytics::simulation {

struct Shift {
    Instant begin, end;
};

class Truck {
  public:
    Truck(std::uint64_t seed, std::uint32_t number);

    Corner depot() const { return depot_; }
    /// The shift that begins on a local day, and where it goes.
    Shift track_of(LocalDay day, Track& track) const;
    /// Where the truck is from the day's midnight for 31 h, without a gap. A piece is parked where
    /// it stands for a minute or more, at a stop or at the depot.
    Track day_track(LocalDay day) const;

  private:
    std::uint64_t seed_;
    std::uint32_t number_;
    Corner depot_;
    Corner territory_;
    double shift_hour_;
};

/// At a light one stands, but is not parked.
inline bool parked(const Piece& piece) {
    return piece.standing() && piece.end - piece.begin >= std::chrono::minutes(1);
}

}  // namespace mobilytics::simulation
