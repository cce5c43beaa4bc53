#pragma once
// What is allowed, apart from where it is kept. Pure: the same arguments, the same answer.

#include <optional>
#include <string>
#include <string_view>

#include "domains/accounts/account_store.h"

namespace mobilytics::accounts {

/// invalid `password_too_short`, `password_too_long`, `password_common`. Lengths count characters
/// of UTF-8. Source of the lengths and the list: OWASP ASVS 5.0, 6.2.1 to 6.2.12.
Result<> checked_password(std::string_view password, const SessionLimits& limits);

/// "<company in 32 hexadecimal digits>.<43 characters of chance>".
struct Token {
    CompanyId company;
    std::string_view text;
};
/// None for a text that is no token of ours. The text must outlive it.
std::optional<Token> parse_token(std::string_view text);

/// The session as it is once it has been used at `now`; none, when it has expired.
std::optional<SessionRow> used(SessionRow session, Instant now, const SessionLimits& limits);

}  // namespace mobilytics::accounts
