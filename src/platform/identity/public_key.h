#pragma once
// Public keys as the web writes them (JWK, RFC 7517, and COSE, RFC 9053), and what they verify: the
// three kinds that authenticators and providers use. Anything else is refused.

#include <memory>
#include <string>
#include <string_view>

#include <boost/describe/enum.hpp>
#include <boost/json/object.hpp>

#include "foundation/result.h"

namespace mobilytics::identity {

/// es256: ECDSA on P-256 with SHA-256. eddsa: Ed25519. rs256: RSASSA-PKCS1-v1_5 with SHA-256, of
/// 2048 to 8192 bits.
BOOST_DEFINE_ENUM_CLASS(Algorithm, es256, eddsa, rs256)

/// "ES256", "EdDSA", "RS256", as JOSE has it.
std::string_view jose_name(Algorithm algorithm);

/// For any thread; copies share the key.
class PublicKey {
  public:
    /// invalid `bad_key`: not of those kinds, not on the curve, too weak, or with a private part.
    static Result<PublicKey> from_jwk(const boost::json::object& jwk);
    static Result<PublicKey> from_cose(std::string_view bytes);
    /// In PEM, of a private or a public key. invalid `bad_key`.
    static Result<PublicKey> from_pem(std::string_view pem);

    Algorithm algorithm() const { return algorithm_; }
    /// kty, crv or n and e, and so on; without kid, alg and use.
    boost::json::object jwk() const;
    /// RFC 7638, SHA-256, base64url: 43 characters.
    std::string thumbprint() const;

    /// How an ECDSA signature is written: as two numbers of 32 bytes (JOSE), or in DER (WebAuthn).
    enum class EcdsaForm { fixed, der };
    bool verifies(std::string_view message, std::string_view signature, EcdsaForm form) const;

  private:
    struct State;
    /// x and y, x, or n and e.
    static Result<PublicKey> of(Algorithm algorithm, std::string first, std::string second);
    PublicKey(Algorithm algorithm, std::shared_ptr<const State> state)
        : algorithm_(algorithm), state_(std::move(state)) {}
    Algorithm algorithm_;
    std::shared_ptr<const State> state_;
};

}  // namespace mobilytics::identity
