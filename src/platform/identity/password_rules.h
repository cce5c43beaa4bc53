#pragma once
// Which passwords are taken: by length and by not being among the first that anybody tries, never
// by composition. Source: OWASP ASVS 5.0, 6.2.1 to 6.2.12.

#include <cstddef>
#include <span>
#include <string>

#include "foundation/result.h"
#include "foundation/secret.h"

namespace mobilytics::identity {

struct PasswordRules {
    std::size_t characters_min = 12;  // Characters of UTF-8, not bytes.
    std::size_t characters_max = 128;
};

/// `context`: what anybody who tries this account knows of it: e-mail, name, company. invalid
/// `password_too_short`, `password_too_long`; `password_common`: one of the commonest, or made of
/// one, of `context`, of a row of keys, or of a repetition, with little else.
Result<> check_password(
    const Secret<std::string>& password, const PasswordRules& rules,
    std::span<const std::string> context);

}  // namespace mobilytics::identity
