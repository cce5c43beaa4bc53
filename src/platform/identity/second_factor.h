#pragma once
// The second factor without hardware: codes of authenticator apps (TOTP, RFC 6238, as they all
// speak it: HMAC-SHA-1, six digits, 30 s) and the recovery codes on paper for who lost the app.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/clock.h"
#include "foundation/result.h"
#include "foundation/secret.h"

namespace mobilytics::identity {

/// What an app and we share: 20 bytes of chance (RFC 4226, 4, R6), not text.
Secret<std::string> make_totp_secret();
/// As people type it: 32 characters of RFC 4648's base 32.
Secret<std::string> totp_secret_text(const Secret<std::string>& secret);
/// As an app scans it: "otpauth://totp/<issuer>:<account>?secret=…&issuer=…".
Secret<std::string> totp_uri(
    const Secret<std::string>& secret, std::string_view issuer, std::string_view account);

/// Half minutes since 1970. Negative before.
std::int64_t totp_step(Instant now);
/// Six digits.
std::string totp_code(const Secret<std::string>& secret, std::int64_t step);
/// The step that `code` is of: keep it, and give it next time as `last_step`, for a code opens
/// once, and so does none before it. Accepts the step of `now`, the one before and the one after;
/// spaces in the code mean nothing. unauthenticated `wrong_code`, whatever the reason. Takes as
/// long for a wrong one as for the right one.
Result<std::int64_t> check_totp(
    const Secret<std::string>& secret, std::string_view code, Instant now,
    std::optional<std::int64_t> last_step);
/// Whether somebody typed such a code, six digits, rather than a recovery code.
bool looks_like_totp(std::string_view typed);

constexpr std::size_t kRecoveryCodes = 10;

struct RecoveryCodes {
    std::vector<Secret<std::string>> texts;  // To be shown once: "7K3M-2XWT-P9QA-4HJD-8RNB-C5VE".
    std::vector<std::string> hashes;         // To be kept, in the same order.
};
/// Each is 120 bits of chance in Crockford's base 32: more than the 112 from which a plain digest
/// is a safe one (ASVS 5.0, 6.5.2).
RecoveryCodes make_recovery_codes();
/// What to look for among those kept, and to remove in the same statement: each opens once. 64
/// hexadecimal digits; however it was typed (case, dashes, spaces, O for 0). None for a text that
/// can be no such code.
std::optional<std::string> recovery_code_hash(const Secret<std::string>& typed);
/// Which of those kept it is: the same for who keeps them in a list. In constant time.
std::optional<std::size_t> find_recovery_code(
    std::span<const std::string> hashes, const Secret<std::string>& typed);

}  // namespace mobilytics::identity
