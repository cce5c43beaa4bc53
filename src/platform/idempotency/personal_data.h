#pragma once
// How this module answers for a person: the answers that they were given go.

#include "platform/privacy/privacy.h"

namespace mobilytics::idempotency {

privacy::Holder holder();

}  // namespace mobilytics::idempotency
