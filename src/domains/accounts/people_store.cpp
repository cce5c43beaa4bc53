#include "domains/accounts/people_store.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kInsertMember{"accounts.insert_member", R"sql(
    INSERT INTO accounts.membership (company_id, person_id, role, joined_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kSelectMember{"accounts.select_member", R"sql(
    SELECT p.id, p.name, p.email, m.role, m.state, m.joined_at, p.has_second_factor,
           (SELECT max(s.seen_at) FROM accounts.session s
            WHERE s.company_id = m.company_id AND s.person_id = m.person_id) AS seen_at
    FROM accounts.membership m JOIN accounts.person p ON p.id = m.person_id
    WHERE m.company_id = $1 AND m.person_id = $2
)sql"};

constexpr pg::Query kUpdateMember{"accounts.update_member", R"sql(
    UPDATE accounts.membership SET role = $3, state = $4 WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kDeleteMember{"accounts.delete_member", R"sql(
    DELETE FROM accounts.membership WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kCountOwners{"accounts.count_owners", R"sql(
    SELECT count(*) AS count FROM accounts.membership
    WHERE company_id = $1 AND role = $2 AND state = 'active'
)sql"};

// A key is compared byte for byte, so that a page begins where the one before it ended.
constexpr pg::Query kSelectMembers{"accounts.select_members", R"sql(
    WITH listed AS (
        SELECT p.id, p.name, p.email, m.role, m.state, m.joined_at, p.has_second_factor,
               (SELECT max(s.seen_at) FROM accounts.session s
                WHERE s.company_id = m.company_id AND s.person_id = m.person_id) AS seen_at,
               (CASE $5 WHEN 'name' THEN lower(p.name) WHEN 'email' THEN lower(p.email)
                        WHEN 'role' THEN m.role
                        ELSE to_char(m.joined_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM accounts.membership m JOIN accounts.person p ON p.id = m.person_id
        WHERE m.company_id = $1
          AND ($2 = '' OR strpos(lower(p.name), lower($2)) > 0
                       OR strpos(lower(p.email), lower($2)) > 0)
          AND ($3::text IS NULL OR m.role = $3) AND ($4::text IS NULL OR m.state = $4))
    SELECT * FROM listed
    WHERE $8 = '' OR CASE WHEN $6 THEN (key, id) < ($7 COLLATE "C", nullif($8, '')::uuid)
                          ELSE (key, id) > ($7 COLLATE "C", nullif($8, '')::uuid) END
    ORDER BY CASE WHEN $6 THEN key END DESC, CASE WHEN $6 THEN id END DESC, key, id
    LIMIT $9
)sql"};

constexpr pg::Query kHasMember{"accounts.has_member", R"sql(
    SELECT p.id FROM accounts.membership m JOIN accounts.person p ON p.id = m.person_id
    WHERE m.company_id = $1 AND lower(p.email) = lower($2)
)sql"};

constexpr pg::Query kForgetInvitations{"accounts.forget_invitations", R"sql(
    DELETE FROM accounts.invitation WHERE company_id = $1 AND expires_at <= $2
)sql"};

constexpr pg::Query kInsertInvitation{"accounts.insert_invitation", R"sql(
    INSERT INTO accounts.invitation (company_id, id, email, role, token_sha256, invited_by,
        invited_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kSelectInvitations{"accounts.select_invitations", R"sql(
    WITH listed AS (
        SELECT id, email, role, invited_by, invited_at, expires_at,
               (CASE $3 WHEN 'email' THEN lower(email)
                        WHEN 'expires_at' THEN
                            to_char(expires_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
                        ELSE to_char(invited_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM accounts.invitation WHERE company_id = $1 AND expires_at > $2)
    SELECT * FROM listed
    WHERE $6 = '' OR CASE WHEN $4 THEN (key, id) < ($5 COLLATE "C", nullif($6, '')::uuid)
                          ELSE (key, id) > ($5 COLLATE "C", nullif($6, '')::uuid) END
    ORDER BY CASE WHEN $4 THEN key END DESC, CASE WHEN $4 THEN id END DESC, key, id
    LIMIT $7
)sql"};

constexpr pg::Query kTakeInvitation{"accounts.take_invitation", R"sql(
    DELETE FROM accounts.invitation WHERE company_id = $1 AND id = $2
    RETURNING id, email, role, invited_by, invited_at, expires_at
)sql"};

constexpr pg::Query kFindInvitation{"accounts.find_invitation", R"sql(
    SELECT id, company_id, company_name, email, role, expires_at, person_id
    FROM accounts.invitation_of($1)
)sql"};

constexpr pg::Query kInsertContact{"accounts.insert_contact", R"sql(
    INSERT INTO accounts.contact (company_id, id, name, email, phone, title, note, added_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kSelectContact{"accounts.select_contact", R"sql(
    SELECT id, name, email, phone, title, note, added_at
    FROM accounts.contact WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdateContact{"accounts.update_contact", R"sql(
    UPDATE accounts.contact SET name = $3, email = $4, phone = $5, title = $6, note = $7
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kDeleteContact{"accounts.delete_contact", R"sql(
    DELETE FROM accounts.contact WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectContacts{"accounts.select_contacts", R"sql(
    WITH listed AS (
        SELECT id, name, email, phone, title, note, added_at,
               (CASE $3 WHEN 'name' THEN lower(name) WHEN 'email' THEN lower(email)
                        ELSE to_char(added_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM accounts.contact
        WHERE company_id = $1
          AND ($2 = '' OR strpos(lower(name), lower($2)) > 0
                       OR strpos(lower(email), lower($2)) > 0))
    SELECT * FROM listed
    WHERE $6 = '' OR CASE WHEN $4 THEN (key, id) < ($5 COLLATE "C", nullif($6, '')::uuid)
                          ELSE (key, id) > ($5 COLLATE "C", nullif($6, '')::uuid) END
    ORDER BY CASE WHEN $4 THEN key END DESC, CASE WHEN $4 THEN id END DESC, key, id
    LIMIT $7
)sql"};

Member member_from(const pg::Row& row) {
    return {
        .id = row.get<PersonId>("id"),
        .name = row.get<std::string>("name"),
        .email = row.get<std::string>("email"),
        .role = row.get<Role>("role"),
        .state = row.get<MemberState>("state"),
        .joined_at = row.get<Instant>("joined_at"),
        .seen_at = row.optional<Instant>("seen_at"),
        .has_second_factor = row.get<bool>("has_second_factor"),
    };
}

Invitation invitation_from(const pg::Row& row) {
    return {
        .id = row.get<InvitationId>("id"),
        .email = row.get<std::string>("email"),
        .role = row.get<Role>("role"),
        .invited_at = row.get<Instant>("invited_at"),
        .expires_at = row.get<Instant>("expires_at"),
        .invited_by = row.get<PersonId>("invited_by"),
    };
}

Contact contact_from(const pg::Row& row) {
    return {
        .id = row.get<ContactId>("id"),
        .name = row.get<std::string>("name"),
        .email = row.get<std::string>("email"),
        .phone = row.get<std::string>("phone"),
        .title = row.get<std::string>("title"),
        .note = row.get<std::string>("note"),
        .added_at = row.get<Instant>("added_at"),
    };
}

/// With its sort key.
template <class Read>
auto keyed(Read read) {
    return [read](const pg::Row& row) { return std::pair(read(row), row.get<std::string>("key")); };
}

}  // namespace

bool insert_member(pg::Transaction& tx, PersonId person, Role role, Instant now) {
    return tx.run(kInsertMember, tx.company(), person, role, now).touched() == 1;
}

std::optional<Member> select_member(pg::Transaction& tx, PersonId person) {
    return tx.run(kSelectMember, tx.company(), person).first(member_from);
}

void update_member(pg::Transaction& tx, const Member& member) {
    tx.run(kUpdateMember, tx.company(), member.id, member.role, member.state);
}

void delete_member(pg::Transaction& tx, PersonId person) {
    tx.run(kDeleteMember, tx.company(), person);
}

std::int64_t count_owners(pg::Transaction& tx, Role highest) {
    return *tx.run(kCountOwners, tx.company(), highest).first([](const pg::Row& row) {
        return row.get<std::int64_t>("count");
    });
}

std::vector<std::pair<Member, std::string>> select_members(
    pg::Transaction& tx, const ListPeopleQuery& query, const Sorting& sorting, std::int64_t limit) {
    return tx
        .run(
            kSelectMembers, tx.company(), query.q.value_or(""), query.role, query.state, sorting.by,
            sorting.descending, sorting.after_key, sorting.after_id, limit)
        .all(keyed(member_from));
}

bool has_member_of_email(pg::Transaction& tx, std::string_view email) {
    return tx.run(kHasMember, tx.company(), email).size() > 0;
}

bool insert(
    pg::Transaction& tx, const Invitation& invitation, const std::string& token_sha256,
    Instant now) {
    tx.run(kForgetInvitations, tx.company(), now);
    return tx.run(
                 kInsertInvitation, tx.company(), invitation.id, invitation.email, invitation.role,
                 token_sha256, invitation.invited_by, invitation.invited_at, invitation.expires_at)
               .touched() == 1;
}

std::vector<std::pair<Invitation, std::string>> select_invitations(
    pg::Transaction& tx, const Sorting& sorting, std::int64_t limit, Instant now) {
    return tx
        .run(
            kSelectInvitations, tx.company(), now, sorting.by, sorting.descending,
            sorting.after_key, sorting.after_id, limit)
        .all(keyed(invitation_from));
}

std::optional<Invitation> take_invitation(pg::Transaction& tx, InvitationId id) {
    return tx.run(kTakeInvitation, tx.company(), id).first(invitation_from);
}

std::optional<KnownInvitation> find_invitation(
    pg::Transaction& tx, const std::string& token_sha256) {
    return tx.run(kFindInvitation, token_sha256).first([](const pg::Row& row) {
        return KnownInvitation{
            .id = row.get<InvitationId>("id"),
            .company = row.get<CompanyId>("company_id"),
            .company_name = row.get<std::string>("company_name"),
            .email = row.get<std::string>("email"),
            .role = row.get<Role>("role"),
            .expires_at = row.get<Instant>("expires_at"),
            .person = row.optional<PersonId>("person_id"),
        };
    });
}

void insert(pg::Transaction& tx, const Contact& contact) {
    tx.run(
        kInsertContact, tx.company(), contact.id, contact.name, contact.email, contact.phone,
        contact.title, contact.note, contact.added_at);
}

std::optional<Contact> select_contact(pg::Transaction& tx, ContactId id) {
    return tx.run(kSelectContact, tx.company(), id).first(contact_from);
}

void update(pg::Transaction& tx, const Contact& contact) {
    tx.run(
        kUpdateContact, tx.company(), contact.id, contact.name, contact.email, contact.phone,
        contact.title, contact.note);
}

void delete_contact(pg::Transaction& tx, ContactId id) { tx.run(kDeleteContact, tx.company(), id); }

std::vector<std::pair<Contact, std::string>> select_contacts(
    pg::Transaction& tx, const std::string& part, const Sorting& sorting, std::int64_t limit) {
    return tx
        .run(
            kSelectContacts, tx.company(), part, sorting.by, sorting.descending, sorting.after_key,
            sorting.after_id, limit)
        .all(keyed(contact_from));
}

}  // namespace mobilytics::accounts
