#pragma once
// Passkeys and the challenges of their ceremonies, in Postgres.

#include "domains/accounts/passkeys.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// What is to be remembered of a passkey beside what its owner sees.
struct PasskeyRow {
    Passkey shown;
    identity::Passkey kept;
};

// Of the person that the transaction acts as.

/// False when that credential is somebody's already.
bool insert(pg::Transaction& tx, PersonId person, const PasskeyRow& passkey);
std::vector<PasskeyRow> select_passkeys(pg::Transaction& tx, PersonId person);
std::optional<Passkey> select_passkey(pg::Transaction& tx, PersonId person, PasskeyId id);
std::int64_t count_passkeys(pg::Transaction& tx, PersonId person);
void rename(pg::Transaction& tx, PersonId person, PasskeyId id, const std::string& name);
bool delete_passkey(pg::Transaction& tx, PersonId person, PasskeyId id);
std::int64_t delete_passkeys(pg::Transaction& tx, PersonId person);
/// Its count, and that it was used. False when another use was faster, or it is gone.
bool note_use(
    pg::Transaction& tx, PersonId person, PasskeyId id, const identity::Passkey& now_kept,
    Instant now);

/// By its credential id, whosever it is.
struct KnownPasskey {
    PasskeyId id;
    PersonId person;
    identity::Passkey kept;  // Without aaguid and transports.
};
std::optional<KnownPasskey> find_passkey(pg::Transaction& tx, const std::string& credential_id);
/// As an authenticator keeps whose a passkey is: the bytes of the id.
std::string handle_of(PersonId person);

struct ChallengeRow {
    ChallengeId id;
    std::string challenge;  // Bytes.
    std::string browser_sha256;
    std::optional<PersonId> person;
    Instant expires_at;
};
/// Those whose time is over go.
void insert(pg::Transaction& tx, const ChallengeRow& challenge, Instant now);
/// Each opens once, to that browser. None for what is unknown or too old.
std::optional<ChallengeRow> take_challenge(
    pg::Transaction& tx, ChallengeId id, const std::string& browser_sha256, Instant now);

}  // namespace mobilytics::accounts
