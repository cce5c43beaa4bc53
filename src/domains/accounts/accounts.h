#pragma once
// Companies, and the people who sign in for them: what others ask of this domain. Its parts are
// sessions.h, passkeys.h, profiles.h, companies.h, people.h, keys.h and backoffice.h.

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "domains/accounts/account_types.h"
#include "domains/accounts/backoffice.h"
#include "domains/accounts/companies.h"
#include "domains/accounts/keys.h"
#include "domains/accounts/logos.h"
#include "domains/accounts/oidc.h"
#include "domains/accounts/passkeys.h"
#include "domains/accounts/people.h"
#include "domains/accounts/profiles.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/sessions.h"
#include "domains/accounts/tokens.h"

namespace mobilytics::accounts {

struct KnownKey;
struct SessionRow;

/// By which the first owner signs in.
inline constexpr std::string_view kFirstEmail = "owner@localhost";

class Accounts {
  public:
    /// What it is given must outlive this.
    Accounts(pg::Pool& pool, const Clock& clock, Limits limits = {})
        : ground_{pool, clock, limits} {}

    /// The house and the first company of this installation, and one person, owner@localhost, who
    /// is a superuser of the one and the owner of the other; made, when there is none yet. The
    /// password is there only then: it is kept nowhere but hashed.
    struct FirstStart {
        CompanyId company;
        std::optional<Secret<std::string>> one_time_password;
    };
    FirstStart open_installation(const CompanyProfile& otherwise);
    /// The first company; none, when it has never been opened.
    std::optional<CompanyId> known_installation();
    /// All that are active, house included.
    std::vector<CompanyId> active_companies();
    /// A new one-time password for whoever has that e-mail; ends all their sessions. not_found
    /// `no_such_person`.
    Result<Secret<std::string>> reset_password(std::string_view email);

    /// By a session's token or an API key. unauthenticated `no_session`, for what is unknown,
    /// expired or ended; forbidden `address_not_allowed`.
    Result<Caller> authenticate(std::string_view token, std::string_view address = "");
    /// The same by who gave out a token: as long as that session or key opens, and is of that
    /// company still, and acts for nobody else.
    Result<Caller> authenticate_session(CompanyId company, PersonId person, SessionId session);
    Result<Caller> authenticate_key(CompanyId company, ApiKeyId key, std::string_view address);
    /// Which session that is. unauthenticated `no_session`.
    Result<SessionId> session_of(std::string_view token);

    /// not_found `no_such_company`.
    Result<CompanyProfile> find_company(const Caller& caller);

  private:
    Result<Caller> caller_by_key(const std::optional<KnownKey>& key, std::string_view address);
    void note_seen(pg::Transaction& tx, const SessionRow& session);

    Ground ground_;
};

/// Told whenever a company is made or changed.
struct CompanyChanged {
    static constexpr std::string_view kName = "accounts.company_changed.v1";
    CompanyId company;
    std::string time_zone;
    bool synthetic;
    CompanyState state;
    PrivacyMode privacy_mode = PrivacyMode::standard;
    std::int64_t suppress_below = 0;  // 0: as the installation has it.

    boost::json::value to_json() const;
    static CompanyChanged from_json(const boost::json::value& json);
};

/// Told when a company's privacy mode turned, and when it was allowed to.
struct PrivacyModeChanged {
    static constexpr std::string_view kName = "accounts.privacy_mode_changed.v1";
    CompanyId company;
    PrivacyMode to;
    Instant effective_at;
    std::string reason;  // May be empty.
    Instant at;

    boost::json::value to_json() const;
    static PrivacyModeChanged from_json(const boost::json::value& json);
};

/// Told when somebody has accepted an invitation.
struct MemberJoined {
    static constexpr std::string_view kName = "accounts.member_joined.v1";
    CompanyId company;
    PersonId person;
    Role role{};

    boost::json::value to_json() const;
    static MemberJoined from_json(const boost::json::value& json);
};

/// nobody: asked for by who is not known here. It is told all the same, so that who asks cannot
/// tell by the time that it takes.
BOOST_DEFINE_ENUM_CLASS(MailKind, invitation, password_reset, nobody)

/// Somebody is to get a mail. The token is sealed: rows of events are no place for it.
struct MailWanted {
    static constexpr std::string_view kName = "accounts.mail_wanted.v1";
    MailKind kind;
    std::string to;            // An e-mail.
    std::string name;          // Of the person; may be empty.
    std::string company_name;  // Of whoever invites; else empty.
    std::string token_sealed;  // open_token() of it goes into the link.
    Instant expires_at;

    boost::json::value to_json() const;
    static MailWanted from_json(const boost::json::value& json);
    /// The token, of what was sealed by the same box.
    Secret<std::string> open_token(const crypto::SealedBox& seal) const;
};

/// email_change_asked and email_changed go to the address before; second_factor_reset is by staff.
BOOST_DEFINE_ENUM_CLASS(
    NoticeKind, password_changed, second_factor_added, second_factor_removed, second_factor_reset,
    passkey_added, passkey_removed, email_change_asked, email_changed)

/// Somebody is to be told what became of the ways in which they sign in.
struct NoticeWanted {
    static constexpr std::string_view kName = "accounts.notice_wanted.v1";
    NoticeKind kind;
    std::string to;       // An e-mail.
    std::string name;     // Of the person; may be empty.
    std::string about;    // The passkey's name, the e-mail that is new, the ticket; may be empty.
    std::string address;  // Where it was done from; may be empty.
    Instant at;

    boost::json::value to_json() const;
    static NoticeWanted from_json(const boost::json::value& json);
};

/// Who is to sign in by this e-mail is to show that it is theirs.
struct ConfirmationWanted {
    static constexpr std::string_view kName = "accounts.confirmation_wanted.v1";
    std::string to;  // Empty: it is somebody else's. It is told all the same, as MailWanted is.
    std::string name;
    std::string token_sealed;  // open_token() of it goes into the link.
    Instant expires_at;

    boost::json::value to_json() const;
    static ConfirmationWanted from_json(const boost::json::value& json);
    Secret<std::string> open_token(const crypto::SealedBox& seal) const;
};

/// All of the HTTP contract: its operations by their parts. What it names must outlive it.
struct Desk {
    Sessions& sessions;
    Passkeys& passkeys;
    Profiles& profiles;
    Companies& companies;
    People& people;
    Keys& keys;
    Backoffice& backoffice;
    Tokens& tokens;
    Oidc& oidc;
    Logos& logos;
};

}  // namespace mobilytics::accounts
