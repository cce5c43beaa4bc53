#pragma once
// A venue's day as it is measured: from one local midnight to the next, 23 to 25 hours.

#include <string>

#include "foundation/zone.h"

namespace mobilytics::measure {

struct VenueDay {
    Instant start, end;  // [start, end).
    friend bool operator==(const VenueDay&, const VenueDay&) = default;
};

/// The day in which `at` lies in `zone`. A zone that this machine does not know is taken for UTC.
VenueDay venue_day(const std::string& zone, Instant at);

}  // namespace mobilytics::measure
