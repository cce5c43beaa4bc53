#pragma once
// What the contract mounts by hand: what is not JSON, or says more than we ask of it.

#include "domains/accounts/accounts.h"

namespace mobilytics::http {
class Router;
}

namespace mobilytics::accounts {

/// Beside mount(). `desk` must outlive `router`.
void mount_by_hand(http::Router& router, Desk& desk);

}  // namespace mobilytics::accounts
