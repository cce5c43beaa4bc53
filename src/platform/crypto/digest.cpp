#include "platform/crypto/digest.h"

#include <algorithm>

#include <sodium.h>

namespace mobilytics::crypto {

namespace {

constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr unsigned long long kArgonPasses = 2;
constexpr std::size_t kArgonBytes = std::size_t{64} << 20;

/// Once, before anything of libsodium is used.
void ready() {
    static const bool done = [] {
        VERIFY(sodium_init() >= 0);
        return true;
    }();
    (void)done;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
    Sha256 out{};
    crypto_hash_sha256(out.data(), bytes_of(bytes), bytes.size());
    return out;
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

struct Hmac::State {
    crypto_auth_hmacsha256_state keyed;
};

Hmac::Hmac(const Secret<std::string>& key) : state_(std::make_unique<State>()) {
    ready();
    crypto_auth_hmacsha256_init(&state_->keyed, bytes_of(key.reveal()), key.reveal().size());
}

Hmac::~Hmac() {
    if (state_) sodium_memzero(&state_->keyed, sizeof(state_->keyed));
}

Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

Sha256 Hmac::of(std::span<const std::uint8_t> message) const {
    auto state = state_->keyed;
    Sha256 out{};
    crypto_auth_hmacsha256_update(&state, message.data(), message.size());
    crypto_auth_hmacsha256_final(&state, out.data());
    return out;
}

std::string random_bytes(std::size_t count) {
    ready();
    std::string out(count, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
    std::string out(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), bytes_of(bytes), bytes.size());
    out.pop_back();
    return out;
}

Result<std::string> from_hex(std::string_view text) {
    std::string out(text.size() / 2, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int failed = sodium_hex2bin(
        reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
        &size, &end);
    if (failed != 0 || end != text.data() + text.size() || 2 * size != text.size()) {
        return fail(ErrorKind::invalid, "bad_hex", "this is not hexadecimal");
    }
    return out;
}

std::string to_base64url(std::string_view bytes) {
    constexpr int kind = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string out(sodium_base64_encoded_len(bytes.size(), kind), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), kind);
    out.pop_back();
    return out;
}

std::string to_base32(std::string_view bytes, std::size_t characters) {
    VERIFY(8 * bytes.size() >= 5 * characters);
    std::string out;
    for (std::size_t i = 0; i < characters; ++i) {
        unsigned value = 0;
        for (std::size_t bit = 5 * i; bit < 5 * i + 5; ++bit) {
            const auto byte = static_cast<unsigned char>(bytes[bit / 8]);
            value = value << 1 | ((byte >> (7 - bit % 8)) & 1U);
        }
        out += kBase32[value];
    }
    return out;
}

std::string normal_base32(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '-' || c == ' ') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'I' || c == 'L') c = '1';
        if (c == 'O') c = '0';
        out += c;
    }
    return out;
}

std::string hash_password(const Secret<std::string>& password) {
    ready();
    std::string out(crypto_pwhash_STRBYTES, '\0');
    const auto& text = password.reveal();
    if (crypto_pwhash_str_alg(
            out.data(), text.data(), text.size(), kArgonPasses, kArgonBytes,
            crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw Unavailable("no memory for a password hash");
    }
    out.resize(out.find('\0'));
    return out;
}

bool verify_password(const std::string& hash, const Secret<std::string>& password) {
    ready();
    const auto& text = password.reveal();
    return hash.size() < crypto_pwhash_STRBYTES &&
           crypto_pwhash_str_verify(hash.c_str(), text.data(), text.size()) == 0;
}

}  // namespace mobilytics::crypto
