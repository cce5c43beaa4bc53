#pragma once
// Who belongs to a company, who is invited, and its contacts, in Postgres. All of the transaction's
// company.

#include "domains/accounts/paging.h"
#include "domains/accounts/people.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

/// False when they belong to it already.
bool insert_member(pg::Transaction& tx, PersonId person, Role role, Instant now);
std::optional<Member> select_member(pg::Transaction& tx, PersonId person);
void update_member(pg::Transaction& tx, const Member& member);
void delete_member(pg::Transaction& tx, PersonId person);
/// Owners who are not suspended; of the house, superusers.
std::int64_t count_owners(pg::Transaction& tx, Role highest);
std::vector<std::pair<Member, std::string>> select_members(
    pg::Transaction& tx, const ListPeopleQuery& query, const Sorting& sorting, std::int64_t limit);
bool has_member_of_email(pg::Transaction& tx, std::string_view email);

/// False when that e-mail is invited already.
bool insert(
    pg::Transaction& tx, const Invitation& invitation, const std::string& token_sha256,
    Instant now);
std::vector<std::pair<Invitation, std::string>> select_invitations(
    pg::Transaction& tx, const Sorting& sorting, std::int64_t limit, Instant now);
std::optional<Invitation> take_invitation(pg::Transaction& tx, InvitationId id);
/// Of whatever company, by its token.
struct KnownInvitation {
    InvitationId id;
    CompanyId company;
    std::string company_name, email;
    Role role;
    Instant expires_at;
    std::optional<PersonId> person;  // Who has that e-mail, when somebody has.
};
std::optional<KnownInvitation> find_invitation(
    pg::Transaction& tx, const std::string& token_sha256);

void insert(pg::Transaction& tx, const Contact& contact);
std::optional<Contact> select_contact(pg::Transaction& tx, ContactId id);
void update(pg::Transaction& tx, const Contact& contact);
void delete_contact(pg::Transaction& tx, ContactId id);
std::vector<std::pair<Contact, std::string>> select_contacts(
    pg::Transaction& tx, const std::string& part, const Sorting& sorting, std::int64_t limit);

}  // namespace mobilytics::accounts
