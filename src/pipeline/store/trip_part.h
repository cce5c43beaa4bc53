#pragma once
// The part of a trip that lies in a period. A trip is kept as its whole sums and a simplified path,
// so of one that reaches over the period's ends the way is cut along the path: distance and driving
// time by the share of the path's length, and what is left of the time inside is parked time.

#include "pipeline/store/figures.h"

namespace mobilytics::store {

void add_part(TripSums& sums, const measure::Route& route, const Period& period);

}  // namespace mobilytics::store
