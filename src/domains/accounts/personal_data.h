#pragma once
// How this domain answers for a person: who they are, and that they belong to the company.

#include "platform/privacy/privacy.h"

namespace mobilytics::accounts {

/// Its erasure takes the person out of the transaction's company; who belongs to no other either is
/// taken out altogether. conflict `last_owner`, of who is the only one: name another first.
privacy::Holder holder();

/// Of who is a member of the transaction's company; else empty.
std::string email_of(pg::Transaction& tx, PersonId person);

}  // namespace mobilytics::accounts
