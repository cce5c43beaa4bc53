#pragma once
// What the parts of this domain speak of: plain values, as the contract has them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/secret.h"
#include "foundation/vocabulary.h"

namespace mobilytics::http {
struct Call;
struct Reply;
}  // namespace mobilytics::http
namespace mobilytics::pg {
class Pool;
class StaffPool;
class Transaction;
}  // namespace mobilytics::pg
namespace mobilytics::crypto {
class SealedBox;
}

namespace mobilytics::accounts {

struct SessionIdentity {
    static constexpr std::string_view kIdPrefix = "session";
};
using SessionId = Id<SessionIdentity>;
struct InvitationIdentity {
    static constexpr std::string_view kIdPrefix = "invitation";
};
using InvitationId = Id<InvitationIdentity>;
struct ContactIdentity {
    static constexpr std::string_view kIdPrefix = "contact";
};
using ContactId = Id<ContactIdentity>;

/// standard: one salt per company and local day; strict: one per sensor and day, in its memory
/// only.
BOOST_DEFINE_ENUM_CLASS(PrivacyMode, standard, strict)
/// The house is ours; each other may have those behind it below it.
BOOST_DEFINE_ENUM_CLASS(CompanyKind, house, operator_, reseller, advertiser)
BOOST_DEFINE_ENUM_CLASS(CompanyState, active, suspended)
BOOST_DEFINE_ENUM_CLASS(MemberState, active, suspended)
/// What a company may let the one above it see.
BOOST_DEFINE_ENUM_CLASS(Share, profile, people, assets, reports)
/// Whether staff may look as one of a company's people: at once, when an admin has said yes, never.
BOOST_DEFINE_ENUM_CLASS(ConsentMode, not_needed, needed, refused)
BOOST_DEFINE_ENUM_CLASS(ImpersonationState, waiting, running, ended)
/// Whether those who belong to a company must have a second factor.
BOOST_DEFINE_ENUM_CLASS(SecondFactorRule, optional, required)
/// What a second factor may be.
BOOST_DEFINE_ENUM_CLASS(SecondFactorKind, totp, passkey)

/// How a company looks; what is absent is as we are.
struct Brand {
    std::optional<std::string> name, logo, primary_color, accent_color, domain;
};

struct CompanyProfile {
    CompanyId id;
    std::string name;
    std::string time_zone;  // IANA.
    PrivacyMode privacy_mode;
    bool synthetic;  // Its data are simulated; every screen says so.
    CompanyKind kind = CompanyKind::operator_;
    std::string currency = "USD";  // ISO 4217.
    std::optional<Brand> brand = {};
    std::optional<std::int64_t> suppress_below = {};  // Devices; none: as the installation has it.
};

/// Who has signed in, with their role in the session's company.
struct Person {
    PersonId id;
    std::string name;
    std::string email;
    Role role;
    bool has_one_time_password;  // To be changed at the first occasion.
    bool has_second_factor;
};

/// A company that a person works for.
struct Belonging {
    CompanyId company_id;
    std::string company_name;
    CompanyKind kind;
    Role role;
};

struct Limits {
    std::chrono::hours idle_max{24 * 7};       // Of a session, without a request.
    std::chrono::hours absolute_max{24 * 30};  // Of a session, in all.
    std::size_t password_characters_min = 12;
    std::size_t password_characters_max = 128;
    std::chrono::hours invitation_lives{24 * 7};
    std::chrono::minutes reset_lives{30};
    std::chrono::hours one_time_lives{24 * 7};  // Of a one-time password.
    std::chrono::minutes impersonation_max{60};
    std::chrono::minutes challenge_lives{5};  // Of a ceremony with a passkey.
    std::int64_t passkeys_max = 20;           // Of a person.
    std::chrono::minutes email_change_lives{60};
};

/// What the parts work with. All must outlive them.
struct Ground {
    pg::Pool& pool;
    const Clock& clock;
    Limits limits = {};
};

}  // namespace mobilytics::accounts
