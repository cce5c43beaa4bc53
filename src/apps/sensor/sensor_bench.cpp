// What a sensor costs its machine: a line a figure, name,value,unit and, where the design has one,
// the bar and whether it is met.

#include <cstdio>
#include <cstdlib>

#include <sys/resource.h>

#include "foundation/monotonic.h"
#include "pipeline/sensor/agent/agent.h"
#include "pipeline/sensor/agent/process_figures.h"
#include "pipeline/sensor/spool/disk_io.h"
#include "pipeline/sensor/uplink/uplink.h"

namespace mobilytics::sensor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSecond = 1'000'000;
constexpr TimeBase kBase{1'787'304'600'000'000, wire::ClockState::ntp};

Moment moment(std::uint64_t us) { return {kBase.wall(us), us, kBase.state}; }

void print(const char* name, double value, const char* unit) {
    std::printf("%s,%.6g,%s\n", name, value, unit);
}
void print(const char* name, double value, const char* unit, double at_most) {
    std::printf(
        "%s,%.6g,%s,%g,%s\n", name, value, unit, at_most, value <= at_most ? "met" : "missed");
}

/// A folder that goes when it does.
struct Folder {
    Folder() {
        auto name = (fs::temp_directory_path() / "mobilytics_bench_XXXXXX").string();
        VERIFY(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path;
};

/// Settles what it is given at once, as a platform without a network would.
class InstantPlatform final : public Courier {
  public:
    SendResult send(std::string envelope) override {
        wire::EnvelopeReader reader(
            {reinterpret_cast<const std::uint8_t*>(envelope.data()), envelope.size()});
        while (const auto frame = reader.next()) {
            VERIFY(!wire::decode(*frame, report_));
            observations += report_.observations.size();
        }
        acks_.push_back({report_.key.boot, report_.key.seq, {}, {}, {}, 0, {}});
        return {};
    }
    bool ready() const override { return true; }
    std::vector<wire::Ack> take_acks() override { return std::exchange(acks_, {}); }
    std::uint64_t observations = 0;

  private:
    wire::Report report_;
    std::vector<wire::Ack> acks_;
};

/// A probe request of one of 300 phones, as they send them, 120 octets.
std::string probe_request(std::uint32_t number) {
    std::string out("\x00\x00\x0d\x00\x28\x00\x00\x00\x85\x09\xa0\x00\xc4", 13);
    out += std::string("\x40\x00\x00\x00", 4) + std::string(6, '\xff');
    const auto phone = number * 2'654'435'761u % 300;
    out += std::string("\xda\xa1\x19\x00", 4);
    out += static_cast<char>(phone >> 8);
    out += static_cast<char>(phone);
    out += std::string(6, '\xff');
    out += static_cast<char>(number << 4);
    out += static_cast<char>(number >> 4);
    out += std::string("\x00\x00\x01\x04\x02\x04\x0b\x16", 8);
    out += std::string("\x32\x08\x0c\x12\x18\x24\x30\x48\x60\x6c", 10);
    out += std::string("\x2d\x1a\x2d\x40\x1b\xff", 6) + std::string(22, '\0');
    out += std::string("\x7f\x08\x00\x00\x08\x04\x00\x00\x00\x40", 10);
    out += std::string("\xdd\x07\x00\x50\xf2\x08\x00\x10\x00", 9);
    return out;
}

/// Ten minutes at 500 frames a second, to disk and to a platform that answers at once.
void measure_agent() {
    constexpr std::uint32_t kFramesPerSecond = 500;
    constexpr std::uint64_t kSeconds = 600;
    const Folder folder;
    DiskIo io(folder.path);
    Salts salts(wire::SaltMode::strict, "UTC");
    AgentConfig config;
    config.device = DeviceId::from_bytes({1});
    Agent agent(config, io, salts, {}, kBase, 0, moment(0));
    InstantPlatform platform;
    Uplink uplink(agent.spool(), platform, nullptr, {}, 1);
    const auto before = process_figures();
    const Stopwatch took;
    std::uint32_t number = 0;
    for (std::uint64_t second = 0; second < kSeconds; ++second) {
        for (std::uint32_t i = 0; i < kFramesPerSecond; ++i) {
            const auto us = second * kSecond + i * kSecond / kFramesPerSecond;
            const auto bytes = probe_request(number++);
            RawFrame frame;
            frame.at = kBase.wall(us);
            frame.bytes = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
            frame.original_bytes = static_cast<std::uint32_t>(bytes.size());
            agent.hear(frame, us);
            if (i % (kFramesPerSecond / 10) == 0) agent.advance(us, kBase, moment(us));
        }
        uplink.turn(second * kSecond);
    }
    agent.finish(kSeconds * kSecond, moment(kSeconds * kSecond));
    uplink.turn((kSeconds + 1) * kSecond);
    const auto after = process_figures();
    VERIFY(uplink.drained() && platform.observations == kFramesPerSecond * kSeconds);
    const auto cpu_us = static_cast<double>(after.cpu_us - before.cpu_us);
    print("sensor/agent at 500 frames/s of one core here", cpu_us / 1e4 / kSeconds, "% CPU", 5);
    print("sensor/agent memory", static_cast<double>(after.memory_bytes) / 1e6, "MB", 50);
    print("sensor/agent a frame from octets to the platform", cpu_us * 1e3 / number, "ns CPU");
    print("sensor/agent ten minutes played in", took.seconds(), "s");
}

/// Reports of some 100 sightings, with the group sync that a sensor has.
void measure_spool(std::uint64_t sync_bytes, const char* name) {
    const Folder folder;
    DiskIo io(folder.path);
    SpoolLimits limits;
    limits.sync_bytes = sync_bytes;
    Spool spool(io, limits, moment(0));
    const std::string frame(1'500, 'x');
    const Stopwatch took;
    std::uint64_t count = 0;
    while (took.seconds() < 1) {
        VERIFY(spool.append(frame, moment(count)));
        spool.tick(moment(count));
        ++count;
    }
    spool.sync();
    print(name, static_cast<double>(count) / took.seconds(), "reports/s");
}

}  // namespace
}  // namespace mobilytics::sensor

int main() {
    using namespace mobilytics::sensor;
    measure_spool(64 << 10, "sensor/spool append synced every 64 kib");
    measure_spool(1, "sensor/spool append synced each");
    measure_agent();
}
