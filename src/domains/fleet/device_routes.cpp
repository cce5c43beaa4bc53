#include "domains/fleet/device_routes.h"

namespace mobilytics::fleet {

void mount_device_routes(http::Router& router, Fleet& fleet) {
    router.on(
        http::verb::get, "/device/v1/salt", http::kDevice,
        [&fleet](const http::Call& call) -> Result<http::Reply> {
            VERIFY(call.request.peer);
            TRY(const auto device, DeviceId::from_uuid(call.request.peer->common_name));
            TRY(const auto company, CompanyId::from_uuid(call.request.peer->organization));
            const auto day = call.query.find("day");
            if (day == call.query.end() || call.query.size() != 1) {
                return fail(ErrorKind::invalid, "bad_query", "ask for one day: ?day=2026-08-21");
            }
            auto salt = fleet.salt_for(company, device, day->second);
            if (!salt && salt.error().code == "salt_destroyed") {
                return http::problem(410, salt.error());
            }
            if (!salt) return tl::unexpected(salt.error());
            http::Reply reply{
                .status = 200,
                .body = {
                    {"epoch", salt->epoch},
                    {"salt", salt->salt.reveal()},
                    {"mode", "standard"},
                    {"day", salt->day.str()},
                    {"expires_at", to_iso8601(salt->expires_at)}}};
            reply.headers.add("Cache-Control", "no-store");
            return reply;
        });
    router.on(
        http::verb::get, "/device/v1/privacy", http::kDevice,
        [&fleet](const http::Call& call) -> Result<http::Reply> {
            VERIFY(call.request.peer);
            TRY(const auto device, DeviceId::from_uuid(call.request.peer->common_name));
            TRY(const auto company, CompanyId::from_uuid(call.request.peer->organization));
            TRY(const auto in_force, fleet.privacy_in_force(company, device));
            boost::json::array epochs;
            for (const auto& epoch : in_force.epochs) epochs.emplace_back(epoch);
            http::Reply reply{
                .status = 200, .body = {{"mode", in_force.mode}, {"epochs", std::move(epochs)}}};
            reply.headers.add("Cache-Control", "no-store");
            return reply;
        });
}

}  // namespace mobilytics::fleet
