#pragma once
// All that can be set of a sensor: sensor.toml, the environment (MOBILYTICS_…) over it, the command
// line over both.

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/sensor/agent/station.h"
#include "pipeline/sensor/sources/open.h"
#include "platform/config/config.h"

namespace mobilytics::sensor {

struct Settings {
    std::string interface;            // Wi-Fi.
    std::string channels = "1,6,11";  // To hop over.
    std::chrono::milliseconds dwell{250};
    std::string bluetooth;              // "hci0"
    std::vector<std::string> captures;  // FIFOs, "-".
    std::string positions;              // "gpsd:127.0.0.1:2947", "/dev/ttyUSB0@9600", a file.
    std::string opt_out_file;
    OptOutLimits opt_outs;
    SpoolLimits spool;
    RecorderLimits recorder;
    UplinkLimits uplink;
    std::chrono::seconds health_every{60};
    bool https = true;
    bool rssi_required = true;
};

/// invalid `bad_config`, with a fault a key; not_found `no_file`.
Result<Settings> read_settings(const std::optional<std::filesystem::path>& file);
/// What is in force, as TOML.
Result<std::string> print_settings(const std::optional<std::filesystem::path>& file);

/// "1,6,11" or "" for none; invalid `bad_channels`.
Result<std::vector<std::uint8_t>> parse_channels(std::string_view text);
/// Of the settings, for a sensor that has joined. invalid, as what they name is.
Result<StationConfig> station_config(
    const Settings& settings, const std::filesystem::path& state_folder, const Identity& identity);
/// Opens what the settings name. invalid `no_source`, where that is nothing; else as sources say.
Result<Sources> open_sources(const Settings& settings, const Clock& clock);

}  // namespace mobilytics::sensor
