#include "simulation/air.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::simulation {

double received_dbm(
    double power_dbm, double distance_m, double obstruction_db, double shadow, double fade) {
    constexpr double kFirstMetreDb = 40;
    constexpr double kExponent = 2.7;
    constexpr double kShadowDb = 4.5;
    constexpr double kFadeDb = 2.5;
    return power_dbm - kFirstMetreDb - 10 * kExponent * std::log10(std::max(distance_m, 1.0)) -
           obstruction_db + kShadowDb * shadow + kFadeDb * fade;
}

}  // namespace mobilytics::simulation
