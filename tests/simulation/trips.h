#pragma once
// The people of the city and their ways through a day.

#include <memory>
#include <vector>

#include "foundation/zone.h"
#include "simulation/dice.h"
#include "simulation/motion.h"

namespace mobilytics::simulation {

inline constexpr std::string_view kZone = "America/Chicago";

BOOST_DEFINE_ENUM_CLASS(Mode, walk, drive)

/// One way of one person. Its track follows from it alone.
struct Trip {
    Instant depart;
    std::uint32_t person = 0;
    std::uint8_t number = 0;  // Of the person's trips on that day.
    Mode mode = Mode::walk;
    Route route{};
};

/// A day's last trips may begin so long after its midnight, and last so long.
inline constexpr std::chrono::hours kDeparturesMax{27};
inline constexpr std::chrono::hours kTripMax{3};

/// All trips that begin on one local day, by person and time.
class DayOfTrips {
  public:
    DayOfTrips(std::uint64_t seed, std::uint32_t people, LocalDay day);
    const std::vector<Trip>& trips() const { return trips_; }
    /// Appends the track of a trip, with waits at lights and, for some who walk, at stops.
    void track_of(const Trip& trip, Track& track) const;
    Instant begin() const { return begin_; }

  private:
    void plan_person(std::uint32_t person);
    void plan_worker(Dice& dice, std::uint32_t person, Corner home, Corner work);
    void plan_outings(Dice& dice, std::uint32_t person, Corner home);
    void add(std::uint32_t person, double hour, Mode mode, Corner from, Corner to);

    std::uint64_t seed_;
    std::uint64_t day_number_;
    bool weekend_;
    Instant begin_;
    std::vector<Trip> trips_;
};

/// Walks the corners of `route` at a speed, waiting at arterials. For trips and trucks.
void follow(
    TrackBuilder& builder, const Route& route, double speed_m_s, double wait_chance, Dice& dice);

}  // namespace mobilytics::simulation
