#include "domains/accounts/oidc.h"

#include <algorithm>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/identity_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/person_store.h"
#include "foundation/json.h"
#include "foundation/log.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

constexpr std::chrono::minutes kLives{5};
constexpr std::size_t kPlaceCharactersMax = 500;

auto no_provider() {
    return fail(ErrorKind::not_found, "no_provider", "nobody signs in by a provider here");
}

auto no_account() {
    return fail(
        ErrorKind::forbidden, "sso_no_account", "nobody here is that person, and none is invited");
}

std::string cookie_name(bool secure) {
    return secure ? "__Host-mobilytics_provider" : "mobilytics_provider";
}

/// It comes back from another site's page: a browser sends it along nevertheless.
void set_attempt(http::Reply& reply, const std::string& value, bool secure) {
    http::set_cookie(
        reply, {.name = cookie_name(secure),
                .value = value,
                .age_max = kLives,
                .secure = secure,
                .same_site = http::SameSite::lax});
}

http::Reply sent_to(http::Reply reply, std::string_view place) {
    reply.status = 302;
    reply.body = nullptr;
    reply.content = http::Content{"text/plain; charset=utf-8", std::string()};
    reply.headers.add("Location", place);
    return reply;
}

std::string about(const std::string& cookie_sha256) { return "provider attempt " + cookie_sha256; }

/// What comes once, and else nothing: others' own parameters are passed over (RFC 6749, 4.1.2).
identity::OidcCallback callback_of(const http::Query& query) {
    const auto one = [&query](const char* name) {
        return query.count(name) == 1 ? query.find(name)->second : std::string();
    };
    return {
        .code = one("code"),
        .state = one("state"),
        .issuer = one("iss"),
        .error = one("error"),
        .error_description = one("error_description")};
}

/// What the page is told of it; all else is for the log.
std::string told_of(const std::string& code) {
    if (code == "provider_unavailable") return "sso_unavailable";
    if (code == "refused_by_provider") return "sso_refused";
    if (code == "wrong_state") return "sso_expired";
    const bool ours = code.starts_with("sso_") || code == "no_company";
    return ours ? code : "sso_failed";
}

}  // namespace

struct Oidc::Attempt {
    identity::OidcAttempt oidc;
    std::string next;
};

std::string own_place(std::string_view next) {
    const auto plain = [](char c) { return c > ' ' && c < 0x7F && c != '\\'; };
    const bool ours = next.starts_with('/') && !next.starts_with("//") &&
                      next.size() <= kPlaceCharactersMax && std::ranges::all_of(next, plain);
    return ours ? std::string(next) : "/";
}

Oidc::Oidc(
    Ground ground, const crypto::SealedBox& seal, Sessions& sessions,
    std::optional<Provider> provider)
    : ground_(ground), seal_(seal), sessions_(sessions), provider_(std::move(provider)) {
    if (provider_) {
        client_ = std::make_unique<identity::OidcClient>(provider_->oidc, ground_.clock);
    }
}

Oidc::~Oidc() = default;

Result<http::Reply> Oidc::start_oidc(const http::Call&, const StartOidcQuery& query) {
    if (!client_) return no_provider();
    const auto start = client_->begin();
    if (!start) {
        log::warning("provider_unavailable", {{"why", start.error().message}});
        return sent_to({}, "/sign-in?error=sso_unavailable");
    }
    const auto now = ground_.clock.now();
    const auto cookie = new_token("");
    const auto digest = crypto::sha256_hex(cookie.reveal());
    const boost::json::object attempt{
        {"state", start->attempt.state.reveal()},
        {"nonce", start->attempt.nonce.reveal()},
        {"verifier", start->attempt.verifier.reveal()},
        {"next", own_place(query.next.value_or(""))}};
    auto tx = ground_.pool.begin(CompanyId());
    insert_attempt(
        tx, digest, seal_.seal(Secret(boost::json::serialize(attempt)), about(digest)),
        now + kLives, now);
    tx.commit();
    http::Reply reply;
    set_attempt(reply, cookie.reveal(), sessions_.secure());
    return sent_to(std::move(reply), start->url);
}

std::optional<Oidc::Attempt> Oidc::taken(const std::string& cookie) {
    if (cookie.empty()) return std::nullopt;
    const auto digest = crypto::sha256_hex(cookie);
    auto tx = ground_.pool.begin(CompanyId());
    const auto sealed = take_attempt(tx, digest, ground_.clock.now());
    tx.commit();
    if (!sealed) return std::nullopt;
    const auto plain = seal_.open(*sealed, about(digest));
    if (!plain) return std::nullopt;
    const auto json = boost::json::parse(plain->reveal());
    const auto text = [&json](const char* name) { return std::string(json.at(name).as_string()); };
    return Attempt{
        {Secret(text("state")), Secret(text("nonce")), Secret(text("verifier"))}, text("next")};
}

bool Oidc::is_strong(const identity::OidcPerson& who) const {
    return std::ranges::any_of(provider_->strong, [&who](const auto& word) {
        return std::ranges::find(who.methods, word) != who.methods.end() || who.context == word;
    });
}

Result<PersonId> Oidc::linked(PersonId person, const identity::OidcPerson& who) {
    std::optional<InstallationRow> installation;
    {
        auto tx = ground_.pool.begin(CompanyId());
        installation = select_installation(tx);
    }
    VERIFY(installation);
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(installation->house);
    act_as(tx, person);
    const auto digest = identity_digest(who.issuer, who.subject);
    // Who has another of this provider is not whoever has their e-mail there by now.
    if (!insert_identity(tx, digest, who.issuer, person, now)) return no_account();
    audit::append(
        tx, now,
        {.action = "accounts.identity_linked",
         .actor = {audit::ActorKind::person, person.str()},
         .targets = {{"person", person.str()}},
         .after = {{"issuer", who.issuer}}});
    tx.commit();
    return person;
}

Result<PersonId> Oidc::joined(const identity::OidcPerson& who) {
    const auto now = ground_.clock.now();
    std::optional<Waiting> waiting;
    {
        auto tx = ground_.pool.begin(CompanyId());
        waiting = find_waiting(tx, who.email, now);
    }
    if (!waiting) return no_account();
    auto tx = ground_.pool.begin(waiting->company);
    const auto company = select_company(tx);
    if (!company || company->state != CompanyState::active) return no_account();
    const auto invitation = take_invitation(tx, waiting->id);
    if (!invitation) return no_account();  // Somebody was faster.
    const auto called = checked_name(who.name);
    const auto name = called ? *called : invitation->email;
    const auto person = PersonId::fresh(now);
    if (!insert(tx, PersonRow{person, invitation->email, name, std::nullopt, now})) {
        return no_account();
    }
    save(tx, person, {});
    const auto digest = identity_digest(who.issuer, who.subject);
    if (!insert_identity(tx, digest, who.issuer, person, now)) return no_account();
    insert_member(tx, person, waiting->role, now);
    audit::append(
        tx, now,
        {.action = "accounts.invitation_accepted",
         .actor = {audit::ActorKind::person, person.str()},
         .targets =
             {{"invitation", invitation->id.str(), invitation->email},
              {"person", person.str(), name}},
         .after = {{"role", word(waiting->role)}, {"issuer", who.issuer}}});
    tx.commit();
    return person;
}

Result<PersonId> Oidc::person_of(const identity::OidcPerson& who) {
    std::optional<KnownPerson> by_email;
    {
        auto tx = ground_.pool.begin(CompanyId());
        const auto known = find_identity(tx, identity_digest(who.issuer, who.subject));
        if (known) return *known;
        if (!who.email_verified || !checked_email(who.email)) return no_account();
        by_email = find_by_email(tx, who.email);
    }
    return by_email ? linked(by_email->id, who) : joined(who);
}

Result<http::Reply> Oidc::finished(const http::Call& call) {
    const auto attempt = taken(std::string(call.request.cookie(cookie_name(sessions_.secure()))));
    if (!attempt) {
        return fail(ErrorKind::unauthenticated, "sso_expired", "no sign-in was begun there");
    }
    TRY(const auto who, client_->finish(attempt->oidc, callback_of(call.query)));
    TRY(const auto person, person_of(who));
    const auto strong_at = is_strong(who) ? std::optional(ground_.clock.now()) : std::nullopt;
    TRY(auto reply,
        sessions_.opened(
            call, {.person = person, .way = "provider", .second_factor_at = strong_at}));
    return sent_to(std::move(reply), attempt->next);
}

void Oidc::note_failure(const std::string& code) {
    std::optional<InstallationRow> installation;
    {
        auto tx = ground_.pool.begin(CompanyId());
        installation = select_installation(tx);
    }
    VERIFY(installation);
    auto tx = ground_.pool.begin(installation->house);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.sign_in_failed",
         .actor = {},
         .after = {{"by", "provider"}, {"code", code}},
         .outcome = audit::Outcome::failure});
    tx.commit();
}

Result<http::Reply> Oidc::finish_oidc(const http::Call& call) {
    if (!client_) return no_provider();
    auto reply = finished(call);
    if (!reply) {
        const auto& error = reply.error();
        log::warning("provider_sign_in_failed", {{"code", error.code}, {"why", error.message}});
        note_failure(error.code);
        reply = sent_to({}, "/sign-in?error=" + told_of(error.code));
    }
    set_attempt(*reply, "", sessions_.secure());
    return reply;
}

}  // namespace mobilytics::accounts
