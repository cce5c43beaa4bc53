#pragma once
// Companies, and the people who sign in for them. One owner for now, made at the first start.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/secret.h"
#include "foundation/vocabulary.h"

namespace mobilytics::http {
struct Call;
struct Reply;
}  // namespace mobilytics::http
namespace mobilytics::pg {
class Pool;
}

namespace mobilytics::accounts {

/// standard: one salt per company and local day; strict: one per sensor and day, in its memory
/// only.
BOOST_DEFINE_ENUM_CLASS(PrivacyMode, standard, strict)

struct CompanyProfile {
    CompanyId id;
    std::string name;
    std::string time_zone;  // IANA.
    PrivacyMode privacy_mode;
    bool synthetic;  // Its data are simulated; every screen says so.
};

struct Person {
    PersonId id;
    std::string name;
    Role role;
    bool has_one_time_password;  // To be changed at the first occasion.
};

/// Who has signed in, and for whom.
struct Session {
    Person user;
    CompanyProfile company;
    Instant expires_at;
};

struct SignIn {
    std::string email;
    std::string password;
};
struct PasswordChange {
    std::string current;
    std::string next;
};

/// A session just begun: what the browser keeps.
struct SignedIn {
    Session session;
    Secret<std::string> token;
};

struct SessionLimits {
    std::chrono::hours idle_max{24 * 7};       // Without a request.
    std::chrono::hours absolute_max{24 * 30};  // In all.
    std::size_t password_characters_min = 12;
    std::size_t password_characters_max = 128;
};

class Accounts {
  public:
    /// What it is given must outlive this.
    Accounts(pg::Pool& pool, const Clock& clock, SessionLimits limits = {})
        : pool_(pool), clock_(clock), limits_(limits) {}

    /// The company of this installation and its owner; made, when there is none yet. The password
    /// is there only then: it is kept nowhere but hashed.
    struct FirstStart {
        CompanyId company;
        std::optional<Secret<std::string>> one_time_password;
    };
    FirstStart open_installation(const CompanyProfile& otherwise);
    /// None, when it has never been opened.
    std::optional<CompanyId> known_installation();
    /// A new one-time password for the owner; ends all sessions.
    Secret<std::string> reset_password(CompanyId company);

    /// unauthenticated `wrong_password`. Takes as long for a wrong one as for the right one.
    Result<SignedIn> sign_in(CompanyId company, const SignIn& with);
    /// unauthenticated `no_session`, for a token that is unknown, expired or ended.
    Result<Caller> authenticate(std::string_view token);
    /// not_found `no_session`.
    Result<Session> find_session(const Caller& caller, std::string_view token);
    Result<> end_session(const Caller& caller, std::string_view token);
    /// unauthenticated `wrong_password`; invalid `password_too_short`, `password_too_long`,
    /// `password_common`. Ends all sessions but this.
    Result<> change_password(
        const Caller& caller, std::string_view token, const PasswordChange& change);

    /// not_found `no_such_company`.
    Result<CompanyProfile> find_company(const Caller& caller);

  private:
    pg::Pool& pool_;
    const Clock& clock_;
    const SessionLimits limits_;
};

/// Signing in and out over HTTP: a session is a cookie beside the JSON.
class Sessions {
  public:
    /// `secure`: where the dashboard is reached by TLS only. `accounts` must outlive this.
    Sessions(Accounts& accounts, CompanyId company, bool secure)
        : accounts_(accounts), company_(company), secure_(secure) {}

    Result<http::Reply> begin_session(const http::Call& call, const SignIn& with);
    Result<http::Reply> find_session(const http::Call& call);
    Result<http::Reply> end_session(const http::Call& call);
    Result<http::Reply> change_password(const http::Call& call, const PasswordChange& change);

    /// The name of the cookie, for the router.
    static std::string cookie_name(bool secure);

  private:
    Accounts& accounts_;
    const CompanyId company_;
    const bool secure_;
};

}  // namespace mobilytics::accounts
