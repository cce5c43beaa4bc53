#pragma once
// Who a provider says that a person is, and sign-ins that are under way at one, in Postgres.

#include <optional>
#include <string>
#include <string_view>

#include "domains/accounts/account_types.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// Issuer and subject in one: 64 hexadecimal digits.
std::string identity_digest(std::string_view issuer, std::string_view subject);
/// Whoever that is. Of whatever company.
std::optional<PersonId> find_identity(pg::Transaction& tx, const std::string& digest);
/// Of the person that the transaction acts as. False when it is somebody's already, or the person
/// has another of that issuer.
bool insert_identity(
    pg::Transaction& tx, const std::string& digest, std::string_view issuer, PersonId person,
    Instant now);

struct Waiting {
    CompanyId company;
    InvitationId id;
    Role role;
};
/// The newest invitation of that e-mail, of whatever company.
std::optional<Waiting> find_waiting(pg::Transaction& tx, std::string_view email, Instant now);

/// Forgets those that are too old as well.
void insert_attempt(
    pg::Transaction& tx, const std::string& cookie_sha256, const std::string& sealed,
    Instant expires_at, Instant now);
/// Each is there once. None for what is unknown or too old.
std::optional<std::string> take_attempt(
    pg::Transaction& tx, const std::string& cookie_sha256, Instant now);

}  // namespace mobilytics::accounts
