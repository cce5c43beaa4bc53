#include "domains/webhooks/signature.h"

#include <algorithm>

#include "foundation/result.h"
#include "platform/crypto/digest.h"

namespace mobilytics::webhooks {

namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kSecretBytes = 32;

std::string base64(std::string_view bytes) {
    auto out = crypto::to_base64url(bytes);
    std::replace(out.begin(), out.end(), '-', '+');
    std::replace(out.begin(), out.end(), '_', '/');
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

/// Of our own secrets only: standard base64, padded.
std::string bytes_of_base64(std::string_view text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        if (c == '=') break;
        const auto digit = kDigits.find(c);
        VERIFY(digit != kDigits.npos);
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xFF);
        }
    }
    return out;
}

}  // namespace

Secret<std::string> new_secret() {
    return Secret(std::string(kPrefix) + base64(crypto::random_bytes(kSecretBytes)));
}

std::string signature(
    const std::vector<Secret<std::string>>& secrets, std::string_view id, std::int64_t timestamp_s,
    std::string_view body) {
    std::string content(id);
    content.append(".").append(std::to_string(timestamp_s)).append(".").append(body);
    std::string out;
    for (const auto& secret : secrets) {
        VERIFY(secret.reveal().starts_with(kPrefix));
        const crypto::Hmac hmac(
            Secret(bytes_of_base64(std::string_view(secret.reveal()).substr(kPrefix.size()))));
        const auto digest =
            hmac.of({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()});
        if (!out.empty()) out += ' ';
        out += "v1," + base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
    }
    return out;
}

}  // namespace mobilytics::webhooks
