#include "domains/accounts/person_store.h"

namespace mobilytics::accounts {

namespace {

// a person's, of no company: whose transaction it is, it says itself.
constexpr pg::Query kActAs{"accounts.act_as", R"sql(
    SELECT set_config('app.person_id', $1, true) -- a person's own, of no company
)sql"};

constexpr pg::Query kInsertPerson{"accounts.insert_person", R"sql(
    INSERT INTO accounts.person (id, email, name, locale, added_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING -- a person's own, of no company
)sql"};

constexpr pg::Query kSelectPerson{"accounts.select_person", R"sql(
    SELECT id, email, name, locale, added_at, has_second_factor
    FROM accounts.person WHERE id = $1 -- a person's own, or a member's of this company
)sql"};

constexpr pg::Query kUpdateProfile{"accounts.update_profile", R"sql(
    UPDATE accounts.person SET name = $2, locale = $3
    WHERE id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kNoteFactor{"accounts.note_second_factor", R"sql(
    UPDATE accounts.person SET has_second_factor =
        EXISTS (SELECT FROM accounts.passkey WHERE person_id = $1) OR
        EXISTS (SELECT FROM accounts.credential WHERE person_id = $1 AND totp_sealed IS NOT NULL)
    WHERE id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kUpdateEmail{"accounts.update_email", R"sql(
    SELECT accounts.set_email($1, $2) AS theirs -- a person's own, of no company
)sql"};

constexpr pg::Query kFindByEmail{"accounts.find_by_email", R"sql(
    SELECT id, name, password_hash, one_time_until
    FROM accounts.person_of($1) -- before any company is known
)sql"};

constexpr pg::Query kSelectCredential{"accounts.select_credential", R"sql(
    SELECT password_hash, has_one_time_password, one_time_until, totp_sealed, totp_pending_sealed,
           totp_last_step
    FROM accounts.credential WHERE person_id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kLockCredential{"accounts.lock_credential", R"sql(
    SELECT password_hash, has_one_time_password, one_time_until, totp_sealed, totp_pending_sealed,
           totp_last_step
    FROM accounts.credential WHERE person_id = $1 FOR UPDATE -- a person's own, of no company
)sql"};

constexpr pg::Query kSaveCredential{"accounts.save_credential", R"sql(
    INSERT INTO accounts.credential (person_id, password_hash, has_one_time_password,
        one_time_until, totp_sealed, totp_pending_sealed, totp_last_step)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (person_id) DO UPDATE SET -- a person's own, of no company
        password_hash = excluded.password_hash,
        has_one_time_password = excluded.has_one_time_password,
        one_time_until = excluded.one_time_until,
        totp_sealed = excluded.totp_sealed,
        totp_pending_sealed = excluded.totp_pending_sealed,
        totp_last_step = excluded.totp_last_step
)sql"};

constexpr pg::Query kDeleteCodes{"accounts.delete_codes", R"sql(
    DELETE FROM accounts.recovery_code WHERE person_id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kInsertCodes{"accounts.insert_codes", R"sql(
    INSERT INTO accounts.recovery_code (person_id, code_sha256)
    SELECT $1::uuid, unnest($2::text[]) -- a person's own, of no company
)sql"};

constexpr pg::Query kTakeCode{"accounts.take_code", R"sql(
    DELETE FROM accounts.recovery_code
    WHERE person_id = $1 AND code_sha256 = $2 -- a person's own, of no company
)sql"};

constexpr pg::Query kCountCodes{"accounts.count_codes", R"sql(
    SELECT count(*) AS count
    FROM accounts.recovery_code WHERE person_id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kInsertReset{"accounts.insert_reset", R"sql(
    INSERT INTO accounts.password_reset (token_sha256, person_id, expires_at)
    VALUES ($1, $2, $3) -- a person's own, of no company
)sql"};

constexpr pg::Query kFindReset{"accounts.find_reset", R"sql(
    SELECT person_id FROM accounts.password_reset
    WHERE token_sha256 = $1 AND expires_at > $2 -- a person's own, of no company
)sql"};

constexpr pg::Query kDeleteResets{"accounts.delete_resets", R"sql(
    DELETE FROM accounts.password_reset WHERE person_id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kForgetEmailChanges{"accounts.forget_email_changes", R"sql(
    DELETE FROM accounts.email_change WHERE person_id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kInsertEmailChange{"accounts.insert_email_change", R"sql(
    INSERT INTO accounts.email_change (token_sha256, person_id, email, expires_at)
    VALUES ($1, $2, $3, $4) -- a person's own, of no company
)sql"};

constexpr pg::Query kTakeEmailChange{"accounts.take_email_change", R"sql(
    DELETE FROM accounts.email_change
    WHERE token_sha256 = $1 OR expires_at <= $2 -- a person's own, of no company
    RETURNING token_sha256 = $1 AND expires_at > $2 AS opens, person_id, email
)sql"};

constexpr pg::Query kTakeReset{"accounts.take_reset", R"sql(
    DELETE FROM accounts.password_reset
    WHERE token_sha256 = $1 OR expires_at <= $2 -- a person's own, of no company
    RETURNING token_sha256 = $1 AND expires_at > $2 AS opens, person_id
)sql"};

constexpr pg::Query kBelongings{"accounts.belongings", R"sql(
    SELECT company_id, name, kind, role FROM accounts.belongings()
    ORDER BY kind = 'house', joined_at, company_id LIMIT 200
)sql"};

}  // namespace

void act_as(pg::Transaction& tx, PersonId person) { tx.run(kActAs, person); }

bool insert(pg::Transaction& tx, const PersonRow& person) {
    act_as(tx, person.id);
    return tx.run(
                 kInsertPerson, person.id, person.email, person.name, person.locale,
                 person.added_at)
               .touched() == 1;
}

std::optional<PersonRow> select_person(pg::Transaction& tx, PersonId id) {
    return tx.run(kSelectPerson, id).first([](const pg::Row& row) {
        return PersonRow{row.get<PersonId>("id"),      row.get<std::string>("email"),
                         row.get<std::string>("name"), row.optional<std::string>("locale"),
                         row.get<Instant>("added_at"), row.get<bool>("has_second_factor")};
    });
}

void update_profile(pg::Transaction& tx, const PersonRow& person) {
    tx.run(kUpdateProfile, person.id, person.name, person.locale);
}

void note_second_factor(pg::Transaction& tx, PersonId person) { tx.run(kNoteFactor, person); }

bool update_email(pg::Transaction& tx, PersonId person, const std::string& email) {
    return *tx.run(kUpdateEmail, person, email).first([](const pg::Row& row) {
        return row.get<bool>("theirs");
    });
}

std::optional<KnownPerson> find_by_email(pg::Transaction& tx, std::string_view email) {
    return tx.run(kFindByEmail, email).first([](const pg::Row& row) {
        return KnownPerson{
            row.get<PersonId>("id"), row.get<std::string>("name"),
            row.optional<std::string>("password_hash"), row.optional<Instant>("one_time_until")};
    });
}

std::optional<Credential> select_credential(pg::Transaction& tx, PersonId person, Lock lock) {
    const auto rows = lock == Lock::for_update ? tx.run(kLockCredential, person)
                                               : tx.run(kSelectCredential, person);
    return rows.first([](const pg::Row& row) {
        return Credential{
            .password_hash = row.optional<std::string>("password_hash"),
            .has_one_time_password = row.get<bool>("has_one_time_password"),
            .one_time_until = row.optional<Instant>("one_time_until"),
            .totp_sealed = row.optional<std::string>("totp_sealed"),
            .totp_pending_sealed = row.optional<std::string>("totp_pending_sealed"),
            .totp_last_step = row.optional<std::int64_t>("totp_last_step"),
        };
    });
}

void save(pg::Transaction& tx, PersonId person, const Credential& credential) {
    tx.run(
        kSaveCredential, person, credential.password_hash, credential.has_one_time_password,
        credential.one_time_until, credential.totp_sealed, credential.totp_pending_sealed,
        credential.totp_last_step);
}

void replace_recovery_codes(
    pg::Transaction& tx, PersonId person, const std::vector<std::string>& sha256) {
    tx.run(kDeleteCodes, person);
    if (!sha256.empty()) tx.run(kInsertCodes, person, sha256);
}

bool take_recovery_code(pg::Transaction& tx, PersonId person, const std::string& sha256) {
    return tx.run(kTakeCode, person, sha256).touched() == 1;
}

std::int64_t count_recovery_codes(pg::Transaction& tx, PersonId person) {
    return *tx.run(kCountCodes, person).first([](const pg::Row& row) {
        return row.get<std::int64_t>("count");
    });
}

void insert_reset(
    pg::Transaction& tx, const std::string& token_sha256, std::optional<PersonId> person,
    Instant until) {
    tx.run(kInsertReset, token_sha256, person, until);
}

std::optional<PersonId> find_reset(
    pg::Transaction& tx, const std::string& token_sha256, Instant now) {
    return tx.run(kFindReset, token_sha256, now)
        .first([](const pg::Row& row) { return row.optional<PersonId>("person_id"); })
        .value_or(std::nullopt);
}

void delete_resets(pg::Transaction& tx, PersonId person) { tx.run(kDeleteResets, person); }

void insert_email_change(
    pg::Transaction& tx, const std::string& token_sha256, const EmailChangeRow& change,
    Instant until) {
    tx.run(kForgetEmailChanges, change.person);
    tx.run(kInsertEmailChange, token_sha256, change.person, change.email, until);
}

std::optional<EmailChangeRow> take_email_change(
    pg::Transaction& tx, const std::string& token_sha256, Instant now) {
    std::optional<EmailChangeRow> out;
    tx.run(kTakeEmailChange, token_sha256, now).all([&out](const pg::Row& row) {
        if (row.get<bool>("opens")) {
            out = EmailChangeRow{row.get<PersonId>("person_id"), row.get<std::string>("email")};
        }
        return 0;
    });
    return out;
}

std::optional<PersonId> take_reset(
    pg::Transaction& tx, const std::string& token_sha256, Instant now) {
    const auto taken = tx.run(kTakeReset, token_sha256, now).all([](const pg::Row& row) {
        return row.get<bool>("opens") ? row.optional<PersonId>("person_id") : std::nullopt;
    });
    for (const auto& person : taken) {
        if (person) return person;
    }
    return std::nullopt;
}

std::vector<Belonging> select_belongings(pg::Transaction& tx) {
    return tx.run(kBelongings).all([](const pg::Row& row) {
        return Belonging{
            row.get<CompanyId>("company_id"), row.get<std::string>("name"),
            row.get<CompanyKind>("kind"), row.get<Role>("role")};
    });
}

}  // namespace mobilytics::accounts
