#include "domains/optouts/device_routes.h"

namespace mobilytics::optouts {

namespace {

/// "1f…" in its quotes; empty for anything else.
std::string version_of(std::string_view etag) {
    if (etag.size() < 2 || etag.front() != '"' || etag.back() != '"') return "";
    return std::string(etag.substr(1, etag.size() - 2));
}

}  // namespace

void mount_device_routes(http::Router& router, OptOuts& opt_outs) {
    router.on(
        http::verb::get, "/device/v1/opt-outs", http::kDevice,
        [&opt_outs](const http::Call& call) -> Result<http::Reply> {
            VERIFY(call.request.peer);
            TRY(const auto device, DeviceId::from_uuid(call.request.peer->common_name));
            TRY(const auto company, CompanyId::from_uuid(call.request.peer->organization));
            const auto has = version_of(call.request.headers.get("If-None-Match"));
            TRY(const auto list, opt_outs.list_for(company, device, has));
            http::Reply reply{.status = list ? 200U : 304U};
            reply.headers.add("Cache-Control", "no-store");
            reply.headers.add("ETag", '"' + (list ? list->version : has) + '"');
            if (!list) return reply;
            boost::json::array digests;
            for (const auto& digest : list->digests) digests.emplace_back(digest);
            boost::json::object body{{"version", list->version}, {"digests", std::move(digests)}};
            if (list->key) body["key"] = list->key->reveal();
            reply.body = std::move(body);
            return reply;
        });
}

}  // namespace mobilytics::optouts
