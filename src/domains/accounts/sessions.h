#pragma once
// Signing in and out: a session is a cookie beside the JSON. Over HTTP only, so each takes the
// call.

#include "domains/accounts/account_types.h"

namespace mobilytics::accounts {

class Proofs;
struct SessionState;

struct SignIn {
    std::string email, password;
};
struct SecondFactor {
    std::string code;
};
struct CompanyChoice {
    CompanyId company_id;
};
struct PasswordChange {
    std::string current, next;
};
struct PasswordResetRequest {
    std::string email;
};
struct PasswordReset {
    std::string token, password;
};
struct SignInWays {
    bool password = true;
    bool passkey = false;
    std::optional<std::string> oidc = {};
};
struct NewImpersonation {
    CompanyId company_id;
    PersonId person_id;
    std::string reason, ticket;
    std::int64_t minutes;
    std::string code;
};

struct SessionsConfig {
    bool secure = false;    // Where the dashboard is reached by TLS only.
    bool passkeys = false;  // Whether one may sign in with one: see relying_party().
    std::optional<std::string> provider = {};  // Of single sign-on: its name for the button.
};

/// Somebody has shown who they are.
struct Proven {
    PersonId person;
    std::string_view way;  // "password", "passkey", "provider": for the audit trail.
    std::optional<Instant> second_factor_at = {};
};

class Sessions {
  public:
    /// `seal` for secrets of second factors and for tokens in mail.
    /// What it is given must outlive this.
    Sessions(Ground ground, const crypto::SealedBox& seal, Proofs& proofs, SessionsConfig config)
        : ground_(ground), seal_(seal), proofs_(proofs), config_(config) {}

    /// unauthenticated `wrong_password`, whatever it is that is wrong, and as late; forbidden
    /// `no_company`; 429 `too_many_tries` with Retry-After, for who guessed too often from there.
    Result<http::Reply> begin_session(const http::Call& call, const SignIn& with);
    Result<http::Reply> find_session(const http::Call& call);
    Result<http::Reply> end_session(const http::Call& call);
    /// unauthenticated `wrong_code`; conflict `no_second_factor`.
    Result<http::Reply> show_second_factor(const http::Call& call, const SecondFactor& with);
    /// not_found `no_such_company`, also of one that is not one's own.
    Result<http::Reply> choose_company(const http::Call& call, const CompanyChoice& choice);
    /// unauthenticated `wrong_password`; invalid `password_too_short`, `password_too_long`,
    /// `password_common`; forbidden `second_factor_needed`.
    Result<http::Reply> change_password(const http::Call& call, const PasswordChange& change);
    Result<http::Reply> ask_password_reset(
        const http::Call& call, const PasswordResetRequest& asked);
    /// unauthenticated `token_unknown`; those of a new password.
    Result<> redeem_password_reset(const PasswordReset& reset);
    Result<SignInWays> sign_in_ways() {
        return SignInWays{.passkey = config_.passkeys, .oidc = config_.provider};
    }
    bool secure() const { return config_.secure; }

    /// forbidden `second_factor_needed`, where staff have none; unauthenticated `wrong_code`;
    /// not_found `no_such_person`; forbidden `consent_refused`, `not_of_staff`.
    Result<http::Reply> begin_impersonation(const http::Call& call, const NewImpersonation& asked);
    /// conflict `not_impersonating`.
    Result<http::Reply> end_impersonation(const http::Call& call);

    /// A new session, with its cookie; the one that was signed in with before ends. forbidden
    /// `no_company`.
    Result<http::Reply> opened(const http::Call& call, const Proven& proven);

    /// The company that somebody is in who signs in; none where they belong to none that is active.
    std::optional<CompanyId> home_of(PersonId person);

    /// The name of the cookie, for the router.
    static std::string cookie_name(bool secure);

  private:
    Result<SessionState> state_of(const http::Call& call);
    /// The session of that token, for whoever holds it.
    Result<http::Reply> shown(const std::string& token, unsigned status);
    Result<http::Reply> with_cookie(const Secret<std::string>& token, unsigned status);
    void end(const SessionState& state, std::string reason);
    /// The same session by another token, which is given back; commits.
    Result<Secret<std::string>> rotated(pg::Transaction& tx, const SessionState& state);
    Result<Secret<std::string>> impersonating(
        const http::Call& call, const NewImpersonation& asked);
    Result<Secret<std::string>> oneself_again(const http::Call& call);

    Ground ground_;
    const crypto::SealedBox& seal_;
    Proofs& proofs_;
    const SessionsConfig config_;
};

/// Into the house's history: whom they tried to be, where that is known, and why not, by its code.
void note_failed_sign_in(
    const Ground& ground, std::optional<PersonId> person, std::string_view way,
    std::string_view why);

/// A mail by which a password is set anew, if anybody has that e-mail.
void send_reset(const Ground& ground, const crypto::SealedBox& seal, const std::string& email);

}  // namespace mobilytics::accounts
