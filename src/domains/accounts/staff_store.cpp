#include "domains/accounts/staff_store.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kCompanies{"accounts.staff_companies", R"sql(
    WITH listed AS (
        SELECT c.company_id AS id, c.parent_id, p.name AS parent_name, c.name, c.kind, c.state,
               c.time_zone, c.currency, c.privacy_mode, c.created_at,
               (SELECT count(*) FROM accounts.membership m WHERE m.company_id = c.company_id)
                   AS people,
               (CASE $4 WHEN 'name' THEN lower(c.name) WHEN 'kind' THEN c.kind
                        WHEN 'state' THEN c.state
                        ELSE to_char(c.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM accounts.company c LEFT JOIN accounts.company p ON p.company_id = c.parent_id
        WHERE ($1 = '' OR strpos(lower(c.name), lower($1)) > 0)
          AND ($2::text IS NULL OR c.kind = $2) AND ($3::text IS NULL OR c.state = $3))
    SELECT * FROM listed
    WHERE $7 = '' OR CASE WHEN $5 THEN (key, id) < ($6 COLLATE "C", nullif($7, '')::uuid)
                          ELSE (key, id) > ($6 COLLATE "C", nullif($7, '')::uuid) END
    ORDER BY CASE WHEN $5 THEN key END DESC, CASE WHEN $5 THEN id END DESC, key, id
    LIMIT $8
)sql"};

constexpr pg::Query kCompany{"accounts.staff_company", R"sql(
    SELECT c.company_id AS id, c.parent_id, p.name AS parent_name, c.name, c.kind, c.state,
           c.time_zone, c.currency, c.privacy_mode, c.created_at,
           (SELECT count(*) FROM accounts.membership m WHERE m.company_id = c.company_id) AS people
    FROM accounts.company c LEFT JOIN accounts.company p ON p.company_id = c.parent_id
    WHERE c.company_id = $1
)sql"};

constexpr pg::Query kPeople{"accounts.staff_people", R"sql(
    WITH listed AS (
        SELECT p.id, p.name, p.email, p.has_second_factor, p.added_at,
               (SELECT max(s.seen_at) FROM accounts.session s WHERE s.person_id = p.id) AS seen_at,
               (CASE $3 WHEN 'name' THEN lower(p.name) WHEN 'email' THEN lower(p.email)
                        ELSE to_char(p.added_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM accounts.person p
        WHERE ($1 = '' OR strpos(lower(p.name), lower($1)) > 0
                       OR strpos(lower(p.email), lower($1)) > 0)
          AND ($2::uuid IS NULL OR EXISTS (
              SELECT FROM accounts.membership m WHERE m.person_id = p.id AND m.company_id = $2)))
    SELECT * FROM listed
    WHERE $6 = '' OR CASE WHEN $4 THEN (key, id) < ($5 COLLATE "C", nullif($6, '')::uuid)
                          ELSE (key, id) > ($5 COLLATE "C", nullif($6, '')::uuid) END
    ORDER BY CASE WHEN $4 THEN key END DESC, CASE WHEN $4 THEN id END DESC, key, id
    LIMIT $7
)sql"};

constexpr pg::Query kBelongings{"accounts.staff_belongings", R"sql(
    SELECT m.person_id, c.company_id, c.name, c.kind, m.role
    FROM accounts.membership m JOIN accounts.company c ON c.company_id = m.company_id
    WHERE m.person_id = ANY ($1::uuid[]) ORDER BY c.name, c.company_id
)sql"};

constexpr pg::Query kEmail{"accounts.staff_email", R"sql(
    SELECT email FROM accounts.person WHERE id = $1 -- of whatever company
)sql"};

constexpr pg::Query kSessions{"accounts.staff_sessions", R"sql(
    WITH listed AS (
        SELECT s.id, s.person_id, p.name AS person_name, s.company_id, c.name AS company_name,
               s.begun_at, s.seen_at, s.expires_at, s.address, s.user_agent,
               to_char((CASE $4 WHEN 'seen_at' THEN s.seen_at ELSE s.begun_at END)
                       AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') COLLATE "C" AS key
        FROM accounts.session s JOIN accounts.person p ON p.id = s.person_id
        JOIN accounts.company c ON c.company_id = s.company_id
        WHERE ($1::uuid IS NULL OR s.person_id = $1) AND ($2::uuid IS NULL OR s.company_id = $2)
          AND s.expires_at > $3)
    SELECT * FROM listed
    WHERE $7 = '' OR CASE WHEN $5 THEN (key, id) < ($6 COLLATE "C", nullif($7, '')::uuid)
                          ELSE (key, id) > ($6 COLLATE "C", nullif($7, '')::uuid) END
    ORDER BY CASE WHEN $5 THEN key END DESC, CASE WHEN $5 THEN id END DESC, key, id
    LIMIT $8
)sql"};

constexpr pg::Query kSession{"accounts.staff_session", R"sql(
    SELECT s.id, s.person_id, p.name AS person_name, s.company_id, c.name AS company_name,
           s.begun_at, s.seen_at, s.expires_at, s.address, s.user_agent
    FROM accounts.session s JOIN accounts.person p ON p.id = s.person_id
    JOIN accounts.company c ON c.company_id = s.company_id
    WHERE s.id = $1
)sql"};

constexpr pg::Query kContacts{"accounts.staff_contacts", R"sql(
    WITH listed AS (
        SELECT t.id, t.company_id, c.name AS company_name, t.name, t.email, t.phone, t.title,
               t.added_at,
               (CASE $3 WHEN 'name' THEN lower(t.name) WHEN 'email' THEN lower(t.email)
                        ELSE to_char(t.added_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM accounts.contact t JOIN accounts.company c ON c.company_id = t.company_id
        WHERE ($1 = '' OR strpos(lower(t.name), lower($1)) > 0
                       OR strpos(lower(t.email), lower($1)) > 0)
          AND ($2::uuid IS NULL OR t.company_id = $2))
    SELECT * FROM listed
    WHERE $6 = '' OR CASE WHEN $4 THEN (key, id) < ($5 COLLATE "C", nullif($6, '')::uuid)
                          ELSE (key, id) > ($5 COLLATE "C", nullif($6, '')::uuid) END
    ORDER BY CASE WHEN $4 THEN key END DESC, CASE WHEN $4 THEN id END DESC, key, id
    LIMIT $7
)sql"};

constexpr pg::Query kImpersonations{"accounts.staff_impersonations", R"sql(
    WITH listed AS (
        SELECT i.id, i.company_id, c.name AS company_name, i.person_id, i.person_name, i.staff_id,
               i.staff_name, i.reason, i.ticket, i.may_write, i.state, i.begun_at, i.expires_at,
               i.ended_at,
               to_char(i.begun_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') COLLATE "C" AS key
        FROM accounts.impersonation i JOIN accounts.company c ON c.company_id = i.company_id
        WHERE $1::uuid IS NULL OR i.company_id = $1)
    SELECT * FROM listed
    WHERE $4 = '' OR CASE WHEN $2 THEN (key, id) < ($3 COLLATE "C", nullif($4, '')::uuid)
                          ELSE (key, id) > ($3 COLLATE "C", nullif($4, '')::uuid) END
    ORDER BY CASE WHEN $2 THEN key END DESC, CASE WHEN $2 THEN id END DESC, key, id
    LIMIT $5
)sql"};

constexpr pg::Query kCompanyOf{"accounts.staff_company_of", R"sql(
    SELECT company_id FROM accounts.impersonation WHERE id = $1
)sql"};

StaffCompany company_from(const pg::Row& row) {
    return {
        .id = row.get<CompanyId>("id"),
        .parent_id = row.optional<CompanyId>("parent_id"),
        .parent_name = row.optional<std::string>("parent_name"),
        .name = row.get<std::string>("name"),
        .kind = row.get<CompanyKind>("kind"),
        .state = row.get<CompanyState>("state"),
        .time_zone = row.get<std::string>("time_zone"),
        .currency = row.get<std::string>("currency"),
        .privacy_mode = row.get<PrivacyMode>("privacy_mode"),
        .people = row.get<std::int64_t>("people"),
        .added_at = row.get<Instant>("created_at"),
    };
}

StaffPerson person_from(const pg::Row& row) {
    return {
        .id = row.get<PersonId>("id"),
        .name = row.get<std::string>("name"),
        .email = row.get<std::string>("email"),
        .has_second_factor = row.get<bool>("has_second_factor"),
        .added_at = row.get<Instant>("added_at"),
        .seen_at = row.optional<Instant>("seen_at"),
        .companies = {},
    };
}

StaffSession session_from(const pg::Row& row) {
    return {
        .id = row.get<SessionId>("id"),
        .person_id = row.get<PersonId>("person_id"),
        .person_name = row.get<std::string>("person_name"),
        .company_id = row.get<CompanyId>("company_id"),
        .company_name = row.get<std::string>("company_name"),
        .begun_at = row.get<Instant>("begun_at"),
        .seen_at = row.get<Instant>("seen_at"),
        .expires_at = row.get<Instant>("expires_at"),
        .address = row.get<std::string>("address"),
        .user_agent = row.get<std::string>("user_agent"),
    };
}

StaffContact contact_from(const pg::Row& row) {
    return {
        .id = row.get<ContactId>("id"),
        .company_id = row.get<CompanyId>("company_id"),
        .company_name = row.get<std::string>("company_name"),
        .name = row.get<std::string>("name"),
        .email = row.get<std::string>("email"),
        .phone = row.get<std::string>("phone"),
        .title = row.get<std::string>("title"),
        .added_at = row.get<Instant>("added_at"),
    };
}

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

template <class Read>
auto keyed(Read read) {
    return [read](const pg::Row& row) { return std::pair(read(row), row.get<std::string>("key")); };
}

}  // namespace

Keyed<StaffCompany> select_companies(
    pg::StaffTransaction& tx, const StaffListCompaniesQuery& query, const Sorting& sorting,
    std::int64_t limit) {
    return tx
        .run(
            kCompanies, query.q.value_or(""), query.kind, query.state, sorting.by,
            sorting.descending, sorting.after_key, sorting.after_id, limit)
        .all(keyed(company_from));
}

std::optional<StaffCompany> select_company(pg::StaffTransaction& tx, CompanyId id) {
    return tx.run(kCompany, id).first(company_from);
}

Keyed<StaffPerson> select_people(
    pg::StaffTransaction& tx, const StaffListPeopleQuery& query, const Sorting& sorting,
    std::int64_t limit) {
    auto out = tx.run(
                     kPeople, query.q.value_or(""), query.company_id, sorting.by,
                     sorting.descending, sorting.after_key, sorting.after_id, limit)
                   .all(keyed(person_from));
    std::vector<PersonId> ids;
    for (const auto& one : out) ids.push_back(one.first.id);
    const auto belongings = tx.run(kBelongings, ids).all([](const pg::Row& row) {
        return std::pair(
            row.get<PersonId>("person_id"),
            Belonging{
                row.get<CompanyId>("company_id"), row.get<std::string>("name"),
                row.get<CompanyKind>("kind"), row.get<Role>("role")});
    });
    for (auto& [person, key] : out) {
        for (const auto& [whose, belonging] : belongings) {
            if (whose == person.id) person.companies.push_back(belonging);
        }
    }
    return out;
}

std::optional<std::string> select_email(pg::StaffTransaction& tx, PersonId id) {
    return tx.run(kEmail, id).first([](const pg::Row& row) {
        return row.get<std::string>("email");
    });
}

Keyed<StaffSession> select_sessions(
    pg::StaffTransaction& tx, const StaffListSessionsQuery& query, const Sorting& sorting,
    std::int64_t limit, Instant now) {
    return tx
        .run(
            kSessions, query.person_id, query.company_id, now, sorting.by, sorting.descending,
            sorting.after_key, sorting.after_id, limit)
        .all(keyed(session_from));
}

std::optional<StaffSession> select_session(pg::StaffTransaction& tx, SessionId id) {
    return tx.run(kSession, id).first(session_from);
}

Keyed<StaffContact> select_contacts(
    pg::StaffTransaction& tx, const StaffListContactsQuery& query, const Sorting& sorting,
    std::int64_t limit) {
    return tx
        .run(
            kContacts, query.q.value_or(""), query.company_id, sorting.by, sorting.descending,
            sorting.after_key, sorting.after_id, limit)
        .all(keyed(contact_from));
}

Keyed<Impersonation> select_impersonations(
    pg::StaffTransaction& tx, const StaffListImpersonationsQuery& query, const Sorting& sorting,
    std::int64_t limit) {
    return tx
        .run(
            kImpersonations, query.company_id, sorting.descending, sorting.after_key,
            sorting.after_id, limit)
        .all(keyed(impersonation_from));
}

std::optional<CompanyId> select_company_of(pg::StaffTransaction& tx, ImpersonationId id) {
    return tx.run(kCompanyOf, id).first([](const pg::Row& row) {
        return row.get<CompanyId>("company_id");
    });
}

}  // namespace mobilytics::accounts
