#pragma once
// From devices to people, where somebody has counted: what of an answer is calibrated, by which
// models, how many people were present on average, and how well that is known.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/report/answers.h"
#include "pipeline/report/disclosure.h"
#include "pipeline/store/store.h"

namespace mobilytics::report {

/// What one factor is of, within a slot: some assets for some time.
struct CalibratedPart {
    store::Calibration by;
    std::int64_t presence_us = 0;  // Of devices, at the factor's gate.
    std::int64_t covered_us = 0;
    bool is_hidden = false;  // Something was there, and nothing of it may be shown.
};

/// How many people were present on average at an asset, over the parts of a slot that is so long.
/// None of nothing heard. The interval, 90 %, has three sources, squared and summed to each side:
/// the count's own (Garwood's, by the dispersion, less by the root of the hours that are summed: a
/// stay is shorter than an hour), the factor's, and that days differ from each other as those of
/// the calibration did.
std::optional<PeopleFigures> people_of(
    std::span<const CalibratedPart> parts, std::chrono::microseconds slot);

/// As it is told: age on this day, and what that and its drift say of it.
CalibrationUsed told(const store::Calibration& by, Instant now);

/// The parts of each slot between neighbours in `boundaries`, by what applies when it begins; empty
/// where nothing does. They are sums of blocks: see disclosure.h. None where the question is of one
/// radio or motion alone, which no factor is of, or where there are too many models.
struct CalibratedSlots {
    std::vector<std::vector<CalibratedPart>> slots;
    std::optional<NoPeople> none;  // Why there are no people.
};
CalibratedSlots calibrated(
    store::Snapshot& snapshot, CompanyId company, const store::Filter& filter,
    std::span<const Instant> boundaries, const Telling& how);

/// `people` of each slot: none where any part is hidden.
std::vector<std::optional<PeopleFigures>> people_by_slot(
    const CalibratedSlots& slots, std::span<const Instant> boundaries);
/// Of all slots together.
std::optional<PeopleFigures> people_together(
    const CalibratedSlots& slots, std::span<const Instant> boundaries);

/// What is said beside them. `covered_us` is how long all assets were heard, calibrated or not.
CalibrationTold told(
    const CalibratedSlots& slots, bool shown, std::int64_t covered_us, Instant now);

}  // namespace mobilytics::report
