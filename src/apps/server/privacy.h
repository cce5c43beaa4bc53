#pragma once
// What all modules say of the personal data that they keep, in one list each.

#include "domains/gdpr/gdpr.h"

namespace mobilytics::server {

/// Data map, holders and rules of every module.
gdpr::Modules privacy_of_modules();

}  // namespace mobilytics::server
