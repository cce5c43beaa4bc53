#include "domains/accounts/sessions.h"

#include <algorithm>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/second_factor.h"
#include "domains/accounts/session_reply.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/sight.h"
#include "domains/accounts/told.h"
#include "foundation/log.h"
#include "foundation/origin.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

auto wrong_password() {
    return fail(ErrorKind::unauthenticated, "wrong_password", "e-mail or password is not right");
}
auto no_session() {
    return fail(ErrorKind::unauthenticated, "no_session", "sign in: this session has ended");
}
auto token_unknown() {
    return fail(
        ErrorKind::unauthenticated, "token_unknown", "this link was used already, or is too old");
}

/// What who is not known is compared with, so that it takes as long.
const std::string& hash_of_nothing() {
    static const auto hash = crypto::hash_password(Secret<std::string>("nothing at all"));
    return hash;
}

audit::Actor actor_of(PersonId person) { return {audit::ActorKind::person, person.str()}; }

}  // namespace

std::string Sessions::cookie_name(bool secure) {
    return secure ? "__Host-mobilytics_session" : "mobilytics_session";
}

Result<http::Reply> Sessions::shown(const std::string& token, unsigned status) {
    SessionView view{};
    {
        auto tx = ground_.pool.begin(CompanyId());
        auto state = accounts::find_session(tx, crypto::sha256_hex(token));
        if (!state) return no_session();
        act_as(tx, state->session.person);
        const auto person = select_person(tx, state->session.person);
        VERIFY(person);
        view.person = *person;
        view.belongings = select_belongings(tx);
        view.state = *std::move(state);
    }
    // The company, and whom one acts as, are read behind that company's wall.
    const auto& acting = view.state.acting;
    auto tx = ground_.pool.begin(acting ? acting->company : view.state.session.company);
    const auto company = select_company(tx);
    if (!company) return no_session();
    view.company = profile_of(*company);
    if (!acting && !view.state.role) {
        act_as(tx, view.state.session.person);
        view.sight = select_sight(tx, view.state.session);
        if (!view.sight) return no_session();
        hide_what_is_not_shared(view.company, *view.sight);
    }
    if (acting) {
        view.belongings.clear();
        view.impersonation = select_impersonation(tx, acting->id);
        view.acting_as = select_member(tx, acting->person);
    }
    return http::Reply{.status = status, .body = session_json(view, ground_.clock.now())};
}

Result<Secret<std::string>> Sessions::rotated(pg::Transaction& tx, const SessionState& state) {
    auto token = new_token(kSessionPrefix);
    auto session = state.session;
    session.token_sha256 = crypto::sha256_hex(token.reveal());
    if (!update(tx, session)) return no_session();
    tx.commit();
    return token;
}

std::optional<CompanyId> Sessions::home_of(PersonId person) {
    auto tx = ground_.pool.begin(CompanyId());
    act_as(tx, person);
    const auto belongings = select_belongings(tx);
    if (belongings.empty()) return std::nullopt;
    return belongings.front().company_id;
}

Result<http::Reply> Sessions::opened(const http::Call& call, const Proven& proven) {
    const auto now = ground_.clock.now();
    const auto person = proven.person;
    const auto before = state_of(call);
    const auto home = home_of(person);
    if (!home) {
        return fail(ErrorKind::forbidden, "no_company", "you belong to no company that is active");
    }
    const auto token = new_token(kSessionPrefix);
    const auto& from = origin();
    const SessionRow session{
        .id = SessionId::fresh(now),
        .person = person,
        .company = *home,
        .token_sha256 = crypto::sha256_hex(token.reveal()),
        .begun_at = now,
        .seen_at = now,
        .expires_at = now + std::min(ground_.limits.idle_max, ground_.limits.absolute_max),
        .second_factor_at = proven.second_factor_at,
        .address = from.address,
        .user_agent = from.user_agent};
    {
        auto tx = ground_.pool.begin(session.company);
        act_as(tx, person);
        delete_expired(tx, person, now);
        insert(tx, session);
        audit::append(
            tx, now,
            {.action = "accounts.signed_in",
             .actor = actor_of(person),
             .targets = {{"session", session.id.str()}},
             .after = {{"way", proven.way}}});
        tx.commit();
    }
    // Its cookie is overwritten: nobody would end it any more.
    if (before) end(*before, "signed in anew");
    return with_cookie(token, 201);
}

Result<http::Reply> Sessions::with_cookie(const Secret<std::string>& token, unsigned status) {
    TRY(auto reply, shown(token.reveal(), status));
    http::set_cookie(
        reply, {.name = cookie_name(config_.secure),
                .value = token.reveal(),
                .age_max = ground_.limits.absolute_max,
                .secure = config_.secure});
    return reply;
}

Result<SessionState> Sessions::state_of(const http::Call& call) {
    auto tx = ground_.pool.begin(CompanyId());
    auto state = accounts::find_session(tx, crypto::sha256_hex(call.request.token));
    if (!state) return no_session();
    return *std::move(state);
}

void note_failed_sign_in(
    const Ground& ground, std::optional<PersonId> person, std::string_view way,
    std::string_view why) {
    std::optional<InstallationRow> installation;
    {
        auto tx = ground.pool.begin(CompanyId());
        installation = select_installation(tx);
    }
    VERIFY(installation);
    auto tx = ground.pool.begin(installation->house);
    audit::append(
        tx, ground.clock.now(),
        {.action = "accounts.sign_in_failed",
         .actor = person ? actor_of(*person) : audit::Actor{},
         .after = {{"way", way}, {"why", why}},
         .outcome = audit::Outcome::failure});
    tx.commit();
}

Result<http::Reply> Sessions::begin_session(const http::Call& call, const SignIn& with) {
    const auto identity = lower(with.email);
    const auto& address = call.request.remote_address;
    auto& throttle = proofs_.throttle();
    std::optional<KnownPerson> known;
    {
        auto tx = ground_.pool.begin(CompanyId());
        known = find_by_email(tx, with.email);
    }
    if (const auto wait = throttle.wait(identity, address); wait.count() > 0) {
        auto reply = slow_down(wait);
        // For the audit trail. Who is not known is answered alike, and as soon.
        if (known) reply.caller = Caller{.company = {}, .role = Role::viewer, .person = known->id};
        return reply;
    }
    const auto now = ground_.clock.now();
    const bool has_password = known && known->password_hash;
    // Outside of a transaction: it takes a tenth of a second, on purpose.
    const bool right = crypto::verify_password(
        has_password ? *known->password_hash : hash_of_nothing(), Secret(with.password));
    const bool in_time = !known || !known->one_time_until || *known->one_time_until > now;
    if (!right || !has_password || !in_time) {
        throttle.failed(identity, address);
        note_failed_sign_in(
            ground_, known ? std::optional(known->id) : std::nullopt, "password",
            right && has_password ? "one_time_password_too_old" : "wrong_password");
        return wrong_password();
    }
    throttle.succeeded(identity, address);
    return opened(call, {.person = known->id, .way = "password"});
}

Result<http::Reply> Sessions::find_session(const http::Call& call) {
    return shown(call.request.token, 200);
}

void Sessions::end(const SessionState& state, std::string reason) {
    auto tx = ground_.pool.begin(state.session.company);
    act_as(tx, state.session.person);
    delete_session(tx, state.session.id);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.signed_out",
         .actor = actor_of(state.session.person),
         .targets = {{"session", state.session.id.str()}},
         .reason = std::move(reason)});
    tx.commit();
}

Result<http::Reply> Sessions::end_session(const http::Call& call) {
    TRY(const auto state, state_of(call));
    end(state, "");
    auto reply = http::nothing();
    // What the browser still keeps of us. Not "cookies", which are those of hosts beside us as
    // well.
    reply.headers.add("Clear-Site-Data", R"("cache", "storage")");
    http::set_cookie(
        reply, {.name = cookie_name(config_.secure),
                .value = "",
                .age_max = std::chrono::seconds(0),
                .secure = config_.secure});
    return reply;
}

Result<http::Reply> Sessions::show_second_factor(const http::Call& call, const SecondFactor& with) {
    TRY(auto state, state_of(call));
    const auto person = state.session.person;
    if (auto reply = proofs_.slowed(call, person, Guessed::code)) return *std::move(reply);
    const auto now = ground_.clock.now();
    const auto proven = [&]() -> Result<Secret<std::string>> {
        auto tx = ground_.pool.begin(state.session.company);
        act_as(tx, person);
        CHECK(spend_code(tx, seal_, person, with.code, now));
        state.session.second_factor_at = now;
        audit::append(
            tx, now,
            {.action = "accounts.second_factor_shown",
             .actor = actor_of(person),
             .targets = {{"session", state.session.id.str()}}});
        return rotated(tx, state);
    };
    const auto token = proven();
    if (!token) {
        if (token.error().code == "wrong_code") proofs_.wrong(call, person, Guessed::code);
        return tl::unexpected(token.error());
    }
    proofs_.right(call, person, Guessed::code);
    return with_cookie(*token, 200);
}

Result<http::Reply> Sessions::choose_company(const http::Call& call, const CompanyChoice& choice) {
    TRY(auto state, state_of(call));
    const auto chosen = [&]() -> Result<Secret<std::string>> {
        auto tx = ground_.pool.begin(choice.company_id);
        act_as(tx, state.session.person);
        const auto belongings = select_belongings(tx);
        const bool theirs = std::ranges::any_of(
            belongings, [&](const auto& one) { return one.company_id == choice.company_id; });
        const auto now = ground_.clock.now();
        if (theirs) {
            update_sight(tx, state.session, std::nullopt);
        } else if (!begin_sight(tx, state.session, now)) {
            return fail(ErrorKind::not_found, "no_such_company", choice.company_id.str());
        }
        state.session.company = choice.company_id;
        return rotated(tx, state);
    };
    const auto before = state.session.company;
    TRY(const auto token, chosen());
    // Of a company that is not their own they had sight only.
    if (!state.role && before != choice.company_id) {
        auto tx = ground_.pool.begin(before);
        note_sight_ended(tx, state.session, ground_.clock.now());
        tx.commit();
    }
    return with_cookie(token, 200);
}

Result<http::Reply> Sessions::change_password(
    const http::Call& call, const PasswordChange& change) {
    TRY(const auto state, state_of(call));
    const auto person = state.session.person;
    if (needs_of(state) == Needs::second_factor) {
        return fail(ErrorKind::forbidden, "second_factor_needed", "show your second factor first");
    }
    if (auto reply = proofs_.slowed(call, person, Guessed::password)) return *std::move(reply);
    std::optional<Credential> credential;
    std::optional<PersonRow> row;
    {
        auto tx = ground_.pool.begin(CompanyId());
        act_as(tx, person);
        credential = select_credential(tx, person);
        row = select_person(tx, person);
    }
    VERIFY(credential && row);
    if (!crypto::verify_password(
            credential->password_hash.value_or(hash_of_nothing()), Secret(change.current)) ||
        !credential->password_hash) {
        proofs_.wrong(call, person, Guessed::password);
        return wrong_password();
    }
    proofs_.right(call, person, Guessed::password);
    CHECK(checked_password(change.next, ground_.limits, {row->email, row->name}));
    const auto hash = crypto::hash_password(Secret(change.next));
    const auto changed = [&]() -> Result<Secret<std::string>> {
        auto tx = ground_.pool.begin(state.session.company);
        act_as(tx, person);
        credential = select_credential(tx, person, Lock::for_update);
        credential->password_hash = hash;
        credential->has_one_time_password = false;
        credential->one_time_until = std::nullopt;
        save(tx, person, *credential);
        delete_others(tx, person, state.session.id);
        audit::append(
            tx, ground_.clock.now(),
            {.action = "accounts.password_changed", .actor = actor_of(person)});
        notify(tx, ground_.clock.now(), *row, NoticeKind::password_changed);
        return rotated(tx, state);
    };
    TRY(const auto token, changed());
    return with_cookie(token, 200);
}

Result<http::Reply> Sessions::ask_password_reset(
    const http::Call&, const PasswordResetRequest& asked) {
    send_reset(ground_, seal_, asked.email);
    return http::Reply{.status = 202, .body = {{"accepted", true}}};
}

Result<> Sessions::redeem_password_reset(const PasswordReset& reset) {
    const auto digest = crypto::sha256_hex(reset.token);
    const auto now = ground_.clock.now();
    std::optional<InstallationRow> installation;
    std::optional<PersonRow> row;
    {
        auto tx = ground_.pool.begin(CompanyId());
        installation = select_installation(tx);
        const auto whose = find_reset(tx, digest, now);
        if (!whose) return token_unknown();
        act_as(tx, *whose);
        row = select_person(tx, *whose);
    }
    VERIFY(installation && row);
    CHECK(checked_password(reset.password, ground_.limits, {row->email, row->name}));
    const auto hash = crypto::hash_password(Secret(reset.password));
    auto tx = ground_.pool.begin(installation->house);
    const auto person = take_reset(tx, digest, now);
    if (!person) return token_unknown();  // Somebody was faster.
    act_as(tx, *person);
    auto credential = select_credential(tx, *person, Lock::for_update).value_or(Credential{});
    credential.password_hash = hash;
    credential.has_one_time_password = false;
    credential.one_time_until = std::nullopt;
    save(tx, *person, credential);
    delete_others(tx, *person, SessionId());
    audit::append(tx, now, {.action = "accounts.password_reset", .actor = actor_of(*person)});
    notify(tx, now, *row, NoticeKind::password_changed);
    tx.commit();
    return {};
}

void send_reset(const Ground& ground, const crypto::SealedBox& seal, const std::string& email) {
    const auto now = ground.clock.now();
    const auto token = new_token("");
    std::optional<KnownPerson> known;
    std::optional<InstallationRow> installation;
    {
        auto tx = ground.pool.begin(CompanyId());
        known = find_by_email(tx, email);
        installation = select_installation(tx);
    }
    VERIFY(installation);
    // The same is written for who is not known: nobody can tell by the time that it takes.
    auto tx = ground.pool.begin(installation->house);
    const auto until = now + ground.limits.reset_lives;
    insert_reset(
        tx, crypto::sha256_hex(token.reveal()), known ? std::optional(known->id) : std::nullopt,
        until);
    want_mail(
        tx, seal,
        {.kind = known ? MailKind::password_reset : MailKind::nobody,
         .to = known ? email : std::string(),
         .name = known ? known->name : std::string(),
         .company_name = {},
         .token_sealed = {},
         .expires_at = until},
        token);
    tx.commit();
}

}  // namespace mobilytics::accounts
