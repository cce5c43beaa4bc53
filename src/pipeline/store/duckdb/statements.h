#pragma once
// Pieces that several statements have in common. SQL is put together when it is compiled, and not
// later.

// The sums of a row of exposure, of exposure_hour and of exposure_company_hour.
#define MOB_SUMS                                                                     \
    "sum(visits)::BIGINT AS visits, sum(visits_ended)::BIGINT AS visits_ended, "     \
    "sum(sightings)::BIGINT AS sightings, sum(presence_us)::BIGINT AS presence_us, " \
    "max(occupancy_max)::BIGINT AS occupancy_max, "                                  \
    "sum(dwell_single)::BIGINT AS dwell_single, sum(dwell_0)::BIGINT AS dwell_0, "   \
    "sum(dwell_5)::BIGINT AS dwell_5, sum(dwell_15)::BIGINT AS dwell_15, "           \
    "sum(dwell_30)::BIGINT AS dwell_30, sum(dwell_60)::BIGINT AS dwell_60, "         \
    "sum(dwell_300)::BIGINT AS dwell_300, sum(dwell_900)::BIGINT AS dwell_900, "     \
    "sum(dwell_us)::BIGINT AS dwell_us"

// Of quarters: the visits that were there already when a longer time began.
#define MOB_CARRIED_INTO(start)                            \
    "coalesce(sum(visits_carried) FILTER (bucket = " start \
    "), 0)::BIGINT "                                       \
    "AS visits_carried"

// Those columns, as they stand.
#define MOB_SUMMED                                                                         \
    "visits, visits_ended, sightings, presence_us, occupancy_max, dwell_single, dwell_0, " \
    "dwell_5, dwell_15, dwell_30, dwell_60, dwell_300, dwell_900, dwell_us"

namespace mobilytics::store {

inline constexpr std::size_t kSummedColumns = 14;

}  // namespace mobilytics::store
