#pragma once
// What this domain tells within the transaction that it tells of: mail that is to be sent, and
// companies that are new or changed.

#include "domains/accounts/accounts.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// Seals the token, which nobody else sees.
void want_mail(
    pg::Transaction& tx, const crypto::SealedBox& seal, MailWanted mail,
    const Secret<std::string>& token);

/// An invitation to the transaction's company, and the mail with its link. False when that e-mail
/// is invited already.
bool invite_to(
    pg::Transaction& tx, const crypto::SealedBox& seal, const Ground& ground,
    const std::string& company_name, const Invitation& invitation);
/// CompanyChanged.
void tell(pg::Transaction& tx, const Company& company);

}  // namespace mobilytics::accounts
