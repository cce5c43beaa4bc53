#pragma once
// A venue's day: from one local midnight to the next, 23 to 25 hours.

#include <string>

#include "foundation/vocabulary.h"

namespace mobilytics::measure {

struct LocalDay {
    Instant start, end;  // [start, end).
    friend bool operator==(const LocalDay&, const LocalDay&) = default;
};

/// The day in which `at` lies in `zone`, by its IANA name. A zone that the machine does not know is
/// taken for UTC, and logged.
LocalDay local_day(const std::string& zone, Instant at);

}  // namespace mobilytics::measure
