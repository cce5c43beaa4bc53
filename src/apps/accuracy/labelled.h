#pragma once
// Captures whose device is known.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "apps/accuracy/captures.h"

namespace mobilytics::accuracy {

using Rows = std::vector<Heard>;                           // By time.
using Devices = std::map<std::string, std::vector<Rows>>;  // By name: the captures of each.

/// A folder per device, with captures of that device alone, nested as they like. What is no capture
/// is passed over. `notes` gets a line for each file or device that gives nothing. invalid
/// `no_folder`, `no_devices`.
Result<Devices> labelled_captures(
    const std::filesystem::path& folder, std::vector<std::string>& notes);

/// Tables with a line a probe request, the elements in columns of hexadecimal digits, the device in
/// "Label". invalid `no_folder`, `no_devices`, `no_columns`.
Result<Devices> labelled_tables(
    const std::filesystem::path& folder, std::vector<std::string>& notes);

/// The coarse fingerprint that a device shows most.
std::uint32_t model_of(const std::vector<Rows>& captures);

}  // namespace mobilytics::accuracy
