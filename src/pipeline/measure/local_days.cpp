#include "pipeline/measure/local_days.h"

#include <date/tz.h>

#include "foundation/log.h"

namespace mobilytics::measure {

LocalDay local_day(const std::string& zone, Instant at) {
    const date::time_zone* found = nullptr;
    try {
        found = date::locate_zone(zone);
    } catch (const std::runtime_error&) {
        log::warning("unknown_time_zone", {{"zone", zone}});
        found = date::locate_zone("UTC");
    }
    const auto day = date::floor<date::days>(found->to_local(at));
    // Where midnight is skipped the day begins with the first moment there is; where it comes
    // twice, with the first.
    const auto start = found->to_sys(day, date::choose::earliest);
    const auto end = found->to_sys(day + date::days(1), date::choose::earliest);
    return {start, end};
}

}  // namespace mobilytics::measure
