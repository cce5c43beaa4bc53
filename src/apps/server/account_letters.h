#pragma once
// What people are told by mail of how they sign in: what has changed, and the link by which an
// e-mail becomes theirs.

#include "apps/server/letters.h"

namespace mobilytics::server {

/// Before relay.start(). What it names must outlive `relay`.
void join_account_letters(events::Relay& relay, const LettersGround& ground);

}  // namespace mobilytics::server
