#include "platform/identity/second_factor.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "platform/crypto/digest.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {

namespace {

constexpr std::size_t kSecretBytes = 20;
constexpr std::size_t kDigits = 6;
constexpr std::uint32_t kCodes = 1'000'000;
constexpr std::size_t kRecoveryCharacters = 24;
constexpr std::size_t kRecoveryGroup = 4;

std::string without_spaces(std::string_view text) {
    std::string out(text);
    std::erase(out, ' ');
    return out;
}

}  // namespace

Secret<std::string> make_totp_secret() { return Secret(crypto::random_bytes(kSecretBytes)); }

Secret<std::string> totp_secret_text(const Secret<std::string>& secret) {
    return Secret(to_rfc_base32(secret.reveal()));
}

Secret<std::string> totp_uri(
    const Secret<std::string>& secret, std::string_view issuer, std::string_view account) {
    // The colon parts the two in the label, and the spaces are "%20": apps do not read "+".
    const auto name = url_escaped(issuer);
    return Secret(
        "otpauth://totp/" + name + ":" + url_escaped(account) +
        "?secret=" + totp_secret_text(secret).reveal() + "&issuer=" + name +
        "&algorithm=SHA1&digits=6&period=30");
}

std::int64_t totp_step(Instant now) {
    return std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<30>>>(
               now.time_since_epoch())
        .count();
}

std::string totp_code(const Secret<std::string>& secret, std::int64_t step) {
    std::array<unsigned char, 8> counter{};
    auto rest = static_cast<std::uint64_t>(step);
    for (auto at = counter.rbegin(); at != counter.rend(); ++at, rest >>= 8) {
        *at = static_cast<unsigned char>(rest & 0xFF);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const auto& key = secret.reveal();
    VERIFY(
        HMAC(
            EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(),
            digest.data(), &size) != nullptr);
    // RFC 4226, 5.3: four bytes from where the last one says, without the sign.
    const auto at = digest[size - 1] & 15U;
    const std::uint32_t number = (digest[at] & 0x7FU) << 24 | std::uint32_t{digest[at + 1]} << 16 |
                                 std::uint32_t{digest[at + 2]} << 8 | digest[at + 3];
    const auto text = std::to_string(number % kCodes);
    return std::string(kDigits - text.size(), '0') + text;
}

Result<std::int64_t> check_totp(
    const Secret<std::string>& secret, std::string_view code, Instant now,
    std::optional<std::int64_t> last_step) {
    const auto typed = without_spaces(code);
    const auto step_now = totp_step(now);
    std::optional<std::int64_t> found;
    for (std::int64_t step = step_now - 1; step <= step_now + 1; ++step) {
        const bool same = crypto::equal_in_constant_time(totp_code(secret, step), typed);
        if (same && (!last_step || step > *last_step)) found = step;
    }
    if (!found) {
        return fail(
            ErrorKind::unauthenticated, "wrong_code",
            "this is not the code of now; each code opens once");
    }
    return *found;
}

bool looks_like_totp(std::string_view typed) {
    const auto text = without_spaces(typed);
    return text.size() == kDigits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

RecoveryCodes make_recovery_codes() {
    RecoveryCodes out;
    for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
        const Secret plain(crypto::to_base32(
            crypto::random_bytes(kRecoveryCharacters * 5 / 8), kRecoveryCharacters));
        std::string text;
        for (std::size_t at = 0; at < kRecoveryCharacters; at += kRecoveryGroup) {
            if (at > 0) text += '-';
            text += plain.reveal().substr(at, kRecoveryGroup);
        }
        out.texts.emplace_back(std::move(text));
        out.hashes.push_back(crypto::sha256_hex(plain.reveal()));
    }
    return out;
}

std::optional<std::string> recovery_code_hash(const Secret<std::string>& typed) {
    const Secret plain(crypto::normal_base32(typed.reveal()));
    if (plain.reveal().size() != kRecoveryCharacters) return std::nullopt;
    return crypto::sha256_hex(plain.reveal());
}

std::optional<std::size_t> find_recovery_code(
    std::span<const std::string> hashes, const Secret<std::string>& typed) {
    const auto hash = recovery_code_hash(typed);
    std::optional<std::size_t> found;
    for (std::size_t i = 0; hash && i < hashes.size(); ++i) {
        if (crypto::equal_in_constant_time(hashes[i], *hash)) found = i;
    }
    return found;
}

}  // namespace mobilytics::identity
