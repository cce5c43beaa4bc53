#pragma once
// How the queue answers for somebody whose id or e-mail a job was given: what has ended forgets
// what it was given, what waits is not done, what runs is told to end.

#include "platform/privacy/privacy.h"

namespace mobilytics::jobs {

privacy::Holder holder();

}  // namespace mobilytics::jobs
