#pragma once
// When a report's window began, by the best clock there is. A sensor without a clock of its own
// counts from its start; one anchor, "at this count it was that time", re-times all of its boot.

#include <cstdint>
#include <optional>

#include "pipeline/wire/wire.h"

namespace mobilytics::ingest {

/// What a time rests on, the best last.
BOOST_DEFINE_ENUM_CLASS(TimedBy, bracket, anchor, clock)

struct TimePolicy {
    /// How far ahead of the server a clock may be and still be believed.
    std::chrono::microseconds future_max = std::chrono::minutes(5);
    /// Reports older than that when they come are uncertain; none: a capture of any age is legal.
    std::optional<std::chrono::microseconds> age_max;
    /// An anchor that may be wrong by more is none.
    std::chrono::microseconds anchor_error_max = std::chrono::seconds(10);
};

/// No satellite nor server told a time before the GPS epoch, 1980-01-06.
inline constexpr Instant kTimeEarliest{std::chrono::microseconds{315'964'800'000'000}};
/// A clock with an empty battery begins again at some round year before: 2020-01-01.
inline constexpr Instant kBatteryClockEarliest{std::chrono::microseconds{1'577'836'800'000'000}};
/// Of a monotonic clock: beyond are no sums that fit. Such a report is refused, bad_time.
inline constexpr std::uint64_t kMonotonicMaxUs = std::uint64_t{1} << 52;
/// So often the best anchor of a boot may change; a sensor that says more is not listened to.
inline constexpr int kRetimingsMax = 16;

/// What is known of a boot's clock. The same whatever the order in which its reports came.
struct BootClock {
    std::optional<wire::ClockAnchor> anchor;
    int retimings = 0;
    /// The boot cannot have begun later: min over reports of when it came less its clock's end.
    std::optional<Instant> begun_at_most;
    /// The end of what the device had sent when the boot was first heard of.
    std::optional<Instant> not_before;

    friend bool operator==(const BootClock&, const BootClock&) = default;
};

/// What timing needs of a report.
struct OwnTime {
    Instant started;  // By the sensor's own clock.
    wire::ClockState state = wire::ClockState::unset;
    std::uint64_t mono_us = 0;
    std::chrono::microseconds duration{0};
};

struct Timing {
    Instant started;
    TimedBy by = TimedBy::bracket;
    bool uncertain = true;

    friend bool operator==(const Timing&, const Timing&) = default;
};

/// Whether the source is one that is right by itself: a time server or satellites.
bool is_strong(wire::ClockState source);

/// Takes the anchor when it is good and better than the boot's: a strong source before a battery's
/// clock, then the earlier in the boot. True when it is now the boot's: then what was timed by less
/// must be timed again.
bool offer_anchor(
    BootClock& boot, const wire::ClockAnchor& anchor, Instant received_at,
    const TimePolicy& policy);

/// Takes note that the report had been made when it came.
void offer_arrival(BootClock& boot, const OwnTime& own, Instant received_at);

/// The wall clock at `mono_us`, by the anchor.
Instant at_by(const wire::ClockAnchor& anchor, std::uint64_t mono_us);

/// A strong own clock, else a strong anchor, else an own battery clock, else any anchor, each only
/// where it is believable when the report came; else between the end of what the device had sent
/// before and when the report came, and uncertain.
Timing timing_of(
    const OwnTime& own, const BootClock& boot, Instant received_at, const TimePolicy& policy);

}  // namespace mobilytics::ingest
