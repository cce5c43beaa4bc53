#pragma once
// Digests, chance and comparison, over libsodium and OpenSSL. Bytes are std::string or spans of
// them.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "foundation/result.h"
#include "foundation/secret.h"

namespace mobilytics::crypto {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA-256 with one key, for many messages: the key is prepared once. One thread at a time.
class Hmac {
  public:
    explicit Hmac(const Secret<std::string>& key);
    ~Hmac();
    Hmac(Hmac&&) noexcept;
    Hmac& operator=(Hmac&&) noexcept;

    Sha256 of(std::span<const std::uint8_t> message) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// From the system's source; never fails.
std::string random_bytes(std::size_t count);

/// Takes the same time wherever the difference is. Texts of different length are different.
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string to_hex(std::string_view bytes);
inline std::string to_hex(const Sha256& digest) {
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}
/// invalid `bad_hex`.
Result<std::string> from_hex(std::string_view text);
/// RFC 4648 §5, without padding.
std::string to_base64url(std::string_view bytes);
/// Crockford's base 32, upper case: the first `characters` of the bytes' bits.
std::string to_base32(std::string_view bytes, std::size_t characters);
/// As it is compared: upper case, I and L as 1, O as 0, without dashes and spaces.
std::string normal_base32(std::string_view text);

/// Argon2id (RFC 9106), t = 2, m = 64 MiB, p = 1; with its parameters and salt, as `argon2 -e` has
/// it.
std::string hash_password(const Secret<std::string>& password);
/// Whether it is that; false for a hash that cannot be read.
bool verify_password(const std::string& hash, const Secret<std::string>& password);

}  // namespace mobilytics::crypto
