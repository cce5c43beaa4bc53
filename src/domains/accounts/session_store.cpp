#include "domains/accounts/session_store.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kFindSession{"accounts.find_session", R"sql(
    SELECT id, person_id, company_id, begun_at, seen_at, expires_at, second_factor_at, role,
           has_totp, has_one_time_password, acting_id, acting_company, acting_person, acting_role,
           acting_rights, acting_state, acting_may_write, acting_until, has_passkey,
           factor_demanded
    FROM accounts.session_of($1), accounts.factors_of($1)
)sql"};

constexpr pg::Query kInsertSession{"accounts.insert_session", R"sql(
    INSERT INTO accounts.session (id, person_id, company_id, token_sha256, begun_at, seen_at,
        expires_at, second_factor_at, address, user_agent, impersonation_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr pg::Query kUpdateSession{"accounts.update_session", R"sql(
    UPDATE accounts.session SET company_id = $3, token_sha256 = $4, seen_at = $5, expires_at = $6,
        second_factor_at = $7, impersonation_id = $8
    WHERE id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kUpdateSeen{"accounts.update_seen", R"sql(
    UPDATE accounts.session SET seen_at = $2, expires_at = $3
    WHERE id = $1 -- its person's, or its company's
)sql"};

constexpr pg::Query kDeleteSession{"accounts.delete_session", R"sql(
    DELETE FROM accounts.session WHERE id = $1 -- its person's, or its company's
)sql"};

constexpr pg::Query kDeleteOwn{"accounts.delete_own_session", R"sql(
    DELETE FROM accounts.session
    WHERE id = $1 AND person_id = $2 -- a person's own, of whatever company
)sql"};

constexpr pg::Query kDeleteOthers{"accounts.delete_others", R"sql(
    DELETE FROM accounts.session
    WHERE person_id = $1 AND id <> $2 -- a person's own, of whatever company
)sql"};

constexpr pg::Query kDeleteOfCompany{"accounts.delete_of_company", R"sql(
    DELETE FROM accounts.session WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kSelectOwn{"accounts.select_own_sessions", R"sql(
    SELECT s.id, s.begun_at, s.seen_at, s.expires_at, s.address, s.user_agent,
           coalesce((SELECT b.name FROM accounts.belongings() b
                     WHERE b.company_id = s.company_id), '') AS company_name
    FROM accounts.session s WHERE s.person_id = $1 AND s.expires_at > $2
    ORDER BY s.seen_at DESC, s.id LIMIT 200
)sql"};

constexpr pg::Query kDeleteExpired{"accounts.delete_expired", R"sql(
    DELETE FROM accounts.session
    WHERE person_id = $1 AND expires_at <= $2 -- a person's own, of whatever company
)sql"};

constexpr pg::Query kInsertImpersonation{"accounts.insert_impersonation", R"sql(
    INSERT INTO accounts.impersonation (company_id, id, person_id, person_name, staff_id,
        staff_name, reason, ticket, rights, state, begun_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kSelectImpersonation{"accounts.select_impersonation", R"sql(
    SELECT i.company_id, i.id, i.person_id, i.person_name, i.staff_id, i.staff_name, i.reason,
           i.ticket, i.may_write, i.state, i.begun_at, i.expires_at, i.ended_at,
           c.name AS company_name
    FROM accounts.impersonation i JOIN accounts.company c ON c.company_id = i.company_id
    WHERE i.company_id = $1 AND i.id = $2
)sql"};

constexpr pg::Query kUpdateImpersonation{"accounts.update_impersonation", R"sql(
    UPDATE accounts.impersonation SET may_write = $3, state = $4, expires_at = $5, ended_at = $6,
        granted_by = coalesce($7, granted_by)
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectImpersonations{"accounts.select_impersonations", R"sql(
    SELECT i.company_id, i.id, i.person_id, i.person_name, i.staff_id, i.staff_name, i.reason,
           i.ticket, i.may_write, i.state, i.begun_at, i.expires_at, i.ended_at,
           c.name AS company_name
    FROM accounts.impersonation i JOIN accounts.company c ON c.company_id = i.company_id
    WHERE i.company_id = $1 AND ($2::uuid IS NULL OR i.id < $2)
    ORDER BY i.id DESC LIMIT $3
)sql"};

Impersonation impersonation_from(const pg::Row& row) {
    return {
        .id = row.get<ImpersonationId>("id"),
        .company_id = row.get<CompanyId>("company_id"),
        .company_name = row.get<std::string>("company_name"),
        .person_id = row.get<PersonId>("person_id"),
        .person_name = row.get<std::string>("person_name"),
        .staff_id = row.get<PersonId>("staff_id"),
        .staff_name = row.get<std::string>("staff_name"),
        .reason = row.get<std::string>("reason"),
        .ticket = row.get<std::string>("ticket"),
        .may_write = row.get<bool>("may_write"),
        .state = row.get<ImpersonationState>("state"),
        .begun_at = row.get<Instant>("begun_at"),
        .expires_at = row.get<Instant>("expires_at"),
        .ended_at = row.optional<Instant>("ended_at"),
    };
}

std::optional<Acting> acting_from(const pg::Row& row) {
    const auto id = row.optional<ImpersonationId>("acting_id");
    if (!id) return std::nullopt;
    return Acting{
        .id = *id,
        .company = row.get<CompanyId>("acting_company"),
        .person = row.get<PersonId>("acting_person"),
        .role = row.optional<Role>("acting_role"),
        .rights = row.get<std::vector<std::string>>("acting_rights"),
        .state = row.get<ImpersonationState>("acting_state"),
        .may_write = row.get<bool>("acting_may_write"),
        .until = row.get<Instant>("acting_until"),
    };
}

}  // namespace

std::optional<SessionState> find_session(pg::Transaction& tx, const std::string& token_sha256) {
    return tx.run(kFindSession, token_sha256).first([&](const pg::Row& row) {
        SessionState out{
            .session =
                {
                    .id = row.get<SessionId>("id"),
                    .person = row.get<PersonId>("person_id"),
                    .company = row.get<CompanyId>("company_id"),
                    .token_sha256 = token_sha256,
                    .begun_at = row.get<Instant>("begun_at"),
                    .seen_at = row.get<Instant>("seen_at"),
                    .expires_at = row.get<Instant>("expires_at"),
                    .second_factor_at = row.optional<Instant>("second_factor_at"),
                    .impersonation = row.optional<ImpersonationId>("acting_id"),
                },
            .role = row.optional<Role>("role"),
            .has_totp = row.get<bool>("has_totp"),
            .has_one_time_password = row.get<bool>("has_one_time_password"),
            .has_passkey = row.get<bool>("has_passkey"),
            .factor_demanded = row.get<bool>("factor_demanded"),
            .acting = acting_from(row),
        };
        return out;
    });
}

Needs needs_of(const SessionState& state) {
    const bool shown = state.session.second_factor_at.has_value();
    const bool has_one = state.has_totp || state.has_passkey;
    if (!shown && (state.has_totp || (has_one && state.factor_demanded))) {
        return Needs::second_factor;
    }
    if (state.has_one_time_password) return Needs::new_password;
    return state.factor_demanded && !has_one ? Needs::enrol_second_factor : Needs::nothing;
}

void insert(pg::Transaction& tx, const SessionRow& session) {
    tx.run(
        kInsertSession, session.id, session.person, session.company, session.token_sha256,
        session.begun_at, session.seen_at, session.expires_at, session.second_factor_at,
        session.address, session.user_agent, session.impersonation);
}

bool update(pg::Transaction& tx, const SessionRow& session) {
    return tx.run(
                 kUpdateSession, session.id, session.person, session.company, session.token_sha256,
                 session.seen_at, session.expires_at, session.second_factor_at,
                 session.impersonation)
               .touched() == 1;
}

void update_seen(pg::Transaction& tx, SessionId id, Instant seen_at, Instant expires_at) {
    tx.run(kUpdateSeen, id, seen_at, expires_at);
}

bool delete_session(pg::Transaction& tx, SessionId id) {
    return tx.run(kDeleteSession, id).touched() == 1;
}

bool delete_own(pg::Transaction& tx, PersonId person, SessionId id) {
    return tx.run(kDeleteOwn, id, person).touched() == 1;
}

std::int64_t delete_others(pg::Transaction& tx, PersonId person, SessionId but) {
    return tx.run(kDeleteOthers, person, but).touched();
}

std::int64_t delete_of_company(pg::Transaction& tx, PersonId person) {
    return tx.run(kDeleteOfCompany, tx.company(), person).touched();
}

std::vector<OwnSession> select_own_sessions(pg::Transaction& tx, PersonId person, Instant now) {
    return tx.run(kSelectOwn, person, now).all([](const pg::Row& row) {
        return OwnSession{
            row.get<SessionId>("id"),
            row.get<Instant>("begun_at"),
            row.get<Instant>("seen_at"),
            row.get<Instant>("expires_at"),
            row.get<std::string>("address"),
            row.get<std::string>("user_agent"),
            row.get<std::string>("company_name"),
            false};
    });
}

void delete_expired(pg::Transaction& tx, PersonId person, Instant now) {
    tx.run(kDeleteExpired, person, now);
}

void insert(
    pg::Transaction& tx, const Impersonation& impersonation,
    const std::vector<std::string>& rights) {
    tx.run(
        kInsertImpersonation, tx.company(), impersonation.id, impersonation.person_id,
        impersonation.person_name, impersonation.staff_id, impersonation.staff_name,
        impersonation.reason, impersonation.ticket, rights, impersonation.state,
        impersonation.begun_at, impersonation.expires_at);
}

std::optional<Impersonation> select_impersonation(pg::Transaction& tx, ImpersonationId id) {
    return tx.run(kSelectImpersonation, tx.company(), id).first(impersonation_from);
}

void update(
    pg::Transaction& tx, const Impersonation& impersonation, std::optional<PersonId> granted_by) {
    tx.run(
        kUpdateImpersonation, tx.company(), impersonation.id, impersonation.may_write,
        impersonation.state, impersonation.expires_at, impersonation.ended_at, granted_by);
}

std::vector<Impersonation> select_impersonations(
    pg::Transaction& tx, std::optional<ImpersonationId> before, std::int64_t limit) {
    return tx.run(kSelectImpersonations, tx.company(), before, limit).all(impersonation_from);
}

}  // namespace mobilytics::accounts
