#pragma once
// What taps, totals and corrections come to: pure functions. The order in which they came does not
// matter, only when they were.

#include <span>
#include <vector>

#include "domains/calibration/count_types.h"

namespace mobilytics::calibration {

inline constexpr std::chrono::minutes kAheadMax{10};  // A phone's clock may be.
inline constexpr std::chrono::days kCountMax{31};     // Of one count.
inline constexpr std::chrono::minutes kQuarter{15};
inline constexpr std::int64_t kTapsMax = 20'000;  // Of one count.
inline constexpr std::int64_t kCountersMax = 50;
inline constexpr std::int64_t kCorrectionsMax = 200;

struct Tap {
    NewTap tap;
    std::string counter;
    friend bool operator==(const Tap&, const Tap&) = default;
};

/// What is known of a count of taps.
struct Ledger {
    std::vector<Tap> taps;
    std::vector<Correction> corrections;
};

/// invalid `bad_count`, with every fault.
Result<Count> begun(const NewCount& wanted, const Caller& caller, Instant now);
/// Every fault of a batch: times ahead of now, an undo that says not what it undoes, an id twice.
Result<> sound(const TapBatch& batch, Instant now);
/// In the order of time. invalid `bad_totals`, with every fault.
Result<std::vector<Total>> sound(NewTotals wanted, Instant now);
/// invalid `bad_correction`: not within the count.
Result<> sound(const NewCorrection& wanted, const Count& count, Instant now);
/// conflict `dismissed`, `ended`; invalid `bad_ending`.
Result<Count> ended(Count count, Instant at, Instant now);
/// conflict `dismissed`.
Result<Count> dismissed(Count count, const std::string& reason);
/// As it was before it was dismissed. conflict `not_dismissed`.
Result<Count> restored(Count count);

/// The count with its sums as its ledger, or its totals, have them.
Count summed(Count count, const Ledger& ledger);
Count summed(Count count, std::span<const Total> totals);

/// The quarters of UTC that were counted for half at least.
std::vector<Quarter> quarters_of(const Count& count, const Ledger& ledger);
std::vector<Quarter> quarters_of(std::span<const Total> totals);

}  // namespace mobilytics::calibration
