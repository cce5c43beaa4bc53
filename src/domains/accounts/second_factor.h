#pragma once
// Whether somebody has what they have: a code of their app, or one of their recovery codes.

#include "domains/accounts/person_store.h"

namespace mobilytics::accounts {

std::string seal_totp(
    const crypto::SealedBox& seal, PersonId person, const Secret<std::string>& secret);
/// Throws when it was not sealed with that box for that person.
Secret<std::string> open_totp(
    const crypto::SealedBox& seal, PersonId person, const std::string& sealed);

/// Spends the code, in this transaction, which acts as the person. unauthenticated `wrong_code`;
/// conflict `no_second_factor`.
Result<> spend_code(
    pg::Transaction& tx, const crypto::SealedBox& seal, PersonId person, const std::string& code,
    Instant now);

}  // namespace mobilytics::accounts
