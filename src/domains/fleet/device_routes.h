#pragma once
// What an enrolled sensor asks of the fleet over mutual TLS. By hand: who asks is its certificate.

#include "domains/fleet/fleet.h"
#include "platform/http/router.h"

namespace mobilytics::fleet {

/// GET /device/v1/salt?day=2026-08-21. `fleet` must outlive `router`.
void mount_device_routes(http::Router& router, Fleet& fleet);

}  // namespace mobilytics::fleet
