#pragma once
// All that this program writes by mail, in one list.

#include "platform/mail/templates.h"

namespace mobilytics::server {

mail::Templates mail_templates();

}  // namespace mobilytics::server
