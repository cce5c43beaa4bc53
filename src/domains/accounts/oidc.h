#pragma once
// Signing in by a provider's account (OpenID Connect): the way there and back, and who of ours that
// is. A person is known by issuer and subject; the first time by an e-mail that the provider has
// verified, or by an invitation that waits for it. Nobody else comes in.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domains/accounts/account_types.h"
#include "domains/accounts/sessions.h"
#include "platform/identity/oidc.h"

namespace mobilytics::accounts {

struct Provider {
    identity::OidcConfig oidc;
    std::string name = {};  // As the button says it.
    /// Words of `amr`, or `acr`, any of which counts as a second factor; none: ours is asked for.
    std::vector<std::string> strong = {};
};

struct StartOidcQuery {
    std::optional<std::string> next;
};

class Oidc {
  public:
    /// `provider`: none, where nobody signs in so. `seal` and `sessions` must outlive this. Throws
    /// std::invalid_argument as identity::OidcClient does.
    Oidc(
        Ground ground, const crypto::SealedBox& seal, Sessions& sessions,
        std::optional<Provider> provider);
    ~Oidc();

    /// Sends the browser to the provider. not_found `no_provider`. `next`: where to go then.
    Result<http::Reply> start_oidc(const http::Call& call, const StartOidcQuery& query);
    /// Sends the browser on, signed in; or to /sign-in?error=…: `sso_expired`, `sso_refused`,
    /// `sso_unavailable`, `sso_failed`, `sso_no_account`, `no_company`. not_found `no_provider`.
    Result<http::Reply> finish_oidc(const http::Call& call);

    /// Where the provider sends the browser to.
    static constexpr std::string_view kCallback = "/api/v1/session/oidc/callback";

  private:
    struct Attempt;
    Result<http::Reply> finished(const http::Call& call);
    std::optional<Attempt> taken(const std::string& cookie);
    Result<PersonId> person_of(const identity::OidcPerson& who);
    Result<PersonId> linked(PersonId person, const identity::OidcPerson& who);
    Result<PersonId> joined(const identity::OidcPerson& who);
    void note_failure(const std::string& code);
    bool is_strong(const identity::OidcPerson& who) const;

    Ground ground_;
    const crypto::SealedBox& seal_;
    Sessions& sessions_;
    const std::optional<Provider> provider_;
    std::unique_ptr<identity::OidcClient> client_;
};

/// A path of our own, with what follows it; "/" for all that could lead elsewhere.
std::string own_place(std::string_view next);

}  // namespace mobilytics::accounts
