#pragma once
// What is a person's own: who they are, where they are signed in, their second factor.

#include "domains/accounts/account_types.h"

namespace mobilytics::accounts {

struct Profile {
    PersonId id;
    std::string name, email;
    std::optional<std::string> locale;
    bool has_password, has_one_time_password, has_totp;
    std::int64_t recovery_codes_left, passkeys;
    Instant added_at;
};
struct ProfileChange {
    std::optional<std::string> name, locale;
};
struct OwnSession {
    SessionId id;
    Instant begun_at, seen_at, expires_at;
    std::string address, user_agent, company_name;
    bool current;
};
struct OwnSessionList {
    std::vector<OwnSession> items;
};
struct EmailChange {
    std::string email, password;
    std::optional<std::string> code = {};
};
struct EmailToken {
    std::string token;
};
struct TotpSecret {
    std::string secret, uri;
};
struct TotpCode {
    std::string code;
};
struct RecoveryCodes {
    std::vector<std::string> codes;
};

class Proofs;
struct Proof;

class Profiles {
  public:
    /// What it is given must outlive this.
    Profiles(Ground ground, const crypto::SealedBox& seal, Proofs& proofs)
        : ground_(ground), seal_(seal), proofs_(proofs) {}

    Result<Profile> find_profile(const Caller& caller);
    Result<Profile> change_profile(const Caller& caller, const ProfileChange& change);

    Result<http::Reply> list_own_sessions(const http::Call& call);
    Result<http::Reply> end_other_sessions(const http::Call& call);
    /// not_found `no_such_session`.
    Result<> end_own_session(const Caller& caller, SessionId session);

    // All that follow: also what Proofs::refused() answers.

    /// conflict `totp_in_force`.
    Result<http::Reply> begin_totp(const http::Call& call, const Proof& proof);
    /// unauthenticated `wrong_code`; conflict `totp_not_begun`. All other sessions end.
    Result<http::Reply> confirm_totp(const http::Call& call, const TotpCode& code);
    Result<http::Reply> remove_totp(const http::Call& call, const Proof& proof);
    /// unauthenticated `wrong_code`; conflict `no_second_factor`.
    Result<http::Reply> renew_recovery_codes(const http::Call& call, const TotpCode& code);

    /// invalid `bad_email`. The same for one that is somebody else's; its owner gets no mail.
    Result<http::Reply> change_email(const http::Call& call, const EmailChange& asked);
    /// unauthenticated `token_unknown`; also where the e-mail has become somebody else's.
    Result<> confirm_email(const EmailToken& token);

  private:
    /// The recovery codes, once the code was right.
    Result<std::vector<std::string>> totp_in_force(const http::Call& call, const TotpCode& code);

    Ground ground_;
    const crypto::SealedBox& seal_;
    Proofs& proofs_;
};

}  // namespace mobilytics::accounts
