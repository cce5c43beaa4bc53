#pragma once
// Local time. An Instant is the same everywhere; a day is not: it needs its zone, an IANA name like
// "America/Chicago". A zone that does not exist is refused where it comes in: zone_exists().

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/clock.h"
#include "foundation/enum_words.h"
#include "foundation/result.h"

namespace mobilytics {

bool zone_exists(std::string_view zone);

/// A day on some calendar on a wall; which zone's, its owner knows.
struct LocalDay {
    std::chrono::year_month_day date;

    /// "2026-08-21".
    std::string str() const;
    /// invalid `bad_day`, for any other text.
    static Result<LocalDay> parse(std::string_view text);
    LocalDay plus(std::chrono::days days) const { return {std::chrono::sys_days(date) + days}; }
    friend auto operator<=>(const LocalDay&, const LocalDay&) = default;
};

/// The day that it is at `instant`: the one with start_of(day) <= instant < start_of(the next),
/// also where clocks are put back over midnight. VERIFYs that the zone exists, as all below.
LocalDay local_day(Instant instant, std::string_view zone);

/// The first instant of a day: midnight, or, where clocks are put forward over it, the first moment
/// after it.
Instant start_of(LocalDay day, std::string_view zone);

/// When the clocks show this time of a day, 90 min being 01:30: once, twice where it is repeated,
/// not at all where it is skipped.
std::vector<Instant> shown_at(LocalDay day, std::chrono::minutes time, std::string_view zone);
/// The first of these, or, where it is skipped, when the clocks go on after it.
Instant first_at(LocalDay day, std::chrono::minutes time, std::string_view zone);

BOOST_DEFINE_ENUM_CLASS(Grain, quarter, hour, day)

/// The beginnings of all local quarters, hours or days that lie in [from, to), the first at or
/// before `from`, and last the end of the last one: n + 1 instants for n buckets, ascending. An
/// hour that clocks repeat is there twice, one that they skip is not; a day may have 23 or 25
/// hours. Where clocks are put by less than an hour, an hour begins there too. A day that the
/// calendar skipped is not there. In zones that are ahead of UTC by whole quarters, as all have
/// been since 1972, all are quarters of UTC as well, and those of one grain are those of the finer
/// too.
std::vector<Instant> boundaries(Instant from, Instant to, Grain grain, std::string_view zone);

}  // namespace mobilytics
