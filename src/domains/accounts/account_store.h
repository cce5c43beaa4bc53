#pragma once
// Companies, people and sessions in Postgres. All of this domain's SQL is in account_store.cpp.

#include <optional>
#include <string>

#include "domains/accounts/accounts.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

struct Credentials {
    Person person;
    std::string password_hash;
};

/// The company that this installation was opened for.
std::optional<CompanyId> select_installation(pg::Transaction& tx);
/// False when another start was faster; then nothing is written.
bool insert_installation(pg::Transaction& tx);

void insert(pg::Transaction& tx, const CompanyProfile& company, Instant now);
std::optional<CompanyProfile> select_company(pg::Transaction& tx);

void insert(pg::Transaction& tx, const Credentials& owner);
std::optional<Credentials> select_owner(pg::Transaction& tx);
std::optional<Credentials> select_person(pg::Transaction& tx, PersonId id);
void update_password(pg::Transaction& tx, const Credentials& credentials);

struct SessionRow {
    std::string token_sha256;  // Hexadecimal.
    PersonId person;
    Instant begun_at, seen_at, expires_at;
};
void insert(pg::Transaction& tx, const SessionRow& session);
std::optional<SessionRow> select_session(pg::Transaction& tx, const std::string& token_sha256);
void update_seen(pg::Transaction& tx, const SessionRow& session);
void delete_session(pg::Transaction& tx, const std::string& token_sha256);
/// All of a person's, but the one of this digest; all of them for an empty one.
void delete_sessions(pg::Transaction& tx, PersonId person, const std::string& but_sha256);
void delete_expired(pg::Transaction& tx, Instant now);

}  // namespace mobilytics::accounts
