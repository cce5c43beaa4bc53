#include "pipeline/ingest/https_door.h"

#include "platform/http/router.h"

namespace mobilytics::ingest {

namespace {

using http::Reply;

Result<DeviceId> device_of(const http::Request& request) {
    VERIFY(request.peer);  // The router lets nobody else in.
    const auto device = DeviceId::from_uuid(request.peer->common_name);
    if (!device) {
        return fail(ErrorKind::forbidden, "unknown_device", "the certificate names no device");
    }
    return *device;
}

Reply unknown_device() {
    return http::problem(403, {ErrorKind::forbidden, "unknown_device", "this device may not send"});
}

Reply later(unsigned status, const char* code, const Turned& turned) {
    auto reply = http::problem(status, {ErrorKind::unavailable, code, "send it again later"});
    const auto wait = std::chrono::ceil<std::chrono::seconds>(turned.retry_after).count();
    reply.headers.add("Retry-After", std::to_string(std::max<std::int64_t>(1, wait)));
    return reply;
}

Reply reply_of(const Turned& turned) {
    switch (turned.reason) {
        case DropReason::unknown_device: return unknown_device();
        case DropReason::too_large:
            return http::problem(
                413, {ErrorKind::invalid, "too_large", "an envelope has at most 4 MiB"});
        case DropReason::rate_limited: return later(429, "rate_limited", turned);
        case DropReason::bad_topic:
        case DropReason::queue_full:
        case DropReason::too_scattered:
        case DropReason::failed:
        case DropReason::stopping: return later(503, "try_later", turned);
    }
    return later(503, "try_later", turned);
}

Reply reply_of(const Outcome& outcome) {
    if (!outcome.acks.empty()) return http::bytes(200, kAckType, wire::encode(outcome.acks.back()));
    const auto why =
        outcome.unnamed.empty() ? std::string_view("truncated") : word(outcome.unnamed.front());
    return http::problem(422, {ErrorKind::invalid, "bad_envelope", std::string(why)});
}

Result<Reply> take_reports(
    Ingest& ingest, std::chrono::milliseconds commit_max, const http::Call& call) {
    TRY(const auto device, device_of(call.request));
    if (call.request.headers.get("Content-Type") != kEnvelopeType) {
        return http::problem(
            415, {ErrorKind::invalid, "bad_content_type", std::string("send ") + kEnvelopeType});
    }
    const auto outcome = ingest.deliver(device, call.request.body, commit_max);
    return outcome ? reply_of(*outcome) : reply_of(outcome.error());
}

Result<Reply> tell_ack(Ingest& ingest, const http::Call& call) {
    TRY(const auto device, device_of(call.request));
    const auto boot = call.query.find("boot");
    const auto id = BootName::from_uuid(boot != call.query.end() ? boot->second : "");
    if (!id || call.query.size() != 1) {
        return fail(ErrorKind::invalid, "bad_boot", "?boot= and 32 hexadecimal digits");
    }
    const auto ack = ingest.ack(device, id->bytes());
    if (!ack) return unknown_device();
    return http::bytes(200, kAckType, wire::encode(*ack));
}

}  // namespace

void mount_https_door(http::Router& router, Ingest& ingest, const HttpsDoorConfig& config) {
    http::RouteLimits limits;
    limits.body_bytes_max = wire::kEnvelopeBytesMax;
    router.on_raw(
        http::verb::post, "/device/v1/reports", http::kDevice,
        [&ingest, commit_max = config.commit_max](const http::Call& call) {
            return take_reports(ingest, commit_max, call);
        },
        limits);
    router.on_raw(
        http::verb::get, "/device/v1/ack", http::kDevice,
        [&ingest](const http::Call& call) { return tell_ack(ingest, call); });
}

}  // namespace mobilytics::ingest
