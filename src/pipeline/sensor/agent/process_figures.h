#pragma once
// What this process uses of its machine.

#include <cstdint>

namespace mobilytics::sensor {

struct ProcessFigures {
    std::uint64_t cpu_us = 0;  // Of all threads, since the start.
    std::uint64_t memory_bytes = 0;
};
ProcessFigures process_figures();

}  // namespace mobilytics::sensor
