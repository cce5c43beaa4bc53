#pragma once
// How strongly something is heard: distance, walls and bodies, shadows, fading; and whether at all.

#include "simulation/dice.h"

namespace mobilytics::simulation {

struct Sensitivity {
    double wifi_dbm = -93;
    double ble_dbm = -94;
    double lost = 0.06;         // Of all frames, by collisions.
    double broken = 0.012;      // Of those heard, with octets wrong; more where they are weak.
    double broken_weak = 0.10;  // Below -88 dBm.
};

/// The received strength at a distance; exponent 2.7 behind the first metre's 40 dB at 2.4 GHz.
/// `shadow` is a normal draw that lasts some seconds, `fade` one of this frame.
double received_dbm(
    double power_dbm, double distance_m, double obstruction_db, double shadow, double fade);

}  // namespace mobilytics::simulation
