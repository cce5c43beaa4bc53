#pragma once
// Numbers and times as files of positions write them.

#include <optional>
#include <string_view>

#include "foundation/clock.h"

namespace mobilytics::sensor {

/// The whole of `text` as a decimal number; not "nan", "inf" or hexadecimal.
std::optional<double> read_number(std::string_view text);

/// Only digits, at most nine of them, and all of them.
std::optional<int> read_digits(std::string_view text);

/// "2018-08-02T16:14:48.299Z": date and time of ISO 8601, 'T' or a space between, seconds and their
/// fraction may lack, zone Z, +hh, +hhmm or +hh:mm; UTC if there is none. A leap second is the
/// first of the next minute.
std::optional<Instant> read_iso_time(std::string_view text);

/// Seconds since 1970, with a fraction, or whole milli-, micro- or nanoseconds, told by their size.
std::optional<Instant> read_epoch(std::string_view text);

}  // namespace mobilytics::sensor
