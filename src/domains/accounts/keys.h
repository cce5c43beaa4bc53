#pragma once
// API keys: for programs, which have no person. "mob_live_0190…_7K3M…": its id, then 160 bits.

#include "domains/accounts/account_types.h"

namespace mobilytics::accounts {

struct ApiKey {
    ApiKeyId id;
    std::string name, prefix;
    Role role;
    std::vector<std::string> scopes, networks;
    Instant added_at;
    PersonId added_by;
    std::optional<Instant> expires_at, used_at, revoked_at, previous_until;
};
using ApiKeyPage = Page<ApiKey>;
struct ListApiKeysQuery {
    std::optional<std::string> sort;
};
struct NewApiKey {
    std::string name;
    Role role;
    std::vector<std::string> scopes;
    std::optional<Instant> expires_at;
    std::optional<std::vector<std::string>> networks;
};
struct NewApiKeyAnswer {
    ApiKey key;
    std::string secret;  // Told this once.
};
struct ApiKeyRotation {
    std::int64_t overlap_hours;
};

class Keys {
  public:
    explicit Keys(Ground ground) : ground_(ground) {}

    Result<ApiKeyPage> list_api_keys(
        const Caller& caller, const PageRequest& page, const ListApiKeysQuery& query);
    /// invalid `bad_permission`, `bad_network`, `already_expired`, `role_of_other_kind`; forbidden
    /// `role_above_own`, `scope_above_own`.
    Result<http::Reply> add_api_key(const http::Call& call, const NewApiKey& asked);
    /// not_found `no_such_api_key`; conflict `api_key_revoked`.
    Result<NewApiKeyAnswer> rotate_api_key(
        const Caller& caller, ApiKeyId id, const ApiKeyRotation& how);
    Result<> revoke_api_key(const Caller& caller, ApiKeyId id);

  private:
    Ground ground_;
};

}  // namespace mobilytics::accounts
