#pragma once
// How this domain answers for a company's contacts, who do not sign in.

#include "platform/privacy/privacy.h"

namespace mobilytics::accounts {

/// A contact's e-mail in the transaction's company; empty where there is none.
std::string email_of(pg::Transaction& tx, privacy::ContactId contact);

privacy::Holder contacts_holder();

}  // namespace mobilytics::accounts
