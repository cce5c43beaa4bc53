#pragma once
// What happens to a report, step by step. Each step may leave out what it was given, for a reason
// of DropReason, which is counted; and each is timed.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "foundation/monotonic.h"
#include "pipeline/measure/facts.h"

namespace mobilytics::measure {

BOOST_DEFINE_ENUM_CLASS(
    StepName, retime, attach, clean, locate, link, count, route, dwell, occupancy, reach)
inline constexpr std::size_t kStepNames = 10;

/// What was done, by one worker.
struct Tally {
    std::int64_t reports = 0;
    std::int64_t observations = 0;
    std::int64_t late_pieces = 0;  // Each had its asset's last minutes done again.
    std::int64_t buckets = 0;
    std::int64_t uncounted = 0;  // Sightings of visits of which no devices were counted.
    std::int64_t forgotten = 0;  // Devices at an asset that had too many at once.
    std::array<std::int64_t, kDropReasons> dropped{};
    /// Estimated from one run in kTimedEach.
    std::array<std::chrono::nanoseconds, kStepNames> time{};
    static constexpr std::uint32_t kTimedEach = 64;
    std::uint32_t runs = 0;

    void drop(DropReason reason, std::int64_t count = 1) {
        dropped[static_cast<std::size_t>(reason)] += count;
    }
    void add(const Tally& other);
};

class Fold;
struct BucketDraft;
struct ReportWork;
struct PieceWork;

template <class Work>
struct Step {
    StepName name;
    void (*run)(Work&);
};

// hearing.cpp
void retime(ReportWork& work);
void attach(ReportWork& work);
void clean(ReportWork& work);
// locate.cpp, link.cpp, count.cpp
void locate(PieceWork& work);
void link(PieceWork& work);
void count(PieceWork& work);
void route(PieceWork& work);
// bucket.cpp
void count_dwell(BucketDraft& draft);
void count_occupancy(BucketDraft& draft);
void count_reach(BucketDraft& draft);

/// A report, to pieces of it for the assets that its sensor was on.
inline constexpr std::array<Step<ReportWork>, 3> kReportSteps{{
    {StepName::retime, &retime},  // When was it, and can that be? time_uncertain, time_implausible
    {StepName::attach, &attach},  // Which asset was the sensor on then? unattached
    {StepName::clean, &clean},    // Is it a phone, and near? group_address, no_signal,
                                  // weak_signal, not_a_phone
}};
/// A piece, to visits and trips; in the order of its asset's time.
inline constexpr std::array<Step<PieceWork>, 4> kPieceSteps{{
    {StepName::locate, &locate},  // Where was the asset at each sighting? co_traveller
    {StepName::link, &link},      // Whose visit is it? weak_signal, resident, co_traveller,
                                  // lane_full
    {StepName::count, &count},  // Which device is behind its address? Leaves nothing out of visits;
                                // what it cannot count is in Tally::uncounted.
    {StepName::route, &route},  // Which way did the asset go?
}};
/// The visits of a quarter of an hour, to its facts. Nothing is left out any more.
inline constexpr std::array<Step<BucketDraft>, 3> kBucketSteps{{
    {StepName::dwell, &count_dwell},          // Visits begun and ended, and how long they were.
    {StepName::occupancy, &count_occupancy},  // Devices present at a moment.
    {StepName::reach, &count_reach},          // Different devices.
}};

/// Runs them one after the other.
template <class Work, std::size_t kCount>
void run_steps(const std::array<Step<Work>, kCount>& steps, Work& work, Tally& tally) {
    if (++tally.runs % Tally::kTimedEach != 0) {
        for (const auto& step : steps) step.run(work);
        return;
    }
    for (const auto& step : steps) {
        const Stopwatch stopwatch;
        step.run(work);
        tally.time[static_cast<std::size_t>(step.name)] += stopwatch.elapsed() * Tally::kTimedEach;
    }
}

}  // namespace mobilytics::measure
