#include "domains/accounts/backoffice.h"
#include "domains/accounts/passkey_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/person_store.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/staff_store.h"
#include "domains/accounts/told.h"
#include "platform/audit/audit.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

Result<> Backoffice::may_help(const Caller& caller, PersonId id) {
    if (id == caller.person) {
        return fail(ErrorKind::forbidden, "not_by_oneself", "somebody else does this");
    }
    {
        auto tx = staff_.begin();
        if (!select_email(tx, id)) return fail(ErrorKind::not_found, "no_such_person", id.str());
    }
    auto tx = ground_.pool.begin(caller.company);  // The house.
    if (select_member(tx, id) && caller.role != Role::superuser) {
        return fail(
            ErrorKind::forbidden, "role_above_own", "a superuser does this for one of our staff");
    }
    act_as(tx, caller.person);
    const auto own = select_credential(tx, caller.person);
    if (own && own->totp_sealed) return {};
    return fail(
        ErrorKind::forbidden, "second_factor_needed",
        "set up an app for codes in your profile first");
}

Result<http::Reply> Backoffice::staff_reset_second_factor(
    const http::Call& call, PersonId id, const StaffProof& why) {
    const auto& caller = call.caller;
    CHECK(may_help(caller, id));
    if (auto refused = proofs_.code_refused(call, why.code)) return *std::move(refused);
    const auto now = ground_.clock.now();
    const audit::Entry entry{
        .action = "accounts.second_factor_reset",
        .actor = audit::actor_of(caller),
        .targets = {{"person", id.str()}},
        .reason = why.ticket + ": " + why.reason};
    std::vector<Belonging> belongings;
    {
        auto tx = ground_.pool.begin(caller.company);
        act_as(tx, id);
        auto credential = select_credential(tx, id, Lock::for_update);
        const auto person = select_person(tx, id);
        if (!credential || !person) {
            return fail(ErrorKind::not_found, "no_such_person", id.str());
        }
        credential->totp_sealed = credential->totp_pending_sealed = std::nullopt;
        credential->totp_last_step = std::nullopt;
        save(tx, id, *credential);
        replace_recovery_codes(tx, id, {});
        delete_passkeys(tx, id);
        note_second_factor(tx, id);
        delete_others(tx, id, SessionId());
        notify(tx, now, *person, NoticeKind::second_factor_reset, why.ticket);
        audit::append(tx, now, entry);
        belongings = select_belongings(tx);
        tx.commit();
    }
    // Those whom the person works for see it in their own history.
    for (const auto& one : belongings) {
        if (one.company_id == caller.company) continue;
        auto tx = ground_.pool.begin(one.company_id);
        audit::append(tx, now, entry);
        tx.commit();
    }
    return http::Reply{.status = 200, .body = {{"accepted", true}}};
}

}  // namespace mobilytics::accounts
