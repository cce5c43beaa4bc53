#include "domains/accounts/passkey_store.h"

#include "platform/crypto/digest.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kInsert{"accounts.insert_passkey", R"sql(
    INSERT INTO accounts.passkey (id, person_id, credential_id, public_key, sign_count,
        backup_eligible, backed_up, aaguid, transports, name, added_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT DO NOTHING -- a person's own, of no company
)sql"};

constexpr pg::Query kSelectAll{"accounts.select_passkeys", R"sql(
    SELECT id, encode(credential_id, 'hex') AS credential_id, transports, name, added_at, used_at,
           backed_up
    FROM accounts.passkey WHERE person_id = $1 -- a person's own, of no company
    ORDER BY added_at, id
)sql"};

constexpr pg::Query kSelect{"accounts.select_passkey", R"sql(
    SELECT id, name, added_at, used_at, backed_up
    FROM accounts.passkey WHERE person_id = $1 AND id = $2 -- a person's own, of no company
)sql"};

constexpr pg::Query kCount{"accounts.count_passkeys", R"sql(
    SELECT count(*) AS count
    FROM accounts.passkey WHERE person_id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kRename{"accounts.rename_passkey", R"sql(
    UPDATE accounts.passkey SET name = $3
    WHERE person_id = $1 AND id = $2 -- a person's own, of no company
)sql"};

constexpr pg::Query kDelete{"accounts.delete_passkey", R"sql(
    DELETE FROM accounts.passkey
    WHERE person_id = $1 AND id = $2 -- a person's own, of no company
)sql"};

constexpr pg::Query kDeleteAll{"accounts.delete_passkeys", R"sql(
    DELETE FROM accounts.passkey WHERE person_id = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kNoteUse{"accounts.note_passkey_use", R"sql(
    UPDATE accounts.passkey SET sign_count = $3, backed_up = $4, used_at = $5
    WHERE person_id = $1 AND id = $2 -- a person's own, of no company
      AND (sign_count < $3 OR ($3 = 0 AND sign_count = 0))
)sql"};

constexpr pg::Query kFind{"accounts.find_passkey", R"sql(
    SELECT id, person_id, encode(public_key, 'hex') AS public_key, sign_count, backup_eligible
    FROM accounts.passkey_of($1) -- before any company is known
)sql"};

constexpr pg::Query kForgetChallenges{"accounts.forget_challenges", R"sql(
    DELETE FROM accounts.passkey_challenge
    WHERE expires_at <= $1 -- of a browser, of no company
)sql"};

constexpr pg::Query kInsertChallenge{"accounts.insert_challenge", R"sql(
    INSERT INTO accounts.passkey_challenge (id, challenge, browser_sha256, person_id, expires_at)
    VALUES ($1, $2, $3, $4, $5) -- of a browser, of no company
)sql"};

constexpr pg::Query kTakeChallenge{"accounts.take_challenge", R"sql(
    DELETE FROM accounts.passkey_challenge
    WHERE id = $1 AND browser_sha256 = $2 -- of a browser, of no company
    RETURNING encode(challenge, 'hex') AS challenge, person_id, expires_at
)sql"};

std::string bytes_of(const pg::Row& row, const char* column) {
    return *crypto::from_hex(row.get<std::string>(column));
}

Passkey passkey_from(const pg::Row& row) {
    return {
        .id = row.get<PasskeyId>("id"),
        .name = row.get<std::string>("name"),
        .added_at = row.get<Instant>("added_at"),
        .used_at = row.optional<Instant>("used_at"),
        .backed_up = row.get<bool>("backed_up"),
    };
}

}  // namespace

std::string handle_of(PersonId person) {
    const auto& bytes = person.bytes();
    return {bytes.begin(), bytes.end()};
}

bool insert(pg::Transaction& tx, PersonId person, const PasskeyRow& passkey) {
    const auto& kept = passkey.kept;
    return tx.run(
                 kInsert, passkey.shown.id, person, pg::as_bytes(kept.credential_id),
                 pg::as_bytes(kept.public_key), kept.sign_count, kept.backup_eligible,
                 kept.backed_up, kept.aaguid, kept.transports, passkey.shown.name,
                 passkey.shown.added_at)
               .touched() == 1;
}

std::vector<PasskeyRow> select_passkeys(pg::Transaction& tx, PersonId person) {
    return tx.run(kSelectAll, person).all([&](const pg::Row& row) {
        return PasskeyRow{
            passkey_from(row),
            {.credential_id = bytes_of(row, "credential_id"),
             .user_handle = handle_of(person),
             .transports = row.get<std::vector<std::string>>("transports")}};
    });
}

std::optional<Passkey> select_passkey(pg::Transaction& tx, PersonId person, PasskeyId id) {
    return tx.run(kSelect, person, id).first(passkey_from);
}

std::int64_t count_passkeys(pg::Transaction& tx, PersonId person) {
    return *tx.run(kCount, person).first([](const pg::Row& row) {
        return row.get<std::int64_t>("count");
    });
}

void rename(pg::Transaction& tx, PersonId person, PasskeyId id, const std::string& name) {
    tx.run(kRename, person, id, name);
}

bool delete_passkey(pg::Transaction& tx, PersonId person, PasskeyId id) {
    return tx.run(kDelete, person, id).touched() == 1;
}

std::int64_t delete_passkeys(pg::Transaction& tx, PersonId person) {
    return tx.run(kDeleteAll, person).touched();
}

bool note_use(
    pg::Transaction& tx, PersonId person, PasskeyId id, const identity::Passkey& now_kept,
    Instant now) {
    return tx.run(kNoteUse, person, id, now_kept.sign_count, now_kept.backed_up, now).touched() ==
           1;
}

std::optional<KnownPasskey> find_passkey(pg::Transaction& tx, const std::string& credential_id) {
    return tx.run(kFind, pg::as_bytes(credential_id)).first([&](const pg::Row& row) {
        const auto person = row.get<PersonId>("person_id");
        return KnownPasskey{
            row.get<PasskeyId>("id"),
            person,
            {.credential_id = credential_id,
             .public_key = bytes_of(row, "public_key"),
             .user_handle = handle_of(person),
             .sign_count = row.get<std::int64_t>("sign_count"),
             .backup_eligible = row.get<bool>("backup_eligible")}};
    });
}

void insert(pg::Transaction& tx, const ChallengeRow& challenge, Instant now) {
    tx.run(kForgetChallenges, now);
    tx.run(
        kInsertChallenge, challenge.id, pg::as_bytes(challenge.challenge), challenge.browser_sha256,
        challenge.person, challenge.expires_at);
}

std::optional<ChallengeRow> take_challenge(
    pg::Transaction& tx, ChallengeId id, const std::string& browser_sha256, Instant now) {
    auto taken = tx.run(kTakeChallenge, id, browser_sha256).first([&](const pg::Row& row) {
        return ChallengeRow{
            id, bytes_of(row, "challenge"), browser_sha256, row.optional<PersonId>("person_id"),
            row.get<Instant>("expires_at")};
    });
    if (taken && taken->expires_at <= now) return std::nullopt;
    return taken;
}

}  // namespace mobilytics::accounts
