#pragma once
// What this domain tells within the transaction that it tells of: mail that is to be sent, and
// companies that are new or changed.

#include "domains/accounts/accounts.h"
#include "domains/accounts/person_store.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// Seals the token, which nobody else sees.
void want_mail(
    pg::Transaction& tx, const crypto::SealedBox& seal, MailWanted mail,
    const Secret<std::string>& token);

/// The same of a link that confirms an e-mail.
void want_confirmation(
    pg::Transaction& tx, const crypto::SealedBox& seal, ConfirmationWanted wanted,
    const Secret<std::string>& token);
/// To the person's e-mail, as `person` has it.
void notify(
    pg::Transaction& tx, Instant now, const PersonRow& person, NoticeKind kind,
    std::string about = {});

/// An invitation to the transaction's company, and the mail with its link. False when that e-mail
/// is invited already.
bool invite_to(
    pg::Transaction& tx, const crypto::SealedBox& seal, const Ground& ground,
    const std::string& company_name, const Invitation& invitation);
/// CompanyChanged.
void tell(pg::Transaction& tx, const Company& company);

}  // namespace mobilytics::accounts
