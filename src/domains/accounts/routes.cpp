#include "domains/accounts/routes.h"

#include "platform/http/router.h"

namespace mobilytics::accounts {

void mount_by_hand(http::Router& router, Desk& desk) {
    using namespace std::chrono_literals;
    router.on_raw(
        http::verb::put, "/api/v1/company/logo",
        http::Access(Roles{Role::admin, Role::owner, Role::superuser}, "company:write"),
        [&desk](const http::Call& call) { return desk.logos.put_logo(call); },
        {.body_bytes_max = kLogoBytesMax});
    router.on_raw(
        http::verb::get, Oidc::kCallback, http::kOpen,
        [&desk](const http::Call& call) { return desk.oidc.finish_oidc(call); },
        {.body_bytes_max = {}, .rate = http::Rate{30, 60s}, .rate_by = http::RateBy::address});
}

}  // namespace mobilytics::accounts
