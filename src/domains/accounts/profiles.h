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
struct PasswordProof {
    std::string password;
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

class Profiles {
  public:
    Profiles(Ground ground, const crypto::SealedBox& seal) : ground_(ground), seal_(seal) {}

    Result<Profile> find_profile(const Caller& caller);
    Result<Profile> change_profile(const Caller& caller, const ProfileChange& change);

    Result<http::Reply> list_own_sessions(const http::Call& call);
    Result<http::Reply> end_other_sessions(const http::Call& call);
    /// not_found `no_such_session`.
    Result<> end_own_session(const Caller& caller, SessionId session);

    /// unauthenticated `wrong_password`; conflict `totp_in_force`.
    Result<TotpSecret> begin_totp(const Caller& caller, const PasswordProof& proof);
    /// unauthenticated `wrong_code`; conflict `totp_not_begun`. All other sessions end.
    Result<http::Reply> confirm_totp(const http::Call& call, const TotpCode& code);
    Result<> remove_totp(const Caller& caller, const PasswordProof& proof);
    /// unauthenticated `wrong_code`; conflict `no_second_factor`.
    Result<RecoveryCodes> renew_recovery_codes(const Caller& caller, const TotpCode& code);

  private:
    Result<> check_password_of(const Caller& caller, const std::string& password);

    Ground ground_;
    const crypto::SealedBox& seal_;
};

}  // namespace mobilytics::accounts
