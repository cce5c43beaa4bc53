#pragma once
// How the outbox answers for a person, whom it knows by their e-mail: that they were written to
// stays, who and what goes. What still waits for them is not sent.

#include "platform/privacy/privacy.h"

namespace mobilytics::mail {

privacy::Holder holder();

}  // namespace mobilytics::mail
