#include "domains/accounts/keys.h"

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/key_store.h"
#include "foundation/json.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

constexpr std::size_t kSecretBytes = 20;  // 160 bits: 32 characters of base 32.
constexpr std::size_t kSecretCharacters = 32;

std::string prefix_of(ApiKeyId id, bool synthetic) {
    return std::string(kKeyPrefix) + (synthetic ? "demo_" : "live_") + id.uuid();
}

std::string new_secret(const std::string& prefix) {
    return prefix + "_" + crypto::to_base32(crypto::random_bytes(kSecretBytes), kSecretCharacters);
}

audit::Target target_of(const ApiKey& key) { return {"api_key", key.id.str(), key.name}; }

boost::json::value json_of(const ApiKey& key) {
    json::Writer out;
    const auto texts = [](const auto& all) { return json::encode_list(all, json::kEncode); };
    out.field("id", key.id);
    out.field("name", key.name);
    out.field("prefix", key.prefix);
    out.field("role", key.role);
    out.field("scopes", key.scopes, texts);
    out.field("networks", key.networks, texts);
    out.field("added_at", key.added_at);
    out.field("added_by", key.added_by);
    out.optional("expires_at", key.expires_at);
    out.optional("used_at", key.used_at);
    out.optional("revoked_at", key.revoked_at);
    out.optional("previous_until", key.previous_until);
    return out.finish();
}

auto no_such_key(ApiKeyId id) { return fail(ErrorKind::not_found, "no_such_api_key", id.str()); }

}  // namespace

Result<ApiKeyPage> Keys::list_api_keys(
    const Caller& caller, const PageRequest& page, const ListApiKeysQuery& query) {
    TRY(const auto sorting,
        sorting_of(query.sort, page, {"added_at", "name", "expires_at", "used_at"}));
    auto tx = ground_.pool.begin(caller.company);
    return sorted_page(select_api_keys(tx, sorting, page.limit + 1), page.limit, sorting);
}

Result<http::Reply> Keys::add_api_key(const http::Call& call, const NewApiKey& asked) {
    const auto& caller = call.caller;
    const auto now = ground_.clock.now();
    TRY(const auto scopes, permissions_of(asked.scopes));
    for (const auto& one : scopes) {
        if (caller.scopes && !covers(*caller.scopes, one)) {
            return fail(ErrorKind::forbidden, "scope_above_own", "you do not have " + one.str());
        }
    }
    const auto networks = asked.networks.value_or(std::vector<std::string>());
    for (const auto& network : networks) CHECK(check_network(network));
    if (asked.expires_at && *asked.expires_at <= now) {
        return fail(ErrorKind::invalid, "already_expired", "it would have expired already");
    }
    TRY(const auto name, checked_name(asked.name));
    auto tx = ground_.pool.begin(caller.company);
    const auto company = select_company(tx);
    VERIFY(company);
    CHECK(may_give(caller.role, asked.role, company->kind));
    ApiKey key{
        .id = ApiKeyId::fresh(now),
        .name = name,
        .prefix = {},
        .role = asked.role,
        .scopes = asked.scopes,
        .networks = networks,
        .added_at = now,
        .added_by = caller.person,
        .expires_at = asked.expires_at,
        .used_at = {},
        .revoked_at = {},
        .previous_until = {}};
    key.prefix = prefix_of(key.id, company->synthetic);
    const auto secret = new_secret(key.prefix);
    insert(tx, key, crypto::sha256_hex(secret));
    audit::append(
        tx, now,
        {.action = "accounts.api_key_added",
         .actor = audit::actor_of(caller),
         .targets = {target_of(key)},
         .after = json_of(key)});
    tx.commit();
    return http::Reply{.status = 201, .body = {{"key", json_of(key)}, {"secret", secret}}};
}

Result<NewApiKeyAnswer> Keys::rotate_api_key(
    const Caller& caller, ApiKeyId id, const ApiKeyRotation& how) {
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(caller.company);
    auto key = select_api_key(tx, id);
    if (!key) return no_such_key(id);
    if (key->revoked_at) {
        return fail(ErrorKind::conflict, "api_key_revoked", "it opens nothing any more");
    }
    const auto secret = new_secret(key->prefix);
    key->previous_until = now + std::chrono::hours(how.overlap_hours);
    update_secret(tx, *key, crypto::sha256_hex(secret), *key->previous_until);
    audit::append(
        tx, now,
        {.action = "accounts.api_key_rotated",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*key)}});
    tx.commit();
    return NewApiKeyAnswer{*std::move(key), secret};
}

Result<> Keys::revoke_api_key(const Caller& caller, ApiKeyId id) {
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(caller.company);
    const auto key = select_api_key(tx, id);
    if (!key) return no_such_key(id);
    update_revoked(tx, id, now);
    audit::append(
        tx, now,
        {.action = "accounts.api_key_revoked",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*key)}});
    tx.commit();
    return {};
}

}  // namespace mobilytics::accounts
