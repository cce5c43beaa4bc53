#pragma once
// Vehicles: from where each of their faces is seen, and to whom it has credit.
// Source: the measurement reference, 1.2.10; Geopath, fleet exteriors; TAB truckside (1999).

#include <array>
#include <span>

#include "pipeline/report/metrics/impressions.h"

namespace mobilytics::report::metrics {

BOOST_DEFINE_ENUM_CLASS(Side, driver, passenger, front, rear)
/// On which side of the road one drives: oncoming traffic passes on the other.
BOOST_DEFINE_ENUM_CLASS(TrafficSide, right, left)
BOOST_DEFINE_ENUM_CLASS(Flow, same_direction, oncoming, on_foot)
/// Why a contact has no credit.
BOOST_DEFINE_ENUM_CLASS(NoCredit, too_short, oncoming_on_passenger_side, dark_and_not_lit)
inline constexpr std::size_t kNoCredits = 3;

struct Spot {
    double latitude = 0, longitude = 0;
};

/// Where a vehicle is and where it heads, clockwise from north.
struct Pose {
    Spot at;
    double heading_deg = 0;
};

/// Where a face looks, clockwise from north, 0 to below 360.
double facing_deg(const Pose& pose, Side side, TrafficSide traffic);

/// A face on a side of a vehicle.
struct Mounted {
    Side side = Side::driver;
    Face face;
};

/// How faces are seen from the road.
struct Viewing {
    TrafficSide traffic = TrafficSide::right;
    double half_deg = 60;  // Of the sector, 1 to 89. Our own: beyond, a face looks half as wide.
    VisibilityRules rules{};
};

/// From where it is seen: a sector before it, as far as its letters can be read, closed: its first
/// point, the vehicle, is also its last.
std::vector<Spot> visibility_polygon(
    const Pose& pose, const Mounted& mounted, const Viewing& viewing = {});
/// Whether somebody there is in that sector.
bool in_sight(
    const Pose& pose, const Mounted& mounted, const Spot& who, const Viewing& viewing = {});

/// A visit to a moving face's zone, or so many that are alike.
struct MovingContact {
    Side side = Side::driver;
    Flow flow = Flow::same_direction;
    double vehicle_m_s = 0;
    bool dark = false;
    bool lit = false;
    Contact contact;
};

inline constexpr double kDrivingFromMS = 1.5;   // The measurement reference, 1.2.10 and 3.3.
inline constexpr double kOncomingShare = 0.85;  // TAB truckside.

/// None where it has credit.
std::optional<NoCredit> no_credit(const MovingContact& contact);

/// Driving and parked are never added.
struct MovingExposure {
    Value moving, parked;
    std::array<double, kNoCredits> left_out{};  // Visits, by NoCredit.
};
MovingExposure moving_exposure(
    std::span<const MovingContact> contacts, const std::optional<Calibration>& calibration);

}  // namespace mobilytics::report::metrics
