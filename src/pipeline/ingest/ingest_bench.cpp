// Reports of 1 000 sightings each, from a door to their ack, with a Postgres of our own that
// really writes: what one machine takes in. Prints "name,value,unit".

#include <cstdio>
#include <filesystem>

#include "pipeline/ingest/ingest.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg_migrations.h"
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
        all.at_us.push_back(i * 2'000 + static_cast<std::uint32_t>(next(2'000)));
        all.pseudonym.push_back((phone + seq) * 0x9E3779B97F4A7C15u);
        all.address_class.push_back(
            ble ? wire::AddressClass::ble_resolvable : wire::AddressClass::local);
        all.rssi_dbm.push_back(static_cast<std::int8_t>(-90 + static_cast<int>(next(50))));
        all.channel.push_back(ble ? static_cast<std::uint8_t>(37 + next(3)) : 6);
        all.kind.push_back(ble ? wire::RadioKind::ble : wire::RadioKind::wifi);
        all.sequence.push_back(ble ? 0 : static_cast<std::uint16_t>(next(4096)));
        all.coarse_fingerprint.push_back(
            ble ? 0 : static_cast<std::uint32_t>((phone % 20 + 1) * 0x9E3779B9u));
        all.fine_fingerprint.push_back(
            ble ? 0 : static_cast<std::uint32_t>((phone % 60 + 1) * 0x85EBCA6Bu));
        all.ble_type.push_back(ble ? 3 : 0);
        all.ble_subtype.push_back(ble ? 16 : 0);
        all.ble_company.push_back(ble ? 0x004C : 0xFFFF);
    }
    return out;
}

class Bench {
  public:
    Bench()
        : folder_(std::filesystem::temp_directory_path() / "mobilytics_ingest_bench"),
          postgres_(folder_),
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
        ingest_->answer_with([this](DeviceId device, const wire::Ack& ack) { note(device, ack); });
    }
    ~Bench() {
        ingest_.reset();
        std::error_code left_behind;
        std::filesystem::remove_all(folder_, left_behind);
    }

    void run() {
        std::vector<std::string> frames;
        const auto now = clock_.now();
        for (std::uint64_t seq = 1; seq <= kReportsEach; ++seq) {
            for (const auto device : devices_) {
                frames.push_back(wire::encode(report_of(device, seq, now)));
            }
        }
        std::size_t bytes = 0;
        for (const auto& frame : frames) bytes += frame.size();
        const Stopwatch stopwatch;
        std::size_t i = 0;
        for (auto& frame : frames) {
            while (ingest_->offer(devices_[i % kSensors], frame, std::chrono::seconds(60))) {
            }
            ++i;
        }
        {
            std::unique_lock lock(mutex_);
            all_settled_.wait(lock, [this] { return settled_ == kSensors * kReportsEach; });
        }
        const auto seconds = std::chrono::duration<double>(stopwatch.elapsed()).count();
        const auto reports = static_cast<double>(frames.size());
        std::printf("ingest_reports,%.0f,reports/s\n", reports / seconds);
        std::printf("ingest_observations,%.0f,observations/s\n", kObservations * reports / seconds);
        std::printf("ingest_frame,%.0f,bytes\n", static_cast<double>(bytes) / reports);
        read();
    }

  private:
    void note(DeviceId device, const wire::Ack& ack) {
        const std::lock_guard lock(mutex_);
        auto& up_to = acked_[device];
        settled_ += ack.cumulative_seq - up_to;
        up_to = ack.cumulative_seq;
        all_settled_.notify_all();
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

int main() { mobilytics::ingest::Bench().run(); }
