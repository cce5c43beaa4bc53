#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/person_store.h"
#include "domains/accounts/profiles.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/told.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

auto token_unknown() {
    return fail(
        ErrorKind::unauthenticated, "token_unknown", "this link was used already, or is too old");
}

}  // namespace

Result<http::Reply> Profiles::change_email(const http::Call& call, const EmailChange& asked) {
    const auto& caller = call.caller;
    const auto now = ground_.clock.now();
    TRY(const auto email, checked_email(asked.email));
    if (auto refused = proofs_.refused(call, {asked.password, asked.code})) {
        return *std::move(refused);
    }
    const auto token = new_token("");
    const auto until = now + ground_.limits.email_change_lives;
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    const auto person = select_person(tx, caller.person);
    if (!person) {
        return fail(ErrorKind::unauthenticated, "no_session", "sign in: this session has ended");
    }
    // The same is written for one that is somebody else's: nobody learns that it is.
    const bool anothers = find_by_email(tx, email).has_value();
    insert_email_change(tx, crypto::sha256_hex(token.reveal()), {caller.person, email}, until);
    want_confirmation(tx, seal_, {anothers ? "" : email, person->name, "", until}, token);
    notify(tx, now, *person, NoticeKind::email_change_asked, email);
    audit::append(
        tx, now,
        {.action = "accounts.email_change_asked",
         .actor = audit::actor_of(caller),
         .targets = {{"person", caller.person.str(), person->name}},
         .after = {{"email", email}}});
    tx.commit();
    return http::Reply{.status = 202, .body = {{"accepted", true}}};
}

Result<> Profiles::confirm_email(const EmailToken& token) {
    const auto now = ground_.clock.now();
    std::optional<InstallationRow> installation;
    {
        auto tx = ground_.pool.begin(CompanyId());
        installation = select_installation(tx);
    }
    VERIFY(installation);
    auto tx = ground_.pool.begin(installation->house);
    const auto change = take_email_change(tx, crypto::sha256_hex(token.token), now);
    if (!change) return token_unknown();
    act_as(tx, change->person);
    const auto person = select_person(tx, change->person);
    // Somebody else has it by now: the link opens nothing, and is used.
    const bool theirs = person && update_email(tx, change->person, change->email);
    if (theirs) {
        // What was sent to the address before opens nothing any more.
        delete_resets(tx, change->person);
        notify(tx, now, *person, NoticeKind::email_changed, change->email);
        audit::append(
            tx, now,
            {.action = "accounts.email_changed",
             .actor = {audit::ActorKind::person, change->person.str()},
             .targets = {{"person", change->person.str(), person->name}},
             .before = {{"email", person->email}},
             .after = {{"email", change->email}}});
    }
    tx.commit();
    if (!theirs) return token_unknown();
    return {};
}

}  // namespace mobilytics::accounts
