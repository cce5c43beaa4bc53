#pragma once
// Plays recorded captures as if they were heard: all sources merged by time, the times shifted or
// not, as fast as can be or at a pace.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/sensor/agent/station.h"

namespace mobilytics::sensor {

struct ReplayFiles {
    std::vector<std::string> captures;  // pcap, pcapng, btsnoop.
    std::vector<std::string> fixes;     // GPX, NMEA, CSV, gpsd's JSON.
};

/// From the first to the last time in files.
struct TimeSpan {
    Instant first, last;
    std::uint64_t frames = 0;
    std::uint64_t fixes = 0;
};

struct ReplayConfig {
    std::optional<double> speed;  // Times as fast as it was; none: as fast as can be.
    bool keep_time = false;       // Else the end of the capture is the end of its playing.
    std::uint64_t waiting_reports_max = 4'000;  // In the spool; then it waits for acks.
    std::chrono::milliseconds salt_wait{10'000};
    std::chrono::milliseconds silence_max{60'000};  // Without an ack, at the end, it gives up.
};

struct ReplayProgress {
    std::uint64_t frames = 0;
    std::uint64_t frames_in_all = 0;
    std::uint64_t reports_waiting = 0;
    bool sending = false;  // All is played; the rest is being sent.
};

struct ReplayResult {
    AgentCounts agent;
    UplinkCounts uplink;
    TimeSpan played;  // As it was sent.
    bool all_acknowledged = false;
    bool stopped = false;
};

/// Reads all files once. invalid, as open_capture() and open_fixes() say, or `empty_capture`, when
/// there is nothing in them that has a time.
Result<TimeSpan> measure_files(const ReplayFiles& files);

/// Plays and sends all, and waits until that is acknowledged, `stop` is set, or too long nothing
/// was. `progress` is called some times a second. `config.agent` needs no device.
Result<ReplayResult> replay(
    const ReplayFiles& files, const ReplayConfig& config, StationConfig station,
    const MachineTime& machine, const std::atomic<bool>& stop,
    const std::function<void(const ReplayProgress&)>& progress);

}  // namespace mobilytics::sensor
