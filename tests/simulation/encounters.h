#pragma once
// Who comes near an asset, when and how near: the meeting of two tracks.

#include "simulation/trips.h"
#include "simulation/trucks.h"

namespace mobilytics::simulation {

/// Beyond it nobody is heard.
inline constexpr double kHearingM = 130;

/// How one thing moves as seen from another.
struct RelativePiece {
    Instant begin, end;
    double x = 0, y = 0;  // At `begin`, in metres.
    double east_m_s = 0, north_m_s = 0;
    bool asset_stands = true;
};

struct Encounter {
    Instant begin, end;
    std::uint32_t person = 0;
    std::uint8_t trip = 0;
    Mode mode = Mode::walk;
    double aside_m = 0;  // Between sidewalk or lane and the asset, at right angles to all else.
    std::vector<RelativePiece> pieces;

    double distance_m(Instant when) const;
};

/// The parts of two tracks in which they are within `kHearingM`, cut where they are further apart.
/// `asset` must cover the trip.
void meet(
    const Track& asset, const Track& person, const Trip& trip, double aside_m,
    std::vector<Encounter>& out);

/// When within [begin, end) an encounter is nearer than `radius_m`: stays, in order.
struct Stay {
    Instant begin, end;
    double closest_m = 0;
};
std::vector<Stay> stays_within(const Encounter& encounter, double radius_m);

/// Whether a trip may come near a track at all: cheap, and never wrong about a no.
class Nearness {
  public:
    explicit Nearness(const Track& asset);
    bool possible(const Trip& trip) const;

  private:
    struct Box {
        double west = 1e9, east = -1e9, south = 1e9, north = -1e9;
        void add(Point point);
    };
    static constexpr std::chrono::minutes kBin{5};
    Instant begin_;
    std::vector<Box> bins_;
};

}  // namespace mobilytics::simulation
