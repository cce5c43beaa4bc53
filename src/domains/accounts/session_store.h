#pragma once
// Sessions, and who of our staff looks as whom, in Postgres.

#include "domains/accounts/companies.h"
#include "domains/accounts/person_store.h"
#include "domains/accounts/profiles.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

struct SessionRow {
    SessionId id;
    PersonId person;
    CompanyId company;
    std::string token_sha256;  // Hexadecimal.
    Instant begun_at, seen_at, expires_at;
    std::optional<Instant> second_factor_at = {};
    std::string address = {}, user_agent = {};
    std::optional<ImpersonationId> impersonation = {};
};

/// Whom a session acts as, of our staff.
struct Acting {
    ImpersonationId id;
    CompanyId company;
    PersonId person;
    std::optional<Role> role;  // Of that person; none, when they belong to the company no more.
    std::vector<std::string> rights;
    ImpersonationState state;
    bool may_write;
    Instant until;
};
/// All that says what a session may.
struct SessionState {
    SessionRow session;        // Without token, address and agent.
    std::optional<Role> role;  // None, when the person may not work for the company any more.
    bool has_totp, has_one_time_password, has_passkey;
    bool factor_demanded;  // By the company.
    std::optional<Acting> acting;
};
/// What it lacks before it may be used for more than that.
Needs needs_of(const SessionState& state);
/// By its token, of whatever company.
std::optional<SessionState> find_session(pg::Transaction& tx, const std::string& token_sha256);

// Of the person that the transaction acts as, or of its company.
void insert(pg::Transaction& tx, const SessionRow& session);
/// Another token, and what else has changed; false, when it has ended meanwhile.
bool update(pg::Transaction& tx, const SessionRow& session);
void update_seen(pg::Transaction& tx, SessionId id, Instant seen_at, Instant expires_at);
bool delete_session(pg::Transaction& tx, SessionId id);
bool delete_own(pg::Transaction& tx, PersonId person, SessionId id);
/// All of the person's but that one.
std::int64_t delete_others(pg::Transaction& tx, PersonId person, SessionId but);
/// All of the person's for the transaction's company.
std::int64_t delete_of_company(pg::Transaction& tx, PersonId person);
std::vector<OwnSession> select_own_sessions(pg::Transaction& tx, PersonId person, Instant now);
void delete_expired(pg::Transaction& tx, PersonId person, Instant now);

void insert(
    pg::Transaction& tx, const Impersonation& impersonation,
    const std::vector<std::string>& rights);
std::optional<Impersonation> select_impersonation(pg::Transaction& tx, ImpersonationId id);
void update(
    pg::Transaction& tx, const Impersonation& impersonation, std::optional<PersonId> granted_by);
std::vector<Impersonation> select_impersonations(
    pg::Transaction& tx, std::optional<ImpersonationId> before, std::int64_t limit);

}  // namespace mobilytics::accounts
