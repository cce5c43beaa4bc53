#include "domains/accounts/accounts.h"

#include <utility>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/key_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/session_store.h"
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
    if (token.starts_with(kKeyPrefix)) return authenticate_key(token, address);
    if (!token.starts_with(kSessionPrefix)) return no_session();
    auto tx = ground_.pool.begin(CompanyId());
    const auto state = find_session(tx, crypto::sha256_hex(token));
    if (!state || now >= state->session.expires_at) return no_session();
    auto caller = caller_of(*state, now);
    if (!caller) return no_session();
    const auto& session = state->session;
    if (now - session.seen_at >= kSeenEvery) {
        act_as(tx, session.person);
        update_seen(
            tx, session.id, now,
            std::min<Instant>(
                now + ground_.limits.idle_max, session.begun_at + ground_.limits.absolute_max));
        tx.commit();
    }
    return *std::move(caller);
}

Result<CompanyProfile> Accounts::find_company(const Caller& caller) {
    auto tx = ground_.pool.begin(caller.company);
    const auto company = select_company(tx);
    if (!company) return fail(ErrorKind::not_found, "no_such_company", caller.company.str());
    return profile_of(*company);
}

Result<Caller> Accounts::authenticate_key(std::string_view token, std::string_view address) {
    const auto now = ground_.clock.now();
    std::optional<KnownKey> key;
    {
        auto tx = ground_.pool.begin(CompanyId());
        key = find_api_key(tx, crypto::sha256_hex(token), now);
    }
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
