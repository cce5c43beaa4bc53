#include "foundation/caller.h"

namespace mobilytics {

const Permissions& never_while_impersonating() {
    static const auto all = *permissions_of(
        {"*:export", "api_keys:*", "contracts:write", "erasures:*", "impersonations:*",
         "invitations:write", "ownership:*", "password:*", "payments:*", "people:write",
         "profile:write", "second_factor:*", "sessions:write", "tokens:*", "webhooks:write"});
    return all;
}

const Permissions& never_by_token() {
    static const auto all =
        *permissions_of({"api_keys:write", "invitations:write", "ownership:*", "tokens:*"});
    return all;
}

}  // namespace mobilytics
