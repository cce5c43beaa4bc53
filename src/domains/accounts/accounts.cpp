#include "domains/accounts/accounts.h"

#include <utility>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/key_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/sight.h"
#include "domains/accounts/token_store.h"
#include "platform/crypto/digest.h"

namespace mobilytics::accounts {

namespace {

/// How seldom a last use is written down: a request does not wait for a disk.
constexpr std::chrono::minutes kSeenEvery{5};
constexpr std::chrono::minutes kUsedEvery{1};

auto no_session() {
    return fail(ErrorKind::unauthenticated, "no_session", "sign in: this session has ended");
}

/// None, when the person may not work for that company any more.
std::optional<Caller> caller_of(const SessionState& state, Instant now) {
    if (!state.role) return std::nullopt;
    Caller out{
        .company = state.session.company,
        .role = *state.role,
        .person = state.session.person,
        .needs = needs_of(state)};
    const auto& acting = state.acting;
    if (!acting) return out;
    out.impersonation = ActingFor{acting->id, state.session.person, acting->may_write, false};
    const bool running =
        acting->state == ImpersonationState::running && now < acting->until && acting->role;
    if (!running) return out;
    out.company = acting->company;
    out.person = acting->person;
    out.role = *acting->role;
    // What both may: the staff's role may have become less since it began.
    out.scopes = common(*permissions_of(acting->rights), rights_of(*state.role));
    out.impersonation->running = true;
    return out;
}

}  // namespace

Accounts::FirstStart Accounts::open_installation(const CompanyProfile& otherwise) {
    const auto now = ground_.clock.now();
    {
        auto tx = ground_.pool.begin(otherwise.id);
        if (const auto known = select_installation(tx)) return {known->first, std::nullopt};
    }
    const auto password = new_one_time_password();
    auto tx = ground_.pool.begin(otherwise.id);
    const bool ours = insert(
        tx, FirstInstallation{
                .house = CompanyId::fresh(now),
                .company = otherwise,
                .person = PersonId::fresh(now),
                .email = std::string(kFirstEmail),
                .password_hash = crypto::hash_password(password),
                .one_time_until = now + ground_.limits.one_time_lives,
                .now = now});
    if (!ours) return {select_installation(tx)->first, std::nullopt};
    tx.commit();
    return {otherwise.id, password};
}

std::optional<CompanyId> Accounts::known_installation() {
    auto tx = ground_.pool.begin(CompanyId());  // Of no company yet.
    const auto known = select_installation(tx);
    return known ? std::optional(known->first) : std::nullopt;
}

std::vector<CompanyId> Accounts::active_companies() {
    auto tx = ground_.pool.begin(CompanyId());
    return select_active_companies(tx);
}

Result<Secret<std::string>> Accounts::reset_password(std::string_view email) {
    const auto now = ground_.clock.now();
    auto password = new_one_time_password();
    const auto hash = crypto::hash_password(password);
    auto tx = ground_.pool.begin(CompanyId());
    const auto known = find_by_email(tx, email);
    if (!known) return fail(ErrorKind::not_found, "no_such_person", "nobody has that e-mail");
    act_as(tx, known->id);
    auto credential = select_credential(tx, known->id, Lock::for_update).value_or(Credential{});
    credential.password_hash = hash;
    credential.has_one_time_password = true;
    credential.one_time_until = now + ground_.limits.one_time_lives;
    save(tx, known->id, credential);
    delete_others(tx, known->id, SessionId());
    tx.commit();
    return password;
}

Result<Caller> Accounts::authenticate(std::string_view token, std::string_view address) {
    const auto now = ground_.clock.now();
    if (token.starts_with(kKeyPrefix)) {
        std::optional<KnownKey> key;
        {
            auto tx = ground_.pool.begin(CompanyId());
            key = find_api_key(tx, crypto::sha256_hex(token), now);
        }
        return caller_by_key(key, address);
    }
    if (!token.starts_with(kSessionPrefix)) return no_session();
    std::optional<SessionState> state;
    {
        auto tx = ground_.pool.begin(CompanyId());
        state = find_session(tx, crypto::sha256_hex(token));
        if (!state || now >= state->session.expires_at) return no_session();
        const auto& session = state->session;
        if (state->role && now - session.seen_at >= kSeenEvery) {
            act_as(tx, session.person);
            note_seen(tx, session);
            tx.commit();
        }
    }
    if (auto caller = caller_of(*state, now)) return *std::move(caller);
    // Of no company of their own: perhaps they look into one below it.
    auto tx = ground_.pool.begin(state->session.company);
    act_as(tx, state->session.person);
    const auto sight = select_sight(tx, state->session);
    if (!sight) return no_session();
    if (now - state->session.seen_at >= kSeenEvery) {
        note_seen(tx, state->session);
        tx.commit();
    }
    return caller_of(*sight, state->session, needs_of(*state));
}

void Accounts::note_seen(pg::Transaction& tx, const SessionRow& session) {
    const auto now = ground_.clock.now();
    update_seen(
        tx, session.id, now,
        std::min<Instant>(
            now + ground_.limits.idle_max, session.begun_at + ground_.limits.absolute_max));
}

Result<Caller> Accounts::authenticate_session(
    CompanyId company, PersonId person, SessionId session) {
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(company);
    act_as(tx, person);
    const auto digest = select_digest(tx, person, session);
    const auto state = digest ? find_session(tx, *digest) : std::nullopt;
    if (!state || now >= state->session.expires_at || state->acting ||
        state->session.company != company) {
        return no_session();
    }
    auto caller = caller_of(*state, now);
    if (!caller) return no_session();
    return *std::move(caller);
}

Result<SessionId> Accounts::session_of(std::string_view token) {
    auto tx = ground_.pool.begin(CompanyId());
    const auto state = find_session(tx, crypto::sha256_hex(token));
    if (!state) return no_session();
    return state->session.id;
}

Result<CompanyProfile> Accounts::find_company(const Caller& caller) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = select_company(tx);
    if (!company) return fail(ErrorKind::not_found, "no_such_company", caller.company.str());
    return profile_of(*company);
}

Result<Caller> Accounts::authenticate_key(
    CompanyId company, ApiKeyId key, std::string_view address) {
    std::optional<KnownKey> known;
    {
        auto tx = ground_.pool.begin(company);
        const auto digest = select_digest(tx, key);
        if (digest) known = find_api_key(tx, *digest, ground_.clock.now());
    }
    return caller_by_key(known, address);
}

Result<Caller> Accounts::caller_by_key(
    const std::optional<KnownKey>& key, std::string_view address) {
    const auto now = ground_.clock.now();
    if (!key || (key->expires_at && *key->expires_at <= now)) return no_session();
    if (!key->networks.empty() && !is_within(key->networks, address)) {
        return fail(
            ErrorKind::forbidden, "address_not_allowed", "this key is not taken from your address");
    }
    if (!key->used_at || now - *key->used_at >= kUsedEvery) {
        auto tx = ground_.pool.begin(key->company);
        update_used(tx, key->id, now);
        tx.commit();
    }
    return Caller{
        .company = key->company,
        .role = key->role,
        .scopes = *permissions_of(key->scopes),
        .key = key->id};
}

}  // namespace mobilytics::accounts
