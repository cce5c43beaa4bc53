#include "pipeline/measure/venue_day.h"

#include "foundation/log.h"

namespace mobilytics::measure {

VenueDay venue_day(const std::string& zone, Instant at) {
    if (!zone_exists(zone)) {
        log::warning("unknown_time_zone", {{"zone", zone}});
        return venue_day("UTC", at);
    }
    const LocalDay day = local_day(at, zone);
    return {start_of(day, zone), start_of(day.plus(std::chrono::days(1)), zone)};
}

}  // namespace mobilytics::measure
