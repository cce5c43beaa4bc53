#include "domains/accounts/account_store.h"

namespace mobilytics::accounts {

namespace {

// every company's: the installation is nobody's row, and tells an id only.
constexpr pg::Query kSelectInstallation{"accounts.select_installation", R"sql(
    SELECT first_company FROM accounts.installation
)sql"};

constexpr pg::Query kInsertInstallation{"accounts.insert_installation", R"sql(
    INSERT INTO accounts.installation (first_company) VALUES ($1)
    ON CONFLICT DO NOTHING RETURNING first_company
)sql"};

constexpr pg::Query kInsertCompany{"accounts.insert_company", R"sql(
    INSERT INTO accounts.company (company_id, name, time_zone, privacy_mode, synthetic, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kSelectCompany{"accounts.select_company", R"sql(
    SELECT company_id, name, time_zone, privacy_mode, synthetic
    FROM accounts.company WHERE company_id = $1
)sql"};

constexpr pg::Query kInsertPerson{"accounts.insert_person", R"sql(
    INSERT INTO accounts.person (company_id, id, name, role, password_hash, has_one_time_password)
    VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kSelectOwner{"accounts.select_owner", R"sql(
    SELECT id, name, role, password_hash, has_one_time_password
    FROM accounts.person WHERE company_id = $1 AND role = 'owner' ORDER BY id LIMIT 1
)sql"};

constexpr pg::Query kSelectPerson{"accounts.select_person", R"sql(
    SELECT id, name, role, password_hash, has_one_time_password
    FROM accounts.person WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdatePassword{"accounts.update_password", R"sql(
    UPDATE accounts.person SET password_hash = $3, has_one_time_password = $4
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kInsertSession{"accounts.insert_session", R"sql(
    INSERT INTO accounts.session (company_id, token_sha256, person_id, begun_at, seen_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kSelectSession{"accounts.select_session", R"sql(
    SELECT token_sha256, person_id, begun_at, seen_at, expires_at
    FROM accounts.session WHERE company_id = $1 AND token_sha256 = $2
)sql"};

constexpr pg::Query kUpdateSeen{"accounts.update_seen", R"sql(
    UPDATE accounts.session SET seen_at = $3, expires_at = $4
    WHERE company_id = $1 AND token_sha256 = $2
)sql"};

constexpr pg::Query kDeleteSession{"accounts.delete_session", R"sql(
    DELETE FROM accounts.session WHERE company_id = $1 AND token_sha256 = $2
)sql"};

constexpr pg::Query kDeleteSessions{"accounts.delete_sessions", R"sql(
    DELETE FROM accounts.session
    WHERE company_id = $1 AND person_id = $2 AND token_sha256 <> $3
)sql"};

constexpr pg::Query kDeleteExpired{"accounts.delete_expired", R"sql(
    DELETE FROM accounts.session WHERE company_id = $1 AND expires_at <= $2
)sql"};

Credentials credentials_from(const pg::Row& row) {
    return {
        .person =
            {
                .id = row.get<PersonId>("id"),
                .name = row.get<std::string>("name"),
                .role = row.get<Role>("role"),
                .has_one_time_password = row.get<bool>("has_one_time_password"),
            },
        .password_hash = row.get<std::string>("password_hash"),
    };
}

}  // namespace

std::optional<CompanyId> select_installation(pg::Transaction& tx) {
    return tx.run(kSelectInstallation).first([](const pg::Row& row) {
        return row.get<CompanyId>("first_company");
    });
}

bool insert_installation(pg::Transaction& tx) {
    return tx.run(kInsertInstallation, tx.company()).size() == 1;
}

void insert(pg::Transaction& tx, const CompanyProfile& company, Instant now) {
    tx.run(
        kInsertCompany, tx.company(), company.name, company.time_zone, company.privacy_mode,
        company.synthetic, now);
}

std::optional<CompanyProfile> select_company(pg::Transaction& tx) {
    return tx.run(kSelectCompany, tx.company()).first([](const pg::Row& row) {
        return CompanyProfile{
            .id = row.get<CompanyId>("company_id"),
            .name = row.get<std::string>("name"),
            .time_zone = row.get<std::string>("time_zone"),
            .privacy_mode = row.get<PrivacyMode>("privacy_mode"),
            .synthetic = row.get<bool>("synthetic"),
        };
    });
}

void insert(pg::Transaction& tx, const Credentials& owner) {
    tx.run(
        kInsertPerson, tx.company(), owner.person.id, owner.person.name, owner.person.role,
        owner.password_hash, owner.person.has_one_time_password);
}

std::optional<Credentials> select_owner(pg::Transaction& tx) {
    return tx.run(kSelectOwner, tx.company()).first(credentials_from);
}

std::optional<Credentials> select_person(pg::Transaction& tx, PersonId id) {
    return tx.run(kSelectPerson, tx.company(), id).first(credentials_from);
}

void update_password(pg::Transaction& tx, const Credentials& credentials) {
    tx.run(
        kUpdatePassword, tx.company(), credentials.person.id, credentials.password_hash,
        credentials.person.has_one_time_password);
}

void insert(pg::Transaction& tx, const SessionRow& session) {
    tx.run(
        kInsertSession, tx.company(), session.token_sha256, session.person, session.begun_at,
        session.seen_at, session.expires_at);
}

std::optional<SessionRow> select_session(pg::Transaction& tx, const std::string& token_sha256) {
    return tx.run(kSelectSession, tx.company(), token_sha256).first([](const pg::Row& row) {
        return SessionRow{
            .token_sha256 = row.get<std::string>("token_sha256"),
            .person = row.get<PersonId>("person_id"),
            .begun_at = row.get<Instant>("begun_at"),
            .seen_at = row.get<Instant>("seen_at"),
            .expires_at = row.get<Instant>("expires_at"),
        };
    });
}

void update_seen(pg::Transaction& tx, const SessionRow& session) {
    tx.run(kUpdateSeen, tx.company(), session.token_sha256, session.seen_at, session.expires_at);
}

void delete_session(pg::Transaction& tx, const std::string& token_sha256) {
    tx.run(kDeleteSession, tx.company(), token_sha256);
}

void delete_sessions(pg::Transaction& tx, PersonId person, const std::string& but_sha256) {
    tx.run(kDeleteSessions, tx.company(), person, but_sha256);
}

void delete_expired(pg::Transaction& tx, Instant now) { tx.run(kDeleteExpired, tx.company(), now); }

}  // namespace mobilytics::accounts
