#pragma once
// What a state folder says of its sensor, also while that runs.

#include <filesystem>

namespace mobilytics::sensor {

/// Prints it; an exit code.
int print_status(const std::filesystem::path& state_folder, bool as_json);

}  // namespace mobilytics::sensor
