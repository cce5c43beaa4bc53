#pragma once
// Who belongs to a company, who is invited, and its contacts.

#include "domains/accounts/account_types.h"

namespace mobilytics::accounts {

struct Member {
    PersonId id;
    std::string name, email;
    Role role;
    MemberState state;
    Instant joined_at;
    std::optional<Instant> seen_at;
    bool has_second_factor;
};
using MemberPage = Page<Member>;
struct MemberChange {
    std::optional<Role> role;
    std::optional<MemberState> state;
};
struct ListPeopleQuery {
    std::optional<std::string> q;
    std::optional<Role> role;
    std::optional<MemberState> state;
    std::optional<std::string> sort;
};
struct OwnerChoice {
    PersonId person_id;
};

struct Invitation {
    InvitationId id;
    std::string email;
    Role role;
    Instant invited_at, expires_at;
    PersonId invited_by;
};
using InvitationPage = Page<Invitation>;
struct ListInvitationsQuery {
    std::optional<std::string> sort;
};
struct NewInvitation {
    std::string email;
    Role role;
};
struct InvitationToken {
    std::string token;
};
struct InvitationView {
    std::string email, company_name;
    Role role;
    bool needs_password;
};
struct InvitationAnswer {
    std::string token;
    std::optional<std::string> name, password;
};
struct Accepted {
    bool accepted = true;
};

struct Contact {
    ContactId id;
    std::string name, email, phone, title, note;
    Instant added_at;
};
using ContactPage = Page<Contact>;
struct NewContact {
    std::string name;
    std::optional<std::string> email, phone, title, note;
};
struct ContactChange {
    std::optional<std::string> name, email, phone, title, note;
};
struct ListContactsQuery {
    std::optional<std::string> q, sort;
};

class People {
  public:
    People(Ground ground, const crypto::SealedBox& seal) : ground_(ground), seal_(seal) {}

    /// invalid `bad_sort`.
    Result<MemberPage> list_people(
        const Caller& caller, const PageRequest& page, const ListPeopleQuery& query);
    /// not_found `no_such_person`, as for all that name one.
    Result<Member> find_member(const Caller& caller, PersonId person);
    /// forbidden `role_above_own`; invalid `role_of_other_kind`; conflict `last_owner`.
    Result<Member> change_member(const Caller& caller, PersonId person, const MemberChange& change);
    Result<> remove_member(const Caller& caller, PersonId person);
    Result<> leave(const Caller& caller);
    Result<> transfer_ownership(const Caller& caller, const OwnerChoice& choice);
    Result<> end_sessions_of(const Caller& caller, PersonId person);

    Result<InvitationPage> list_invitations(
        const Caller& caller, const PageRequest& page, const ListInvitationsQuery& query);
    /// invalid `bad_email`; conflict `already_member`, `already_invited`; those of change_member.
    Result<Invitation> invite(const Caller& caller, const NewInvitation& asked);
    /// not_found `no_such_invitation`.
    Result<> withdraw_invitation(const Caller& caller, InvitationId id);
    /// unauthenticated `token_unknown`: also of one that is used or too old.
    Result<InvitationView> look_at_invitation(const InvitationToken& token);
    /// Those, and of a new person invalid `name_missing` and those of a password.
    Result<Accepted> accept_invitation(const InvitationAnswer& answer);

    Result<ContactPage> list_contacts(
        const Caller& caller, const PageRequest& page, const ListContactsQuery& query);
    Result<Contact> add_contact(const Caller& caller, const NewContact& asked);
    /// not_found `no_such_contact`.
    Result<Contact> change_contact(const Caller& caller, ContactId id, const ContactChange& change);
    Result<> remove_contact(const Caller& caller, ContactId id);

  private:
    Ground ground_;
    const crypto::SealedBox& seal_;
};

}  // namespace mobilytics::accounts
