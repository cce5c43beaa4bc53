#pragma once
// Examines an installation, whether it is up or not, and says what is wrong and how to mend it.

#include <optional>
#include <string>
#include <vector>

#include "apps/server/settings.h"
#include "foundation/clock.h"
#include "foundation/enum_words.h"

namespace mobilytics::server {

/// fault: it does not work, or what it promises does not hold. warning: it will come to that, or
/// nobody can say.
BOOST_DEFINE_ENUM_CLASS(Verdict, well, warning, fault)

struct Finding {
    std::string check;  // "postgres_fsync": for programs, never changes.
    Verdict verdict = Verdict::well;
    std::string told;
    std::string remedy = {};  // Of what is not well.
};

/// All of it, each check for itself: what one throws is its finding. Starts a private PostgreSQL
/// for as long as it looks, where none runs.
std::vector<Finding> examine(const Settings& settings, const Clock& clock);

/// For people, the worst last; and for programs.
std::string told(const std::vector<Finding>& findings);
std::string told_json(const std::vector<Finding>& findings);

/// 0 all is well, 1 there is a fault, 3 there are warnings and no fault.
int exit_status(const std::vector<Finding>& findings);

}  // namespace mobilytics::server
