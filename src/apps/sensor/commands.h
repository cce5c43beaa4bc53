#pragma once
// What mobilytics-sensor does. Each command prints for people on standard output, logs on standard
// error, and returns an exit code.

#include <string>
#include <vector>

namespace mobilytics::sensor {

enum ExitCode : int {
    kDone = 0,
    kFailed = 1,       // Something went wrong that nobody foresaw; it is in the log.
    kUsage = 2,        // The command line or the settings are not right.
    kNotEnrolled = 3,  // It has not joined: enroll first.
    kEnrolmentRefused = 4,
    kNotAcknowledged = 5,  // Not all was acknowledged in time; it is kept, and sent next time.
    kNoSource = 6,         // What it should listen to cannot be opened.
};

/// `words` without the program's name.
int run_command(const std::vector<std::string>& words);

}  // namespace mobilytics::sensor
