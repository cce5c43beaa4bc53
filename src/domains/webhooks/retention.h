#pragma once
// How long what endpoints were told is kept: `webhook_messages`.

#include "platform/privacy/privacy.h"

namespace mobilytics::webhooks {

privacy::RetentionRule messages_rule();

}  // namespace mobilytics::webhooks
