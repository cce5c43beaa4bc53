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

// The sums of quarters that were counted, and of days of them.
#define MOB_COUNTED_SUMS                                                                 \
    "sum(quarters)::BIGINT AS quarters, sum(grid_quarters)::BIGINT AS grid_quarters, "   \
    "sum(blind_quarters)::BIGINT AS blind_quarters, "                                    \
    "sum(devices_milli)::BIGINT AS devices_milli, "                                      \
    "sum(devices_low_milli)::BIGINT AS devices_low_milli, "                              \
    "sum(devices_high_milli)::BIGINT AS devices_high_milli, "                            \
    "sum(ble_milli)::BIGINT AS ble_milli, sum(ble_low_milli)::BIGINT AS ble_low_milli, " \
    "sum(ble_high_milli)::BIGINT AS ble_high_milli, "                                    \
    "sum(present_80_ms)::BIGINT AS present_80_ms, "                                      \
    "sum(present_78_ms)::BIGINT AS present_78_ms, "                                      \
    "sum(present_76_ms)::BIGINT AS present_76_ms, "                                      \
    "sum(present_74_ms)::BIGINT AS present_74_ms, "                                      \
    "sum(present_72_ms)::BIGINT AS present_72_ms, "                                      \
    "sum(present_70_ms)::BIGINT AS present_70_ms, "                                      \
    "sum(present_68_ms)::BIGINT AS present_68_ms, "                                      \
    "sum(present_66_ms)::BIGINT AS present_66_ms, "                                      \
    "sum(present_64_ms)::BIGINT AS present_64_ms, "                                      \
    "sum(present_62_ms)::BIGINT AS present_62_ms, "                                      \
    "sum(present_60_ms)::BIGINT AS present_60_ms, sum(span_ms)::BIGINT AS span_ms "

// Those columns, as they stand.
#define MOB_COUNTED_COLUMNS                                                         \
    "quarters, grid_quarters, blind_quarters, devices_milli, devices_low_milli, "   \
    "devices_high_milli, ble_milli, ble_low_milli, ble_high_milli, present_80_ms, " \
    "present_78_ms, present_76_ms, present_74_ms, present_72_ms, present_70_ms, "   \
    "present_68_ms, present_66_ms, present_64_ms, present_62_ms, present_60_ms, span_ms "

namespace mobilytics::store {

inline constexpr std::size_t kSummedColumns = 14;

}  // namespace mobilytics::store
