#pragma once
// A program of somebody else's that is run to its end, as ourselves: pg_dump, tar.

#include <string>
#include <utility>
#include <vector>

namespace mobilytics::services {

struct Finished {
    int status = 0;    // As it ended; 128 and the signal's number, when one ended it.
    std::string told;  // The end of what it said on standard error, for people.
};

/// words[0] is looked for in PATH. It gets little of our environment, and `more` of it: secrets
/// stand there, where other users of the machine do not see them, and never among the words. Throws
/// std::system_error, when it cannot be started.
Finished run_program(
    const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& more = {});

}  // namespace mobilytics::services
