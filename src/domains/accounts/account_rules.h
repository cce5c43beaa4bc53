#pragma once
// What is allowed, apart from where it is kept. Pure: the same arguments, the same answer.

#include <optional>
#include <string>
#include <string_view>

#include "domains/accounts/account_types.h"

namespace mobilytics::accounts {

/// What the texts that we give out begin with.
inline constexpr std::string_view kSessionPrefix = "mobs_";
inline constexpr std::string_view kKeyPrefix = "mob_";

/// identity::check_password() with our lengths. `context`: what anybody knows who tries this
/// account.
Result<> checked_password(
    const std::string& password, const Limits& limits, const std::vector<std::string>& context);

/// In small letters, of ASCII.
std::string lower(std::string_view text);

/// An e-mail as it is kept: without spaces around it; invalid `bad_email`.
Result<std::string> checked_email(std::string_view email);
/// invalid `bad_name`: empty, or with control characters.
Result<std::string> checked_name(std::string_view name);

/// forbidden `role_above_own`: nobody gives more than they have. invalid `role_of_other_kind`:
/// staff roles are of the house, and it has no others.
Result<> may_give(Role giver, Role given, CompanyKind kind);
/// Whether a company of this kind may have one of that below it.
bool may_be_below(CompanyKind parent, CompanyKind child);

/// What a staff role may see as somebody else.
Permissions rights_of(Role staff);

/// invalid `bad_network`, for what is neither an address nor a network like 10.0.0.0/8.
Result<> check_network(std::string_view network);
/// Whether the address is in one of them; nothing is in none.
bool is_within(const std::vector<std::string>& networks, std::string_view address);

/// 43 characters of chance behind `prefix`: 256 bits.
Secret<std::string> new_token(std::string_view prefix);
/// "7K3M-2XWT-P9QA-4HJD": 80 bits, for a password that is used once.
Secret<std::string> new_one_time_password();

}  // namespace mobilytics::accounts
