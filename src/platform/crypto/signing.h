#pragma once
// Signatures that others can check: Ed25519 (RFC 8032), over libsodium.

#include <filesystem>
#include <string>
#include <string_view>

#include "foundation/secret.h"
#include "platform/crypto/files.h"

namespace mobilytics::crypto {

/// 32 bytes of Ed25519.
struct PublicKey {
    std::string bytes;

    /// The first 16 hexadecimal digits of its SHA-256.
    std::string id() const;
    /// SubjectPublicKeyInfo (RFC 8410), as `openssl pkeyutl -verify -rawin -pubin` reads it.
    std::string pem() const;
    /// Whether `signature` is by its owner, of this message.
    bool verifies(std::string_view message, std::string_view signature) const;
};

/// For any thread.
class SigningKey {
  public:
    static SigningKey fresh();
    /// The key that `file` holds, sealed by `box`; made at the first use, and its public key
    /// written beside it, as `file` with .pem. Throws std::runtime_error for a file that is not
    /// ours.
    static SigningKey kept(const std::filesystem::path& file, const SealedBox& box);

    std::string sign(std::string_view message) const;  // 64 bytes.
    const PublicKey& public_key() const { return public_key_; }

  private:
    explicit SigningKey(const Secret<std::string>& seed);

    Secret<std::string> key_;  // Seed and public key, as libsodium has it.
    PublicKey public_key_;
};

}  // namespace mobilytics::crypto
