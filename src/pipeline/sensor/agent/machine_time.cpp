#include "pipeline/sensor/agent/machine_time.h"

#include <filesystem>

#include <sys/timex.h>
#include <time.h>

namespace mobilytics::sensor {

RealMachineTime::RealMachineTime(const Clock& clock)
    : clock_(clock), has_rtc_(std::filesystem::exists("/dev/rtc0")) {}

MachineTime::Reading RealMachineTime::read() const {
    Reading out;
    timespec mono{};
    VERIFY(clock_gettime(CLOCK_BOOTTIME, &mono) == 0);
    out.mono_us = static_cast<std::uint64_t>(mono.tv_sec) * 1'000'000 +
                  static_cast<std::uint64_t>(mono.tv_nsec) / 1'000;
    out.wall = clock_.now();
    timex kernel{};  // Asks only: modes is 0.
    out.synchronised = adjtimex(&kernel) >= 0 && (kernel.status & STA_UNSYNC) == 0;
    out.error_us = static_cast<std::uint32_t>(kernel.maxerror);
    out.has_rtc = has_rtc_;
    return out;
}

}  // namespace mobilytics::sensor
