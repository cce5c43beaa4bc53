#pragma once
// Short-lived tokens (JWT, RFC 9068): what a session or an API key gives to a program or a page for
// some minutes, so that it may less than they, and for no longer. Anybody verifies one with our
// public keys; whoever gave it out is looked up at each request of ours, so that a token dies at
// once with its session, its key or its membership.

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "domains/accounts/account_types.h"
#include "platform/identity/shared_keys.h"

namespace mobilytics::http {
struct Shown;
}
namespace mobilytics::jobs {
class Workers;
}
namespace mobilytics::pg {
class SystemPool;
}

namespace mobilytics::accounts {

class Accounts;

/// Whom it is for. api: our own, as far as its scopes go. embed: the same, to read reports and
/// assets as a viewer does, for a page of somebody else's.
BOOST_DEFINE_ENUM_CLASS(TokenAudience, api, embed)

struct NewToken {
    std::vector<std::string> scopes;
    std::optional<TokenAudience> audience;  // None: api.
    std::optional<std::int64_t> minutes;    // None: 15.
};

class Tokens {
  public:
    /// `issuer` is our own URL, as others have it. `accounts` and `seal` must outlive this.
    Tokens(Ground ground, Accounts& accounts, const crypto::SealedBox& seal, std::string issuer);

    /// invalid `bad_permission`; forbidden `scope_above_own`, `not_by_a_token`, and
    /// `not_for_embeds`, for what a page of somebody else's is not given.
    Result<http::Reply> make_token(const http::Call& call, const NewToken& asked);
    /// application/jwk-set+json, for an hour.
    Result<http::Reply> show_keys(const http::Call& call);

    /// Whether it is to be read as such a token, rather than as that of a session or a key.
    static bool is_token(std::string_view shown);
    /// unauthenticated, with the codes of identity::verify_jwt(), and `no_session`, where whoever
    /// gave it out opens nothing any more; forbidden `address_not_allowed`.
    Result<Caller> authenticate(std::string_view token, std::string_view address);

  private:
    Result<identity::Claims> verified(std::string_view token, TokenAudience audience);

    Ground ground_;
    Accounts& accounts_;
    const std::string issuer_;
    identity::SharedKeys keys_;
};

/// Who shows that: a session, an API key, or a token in its header.
Result<Caller> authenticate(Accounts& accounts, Tokens& tokens, const http::Shown& shown);

/// Makes the keys that sign tokens where there are none, and turns those that are due. At the
/// start, and every hour.
void turn_signing_keys(pg::SystemPool& system, const crypto::SealedBox& seal, const Clock& clock);
/// The same by the clock. What it is given must outlive `workers`.
void serve_signing_keys(jobs::Workers& workers, const crypto::SealedBox& seal, const Clock& clock);

struct TurnSigningKeys {
    static constexpr std::string_view kName = "accounts.turn_signing_keys.v1";
    boost::json::value to_json() const;
    static TurnSigningKeys from_json(const boost::json::value& json);
};

}  // namespace mobilytics::accounts
