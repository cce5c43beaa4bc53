#include "domains/accounts/profiles.h"

#include "domains/accounts/account_rules.h"
#include "domains/accounts/passkey_store.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/second_factor.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/told.h"
#include "foundation/json.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/http/router.h"
#include "platform/identity/second_factor.h"

namespace mobilytics::accounts {

namespace {

constexpr std::string_view kIssuer = "Mobilytics";

auto no_session() {
    return fail(ErrorKind::unauthenticated, "no_session", "sign in: this session has ended");
}

/// New ones, in place of those before; what to show.
std::vector<std::string> renew(pg::Transaction& tx, PersonId person) {
    const auto codes = identity::make_recovery_codes();
    replace_recovery_codes(tx, person, codes.hashes);
    std::vector<std::string> out;
    for (const auto& text : codes.texts) out.push_back(text.reveal());
    return out;
}

json::value session_json(const OwnSession& session) {
    json::Writer out;
    out.field("id", session.id);
    out.field("begun_at", session.begun_at);
    out.field("seen_at", session.seen_at);
    out.field("expires_at", session.expires_at);
    out.field("address", session.address);
    out.field("user_agent", session.user_agent);
    out.field("company_name", session.company_name);
    out.field("current", session.current);
    return out.finish();
}

json::value codes_json(const std::vector<std::string>& codes) {
    json::Writer out;
    out.field(
        "codes", codes, [](const auto& all) { return json::encode_list(all, json::kEncode); });
    return out.finish();
}

void note(pg::Transaction& tx, Instant now, const Caller& caller, std::string action) {
    audit::append(
        tx, now,
        {.action = std::move(action),
         .actor = audit::actor_of(caller),
         .targets = {{"person", caller.person.str()}}});
}

}  // namespace

Result<Profile> Profiles::find_profile(const Caller& caller) {
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    const auto person = select_person(tx, caller.person);
    const auto credential = select_credential(tx, caller.person);
    if (!person || !credential) return no_session();
    return Profile{
        .id = person->id,
        .name = person->name,
        .email = person->email,
        .locale = person->locale,
        .has_password = credential->password_hash.has_value(),
        .has_one_time_password = credential->has_one_time_password,
        .has_totp = credential->totp_sealed.has_value(),
        .recovery_codes_left = count_recovery_codes(tx, caller.person),
        .passkeys = count_passkeys(tx, caller.person),
        .added_at = person->added_at};
}

Result<Profile> Profiles::change_profile(const Caller& caller, const ProfileChange& change) {
    {
        auto tx = ground_.pool.begin(caller.company);
        act_as(tx, caller.person);
        auto person = select_person(tx, caller.person);
        if (!person) return no_session();
        const auto before = *person;
        if (change.name) {
            TRY(person->name, checked_name(*change.name));
        }
        if (change.locale) {
            person->locale = change.locale->empty() ? std::nullopt : change.locale;
        }
        update_profile(tx, *person);
        audit::append(
            tx, ground_.clock.now(),
            {.action = "accounts.profile_changed",
             .actor = audit::actor_of(caller),
             .targets = {{"person", person->id.str(), person->name}},
             .before = {{"name", before.name}, {"locale", before.locale.value_or("")}},
             .after = {{"name", person->name}, {"locale", person->locale.value_or("")}}});
        tx.commit();
    }
    return find_profile(caller);
}

Result<http::Reply> Profiles::list_own_sessions(const http::Call& call) {
    auto tx = ground_.pool.begin(call.caller.company);
    act_as(tx, call.caller.person);
    auto all = select_own_sessions(tx, call.caller.person, ground_.clock.now());
    const auto mine = find_session(tx, crypto::sha256_hex(call.request.token));
    for (auto& one : all) one.current = mine && mine->session.id == one.id;
    return http::Reply{.status = 200, .body = {{"items", json::encode_list(all, session_json)}}};
}

Result<http::Reply> Profiles::end_other_sessions(const http::Call& call) {
    auto tx = ground_.pool.begin(call.caller.company);
    act_as(tx, call.caller.person);
    const auto mine = find_session(tx, crypto::sha256_hex(call.request.token));
    if (!mine) return no_session();
    delete_others(tx, call.caller.person, mine->session.id);
    note(tx, ground_.clock.now(), call.caller, "accounts.other_sessions_ended");
    tx.commit();
    return http::nothing();
}

Result<> Profiles::end_own_session(const Caller& caller, SessionId session) {
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    if (!delete_own(tx, caller.person, session)) {
        return fail(ErrorKind::not_found, "no_such_session", session.str());
    }
    audit::append(
        tx, now,
        {.action = "accounts.session_ended",
         .actor = audit::actor_of(caller),
         .targets = {{"session", session.str()}}});
    tx.commit();
    return {};
}

Result<http::Reply> Profiles::begin_totp(const http::Call& call, const Proof& proof) {
    const auto& caller = call.caller;
    if (auto refused = proofs_.refused(call, proof)) return *std::move(refused);
    const auto secret = identity::make_totp_secret();
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    auto credential = select_credential(tx, caller.person, Lock::for_update);
    const auto person = select_person(tx, caller.person);
    if (!credential || !person) return no_session();
    if (credential->totp_sealed) {
        return fail(ErrorKind::conflict, "totp_in_force", "remove the one before first");
    }
    credential->totp_pending_sealed = seal_totp(seal_, caller.person, secret);
    save(tx, caller.person, *credential);
    tx.commit();
    json::Writer out;
    out.field("secret", identity::totp_secret_text(secret).reveal());
    out.field("uri", identity::totp_uri(secret, kIssuer, person->email).reveal());
    return http::Reply{.status = 200, .body = out.finish()};
}

Result<std::vector<std::string>> Profiles::totp_in_force(
    const http::Call& call, const TotpCode& code) {
    const auto& caller = call.caller;
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    auto credential = select_credential(tx, caller.person, Lock::for_update);
    const auto person = select_person(tx, caller.person);
    auto mine = find_session(tx, crypto::sha256_hex(call.request.token));
    if (!credential || !person || !mine) return no_session();
    if (!credential->totp_pending_sealed) {
        return fail(ErrorKind::conflict, "totp_not_begun", "ask for a secret first");
    }
    const auto secret = open_totp(seal_, caller.person, *credential->totp_pending_sealed);
    TRY(credential->totp_last_step, identity::check_totp(secret, code.code, now, std::nullopt));
    credential->totp_sealed = credential->totp_pending_sealed;
    credential->totp_pending_sealed = std::nullopt;
    save(tx, caller.person, *credential);
    note_second_factor(tx, caller.person);
    auto session = mine->session;
    session.second_factor_at = now;  // It has been shown just now.
    update(tx, session);
    delete_others(tx, caller.person, session.id);
    auto codes = renew(tx, caller.person);
    note(tx, now, caller, "accounts.second_factor_added");
    notify(tx, now, *person, NoticeKind::second_factor_added);
    tx.commit();
    return codes;
}

Result<http::Reply> Profiles::confirm_totp(const http::Call& call, const TotpCode& code) {
    const auto person = call.caller.person;
    if (auto reply = proofs_.slowed(call, person, Guessed::code)) return *std::move(reply);
    auto codes = totp_in_force(call, code);
    if (!codes) {
        if (codes.error().code == "wrong_code") proofs_.wrong(call, person, Guessed::code);
        return tl::unexpected(std::move(codes).error());
    }
    proofs_.right(call, person, Guessed::code);
    return http::Reply{.status = 200, .body = codes_json(*codes)};
}

Result<http::Reply> Profiles::remove_totp(const http::Call& call, const Proof& proof) {
    const auto& caller = call.caller;
    const auto now = ground_.clock.now();
    if (auto refused = proofs_.refused(call, proof)) return *std::move(refused);
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    auto credential = select_credential(tx, caller.person, Lock::for_update);
    const auto person = select_person(tx, caller.person);
    if (!credential || !person) return no_session();
    credential->totp_sealed = credential->totp_pending_sealed = std::nullopt;
    credential->totp_last_step = std::nullopt;
    save(tx, caller.person, *credential);
    note_second_factor(tx, caller.person);
    replace_recovery_codes(tx, caller.person, {});
    note(tx, now, caller, "accounts.second_factor_removed");
    notify(tx, now, *person, NoticeKind::second_factor_removed);
    tx.commit();
    return http::nothing();
}

Result<http::Reply> Profiles::renew_recovery_codes(const http::Call& call, const TotpCode& code) {
    const auto& caller = call.caller;
    if (auto refused = proofs_.code_refused(call, code.code)) return *std::move(refused);
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    const auto codes = renew(tx, caller.person);
    note(tx, ground_.clock.now(), caller, "accounts.recovery_codes_renewed");
    tx.commit();
    return http::Reply{.status = 200, .body = codes_json(codes)};
}

}  // namespace mobilytics::accounts
