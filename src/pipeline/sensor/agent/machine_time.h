#pragma once
// What clocks the machine has. Behind an interface, because tests need machines without a real-time
// clock, machines whose clock is set in mid-flight, and machines that stand still.

#include <cstdint>

#include "foundation/clock.h"

namespace mobilytics::sensor {

class MachineTime {
  public:
    struct Reading {
        Instant wall;                // The system's clock, whatever it is worth.
        std::uint64_t mono_us = 0;   // Since the machine's start, suspended or not; never back.
        bool synchronised = false;   // By NTP, so the kernel says;
        std::uint32_t error_us = 0;  // to so much.
        bool has_rtc = false;        // A clock that runs while the machine is off.
    };
    virtual ~MachineTime() = default;
    /// For any thread.
    virtual Reading read() const = 0;
};

class RealMachineTime final : public MachineTime {
  public:
    explicit RealMachineTime(const Clock& clock);
    Reading read() const override;

  private:
    const Clock& clock_;
    const bool has_rtc_;
};

}  // namespace mobilytics::sensor
