#pragma once
// The parts that HealthWatch looks at: those that vitals.h watches too, judged as doctor does.

#include "apps/server/health_watch.h"
#include "apps/server/settings.h"
#include "apps/server/vitals.h"

namespace mobilytics::server {

/// What it is given must outlive `health`, but `watched`.
void list_parts(
    HealthWatch& health, const Watched& watched, const Settings& settings, const Clock& clock);

}  // namespace mobilytics::server
