#include "platform/identity/text.h"

#include <sodium.h>

namespace mobilytics::identity {

Result<std::string> from_base64url(std::string_view text) {
    std::string out(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(
        reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
        &size, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (failed != 0 || end != text.data() + text.size()) {
        return fail(ErrorKind::invalid, "bad_base64url", "this is not base64url without padding");
    }
    out.resize(size);
    return out;
}

std::string to_rfc_base32(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    unsigned held = 0;
    int bits = 0;
    for (const char c : bytes) {
        held = held << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) out += alphabet[held >> (bits - 5) & 31U];
    }
    if (bits > 0) out += alphabet[held << (5 - bits) & 31U];
    return out;
}

std::string url_escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15U];
        }
    }
    return out;
}

}  // namespace mobilytics::identity
