#pragma once
// Where the server is to listen: whether it can, before anything is started.

#include "apps/server/settings.h"
#include "foundation/result.h"

namespace mobilytics::server {

/// `invalid`, with a fault of each address or port that cannot be had, under its setting's name.
Result<> check_places(const Settings& settings);

}  // namespace mobilytics::server
