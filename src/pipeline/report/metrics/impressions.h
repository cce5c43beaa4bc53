#pragma once
// Opportunities to see a face, and what visibility makes of them: each factor by itself.
// Source: the measurement reference, 1.2.6; MRC OOH Phase 1 (2024) and Phase 2 (draft, 2025).

#include <array>
#include <span>

#include "pipeline/report/metrics/value.h"

namespace mobilytics::report::metrics {

/// What of a face decides how it is seen.
struct Face {
    double width_m = 0, height_m = 0;
    double letter_height_m = 0;  // Of its headline.
    bool lit = false;
};

/// From where it is seen.
struct Sight {
    double distance_m = 0;
    double angle_deg = 0;  // Between the face's normal and the line to who looks; 0 is before it.
    double speed_m_s = 0;  // Of the one to the other.
    double clear = 1;      // Share of the way along which nothing stands before it.
    double daylight = 1;   // Share of the time; 0 is night.
};

/// The numbers of the factors. Their sources are in factor_definitions(); what is our own choice
/// says so there.
struct VisibilityRules {
    double apparent_min_deg = 1;          // Our own.
    double angle_floor = 0.25;            // Our own.
    double legible_m_per_letter_m = 300;  // 25 feet for an inch.
    double speed_whole_m_s = 14;          // Our own; 50 km/h.
    double speed_least_m_s = 36;          // Our own; 130 km/h.
    double speed_floor = 0.25;            // Our own.
};

/// Each from 0 to 1.
struct Visibility {
    double size = 1, angle = 1, distance = 1, speed = 1, obstruction = 1, illumination = 1;

    /// In the order of kVisibilityFactors.
    std::array<double, 6> factors() const {
        return {size, angle, distance, speed, obstruction, illumination};
    }
    double weight() const;
};
inline constexpr std::array kVisibilityFactors{FactorId::size,        FactorId::angle,
                                               FactorId::distance,    FactorId::speed,
                                               FactorId::obstruction, FactorId::illumination};

/// How well a face is seen. invalid `bad_sight`, with every fault: sizes and the distance above 0,
/// the angle 0 to 180, the speed not negative, shares 0 to 1.
Result<Visibility> visibility(
    const Face& face, const Sight& sight, const VisibilityRules& rules = {});

/// A visit to the zone in which a face is displayed, or so many that are alike.
struct Contact {
    double dwell_s = 0;
    Visibility seen;
    double visits = 1;
};

inline constexpr double kLeastExposureS = 1;  // The measurement reference, 1.2.6: the default.

/// Visits of `least_s` and more, times k.
Value ots(
    std::span<const Contact> contacts, const std::optional<Calibration>& calibration,
    double least_s = kLeastExposureS);

/// The same, each times its weight. Its factors are means one after another: OTS times all of them
/// is it.
Value lts(
    std::span<const Contact> contacts, const std::optional<Calibration>& calibration,
    double least_s = kLeastExposureS);

}  // namespace mobilytics::report::metrics
