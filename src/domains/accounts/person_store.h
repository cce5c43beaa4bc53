#pragma once
// People, what is theirs alone, and the companies that they belong to, in Postgres.

#include "domains/accounts/account_types.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// From here on the transaction sees also what is this person's alone.
void act_as(pg::Transaction& tx, PersonId person);

struct PersonRow {
    PersonId id;
    std::string email, name;
    std::optional<std::string> locale;
    Instant added_at;
    bool has_second_factor = false;
};
/// False when the e-mail is taken. The transaction acts as that person afterwards.
bool insert(pg::Transaction& tx, const PersonRow& person);
std::optional<PersonRow> select_person(pg::Transaction& tx, PersonId id);
/// Name and locale.
void update_profile(pg::Transaction& tx, const PersonRow& person);
/// What `has_second_factor` is to say, from what the person has now.
void note_second_factor(pg::Transaction& tx, PersonId person);
/// False when it is somebody else's.
bool update_email(pg::Transaction& tx, PersonId person, const std::string& email);

/// By their e-mail, whoever asks.
struct KnownPerson {
    PersonId id;
    std::string name;
    std::optional<std::string> password_hash;
    std::optional<Instant> one_time_until;
};
std::optional<KnownPerson> find_by_email(pg::Transaction& tx, std::string_view email);

/// Of the person that the transaction acts as.
struct Credential {
    std::optional<std::string> password_hash = {};
    bool has_one_time_password = false;
    std::optional<Instant> one_time_until = {};
    std::optional<std::string> totp_sealed = {}, totp_pending_sealed = {};
    std::optional<std::int64_t> totp_last_step = {};
};
enum class Lock { none, for_update };
std::optional<Credential> select_credential(
    pg::Transaction& tx, PersonId person, Lock lock = Lock::none);
/// Made, where there is none yet.
void save(pg::Transaction& tx, PersonId person, const Credential& credential);

void replace_recovery_codes(
    pg::Transaction& tx, PersonId person, const std::vector<std::string>& sha256);
/// Each opens once: false for one that is not there any more.
bool take_recovery_code(pg::Transaction& tx, PersonId person, const std::string& sha256);
std::int64_t count_recovery_codes(pg::Transaction& tx, PersonId person);

void insert_reset(
    pg::Transaction& tx, const std::string& token_sha256, std::optional<PersonId> person,
    Instant until);
/// Whose it is, left as it is.
std::optional<PersonId> find_reset(
    pg::Transaction& tx, const std::string& token_sha256, Instant now);
/// Each opens once. None for what is unknown or too old.
std::optional<PersonId> take_reset(
    pg::Transaction& tx, const std::string& token_sha256, Instant now);
void delete_resets(pg::Transaction& tx, PersonId person);

struct EmailChangeRow {
    PersonId person;
    std::string email;
};
/// In place of those before of the person.
void insert_email_change(
    pg::Transaction& tx, const std::string& token_sha256, const EmailChangeRow& change,
    Instant until);
/// Each opens once. None for what is unknown or too old.
std::optional<EmailChangeRow> take_email_change(
    pg::Transaction& tx, const std::string& token_sha256, Instant now);

/// All active companies of the person that the transaction acts as; the house last.
std::vector<Belonging> select_belongings(pg::Transaction& tx);

}  // namespace mobilytics::accounts
