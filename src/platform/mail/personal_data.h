#pragma once
// How the outbox answers for a person, whom it knows by their e-mail: that they were written to
// stays, who and what goes. What still waits for them is not sent.

#include "platform/privacy/privacy.h"

namespace mobilytics::mail {

privacy::Holder holder();
/// How long a company's letters are kept once they have been sent: `letters`.
privacy::RetentionRule letters_rule();

}  // namespace mobilytics::mail
