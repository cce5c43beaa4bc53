#pragma once
// What time it is, by the best clock there is, and how far to believe it. Everything in the sensor
// is timed by the monotonic clock; the time of day is that plus an offset, and the offset is what
// gets better: from the last time known before the start, to the real-time clock, to GPS, to NTP.

#include <mutex>
#include <vector>

#include "pipeline/sensor/agent/machine_time.h"
#include "pipeline/sensor/spool/segment.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

/// How event times are made of the machine's. Monotonic microseconds and what to add to them.
struct TimeBase {
    std::int64_t offset_us = 0;  // Wall clock minus monotonic.
    wire::ClockState state = wire::ClockState::unset;

    Instant wall(std::uint64_t mono_us) const {
        return Instant(std::chrono::microseconds(static_cast<std::int64_t>(mono_us) + offset_us));
    }
    friend bool operator==(const TimeBase&, const TimeBase&) = default;
};

/// For any thread.
class TimeKeeper {
  public:
    /// No clock is before `floor`: the last time known at the end of the run before, or when the
    /// program was made.
    TimeKeeper(const MachineTime& machine, Instant floor);

    /// Looks at the machine's clocks. Often enough that a step is noticed within a window.
    void update();
    /// A satellite receiver said that it is `time`, now.
    void fix_heard(Instant time);

    Moment now() const;
    TimeBase base() const;
    /// When the machine's clock showed `stamp`, on the monotonic one: for frames that the kernel
    /// stamps. As long ago as that was by the clock as it is set now.
    std::uint64_t mono_of(Instant stamp) const;

    /// Anchors since the last call: each time a better source appeared, or the clock stepped.
    std::vector<wire::ClockAnchor> take_anchors();

  private:
    void adopt(std::int64_t offset_us, wire::ClockState state, const MachineTime::Reading& reading);

    const MachineTime& machine_;
    mutable std::mutex mutex_;
    Instant floor_;
    TimeBase base_;
    std::int64_t floor_offset_us_ = 0;  // That makes the start the floor.
    std::optional<std::int64_t> gps_offset_us_;
    std::uint64_t gps_heard_at_us_ = 0;
    std::vector<wire::ClockAnchor> anchors_;
};

/// Of GPS: a fix says when it was, and comes up to a second later.
inline constexpr std::uint32_t kGpsUncertaintyUs = 1'000'000;
/// No sensor ran before this was written.
inline constexpr Instant kEarliest{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

}  // namespace mobilytics::sensor
