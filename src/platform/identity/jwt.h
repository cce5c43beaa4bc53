#pragma once
// JSON Web Tokens (RFC 7515, 7519, 8725) in the compact form: who signs them keeps a SigningKeys,
// who verifies them has a Jwks. The algorithm is the key's, never the token's own choice; keys that
// a token brings along or points at (jwk, jku, x5c, x5u) are not looked at.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "foundation/clock.h"
#include "foundation/result.h"
#include "foundation/secret.h"
#include "platform/identity/public_key.h"

namespace mobilytics::crypto {
class SealedBox;
}

namespace mobilytics::identity {

struct Claims {
    std::string issuer;
    std::vector<std::string> audience;  // One at least.
    std::string subject;
    Instant issued_at, expires_at;  // Whole seconds in the token.
    std::optional<Instant> not_before = {};
    std::string id = {};              // jti; empty: it has none.
    boost::json::object others = {};  // All but those above: "scope", "azp", "act", …
};

/// What a token must say to be good for us.
struct JwtRules {
    std::string issuer;
    std::string audience;            // Among the token's.
    std::vector<std::string> types;  // Of the header's `typ`, in any case; "" for one without.
    std::chrono::seconds leeway{30};
    std::size_t bytes_max = 16 << 10;
};

/// Public keys by name, of a document at a `jwks_uri` (RFC 7517).
class Jwks {
  public:
    Jwks() = default;
    /// Keys that are not for signatures, or of a kind that we do not have, are passed over, as the
    /// RFC asks. invalid `bad_jwks`; more than 100 keys are refused.
    static Result<Jwks> parse(std::string_view json);

    struct Key {
        std::string id;  // Empty: it has none.
        PublicKey key;
    };
    const std::vector<Key>& keys() const { return keys_; }
    /// The key of that name and kind. With no name: the only one of the kind.
    const PublicKey* find(std::string_view id, Algorithm algorithm) const;
    /// {"keys": […]}, to be served as application/jwk-set+json.
    std::string text() const;

  private:
    friend class SigningKeys;
    std::vector<Key> keys_;
};

/// All that a token says, once it has been verified. unauthenticated `bad_token`: not a token of
/// this form, or of another algorithm or type; `unknown_key`: fetch the keys again, if they are
/// another's; `wrong_signature`, `wrong_issuer`, `wrong_audience`, `token_expired`,
/// `token_not_yet`. The signature is verified before anything that the token says is believed.
Result<Claims> verify_jwt(
    std::string_view token, const Jwks& keys, const JwtRules& rules, Instant now);

BOOST_DEFINE_ENUM_CLASS(KeyState, next, current, retiring)

struct KeyRules {
    Algorithm algorithm = Algorithm::es256;  // Or eddsa.
    std::chrono::hours current_for{24 * 30};
    // How long a key is shown before it signs, and after it has signed its last token: longer than
    // others keep our document (Cache-Control), and than a token lives.
    std::chrono::hours next_for{24};
    std::chrono::hours retiring_for{2};
};

/// Our signing keys: one that signs, one that will, those whose last tokens may still be about. A
/// value, for any thread; whoever owns it keeps it sealed, in a row or a file, and replaces it when
/// it is `due`, in one place at a time. Have they been stolen, make() others: the old are shown no
/// more.
class SigningKeys {
  public:
    static SigningKeys make(Instant now, const KeyRules& rules = {});
    /// Whether rotated() would change anything.
    bool due(Instant now, const KeyRules& rules = {}) const;
    /// As they are to be at `now`: nothing changes before it is due.
    SigningKeys rotated(Instant now, const KeyRules& rules = {}) const;

    std::string sealed(const crypto::SealedBox& box) const;
    /// invalid `bad_keys`, for what was not sealed with that box.
    static Result<SigningKeys> open(std::string_view sealed, const crypto::SealedBox& box);

    /// A token of ours; `type` is the header's `typ`, as "at+jwt" (RFC 9068).
    Secret<std::string> sign(const Claims& claims, std::string_view type) const;
    /// All of them, public parts only; to verify with, and to be served.
    const Jwks& jwks() const { return jwks_; }

    struct Key {
        std::string id;
        KeyState state;
        Instant since;  // When it came to that state.
        Secret<std::string> pem;
    };
    const std::vector<Key>& keys() const { return keys_; }

  private:
    struct Signer;
    explicit SigningKeys(std::vector<Key> keys);
    std::vector<Key> keys_;  // The current first, then the next, then those that retire.
    Jwks jwks_;
    std::shared_ptr<const Signer> signer_;  // Of the current one; copies share it.
};

}  // namespace mobilytics::identity
