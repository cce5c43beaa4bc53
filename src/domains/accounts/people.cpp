#include "domains/accounts/people.h"

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/told.h"
#include "foundation/json.h"
#include "platform/audit/audit.h"

namespace mobilytics::accounts {

namespace {

auto no_such_person(PersonId person) {
    return fail(ErrorKind::not_found, "no_such_person", person.str());
}

Role highest(CompanyKind kind) {
    return kind == CompanyKind::house ? Role::superuser : Role::owner;
}

/// The company, locked, so that of two who leave at once one is the last.
Company locked(pg::Transaction& tx) {
    auto company = lock_company(tx);
    VERIFY(company);
    return *std::move(company);
}

/// There is one still, of those who may everything.
Result<> has_owner(pg::Transaction& tx, const Company& company) {
    if (count_owners(tx, highest(company.kind)) > 0) return {};
    return fail(
        ErrorKind::conflict, "last_owner", "a company has an owner: make somebody else one first");
}

json::value json_of(const Member& member) {
    return {{"role", word(member.role)}, {"state", word(member.state)}};
}

audit::Target target_of(const Member& member) { return {"person", member.id.str(), member.name}; }

}  // namespace

Result<MemberPage> People::list_people(
    const Caller& caller, const PageRequest& page, const ListPeopleQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"name", "email", "role", "joined_at"}));
    auto tx = ground_.pool.begin(caller.company);
    return sorted_page(select_members(tx, query, sorting, page.limit + 1), page.limit, sorting);
}

Result<Member> People::find_member(const Caller& caller, PersonId person) {
    auto tx = ground_.pool.begin(caller.company);
    auto member = select_member(tx, person);
    if (!member) return no_such_person(person);
    return *std::move(member);
}

Result<Member> People::change_member(
    const Caller& caller, PersonId person, const MemberChange& change) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = locked(tx);
    auto member = select_member(tx, person);
    if (!member) return no_such_person(person);
    const auto before = *member;
    // Neither to more than one has oneself, nor of somebody who has more.
    CHECK(may_give(caller.role, member->role, company.kind));
    member->role = change.role.value_or(member->role);
    member->state = change.state.value_or(member->state);
    CHECK(may_give(caller.role, member->role, company.kind));
    update_member(tx, *member);
    CHECK(has_owner(tx, company));
    if (member->state == MemberState::suspended) delete_of_company(tx, person);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.member_changed",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*member)},
         .before = json_of(before),
         .after = json_of(*member)});
    tx.commit();
    return *std::move(member);
}

Result<> People::remove_member(const Caller& caller, PersonId person) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = locked(tx);
    const auto member = select_member(tx, person);
    if (!member) return no_such_person(person);
    CHECK(may_give(caller.role, member->role, company.kind));
    delete_member(tx, person);
    CHECK(has_owner(tx, company));
    delete_of_company(tx, person);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.member_removed",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*member)},
         .before = json_of(*member)});
    tx.commit();
    return {};
}

Result<> People::leave(const Caller& caller) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = locked(tx);
    const auto member = select_member(tx, caller.person);
    if (!member) return no_such_person(caller.person);
    delete_member(tx, caller.person);
    CHECK(has_owner(tx, company));
    delete_of_company(tx, caller.person);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.member_left",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*member)}});
    tx.commit();
    return {};
}

Result<> People::transfer_ownership(const Caller& caller, const OwnerChoice& choice) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = locked(tx);
    auto next = select_member(tx, choice.person_id);
    auto before = select_member(tx, caller.person);
    if (!next || !before || next->state != MemberState::active) {
        return no_such_person(choice.person_id);
    }
    if (next->id == before->id) {
        return fail(ErrorKind::conflict, "owner_already", "you are the owner");
    }
    before->role = Role::admin;
    next->role = Role::owner;
    update_member(tx, *before);
    update_member(tx, *next);
    CHECK(has_owner(tx, company));
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.ownership_transferred",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*next), target_of(*before)}});
    tx.commit();
    return {};
}

Result<> People::end_sessions_of(const Caller& caller, PersonId person) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = locked(tx);
    const auto member = select_member(tx, person);
    if (!member) return no_such_person(person);
    CHECK(may_give(caller.role, member->role, company.kind));
    delete_of_company(tx, person);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.sessions_ended",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*member)}});
    tx.commit();
    return {};
}

Result<ContactPage> People::list_contacts(
    const Caller& caller, const PageRequest& page, const ListContactsQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"name", "email", "added_at"}));
    auto tx = ground_.pool.begin(caller.company);
    return sorted_page(
        select_contacts(tx, query.q.value_or(""), sorting, page.limit + 1), page.limit, sorting);
}

namespace {

json::value json_of(const Contact& contact) {
    return {
        {"name", contact.name},
        {"email", contact.email},
        {"phone", contact.phone},
        {"title", contact.title},
        {"note", contact.note}};
}

}  // namespace

Result<Contact> People::add_contact(const Caller& caller, const NewContact& asked) {
    const auto now = ground_.clock.now();
    TRY(const auto name, checked_name(asked.name));
    const Contact contact{
        .id = ContactId::fresh(now),
        .name = name,
        .email = asked.email.value_or(""),
        .phone = asked.phone.value_or(""),
        .title = asked.title.value_or(""),
        .note = asked.note.value_or(""),
        .added_at = now};
    if (!contact.email.empty()) CHECK(checked_email(contact.email));
    auto tx = ground_.pool.begin(caller.company);
    insert(tx, contact);
    audit::append(
        tx, now,
        {.action = "accounts.contact_added",
         .actor = audit::actor_of(caller),
         .targets = {{"contact", contact.id.str(), contact.name}},
         .after = json_of(contact)});
    tx.commit();
    return contact;
}

Result<Contact> People::change_contact(
    const Caller& caller, ContactId id, const ContactChange& change) {
    auto tx = ground_.pool.begin(caller.company);
    auto contact = select_contact(tx, id);
    if (!contact) return fail(ErrorKind::not_found, "no_such_contact", id.str());
    const auto before = *contact;
    if (change.name) {
        TRY(contact->name, checked_name(*change.name));
    }
    if (change.email && !change.email->empty()) CHECK(checked_email(*change.email));
    contact->email = change.email.value_or(contact->email);
    contact->phone = change.phone.value_or(contact->phone);
    contact->title = change.title.value_or(contact->title);
    contact->note = change.note.value_or(contact->note);
    update(tx, *contact);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.contact_changed",
         .actor = audit::actor_of(caller),
         .targets = {{"contact", id.str(), contact->name}},
         .before = json_of(before),
         .after = json_of(*contact)});
    tx.commit();
    return *std::move(contact);
}

Result<> People::remove_contact(const Caller& caller, ContactId id) {
    auto tx = ground_.pool.begin(caller.company);
    const auto contact = select_contact(tx, id);
    if (!contact) return fail(ErrorKind::not_found, "no_such_contact", id.str());
    delete_contact(tx, id);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.contact_removed",
         .actor = audit::actor_of(caller),
         .targets = {{"contact", id.str(), contact->name}},
         .before = json_of(*contact)});
    tx.commit();
    return {};
}

}  // namespace mobilytics::accounts
