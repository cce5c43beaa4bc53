#include <algorithm>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/sessions.h"
#include "platform/audit/audit.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

audit::Target target_of(const Impersonation& one) {
    return {"impersonation", one.id.str(), one.person_name};
}

}  // namespace

Result<Secret<std::string>> Sessions::impersonating(
    const http::Call& call, const NewImpersonation& asked) {
    TRY(auto state, state_of(call));
    const auto staff = state.session.person;
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(asked.company_id);
    act_as(tx, staff);
    const auto whoever = select_person(tx, staff);
    VERIFY(whoever);
    const auto company = select_company(tx);
    if (!company || company->kind == CompanyKind::house) {
        return fail(ErrorKind::not_found, "no_such_company", asked.company_id.str());
    }
    const auto member = select_member(tx, asked.person_id);
    if (!member || member->state != MemberState::active) {
        return fail(ErrorKind::not_found, "no_such_person", asked.person_id.str());
    }
    if (company->impersonation_consent == ConsentMode::refused) {
        return fail(
            ErrorKind::forbidden, "consent_refused", "this company lets nobody look as its people");
    }
    const bool waits = company->impersonation_consent == ConsentMode::needed;
    const Impersonation one{
        .id = ImpersonationId::fresh(now),
        .company_id = asked.company_id,
        .company_name = company->name,
        .person_id = member->id,
        .person_name = member->name,
        .staff_id = staff,
        .staff_name = whoever->name,
        .reason = asked.reason,
        .ticket = asked.ticket,
        .may_write = false,
        .state = waits ? ImpersonationState::waiting : ImpersonationState::running,
        .begun_at = now,
        .expires_at =
            now + std::min<std::chrono::minutes>(
                      std::chrono::minutes(asked.minutes), ground_.limits.impersonation_max),
        .ended_at = {}};
    insert(tx, one, texts_of(rights_of(call.caller.role)));
    state.session.impersonation = one.id;
    audit::append(
        tx, now,
        {.action = "accounts.impersonation_begun",
         .actor = audit::actor_of(call.caller),
         .targets = {target_of(one), {"person", one.person_id.str(), one.person_name}},
         .after =
             {{"state", word(one.state)},
              {"expires_at", to_iso8601(one.expires_at)},
              {"ticket", one.ticket}},
         .reason = one.reason});
    return rotated(tx, state);
}

Result<Secret<std::string>> Sessions::oneself_again(const http::Call& call) {
    TRY(auto state, state_of(call));
    if (!state.acting) {
        return fail(ErrorKind::conflict, "not_impersonating", "you are yourself");
    }
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(state.acting->company);
    act_as(tx, state.session.person);
    auto one = select_impersonation(tx, state.acting->id);
    VERIFY(one);
    if (one->state != ImpersonationState::ended) {
        one->state = ImpersonationState::ended;
        one->ended_at = std::min(now, one->expires_at);
        update(tx, *one, std::nullopt);
        audit::append(
            tx, now,
            {.action = "accounts.impersonation_ended",
             .actor = {audit::ActorKind::person, state.session.person.str()},
             .targets = {target_of(*one)}});
    }
    state.session.impersonation = std::nullopt;
    return rotated(tx, state);
}

Result<http::Reply> Sessions::begin_impersonation(
    const http::Call& call, const NewImpersonation& asked) {
    TRY(const auto state, state_of(call));
    if (!state.has_totp) {
        return fail(
            ErrorKind::forbidden, "second_factor_needed",
            "set up an app for codes in your profile first");
    }
    // The code is spent, whatever comes of the rest.
    if (auto refused = proofs_.code_refused(call, asked.code)) return *std::move(refused);
    TRY(const auto token, impersonating(call, asked));
    return with_cookie(token, 201);
}

Result<http::Reply> Sessions::end_impersonation(const http::Call& call) {
    TRY(const auto token, oneself_again(call));
    return with_cookie(token, 200);
}

}  // namespace mobilytics::accounts
