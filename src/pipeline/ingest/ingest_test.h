#pragma once
// Sensors and an ingest on a real Postgres, for tests of it.

#include <memory>
#include <string>
#include <vector>

#include "foundation/clock_test.h"
#include "pipeline/ingest/ingest.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::ingest {

using namespace std::chrono_literals;

inline constexpr Instant kNow{std::chrono::microseconds{1'787'304'600'000'000}};  // 2026-08-21.

inline std::array<std::uint8_t, 16> id_of(std::uint8_t first) {
    std::array<std::uint8_t, 16> out{};
    for (std::uint8_t i = 0; i < 16; ++i) out[i] = static_cast<std::uint8_t>(first + i);
    return out;
}
inline wire::BootId boot_of(std::uint8_t number) {
    return id_of(static_cast<std::uint8_t>(0xA0 + number));
}

inline std::string text_of(const wire::Report& report) { return wire::encode(report); }

/// One start of a sensor: makes its reports, windows of two seconds, one after the other.
struct SensorBoot {
    DeviceId device;
    wire::BootId boot = boot_of(0);
    Instant begun = kNow - 1h;  // When its monotonic clock stood at zero.
    wire::ClockState clock_state = wire::ClockState::ntp;
    std::chrono::microseconds clock_error{0};  // Of its own wall clock.
    std::size_t observations = 2;

    wire::Report report(std::uint64_t seq) const {
        wire::Report out;
        out.key = {device, boot, seq};
        out.started_mono_us = seq * 2'000'000;
        out.started = begun + std::chrono::microseconds(out.started_mono_us) + clock_error;
        out.duration = 2s;
        out.clock_state = clock_state;
        auto& all = out.observations;
        all.salt_epoch = id_of(0x30);
        all.salt_mode = wire::SaltMode::standard;
        for (std::size_t i = 0; i < observations; ++i) {
            all.rows.push_back(
                {.pseudonym = seq * 0x9E3779B97F4A7C15 + i * 0xD1B54A32D192ED03,
                 .at_us = static_cast<std::uint32_t>(i * 1'000'000 / observations),
                 .coarse_fingerprint = 0xC0A25E01 + static_cast<std::uint32_t>(i % 50),
                 .fine_fingerprint = 0xF17E0001 + static_cast<std::uint32_t>(i % 80),
                 .sequence = static_cast<std::uint16_t>(i % 4096),
                 .address_class = wire::AddressClass::local,
                 .rssi_dbm = static_cast<std::int8_t>(-50 - static_cast<int>(i % 40)),
                 .channel = 6});
        }
        return out;
    }
    std::string frame(std::uint64_t seq) const { return wire::encode(report(seq)); }
    std::string envelope(std::uint64_t first, std::uint64_t last) const {
        std::string out;
        for (auto seq = first; seq <= last; ++seq) wire::append_frame(out, report(seq));
        return out;
    }
};

/// What stands in the stream, without its places: what must be the same after any disturbance.
struct Kept {
    DeviceId device;
    wire::BootId boot{};
    std::uint64_t seq = 0;
    Instant started;
    bool time_uncertain = false;
    friend auto operator<=>(const Kept&, const Kept&) = default;
};

class IngestTest : public pg::PostgresTest {
  protected:
    explicit IngestTest(IngestConfig wanted = quick())
        : PostgresTest({pg::kMigrations, kMigrations}, {.connections_max = 12}), config(wanted) {}

    static IngestConfig quick() {
        IngestConfig out;
        out.group.wait_max = 0ms;
        return out;
    }

    DeviceId add_device() {
        const auto device = DeviceId::fresh(SystemClock().now());
        running().learn({company, device, true, kNow});
        return device;
    }
    Ingest& running() {
        if (!ingest) ingest = std::make_unique<Ingest>(system, clock, *registry, config);
        return *ingest;
    }
    /// Stops it and begins anew, as after a restart.
    void restart() {
        ingest.reset();
        registry = std::make_unique<metrics::Registry>();
        running();
    }
    /// Delivers and gives the one ack.
    wire::Ack deliver(DeviceId device, std::string envelope) {
        const auto outcome = running().deliver(device, std::move(envelope), 20s);
        EXPECT_TRUE(outcome);
        if (!outcome || outcome->acks.size() != 1) return {};
        return outcome->acks.front();
    }
    std::vector<AcceptedReport> stream() {
        StoredReports reports(system, as("mobilytics_system"));
        return reports.read_after({}, 1'000'000);
    }
    std::vector<Kept> kept() {
        std::vector<Kept> out;
        for (const auto& one : stream()) {
            const auto& key = one.report.key;
            out.push_back({key.device, key.boot, key.seq, one.started, one.time_uncertain});
        }
        std::ranges::sort(out);
        return out;
    }
    double counted(const std::string& line) {
        const auto text = registry->text();
        const auto at = text.find("\n" + line + " ");
        if (at == text.npos) return -1;
        return std::stod(text.substr(at + line.size() + 2));
    }
    /// One statement as the owner; the first column of its first row.
    std::string ask(const std::string& sql) {
        pg::Connection connection(owner, 0ms);
        const auto rows = connection.command("test.ask", sql);
        const auto first = [](const pg::Row& row) {
            return row.optional<std::string>("answer").value_or("null");
        };
        return rows.first(first).value_or("nothing");
    }

    ManualClock clock{kNow};
    const CompanyId company = CompanyId::fresh(SystemClock().now());
    IngestConfig config;
    std::unique_ptr<metrics::Registry> registry = std::make_unique<metrics::Registry>();
    std::unique_ptr<Ingest> ingest;
};

}  // namespace mobilytics::ingest
