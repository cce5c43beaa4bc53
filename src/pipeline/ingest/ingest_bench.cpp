// Reports of 1 000 sightings each, to their ack, with a Postgres of our own that really writes:
// what one machine takes in, once without and once with the broker. Prints "name,value,unit".

#include <cstdio>
#include <filesystem>

#include "pipeline/ingest/ingest.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "pipeline/ingest/mqtt_door.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg_migrations.h"
#include "platform/services/private_mosquitto.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::ingest {
namespace {

constexpr std::size_t kSensors = 200;
constexpr std::size_t kReportsEach = 60;
constexpr std::size_t kObservations = 1000;

/// A busy street: 1 000 sightings in two seconds of some 300 phones, a third of them by BLE.
wire::Report report_of(DeviceId device, std::uint64_t seq, Instant now) {
    wire::Report out;
    out.key = {device, wire::BootId{2}, seq};
    out.started = now - std::chrono::hours(1) + std::chrono::seconds(2 * seq);
    out.started_mono_us = 2'000'000 * seq;
    out.duration = std::chrono::seconds(2);
    out.clock_state = wire::ClockState::ntp;
    auto& all = out.observations;
    all.salt_epoch = {9};
    all.salt_mode = wire::SaltMode::standard;
    std::uint64_t random = 7 + seq * 977 + device.bytes()[15];
    const auto next = [&](std::uint64_t end) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        return (random >> 33) % end;
    };
    for (std::uint32_t i = 0; i < kObservations; ++i) {
        const auto phone = next(300);
        const bool ble = phone % 3 == 0;
        all.rows.push_back(
            {.pseudonym = (phone + seq) * 0x9E3779B97F4A7C15u,
             .at_us = i * 2'000 + static_cast<std::uint32_t>(next(2'000)),
             .coarse_fingerprint =
                 ble ? 0 : static_cast<std::uint32_t>((phone % 20 + 1) * 0x9E3779B9u),
             .fine_fingerprint =
                 ble ? 0 : static_cast<std::uint32_t>((phone % 60 + 1) * 0x85EBCA6Bu),
             .sequence = ble ? std::uint16_t{0} : static_cast<std::uint16_t>(next(4096)),
             .ble_company = ble ? std::uint16_t{0x004C} : std::uint16_t{0xFFFF},
             .kind = ble ? wire::RadioKind::ble : wire::RadioKind::wifi,
             .address_class = ble ? wire::AddressClass::ble_resolvable : wire::AddressClass::local,
             .rssi_dbm = static_cast<std::int8_t>(-90 + static_cast<int>(next(50))),
             .channel = ble ? static_cast<std::uint8_t>(37 + next(3)) : std::uint8_t{6},
             .ble_type = ble ? std::uint8_t{3} : std::uint8_t{0},
             .ble_subtype = ble ? std::uint8_t{16} : std::uint8_t{0}});
    }
    return out;
}

class Bench {
  public:
    Bench()
        : folder_(std::filesystem::temp_directory_path() / "mobilytics_ingest_bench"),
          postgres_(folder_ / "postgres"),
          owner_{postgres_.url()},
          system_({owner_.server, "", "mobilytics_system"}, {.connections_max = 16}) {
        pg::migrate(owner_, {pg::kMigrations, kMigrations});
        IngestConfig config;
        config.device_rate = {1e9, 1e9};
        ingest_ = std::make_unique<Ingest>(system_, clock_, registry_, config);
        const auto company = CompanyId::fresh(clock_.now());
        for (std::size_t i = 0; i < kSensors; ++i) {
            devices_.push_back(DeviceId::fresh(clock_.now()));
            ingest_->learn({company, devices_.back(), true, clock_.now()});
        }
    }
    ~Bench() {
        ingest_.reset();
        std::error_code left_behind;
        std::filesystem::remove_all(folder_, left_behind);
    }

    /// From the face to the ack.
    void run_direct() {
        ingest_->answer_with([this](DeviceId device, const wire::Ack& ack) { note(device, ack); });
        const auto frames = frames_of(1);
        const Stopwatch stopwatch;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            while (ingest_->offer(devices_[i % kSensors], frames[i], std::chrono::seconds(60))) {
            }
        }
        finish("ingest_reports", stopwatch);
        std::size_t bytes = 0;
        for (const auto& frame : frames) bytes += frame.size();
        std::printf("ingest_frame,%zu,bytes\n", bytes / frames.size());
        read();
    }

    /// From a publisher's connection, through the broker and TLS, to the ack at that connection.
    void run_through_broker() {
        const crypto::Authority authority(folder_ / "pki", clock_.now());
        auto [certificate, key] = signed_by(authority, {"localhost", "", {"localhost"}});
        services::PrivateMosquitto broker(
            folder_ / "mosquitto",
            {authority.certificate_pem(), certificate, std::move(key),
             authority.revocation_list({}, clock_.now())},
            {.port = 0, .queued_max = 200'000, .queued_bytes_max = 1 << 30});
        const auto link = link_of(authority, broker.port());
        MqttDoorConfig door;
        door.client = link;
        door.client.client_id = "gateway";
        MqttDoor opened(*ingest_, door);

        auto publisher = link;
        publisher.client_id = "publisher";
        publisher.topics = {"mob/v1/+/ack"};
        mqtt::Handlers handlers;
        handlers.received = [this](const mqtt::Message& message) {
            const auto ack = wire::decode_ack(message.payload);
            if (ack) note(*wire::device_of_topic(message.topic), *ack);
        };
        mqtt::Client client(publisher, std::move(handlers));
        VERIFY(client.wait_until_connected(std::chrono::seconds(30)));
        VERIFY(opened.wait_until_connected(std::chrono::seconds(30)));

        const auto frames = frames_of(2);
        const Stopwatch stopwatch;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto topic = wire::reports_topic(devices_[i % kSensors]);
            while (client.publish(topic, frames[i]) == mqtt::PublishResult::full) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
        finish("ingest_mqtt_reports", stopwatch);
    }

  private:
    using Signed = std::pair<std::string, Secret<std::string>>;

    std::vector<std::string> frames_of(std::uint8_t boot) {
        acked_.clear();
        settled_ = 0;
        std::vector<std::string> frames;
        const auto now = clock_.now();
        for (std::uint64_t seq = 1; seq <= kReportsEach; ++seq) {
            for (const auto device : devices_) {
                auto report = report_of(device, seq, now);
                report.key.boot = {boot};
                frames.push_back(wire::encode(report));
            }
        }
        return frames;
    }
    Signed signed_by(
        const crypto::Authority& authority, const crypto::Authority::Names& names) const {
        auto key = crypto::make_key();
        const auto request = crypto::make_request(key, names.common_name);
        return {
            *authority.sign(request, names, clock_.now(), std::chrono::days(1)), std::move(key)};
    }
    mqtt::ClientConfig link_of(const crypto::Authority& authority, std::uint16_t port) const {
        const auto [certificate, key] =
            signed_by(authority, {std::string(services::kGatewayName), "", {}});
        const mqtt::Trust trust{
            folder_ / "authority.pem", folder_ / "gateway.pem", folder_ / "gateway.key"};
        crypto::write_file(trust.authority, authority.certificate_pem(), crypto::Readable::by_all);
        crypto::write_file(trust.certificate, certificate, crypto::Readable::by_all);
        crypto::write_file(trust.key, key.reveal(), crypto::Readable::by_owner);
        mqtt::ClientConfig config;
        config.host = "localhost";
        config.port = port;
        config.trust = trust;
        config.in_flight_max = 1000;
        return config;
    }
    void note(DeviceId device, const wire::Ack& ack) {
        const std::lock_guard lock(mutex_);
        auto& up_to = acked_[device];
        if (ack.cumulative_seq <= up_to) return;
        settled_ += ack.cumulative_seq - up_to;
        up_to = ack.cumulative_seq;
        all_settled_.notify_all();
    }
    void finish(const char* name, const Stopwatch& stopwatch) {
        std::unique_lock lock(mutex_);
        all_settled_.wait(lock, [this] { return settled_ == kSensors * kReportsEach; });
        const auto seconds = std::chrono::duration<double>(stopwatch.elapsed()).count();
        std::printf("%s,%.0f,reports/s\n", name, kSensors * kReportsEach / seconds);
    }
    /// All of it again, as measure does.
    void read() {
        StoredReports reports(system_, {owner_.server, "", "mobilytics_system"});
        const Stopwatch stopwatch;
        StreamPosition at;
        std::size_t count = 0;
        for (;;) {
            const auto page = reports.read_after(at, 500);
            if (page.empty()) break;
            at = page.back().position;
            count += page.size();
        }
        const auto seconds = std::chrono::duration<double>(stopwatch.elapsed()).count();
        std::printf("ingest_read_stream,%.0f,reports/s\n", static_cast<double>(count) / seconds);
    }

    const std::filesystem::path folder_;
    services::PrivatePostgres postgres_;
    pg::Address owner_;
    pg::SystemPool system_;
    SystemClock clock_;
    metrics::Registry registry_;
    std::unique_ptr<Ingest> ingest_;
    std::vector<DeviceId> devices_;
    std::mutex mutex_;
    std::condition_variable all_settled_;
    std::map<DeviceId, std::uint64_t> acked_;
    std::size_t settled_ = 0;
};

}  // namespace
}  // namespace mobilytics::ingest

int main() {
    mobilytics::ingest::Bench bench;
    bench.run_direct();
    bench.run_through_broker();
}
