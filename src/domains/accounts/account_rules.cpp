#include "domains/accounts/account_rules.h"

#include <algorithm>
#include <array>

namespace mobilytics::accounts {

namespace {

constexpr std::size_t kCompanyDigits = 32;
constexpr std::size_t kSecretCharacters = 43;  // 32 bytes in base64url.

/// The commonest passwords of at least twelve characters: shorter ones are refused anyway.
constexpr std::array<std::string_view, 24> kCommon{
    "123456789012",     "1234567890123", "12345678901234",   "qwertyuiop12",   "qwertyuiop123",
    "password1234",     "password12345", "passwordpassword", "iloveyou1234",   "adminadminadmin",
    "administrator",    "mobilytics123", "mobilytics1234",   "letmeinletmein", "welcome12345",
    "changemechangeme", "qwerty123456",  "1q2w3e4r5t6y",     "1qaz2wsx3edc",   "abcdefghijkl",
    "aaaaaaaaaaaa",     "000000000000",  "111111111111",     "qwertyuiopasdf"};

}  // namespace

Result<> checked_password(std::string_view password, const SessionLimits& limits) {
    const auto characters = static_cast<std::size_t>(
        std::count_if(password.begin(), password.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    if (characters < limits.password_characters_min) {
        return fail(
            ErrorKind::invalid, "password_too_short",
            "take at least " + std::to_string(limits.password_characters_min) + " characters");
    }
    if (characters > limits.password_characters_max) {
        return fail(
            ErrorKind::invalid, "password_too_long",
            "take at most " + std::to_string(limits.password_characters_max) + " characters");
    }
    std::string lower(password);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (std::find(kCommon.begin(), kCommon.end(), lower) != kCommon.end()) {
        return fail(
            ErrorKind::invalid, "password_common", "this is among the first that anybody tries");
    }
    return {};
}

std::optional<Token> parse_token(std::string_view text) {
    if (text.size() != kCompanyDigits + 1 + kSecretCharacters || text[kCompanyDigits] != '.') {
        return std::nullopt;
    }
    const auto company = CompanyId::from_uuid(text.substr(0, kCompanyDigits));
    if (!company) return std::nullopt;
    return Token{*company, text};
}

std::optional<SessionRow> used(SessionRow session, Instant now, const SessionLimits& limits) {
    if (now >= session.expires_at) return std::nullopt;
    session.seen_at = now;
    session.expires_at =
        std::min<Instant>(now + limits.idle_max, session.begun_at + limits.absolute_max);
    return session;
}

}  // namespace mobilytics::accounts
