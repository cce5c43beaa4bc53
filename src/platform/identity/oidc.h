#pragma once
// Signing in with another's account: the relying party of OpenID Connect Core 1.0, with the
// authorization code, PKCE (RFC 7636, S256), state and nonce, at any provider with a discovery
// document. What comes out is who the provider says that somebody is; whether we know them is not
// for here.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/enum.hpp>

#include "foundation/clock.h"
#include "foundation/result.h"
#include "foundation/secret.h"
#include "platform/fetch/fetch.h"

namespace mobilytics::identity {

/// How the client shows its secret at the token endpoint.
BOOST_DEFINE_ENUM_CLASS(ClientAuthentication, client_secret_basic, client_secret_post)

struct OidcConfig {
    std::string issuer;  // "https://accounts.example": as the provider writes it, to the letter.
    std::string client_id;
    Secret<std::string> client_secret;
    std::string redirect_uri;  // Ours, as registered there.
    ClientAuthentication authentication = ClientAuthentication::client_secret_basic;
    std::vector<std::string> scopes{"openid", "email", "profile"};
    std::chrono::seconds leeway{60};
    std::chrono::minutes discovery_kept{60};
    std::chrono::seconds keys_again_after{60};  // For a key that is not known, no more often.
    fetch::Trust trust = {};
    fetch::Limits limits{
        .connect_max = std::chrono::seconds(5),
        .total_max = std::chrono::seconds(10),
        .body_bytes_max = 1 << 20};
};

/// A sign-in under way: kept by us, for one use and some minutes, and bound to the browser (by a
/// cookie), until it comes back with `state`.
struct OidcAttempt {
    Secret<std::string> state, nonce, verifier;  // 43 characters of base64url each.
};
/// What the browser came back with, of the query; empty: was not there.
struct OidcCallback {
    std::string code = {};
    std::string state = {};
    std::string issuer = {};  // `iss`.
    std::string error = {};
    std::string error_description = {};
};
/// Who it is, says the provider.
struct OidcPerson {
    std::string issuer, subject;       // Together the person's name that never changes.
    std::string email;                 // May be empty.
    bool email_verified = false;       // Join accounts by an e-mail only where this is true.
    std::string name;                  // May be empty.
    Instant signed_in_at;              // auth_time; else when the token was made.
    std::vector<std::string> methods;  // amr: "pwd", "mfa", …; may be empty.
    std::string context = {};          // acr; may be empty.
};

/// For any thread. `clock` must outlive it. Asks the network only in begin() and finish(); what it
/// learns of the provider it keeps for a while.
class OidcClient {
  public:
    /// Throws std::invalid_argument for an issuer or redirect_uri that is neither https nor http on
    /// the loopback.
    OidcClient(OidcConfig config, const Clock& clock);
    ~OidcClient();

    struct Start {
        std::string url;  // Where to send the browser.
        OidcAttempt attempt;
    };
    /// unavailable `provider_unavailable`: no answer, or none that one can use, with its reason.
    Result<Start> begin();
    /// unauthenticated `wrong_state`: another browser's or an old one; `refused_by_provider`, with
    /// its own words; `wrong_nonce`, and those of verify_jwt for the token that it gave;
    /// `bad_token`, also when it is for another party (azp) or its parts do not fit. unavailable
    /// `provider_unavailable`.
    Result<OidcPerson> finish(const OidcAttempt& attempt, const OidcCallback& callback);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mobilytics::identity
