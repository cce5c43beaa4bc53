#include "domains/accounts/identity_store.h"

#include "domains/accounts/account_rules.h"
#include "platform/crypto/digest.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kShowIdentity{"accounts.show_identity", R"sql(
    SELECT set_config('app.identity', $1, true) -- a person's own, of no company
)sql"};

constexpr pg::Query kFindIdentity{"accounts.find_identity", R"sql(
    SELECT person_id
    FROM accounts.identity WHERE identity_sha256 = $1 -- a person's own, of no company
)sql"};

constexpr pg::Query kInsertIdentity{"accounts.insert_identity", R"sql(
    INSERT INTO accounts.identity (identity_sha256, issuer, person_id, linked_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING -- a person's own, of no company
)sql"};

constexpr pg::Query kShowEmail{"accounts.show_email", R"sql(
    SELECT set_config('app.email', $1, true) -- of whatever company
)sql"};

constexpr pg::Query kFindWaiting{"accounts.find_waiting_invitation", R"sql(
    SELECT company_id, id, role FROM accounts.invitation -- before any company is known
    WHERE lower(email) = $1 AND expires_at > $2
    ORDER BY invited_at DESC, id DESC LIMIT 1
)sql"};

constexpr pg::Query kForgetAttempts{"accounts.forget_provider_attempts", R"sql(
    DELETE FROM accounts.provider_attempt WHERE expires_at <= $1 -- of no company yet
)sql"};

constexpr pg::Query kInsertAttempt{"accounts.insert_provider_attempt", R"sql(
    INSERT INTO accounts.provider_attempt (cookie_sha256, sealed, expires_at)
    VALUES ($1, $2, $3) -- of no company yet
)sql"};

constexpr pg::Query kTakeAttempt{"accounts.take_provider_attempt", R"sql(
    DELETE FROM accounts.provider_attempt WHERE cookie_sha256 = $1 -- of no company yet
    RETURNING sealed, expires_at
)sql"};

}  // namespace

std::string identity_digest(std::string_view issuer, std::string_view subject) {
    return crypto::sha256_hex(std::string(issuer) + '\n' + std::string(subject));
}

std::optional<PersonId> find_identity(pg::Transaction& tx, const std::string& digest) {
    tx.run(kShowIdentity, digest);
    return tx.run(kFindIdentity, digest).first([](const pg::Row& row) {
        return row.get<PersonId>("person_id");
    });
}

bool insert_identity(
    pg::Transaction& tx, const std::string& digest, std::string_view issuer, PersonId person,
    Instant now) {
    return tx.run(kInsertIdentity, digest, issuer, person, now).touched() == 1;
}

std::optional<Waiting> find_waiting(pg::Transaction& tx, std::string_view email, Instant now) {
    const auto in_small = lower(email);
    tx.run(kShowEmail, in_small);
    return tx.run(kFindWaiting, in_small, now).first([](const pg::Row& row) {
        return Waiting{
            row.get<CompanyId>("company_id"), row.get<InvitationId>("id"), row.get<Role>("role")};
    });
}

void insert_attempt(
    pg::Transaction& tx, const std::string& cookie_sha256, const std::string& sealed,
    Instant expires_at, Instant now) {
    tx.run(kForgetAttempts, now);
    tx.run(kInsertAttempt, cookie_sha256, sealed, expires_at);
}

std::optional<std::string> take_attempt(
    pg::Transaction& tx, const std::string& cookie_sha256, Instant now) {
    const auto taken = tx.run(kTakeAttempt, cookie_sha256).first([](const pg::Row& row) {
        return std::pair(row.get<std::string>("sealed"), row.get<Instant>("expires_at"));
    });
    if (!taken || taken->second <= now) return std::nullopt;
    return taken->first;
}

}  // namespace mobilytics::accounts
