#pragma once
// What counts and what does not: every threshold of the stage, with its source. docs/metrics.md
// has them in words. One set holds for all companies, so that their figures can be compared.

#include <chrono>
#include <cstddef>

#include "foundation/vocabulary.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::measure {

/// The numbers of the measurement reference, sections 1.2 and 3.1, unless said otherwise.
struct Rules {
    /// Sightings of a device are one visit while the gap between them is at most this.
    std::chrono::microseconds wifi_gap = std::chrono::minutes(5);
    std::chrono::microseconds ble_gap = std::chrono::seconds(60);

    /// The outer edge of the zone: in at enter_dbm, out below enter_dbm - hysteresis_db.
    int enter_dbm = -90;
    int hysteresis_db = 4;
    /// Rings of the zone, by the strongest sighting.
    int near_dbm = -60;
    int mid_dbm = -75;

    /// A resident: a maker's address, heard in more than this share of the hours heard so far of
    /// the local day, and in so many of them.
    double resident_share = 0.6;
    int resident_hours_min = 6;

    /// A co-traveller of a moving asset: heard, with no gap above wifi_gap, over more than this
    /// much of driven path, or for longer than this while driving.
    double companion_path_m = 500;
    std::chrono::microseconds companion_driving = std::chrono::minutes(5);

    /// Between fixes further apart than these nothing is interpolated, and a trip ends.
    std::chrono::microseconds fix_gap_max = std::chrono::minutes(5);
    double fix_jump_max_m = 1'000;
    /// Where the next fix does not help, the nearest one does for so long.
    std::chrono::microseconds fix_hold = std::chrono::seconds(10);
    /// A fix less certain than this is not used. Ours.
    double fix_accuracy_max_m = 100;
    /// Driving, as against parked, from the way made between two fixes before and two after.
    double driving_m_s = 1.5;

    /// A report from further ahead of the time of its receipt, or from longer ago, is implausible.
    std::chrono::microseconds clock_ahead_max = std::chrono::minutes(1);
    std::chrono::microseconds report_age_max = std::chrono::days(400);

    /// Off only to know what it costs: then facts say nothing of devices behind changing addresses.
    bool count_devices = true;

    /// Visits that may be open at one asset, and sightings that may wait for their position.
    std::size_t open_visits_max = 1 << 18;
    std::size_t waiting_max = 1 << 18;

    std::chrono::microseconds gap(bool wifi) const { return wifi ? wifi_gap : ble_gap; }
    /// After a silence of this length every visit before it is closed, and was told so.
    std::chrono::microseconds all_closed_after() const {
        return wifi_gap + wire::kWindowMax + std::chrono::minutes(1);
    }
};

}  // namespace mobilytics::measure
