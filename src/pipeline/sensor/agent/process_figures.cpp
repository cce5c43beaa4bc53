#include "pipeline/sensor/agent/process_figures.h"

#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace mobilytics::sensor {

ProcessFigures process_figures() {
    ProcessFigures out;
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        const auto micros = [](const timeval& time) {
            return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
                   static_cast<std::uint64_t>(time.tv_usec);
        };
        out.cpu_us = micros(usage.ru_utime) + micros(usage.ru_stime);
    }
    // In pages: all, then what is in memory.
    std::ifstream file("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    if (file >> all >> resident) {
        out.memory_bytes = resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    }
    return out;
}

}  // namespace mobilytics::sensor
