#include "platform/crypto/signing.h"

#include <sodium.h>

#include "platform/crypto/digest.h"

namespace mobilytics::crypto {

namespace {

constexpr std::string_view kAbout = "ed25519 signing key";
// SEQUENCE { SEQUENCE { OID 1.3.101.112 } BIT STRING of the 32 bytes }: RFC 8410, section 4.
constexpr std::string_view kInfo{"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12};

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string PublicKey::id() const { return sha256_hex(bytes).substr(0, 16); }

std::string PublicKey::pem() const {
    const auto der = std::string(kInfo) + bytes;
    constexpr int kind = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_encoded_len(der.size(), kind), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(der), der.size(), kind);
    text.pop_back();
    return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
    return bytes.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(
               bytes_of(signature), bytes_of(message), message.size(), bytes_of(bytes)) == 0;
}

SigningKey::SigningKey(const Secret<std::string>& seed) {
    VERIFY(seed.reveal().size() == crypto_sign_SEEDBYTES);
    std::string key(crypto_sign_SECRETKEYBYTES, '\0');
    public_key_.bytes.resize(crypto_sign_PUBLICKEYBYTES);
    crypto_sign_seed_keypair(bytes_of(public_key_.bytes), bytes_of(key), bytes_of(seed.reveal()));
    key_ = Secret(std::move(key));
}

SigningKey SigningKey::fresh() { return SigningKey(Secret(random_bytes(crypto_sign_SEEDBYTES))); }

SigningKey SigningKey::kept(const std::filesystem::path& file, const SealedBox& box) {
    const auto sealed = read_file(file);
    auto seed = sealed ? box.open(*sealed, kAbout) : Secret(random_bytes(crypto_sign_SEEDBYTES));
    if (!seed || seed->reveal().size() != crypto_sign_SEEDBYTES) {
        throw std::runtime_error(file.string() + " is no signing key of ours");
    }
    SigningKey out(*seed);
    if (!sealed) write_file(file, box.seal(*seed, kAbout), Readable::by_owner);
    auto open = file;
    open.replace_extension(".pem");
    if (const auto there = read_file(open); there != out.public_key_.pem()) {
        write_file(open, out.public_key_.pem(), Readable::by_all);
    }
    return out;
}

std::string SigningKey::sign(std::string_view message) const {
    std::string out(crypto_sign_BYTES, '\0');
    crypto_sign_detached(
        bytes_of(out), nullptr, bytes_of(message), message.size(), bytes_of(key_.reveal()));
    return out;
}

}  // namespace mobilytics::crypto
