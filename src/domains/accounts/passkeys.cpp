#include "domains/accounts/passkeys.h"

#include <boost/json/serialize.hpp>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/passkey_store.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/sessions.h"
#include "domains/accounts/told.h"
#include "foundation/json.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

constexpr std::string_view kPartyName = "Mobilytics";

auto unavailable() {
    return fail(
        ErrorKind::conflict, "passkeys_unavailable",
        "passkeys need a name that browsers reach us by: http.public_url is to be like "
        "https://ooh.example, or http://localhost:8080");
}
auto no_session() {
    return fail(ErrorKind::unauthenticated, "no_session", "sign in: this session has ended");
}
auto no_such_passkey(PasskeyId id) {
    return fail(ErrorKind::not_found, "no_such_passkey", id.str());
}
auto wrong_challenge(ErrorKind kind) {
    return fail(kind, "wrong_challenge", "this took too long, or was asked for elsewhere: again");
}

Result<> may_have_more(pg::Transaction& tx, PersonId person, const Limits& limits) {
    if (count_passkeys(tx, person) < limits.passkeys_max) return {};
    return fail(ErrorKind::conflict, "too_many_passkeys", "remove one of those before first");
}

json::value json_of(const Passkey& passkey) {
    json::Writer out;
    out.field("id", passkey.id);
    out.field("name", passkey.name);
    out.field("added_at", passkey.added_at);
    out.optional("used_at", passkey.used_at);
    out.field("backed_up", passkey.backed_up);
    return out.finish();
}

void note(
    pg::Transaction& tx, Instant now, const Caller& caller, std::string action,
    const Passkey& passkey) {
    audit::append(
        tx, now,
        {.action = std::move(action),
         .actor = audit::actor_of(caller),
         .targets = {{"passkey", passkey.id.str(), passkey.name}}});
}

/// Without the port that goes without saying, in small letters; empty for what is no name.
std::string name_in(std::string_view authority) {
    auto host = lower(authority.substr(0, authority.find(':')));
    const auto last = host.substr(host.rfind('.') + 1);
    const bool number = last.find_first_not_of("0123456789") == last.npos;
    return authority.starts_with('[') || number ? "" : host;
}

}  // namespace

std::optional<identity::RelyingParty> relying_party(std::string_view public_url) {
    const bool tls = public_url.starts_with("https://");
    if (!tls && !public_url.starts_with("http://")) return std::nullopt;
    public_url.remove_prefix(tls ? 8 : 7);
    const auto authority = public_url.substr(0, public_url.find_first_of("/?#"));
    const auto host = name_in(authority);
    const bool local = host == "localhost" || host.ends_with(".localhost");
    if (host.empty() || (!tls && !local)) return std::nullopt;
    const auto colon = authority.find(':');
    auto port = colon == authority.npos ? std::string() : std::string(authority.substr(colon));
    if (port == (tls ? ":443" : ":80")) port.clear();
    return identity::RelyingParty{
        .id = host,
        .name = std::string(kPartyName),
        .origins = {(tls ? "https://" : "http://") + host + port}};
}

std::string Passkeys::cookie_name() const {
    return config_.secure ? "__Host-mobilytics_passkey" : "mobilytics_passkey";
}

http::Reply Passkeys::challenged(
    std::optional<PersonId> person, const std::function<std::string(std::string_view)>& made) {
    const auto now = ground_.clock.now();
    const auto browser = new_token("");
    const ChallengeRow row{
        .id = ChallengeId::fresh(now),
        .challenge = identity::make_challenge(),
        .browser_sha256 = crypto::sha256_hex(browser.reveal()),
        .person = person,
        .expires_at = now + ground_.limits.challenge_lives};
    {
        auto tx = ground_.pool.begin(CompanyId());
        insert(tx, row, now);
        tx.commit();
    }
    json::Writer out;
    out.field("id", row.id);
    out.field("options", made(row.challenge));
    http::Reply reply{.status = 200, .body = out.finish()};
    http::set_cookie(
        reply, {.name = cookie_name(),
                .value = browser.reveal(),
                .age_max = ground_.limits.challenge_lives,
                .secure = config_.secure});
    return reply;
}

void Passkeys::forget_browser(http::Reply& reply) const {
    http::set_cookie(
        reply, {.name = cookie_name(),
                .value = "",
                .age_max = std::chrono::seconds(0),
                .secure = config_.secure});
}

std::optional<std::string> Passkeys::taken(
    const http::Call& call, ChallengeId id, std::optional<PersonId> person) {
    const auto browser = crypto::sha256_hex(call.request.cookie(cookie_name()));
    auto tx = ground_.pool.begin(CompanyId());
    auto row = take_challenge(tx, id, browser, ground_.clock.now());
    // It is gone before the answer is looked at, and for whom it was not meant too.
    tx.commit();
    if (!row || row->person != person) return std::nullopt;
    return std::move(row->challenge);
}

Result<http::Reply> Passkeys::challenge_passkey(const http::Call&) {
    if (!config_.party) return unavailable();
    return challenged(std::nullopt, [&](std::string_view challenge) {
        return boost::json::serialize(identity::request_options(*config_.party, challenge));
    });
}

Result<PersonId> Passkeys::shown(
    const http::Call& call, const PasskeyAnswer& answer, std::optional<PersonId>& whose) {
    const auto challenge = taken(call, answer.challenge_id, std::nullopt);
    if (!challenge) return wrong_challenge(ErrorKind::unauthenticated);
    TRY(const auto assertion, identity::Assertion::read(answer.credential));
    std::optional<KnownPasskey> known;
    {
        auto tx = ground_.pool.begin(CompanyId());
        known = find_passkey(tx, assertion.credential_id);
    }
    if (!known || assertion.user_handle.empty()) {
        return fail(ErrorKind::unauthenticated, "wrong_passkey", "this passkey is nobody's here");
    }
    whose = known->person;
    TRY(const auto kept,
        identity::check_assertion(*config_.party, *challenge, known->kept, assertion));
    auto tx = ground_.pool.begin(CompanyId());
    act_as(tx, known->person);
    if (!note_use(tx, known->person, known->id, kept, ground_.clock.now())) {
        return fail(ErrorKind::unauthenticated, "sign_count_regressed", "another use was faster");
    }
    tx.commit();
    return known->person;
}

Result<http::Reply> Passkeys::begin_session_by_passkey(
    const http::Call& call, const PasskeyAnswer& answer) {
    if (!config_.party) return unavailable();
    std::optional<PersonId> whose;
    const auto person = shown(call, answer, whose);
    if (!person) {
        note_failed_sign_in(ground_, whose, "passkey", person.error().code);
        return fail(ErrorKind::unauthenticated, "wrong_passkey", "this passkey opens nothing");
    }
    TRY(auto reply,
        sessions_.opened(
            call, {.person = *person, .way = "passkey", .second_factor_at = ground_.clock.now()}));
    forget_browser(reply);
    return reply;
}

Result<PasskeyList> Passkeys::list_passkeys(const Caller& caller) {
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    PasskeyList out;
    for (auto& one : select_passkeys(tx, caller.person)) out.items.push_back(std::move(one.shown));
    return out;
}

Result<http::Reply> Passkeys::challenge_new_passkey(const http::Call& call, const Proof& proof) {
    if (!config_.party) return unavailable();
    if (auto refused = proofs_.refused(call, proof)) return *std::move(refused);
    const auto person = call.caller.person;
    std::optional<PersonRow> row;
    std::vector<identity::Passkey> known;
    {
        auto tx = ground_.pool.begin(call.caller.company);
        act_as(tx, person);
        CHECK(may_have_more(tx, person, ground_.limits));
        row = select_person(tx, person);
        for (auto& one : select_passkeys(tx, person)) known.push_back(std::move(one.kept));
    }
    if (!row) return no_session();
    const identity::PasskeyUser user{
        handle_of(person), row->email, row->name.empty() ? row->email : row->name};
    return challenged(person, [&](std::string_view challenge) {
        return boost::json::serialize(
            identity::creation_options(*config_.party, user, challenge, known));
    });
}

Result<http::Reply> Passkeys::add_passkey(const http::Call& call, const NewPasskey& asked) {
    if (!config_.party) return unavailable();
    const auto& caller = call.caller;
    const auto now = ground_.clock.now();
    TRY(const auto name, checked_name(asked.name));
    const auto challenge = taken(call, asked.challenge_id, caller.person);
    if (!challenge) return wrong_challenge(ErrorKind::invalid);
    const identity::PasskeyUser user{handle_of(caller.person), "", ""};
    TRY(auto kept,
        identity::check_registration(*config_.party, user, *challenge, asked.credential));
    const PasskeyRow passkey{
        {PasskeyId::fresh(now), name, now, std::nullopt, kept.backed_up}, std::move(kept)};

    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    // Of two that are added at once the second sees the first.
    const auto credential = select_credential(tx, caller.person, Lock::for_update);
    const auto person = select_person(tx, caller.person);
    auto mine = find_session(tx, crypto::sha256_hex(call.request.token));
    if (!credential || !person || !mine) return no_session();
    CHECK(may_have_more(tx, caller.person, ground_.limits));
    if (!insert(tx, caller.person, passkey)) {
        return fail(ErrorKind::conflict, "passkey_taken", "this passkey is known already");
    }
    note_second_factor(tx, caller.person);
    mine->session.second_factor_at = now;  // It has been shown just now.
    update(tx, mine->session);
    delete_others(tx, caller.person, mine->session.id);
    note(tx, now, caller, "accounts.passkey_added", passkey.shown);
    notify(tx, now, *person, NoticeKind::passkey_added, name);
    tx.commit();
    http::Reply reply{.status = 201, .body = json_of(passkey.shown)};
    forget_browser(reply);
    return reply;
}

Result<Passkey> Passkeys::rename_passkey(
    const Caller& caller, PasskeyId id, const PasskeyName& asked) {
    TRY(const auto name, checked_name(asked.name));
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    auto passkey = select_passkey(tx, caller.person, id);
    if (!passkey) return no_such_passkey(id);
    const auto before = passkey->name;
    passkey->name = name;
    rename(tx, caller.person, id, name);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.passkey_renamed",
         .actor = audit::actor_of(caller),
         .targets = {{"passkey", id.str(), name}},
         .before = {{"name", before}},
         .after = {{"name", name}}});
    tx.commit();
    return *std::move(passkey);
}

Result<http::Reply> Passkeys::remove_passkey(
    const http::Call& call, PasskeyId id, const Proof& proof) {
    const auto& caller = call.caller;
    const auto now = ground_.clock.now();
    {
        auto tx = ground_.pool.begin(caller.company);
        act_as(tx, caller.person);
        if (!select_passkey(tx, caller.person, id)) return no_such_passkey(id);
        const auto credential = select_credential(tx, caller.person);
        if (!credential || !credential->password_hash) {
            return fail(
                ErrorKind::conflict, "last_way_in",
                "choose a password first: you would have no other way in");
        }
    }
    if (auto refused = proofs_.refused(call, proof)) return *std::move(refused);
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    const auto person = select_person(tx, caller.person);
    const auto passkey = select_passkey(tx, caller.person, id);
    if (!person) return no_session();
    if (!passkey || !delete_passkey(tx, caller.person, id)) return no_such_passkey(id);
    note_second_factor(tx, caller.person);
    note(tx, now, caller, "accounts.passkey_removed", *passkey);
    notify(tx, now, *person, NoticeKind::passkey_removed, passkey->name);
    tx.commit();
    return http::nothing();
}

}  // namespace mobilytics::accounts
