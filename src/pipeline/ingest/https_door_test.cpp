#include "pipeline/ingest/https_door.h"

#include "pipeline/ingest/ingest_test.h"
#include "platform/http/router.h"

namespace mobilytics::ingest {
namespace {

using http::verb;

class HttpsDoorTest : public IngestTest {
  protected:
    HttpsDoorTest() { mount_https_door(router, running()); }

    http::Reply ask_router(
        verb method, std::string target, const std::string& name, std::string body) {
        http::Request request;
        request.method = method;
        request.target = std::move(target);
        request.body = std::move(body);
        request.headers.add("Content-Type", kEnvelopeType);
        if (!name.empty()) request.peer = http::PeerCertificate{name, company.uuid(), "1"};
        return router.handle(std::move(request));
    }
    http::Reply post(DeviceId device, std::string body) {
        return ask_router(verb::post, "/device/v1/reports", device.uuid(), std::move(body));
    }
    static std::optional<wire::Ack> ack_of(const http::Reply& reply) {
        if (!reply.content || reply.content->type != kAckType) return std::nullopt;
        const auto* text = std::get_if<std::string>(&reply.content->bytes);
        if (text == nullptr) return std::nullopt;
        return wire::decode_ack(
            {reinterpret_cast<const std::uint8_t*>(text->data()), text->size()});
    }
    static std::string code_of(const http::Reply& reply) {
        const auto* body = reply.body.if_object();
        return body != nullptr ? std::string(body->at("code").as_string()) : "";
    }

    http::Router router{[](std::string_view) -> Result<Caller> {
        return fail(ErrorKind::unauthenticated, "no_such_token", "");
    }};
};

TEST_F(HttpsDoorTest, TheSameEnvelopeGetsTheSameAck) {
    const SensorBoot sensor{add_device()};
    const auto reply = post(sensor.device, sensor.envelope(1, 3));
    EXPECT_EQ(reply.status, 200U);
    const auto ack = ack_of(reply);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->boot, sensor.boot);
    EXPECT_EQ(ack->cumulative_seq, 3U);
    EXPECT_EQ(kept().size(), 3U);
    EXPECT_EQ(ack_of(post(sensor.device, sensor.envelope(2, 4)))->cumulative_seq, 4U);
    EXPECT_EQ(kept().size(), 4U);
}

TEST_F(HttpsDoorTest, OfTwoBootsInAnEnvelopeTheLastIsAcked) {
    SensorBoot before{add_device()}, now{before.device};
    now.boot = boot_of(1);
    const auto ack = ack_of(post(now.device, before.envelope(1, 2) + now.envelope(1, 1)));
    EXPECT_EQ(ack->boot, now.boot);
    const auto name = BootName::from_bytes(before.boot).uuid();
    const auto reply = ask_router(verb::get, "/device/v1/ack?boot=" + name, now.device.uuid(), "");
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(ack_of(reply)->boot, before.boot);
    EXPECT_EQ(ack_of(reply)->cumulative_seq, 2U);
}

TEST_F(HttpsDoorTest, ABootThatNobodyHeardOfHasNothingSettled) {
    const auto device = add_device();
    const auto reply =
        ask_router(verb::get, "/device/v1/ack?boot=" + std::string(32, 'a'), device.uuid(), "");
    EXPECT_EQ(ack_of(reply)->cumulative_seq, 0U);
    for (const auto* query : {"", "?boot=", "?boot=12", "?boot=zz"}) {
        const auto bad =
            ask_router(verb::get, std::string("/device/v1/ack") + query, device.uuid(), "");
        EXPECT_EQ(bad.status, 422U);
        EXPECT_EQ(code_of(bad), "bad_boot");
    }
}

TEST_F(HttpsDoorTest, WhoMayNotSendIsForbidden) {
    const SensorBoot sensor{add_device()};
    EXPECT_EQ(post(DeviceId::fresh(kNow), sensor.frame(1)).status, 403U);
    EXPECT_EQ(
        ask_router(verb::post, "/device/v1/reports", "somebody", sensor.frame(1)).status, 403U);
    const auto nobody = ask_router(verb::post, "/device/v1/reports", "", sensor.frame(1));
    EXPECT_EQ(nobody.status, 401U);
    running().learn({company, sensor.device, false, kNow + 1s});
    const auto revoked = post(sensor.device, sensor.frame(1));
    EXPECT_EQ(revoked.status, 403U);
    EXPECT_EQ(code_of(revoked), "unknown_device");
    const auto name = BootName::from_bytes(sensor.boot).uuid();
    EXPECT_EQ(
        ask_router(verb::get, "/device/v1/ack?boot=" + name, sensor.device.uuid(), "").status,
        403U);
    EXPECT_EQ(kept().size(), 0U);
}

TEST_F(HttpsDoorTest, GarbageIsNamedAsSuch) {
    const auto device = add_device();
    for (const auto& [body, reason] : std::map<std::string, std::string>{
             {"", "truncated"}, {"MY", "truncated"}, {"garbage of some length", "bad_magic"}}) {
        const auto reply = post(device, body);
        EXPECT_EQ(reply.status, 422U);
        EXPECT_EQ(code_of(reply), "bad_envelope");
        EXPECT_EQ(reply.body.at("detail").as_string(), reason);
    }
    http::Request request;
    request.method = verb::post;
    request.target = "/device/v1/reports";
    request.peer = http::PeerCertificate{device.uuid(), company.uuid(), "1"};
    EXPECT_EQ(router.handle(request).status, 415U);
}

TEST_F(HttpsDoorTest, WhoSendsTooMuchIsToldWhenToComeAgain) {
    ingest.reset();
    config.device_rate = {.bytes_per_s = 10, .burst_bytes = 200};
    config.waiting.parcels_max = 0;
    http::Router other([](std::string_view) -> Result<Caller> {
        return fail(ErrorKind::unauthenticated, "no_such_token", "");
    });
    mount_https_door(other, running());
    const SensorBoot sensor{add_device()};
    http::Request request;
    request.method = verb::post;
    request.target = "/device/v1/reports";
    request.headers.add("Content-Type", kEnvelopeType);
    request.peer = http::PeerCertificate{sensor.device.uuid(), company.uuid(), "1"};
    request.body = sensor.frame(1);
    const auto full = other.handle(request);
    EXPECT_EQ(full.status, 503U);
    EXPECT_EQ(full.headers.get("Retry-After"), "5");
    request.body = std::string(190, 'x');
    const auto limited = other.handle(request);
    EXPECT_EQ(limited.status, 429U);
    EXPECT_EQ(code_of(limited), "rate_limited");
    const auto wait = std::stoi(std::string(limited.headers.get("Retry-After")));
    EXPECT_GE(wait, 15);
    EXPECT_LE(wait, 17);
}

}  // namespace
}  // namespace mobilytics::ingest
