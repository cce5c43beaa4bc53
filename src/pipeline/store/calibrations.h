#pragma once
// From devices to people, as the business has published it: which factor applies where and when.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::store {

/// What of the devices a factor is of: counted ones, or the mean occupancy by addresses.
BOOST_DEFINE_ENUM_CLASS(CalibrationInput, counted, addresses)

/// The gate of what has none: all that was heard.
inline constexpr std::int32_t kNoGate = -127;

/// A factor that applies in [from, to).
struct Calibration {
    std::string model;  // The business's id of it.
    std::int64_t version = 0;
    std::string scope;  // The business's word: "asset".
    CalibrationInput input{};
    std::int32_t gate_dbm = kNoGate;
    double factor = 0, low = 0, high = 0;  // People a device; 90 %.
    double dispersion = 1;
    double error = 0;  // Mean relative, of days left out.
    std::int64_t quarters = 0, days = 0;
    std::string newest_day;  // "2026-08-21".
    bool drifting = false;
    Instant from;
    std::optional<Instant> to;
    friend bool operator==(const Calibration&, const Calibration&) = default;
};

/// All that is known of one asset; without an asset, what applies where it has nothing.
struct Calibrations {
    CompanyId company;
    std::optional<AssetId> asset;
    std::vector<Calibration> spans;  // In the order of their beginning; they do not overlap.
    friend bool operator==(const Calibrations&, const Calibrations&) = default;
};

/// What applies to an asset at a moment: its own, else its company's; null where it has none.
const Calibration* applying(std::span<const Calibrations> of_company, AssetId asset, Instant at);

/// When anything begins or ends to apply within (from, to), ascending, each once.
std::vector<Instant> changes_between(
    std::span<const Calibrations> of_company, Instant from, Instant to);

}  // namespace mobilytics::store
