#pragma once
// A platform small enough to see through, for tests of the sensor: a real broker with a gateway
// that acknowledges, the HTTPS door beside it, salts and enrolment. It remembers what it was sent.

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include "foundation/monotonic.h"
#include "pipeline/sensor/enrol/enrolment.h"
#include "pipeline/sensor/spool/segment.h"
#include "pipeline/sensor/uplink/courier.h"
#include "pipeline/sensor/uplink/link.h"
#include "pipeline/sensor/uplink/tiny_opt_outs_test.h"
#include "platform/crypto/digest.h"
#include "platform/http/server.h"
#include "platform/mqtt/mqtt.h"
#include "platform/services/private_mosquitto_test.h"

namespace mobilytics::sensor {

/// What ingest does for one device, without a database: keeps each report once, and acknowledges.
class TinyIngest {
  public:
    /// The ack for the boot of the last frame; none for an envelope that cannot be read.
    std::optional<wire::Ack> take(DeviceId device, std::span<const std::uint8_t> envelope) {
        const std::lock_guard lock(mutex_);
        wire::EnvelopeReader reader(envelope);
        wire::Report report;
        std::optional<wire::BootId> boot;
        while (const auto frame = reader.next()) {
            const auto refused = wire::decode(*frame, report);
            if (refused || report.key.device != device) continue;
            boot = report.key.boot;
            ++arrivals_;
            const SeqKey key{report.key.boot, report.key.seq};
            if (stored_.emplace(key, report).second) seen_[key.boot].insert(key.seq);
        }
        return boot ? std::optional(ack(*boot)) : std::nullopt;
    }
    wire::Ack ack(const wire::BootId& boot) {
        wire::Ack out;
        out.boot = boot;
        auto& seen = seen_[boot];
        while (seen.contains(out.cumulative_seq + 1)) ++out.cumulative_seq;
        for (const auto seq : seen) {
            if (seq <= out.cumulative_seq) continue;
            if (!out.settled.empty() && out.settled.back().last + 1 == seq) {
                out.settled.back().last = seq;
            } else {
                out.settled.push_back({seq, seq});
            }
        }
        out.server = SystemClock().now();
        return out;
    }
    std::map<SeqKey, wire::Report> stored() const {
        const std::lock_guard lock(mutex_);
        return stored_;
    }
    std::uint64_t arrivals() const {
        const std::lock_guard lock(mutex_);
        return arrivals_;
    }

  private:
    mutable std::mutex mutex_;
    std::map<SeqKey, wire::Report> stored_;
    std::map<wire::BootId, std::set<std::uint64_t>> seen_;
    std::uint64_t arrivals_ = 0;
};

/// The broker with its gateway, and the doors over HTTP.
class TinyPlatform {
  public:
    TinyPlatform()
        : router_([](std::string_view) -> Result<Caller> {
              return fail(ErrorKind::unauthenticated, "nobody", "nobody is known here");
          }) {
        const auto gateway_files = broker_.client(std::string(services::kGatewayName));
        std::filesystem::create_directories(folder_);
        mount();
        serve(gateway_files);
        start_gateway(gateway_files);
    }
    ~TinyPlatform() {
        gateway_.reset();
        for (auto* server : {&*devices_, &*open_}) server->stop();
        for (auto& thread : threads_) thread.join();
        std::filesystem::remove_all(folder_);
    }

    /// A sensor that has joined: its state folder, filled.
    Identity enrolled(const std::filesystem::path& state_folder) {
        const auto identity =
            enrol({open_url(), "0123456789" + broker_.authority().pin(), state_folder});
        EXPECT_TRUE(identity) << identity.error().message;
        return *identity;
    }
    std::string open_url() const { return "http://127.0.0.1:" + std::to_string(open_->port()); }
    services::TestBroker& broker() { return broker_; }
    TinyIngest& ingest() { return ingest_; }
    bool wait_for_reports(std::size_t count, std::chrono::milliseconds wait_max) {
        const Deadline deadline(wait_max);
        while (ingest_.stored().size() < count && !deadline.passed()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return ingest_.stored().size() >= count;
    }

    TinyOptOuts opt_outs;
    std::atomic<bool> gateway_answers = true;
    std::atomic<bool> door_open = true;
    std::atomic<bool> hands_out_salts = true;
    std::atomic<bool> is_strict = false;
    std::atomic<int> over_https = 0;             // Envelopes that came that way.
    std::string authority_pem_told;              // Where it is not to be the true one.
    Error refusal{ErrorKind::conflict, "", ""};  // Of enrolment; without a code: none.

  private:
    void start_gateway(const services::ClientFiles& files) {
        mqtt::ClientConfig config;
        config.port = broker_.port();
        config.trust = mqtt::Trust{files.authority, files.certificate, files.key};
        config.client_id = std::string(services::kGatewayName);
        config.topics = {"$share/ingest/mob/v1/+/reports"};
        config.pause_first = std::chrono::milliseconds(20);
        config.pause_max = std::chrono::milliseconds(200);
        mqtt::Handlers handlers;
        handlers.received = [this](const mqtt::Message& message) {
            const auto device = wire::device_of_topic(message.topic);
            if (!device || !gateway_answers) return;
            if (const auto ack = ingest_.take(*device, message.payload)) {
                gateway_->publish(wire::ack_topic(*device), wire::encode(*ack), true);
            }
        };
        gateway_ = std::make_unique<mqtt::Client>(config, std::move(handlers));
        EXPECT_TRUE(gateway_->wait_until_connected(std::chrono::seconds(20)));
    }

    void mount() {
        router_.on_raw(
            http::verb::post, "/device/v1/reports", http::kDevice,
            [this](const http::Call& call) -> Result<http::Reply> {
                if (!door_open) return fail(ErrorKind::unavailable, "try_later", "closed");
                ++over_https;
                const auto& body = call.request.body;
                const auto device = DeviceId::from_uuid(call.request.peer->common_name);
                const auto ack = ingest_.take(
                    *device, {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
                if (!ack) return fail(ErrorKind::invalid, "bad_envelope", "");
                return http::bytes(200, "application/vnd.mobilytics.ack", wire::encode(*ack));
            });
        router_.on(
            http::verb::get, "/device/v1/salt", http::kDevice,
            [this](const http::Call& call) -> Result<http::Reply> {
                if (!hands_out_salts) {
                    return http::problem(410, {ErrorKind::not_found, "salt_destroyed", ""});
                }
                const auto day = call.query.find("day")->second;
                return http::Reply{
                    .body = {
                        {"epoch", crypto::sha256_hex("epoch of " + day).substr(0, 32)},
                        {"salt", crypto::sha256_hex("salt of " + day)},
                        {"mode", "standard"},
                        {"day", day},
                        {"expires_at", "2030-01-01T00:00:00.000000Z"}}};
            });
        router_.on(
            http::verb::get, "/device/v1/privacy", http::kDevice,
            [this](const http::Call&) -> Result<http::Reply> {
                boost::json::array epochs;
                const auto today = local_day(SystemClock().now(), "America/Chicago");
                for (int day = -3; day <= 3; ++day) {
                    const auto name = today.plus(std::chrono::days(day)).str();
                    epochs.emplace_back(crypto::sha256_hex("epoch of " + name).substr(0, 32));
                }
                return http::Reply{
                    .body = {
                        {"mode", is_strict ? "strict" : "standard"},
                        {"epochs", std::move(epochs)}}};
            });
        opt_outs.mount(router_);
        router_.on(
            http::verb::post, "/device/v1/enrolment", http::kOpen,
            [this](const http::Call& call) { return join(call.body.as_object()); });
    }

    Result<http::Reply> join(const boost::json::object& body) {
        if (!refusal.code.empty()) return tl::unexpected(refusal);
        const auto csr = boost::json::value_to<std::string>(body.at("csr_pem"));
        const auto key = *crypto::key_digest_of_request(csr);
        const auto device = DeviceId::from_bytes(boot_of(key.substr(0, 32)).value());
        const auto now = SystemClock().now();
        const auto& authority = broker_.authority();
        http::Reply reply{.status = 201};
        reply.body = {
            {"device_id", device.str()},
            {"company_id", CompanyId::from_bytes({7}).str()},
            {"certificate_pem",
             *authority.sign(csr, {device.uuid(), "company", {}}, now, std::chrono::days(1))},
            {"ca_pem",
             authority_pem_told.empty() ? authority.certificate_pem() : authority_pem_told},
            {"mqtt_url", broker_.url()},
            {"https_url", "https://127.0.0.1:" + std::to_string(devices_->port())},
            {"time_zone", "America/Chicago"},
            {"salt_mode", "standard"}};
        return reply;
    }

    void serve(const services::ClientFiles& files) {
        const auto now = SystemClock().now();
        const auto key = crypto::make_key();
        const auto certificate = broker_.authority().sign(
            crypto::make_request(key, "localhost"), {"localhost", "", {"127.0.0.1"}}, now,
            std::chrono::days(1));
        crypto::write_file(folder_ / "server.pem", *certificate, crypto::Readable::by_all);
        crypto::write_file(folder_ / "server.key", key.reveal(), crypto::Readable::by_owner);
        http::ServerConfig open{.port = 0};
        open_.emplace(open, router_);
        http::ServerConfig devices{.port = 0};
        devices.tls = http::TlsConfig{
            (folder_ / "server.pem").string(), (folder_ / "server.key").string(),
            files.authority.string()};
        devices_.emplace(devices, router_);
        for (auto* server : {&*devices_, &*open_}) {
            threads_.emplace_back([server] { server->run(); });
        }
    }

    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("mobilytics_tiny_" + std::to_string(getpid()));
    services::TestBroker broker_;
    TinyIngest ingest_;
    http::Router router_;
    std::optional<http::Server> open_, devices_;
    std::vector<std::thread> threads_;
    std::unique_ptr<mqtt::Client> gateway_;
};

}  // namespace mobilytics::sensor
