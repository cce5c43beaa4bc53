#pragma once
// What this domain speaks of when people are counted. The shapes of openapi.yaml, which says what
// each field means.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::calibration {

using mobilytics::AssetId;

struct CountIdentity {
    static constexpr std::string_view kIdPrefix = "count";
};
using CountId = Id<CountIdentity>;

BOOST_DEFINE_ENUM_CLASS(Way, taps, totals)
BOOST_DEFINE_ENUM_CLASS(CountState, counting, ended, dismissed)
BOOST_DEFINE_ENUM_CLASS(TapKind, in, out, undo)
BOOST_DEFINE_ENUM_CLASS(CountDeed, begun, totals_set, corrected, ended, dismissed, restored)

// Counts.

struct NewCount {
    AssetId asset_id;
    Way way{};
    std::optional<std::string> client_id;
    std::optional<Instant> begun_at;
    std::optional<std::int64_t> start_occupancy;
    std::optional<std::string> note;
};

struct Counter {
    std::string name;
    std::int64_t taps = 0;
    Instant last_at;
};

struct Count {
    CountId id;
    AssetId asset_id;
    Way way{};
    CountState state{};
    Instant begun_at;
    std::optional<Instant> ended_at;
    std::int64_t start_occupancy = 0;
    double people = 0;
    std::int64_t taps = 0, undone = 0, outside = 0;
    double lowest = 0;
    std::vector<Counter> counters;
    std::optional<std::string> note;
    std::optional<PersonId> begun_by;
    std::optional<std::string> reason;
    Instant changed_at;
};
using CountPage = Page<Count>;
struct ListCountsQuery {
    std::optional<AssetId> asset_id;
    std::optional<CountState> state;
};

struct NewTap {
    std::string id;
    TapKind kind{};
    Instant at;
    std::optional<std::string> undoes;
    friend bool operator==(const NewTap&, const NewTap&) = default;
};
struct TapBatch {
    std::string counter;
    std::vector<NewTap> taps;
};
struct TapsTaken {
    std::int64_t taken = 0, known = 0;
    Count count;
};

struct Total {
    Instant from, to;
    double people = 0;
};
using NewTotal = Total;
struct NewTotals {
    std::vector<NewTotal> totals;
    std::optional<std::string> reason;
};
struct TotalList {
    std::vector<Total> items;
};

struct NewCorrection {
    Instant at;
    std::int64_t occupancy = 0;
    std::string reason;
};
struct Correction {
    Instant at;
    std::int64_t occupancy = 0;
    std::string reason;
    Instant made_at;
    std::optional<PersonId> made_by;
};
struct CorrectionList {
    std::vector<Correction> items;
};

struct NewEnding {
    std::optional<Instant> ended_at;
};
struct NewReason {
    std::string reason;
};

struct CountChange {
    Instant made_at;
    CountDeed what{};
    std::optional<PersonId> made_by;
    std::optional<std::string> reason;
    std::optional<Instant> at;
    std::optional<std::int64_t> occupancy;
    std::optional<double> people_before, people_after;
};

/// A quarter of an hour that was counted for half of it at least.
struct Quarter {
    Instant start;
    double people = 0;
    double counted_s = 0;
};
struct QuarterList {
    std::vector<Quarter> items;
};

}  // namespace mobilytics::calibration
