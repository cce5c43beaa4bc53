#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/people.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/person_store.h"
#include "domains/accounts/told.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/events/events.h"

namespace mobilytics::accounts {

namespace {

auto token_unknown() {
    return fail(
        ErrorKind::unauthenticated, "token_unknown", "this link was used already, or is too old");
}

audit::Target target_of(const Invitation& invitation) {
    return {"invitation", invitation.id.str(), invitation.email};
}

}  // namespace

bool invite_to(
    pg::Transaction& tx, const crypto::SealedBox& seal, const Ground& ground,
    const std::string& company_name, const Invitation& invitation) {
    const auto token = new_token("");
    if (!insert(tx, invitation, crypto::sha256_hex(token.reveal()), ground.clock.now())) {
        return false;
    }
    want_mail(
        tx, seal,
        {.kind = MailKind::invitation,
         .to = invitation.email,
         .name = {},
         .company_name = company_name,
         .token_sealed = {},
         .expires_at = invitation.expires_at},
        token);
    return true;
}

Result<InvitationPage> People::list_invitations(
    const Caller& caller, const PageRequest& page, const ListInvitationsQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"invited_at", "email", "expires_at"}));
    auto tx = ground_.pool.begin(caller.company);
    return sorted_page(
        select_invitations(tx, sorting, page.limit + 1, ground_.clock.now()), page.limit, sorting);
}

Result<Invitation> People::invite(const Caller& caller, const NewInvitation& asked) {
    const auto now = ground_.clock.now();
    TRY(const auto email, checked_email(asked.email));
    const Invitation invitation{
        .id = InvitationId::fresh(now),
        .email = email,
        .role = asked.role,
        .invited_at = now,
        .expires_at = now + ground_.limits.invitation_lives,
        .invited_by = caller.person};
    auto tx = ground_.pool.begin(caller.company);
    const auto company = lock_company(tx);
    VERIFY(company);
    CHECK(may_give(caller.role, asked.role, company->kind));
    if (has_member_of_email(tx, email)) {
        return fail(ErrorKind::conflict, "already_member", "they belong to the company already");
    }
    if (!invite_to(tx, seal_, ground_, company->name, invitation)) {
        return fail(ErrorKind::conflict, "already_invited", "withdraw the invitation before first");
    }
    audit::append(
        tx, now,
        {.action = "accounts.invited",
         .actor = audit::actor_of(caller),
         .targets = {target_of(invitation)},
         .after = {{"role", word(invitation.role)}}});
    tx.commit();
    return invitation;
}

Result<> People::withdraw_invitation(const Caller& caller, InvitationId id) {
    auto tx = ground_.pool.begin(caller.company);
    const auto invitation = take_invitation(tx, id);
    if (!invitation) return fail(ErrorKind::not_found, "no_such_invitation", id.str());
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.invitation_withdrawn",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*invitation)}});
    tx.commit();
    return {};
}

Result<InvitationView> People::look_at_invitation(const InvitationToken& token) {
    auto tx = ground_.pool.begin(CompanyId());
    const auto known = find_invitation(tx, crypto::sha256_hex(token.token));
    if (!known || known->expires_at <= ground_.clock.now()) return token_unknown();
    return InvitationView{known->email, known->company_name, known->role, !known->person};
}

Result<Accepted> People::accept_invitation(const InvitationAnswer& answer) {
    const auto now = ground_.clock.now();
    std::optional<KnownInvitation> known;
    {
        auto tx = ground_.pool.begin(CompanyId());
        known = find_invitation(tx, crypto::sha256_hex(answer.token));
    }
    if (!known || known->expires_at <= now) return token_unknown();
    std::string name, hash;
    if (!known->person) {
        if (!answer.name || !answer.password) {
            return fail(
                ErrorKind::invalid, "name_missing", "whoever is new has a name and a password");
        }
        TRY(name, checked_name(*answer.name));
        const std::vector<std::string> context{known->email, name, known->company_name};
        CHECK(checked_password(*answer.password, ground_.limits, context));
        hash = crypto::hash_password(Secret(*answer.password));
    }
    auto tx = ground_.pool.begin(known->company);
    const auto invitation = take_invitation(tx, known->id);
    if (!invitation) return token_unknown();  // Somebody was faster.
    const auto person = known->person.value_or(PersonId::fresh(now));
    if (!known->person) {
        if (!insert(tx, PersonRow{person, known->email, name, std::nullopt, now})) {
            return token_unknown();
        }
        save(tx, person, {.password_hash = hash});
    }
    insert_member(tx, person, known->role, now);
    audit::append(
        tx, now,
        {.action = "accounts.invitation_accepted",
         .actor = {audit::ActorKind::person, person.str()},
         .targets = {target_of(*invitation), {"person", person.str(), name}},
         .after = {{"role", word(known->role)}}});
    events::publish(tx, MemberJoined{known->company, person, known->role});
    tx.commit();
    return Accepted{};
}

}  // namespace mobilytics::accounts
