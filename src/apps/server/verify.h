#pragma once
// Measures all accepted reports again, from the first, into a store of its own, and compares: the
// facts that are kept must be those of an undisturbed run.

#include <string>

#include "apps/server/settings.h"

namespace mobilytics::server {

struct Verified {
    bool same = false;
    std::string told;  // For people: what was compared, and what differs.
};

/// The installation must not be up. Buckets that began before the oldest report that is still kept
/// cannot be measured again, and are left out.
Verified verify(const Settings& settings);

}  // namespace mobilytics::server
