#pragma once
// What a city's sensors heard, and what was so, as files.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "simulation/city.h"

namespace mobilytics::simulation {

struct Recorded {
    std::uint64_t wifi_frames = 0;
    std::uint64_t ble_frames = 0;
    std::uint64_t fixes = 0;
    std::uint64_t visits = 0;
};

/// Writes into `folder`, for each asset: <code>-synthetic.wifi.pcap (link type 127),
/// <code>-synthetic.ble.pcap (256) and, for a truck, <code>-synthetic.nmea; and the truth of all:
/// synthetic-assets.csv, synthetic-visits.csv, synthetic-devices.csv. README.md says the columns.
/// Throws std::runtime_error if a file cannot be written.
Recorded record(
    const City& city, std::span<const std::uint32_t> assets, Instant from, Instant to,
    const std::filesystem::path& folder, const std::function<void(const Asset&)>& done = {});

}  // namespace mobilytics::simulation
