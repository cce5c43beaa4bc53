#pragma once
// What an enrolled sensor asks over mutual TLS. By hand: who asks is its certificate.

#include "domains/optouts/optouts.h"
#include "platform/http/router.h"

namespace mobilytics::optouts {

/// GET /device/v1/opt-outs, with If-None-Match: the version that it follows. 304 where that is the
/// newest. `opt_outs` must outlive `router`.
void mount_device_routes(http::Router& router, OptOuts& opt_outs);

}  // namespace mobilytics::optouts
