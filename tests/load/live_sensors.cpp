// Many live sensors in one process, each with its own identity, spool and connections: see --help.
// The simulated city's air is worked out beforehand, so that its work is no part of what is
// measured.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <thread>

#include "pipeline/sensor/agent/station.h"
#include "pipeline/sensor/decode/fix_text.h"
#include "simulation/city.h"

namespace mobilytics::simulation {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr const char* kHelp = R"(live_sensors - many simulated sensors, live (synthetic data)

  live_sensors --states FOLDER --out FILE [--seconds N] [--warm-up N]

  --states FOLDER  of each sensor a folder with what enrolment left there
  --out FILE       of each sighting a line: the sensor's folder, and when it was on the air,
                   microseconds since 1970; without those of the warm-up
  --seconds N      how long they listen, 60 by default, after
  --warm-up N      so many seconds, 60 by default: all connect

Sensor i plays asset i modulo 20 of the city from noon on, three minutes later for each twenty, in real
time. Exit codes: 0 done, and all is acknowledged; 1 not so; 2 not understood.
)";

constexpr auto kApart = 3min;
constexpr auto kTurnEvery = 20ms;
constexpr auto kDrainMax = 60s;
constexpr int kPollers = 8;
const Instant kNoon{std::chrono::sys_days{std::chrono::year(2026) / 8 / 21} + 17h};  // In Chicago.

/// What one asset's sensor could hear, in the order of time.
struct Air {
    struct Entry {
        Instant at;
        std::size_t begin, size;
        sensor::LinkType link;
    };
    std::vector<Entry> frames;
    std::vector<std::uint8_t> octets;
    std::vector<sensor::Fix> fixes;
};

Air record(const City& city, std::uint32_t asset, Instant from, Instant to) {
    Air out;
    const auto radio = city.radio(asset, from, to);
    sensor::RawFrame frame;
    while (radio->next(frame, 0ms) == sensor::Step::ready) {
        out.frames.push_back({frame.at, out.octets.size(), frame.bytes.size(), frame.link});
        out.octets.insert(out.octets.end(), frame.bytes.begin(), frame.bytes.end());
    }
    const auto receiver = city.receiver(asset, from, to);
    sensor::Fix fix;
    while (receiver && receiver->next(fix, 0ms) == sensor::Step::ready) out.fixes.push_back(fix);
    return out;
}

/// Gives what was recorded when its time has come, moved by `shift`, until `end`.
template <class Base, class Item>
class Playing : public Base {
  public:
    Playing(const Clock& clock, microseconds shift, Instant end)
        : clock_(clock), shift_(shift), end_(end) {}
    void cancel() override { end_ = Instant(); }
    const Error& failure() const override { return none_; }
    bool live() const override { return true; }

  protected:
    /// Whether what was at `at` is to be given now; then `at` is when it is.
    bool due(Instant& at) const {
        at += shift_;
        return at < end_ && at <= clock_.now();
    }
    Instant began() const { return clock_.now() - shift_; }

  private:
    const Clock& clock_;
    const microseconds shift_;
    Instant end_;
    const Error none_{ErrorKind::unavailable, "", ""};
};

class PlayedRadio final : public Playing<sensor::FrameSource, sensor::RawFrame> {
  public:
    PlayedRadio(
        const Air& air, const Clock& clock, microseconds shift, Instant end,
        std::vector<Instant>& heard)
        : Playing(clock, shift, end), air_(air), heard_(heard) {
        const auto is_past = [from = began()](const Air::Entry& entry) { return entry.at < from; };
        next_ = std::ranges::partition_point(air.frames, is_past) - air.frames.begin();
    }
    sensor::Step next(sensor::RawFrame& frame, std::chrono::milliseconds) override {
        if (next_ >= std::ssize(air_.frames)) return sensor::Step::idle;
        const auto& entry = air_.frames[static_cast<std::size_t>(next_)];
        auto at = entry.at;
        if (!due(at)) return sensor::Step::idle;
        ++next_;
        frame = {};
        frame.link = entry.link;
        frame.at = at;
        frame.bytes = std::span(air_.octets).subspan(entry.begin, entry.size);
        frame.original_bytes = static_cast<std::uint32_t>(entry.size);
        frame.number = static_cast<std::uint64_t>(next_);
        if (!decoder_.decode(frame).empty()) heard_.push_back(at);
        return sensor::Step::ready;
    }

  private:
    const Air& air_;
    std::vector<Instant>& heard_;
    std::ptrdiff_t next_ = 0;
    sensor::FrameDecoder decoder_;  // To know what of it is a sighting.
};

class PlayedReceiver final : public Playing<sensor::FixSource, sensor::Fix> {
  public:
    PlayedReceiver(const Air& air, const Clock& clock, microseconds shift, Instant end)
        : Playing(clock, shift, end), air_(air) {
        const auto is_past = [from = began()](const sensor::Fix& fix) { return fix.at < from; };
        next_ = std::ranges::partition_point(air.fixes, is_past) - air.fixes.begin();
    }
    sensor::Step next(sensor::Fix& fix, std::chrono::milliseconds) override {
        if (next_ >= std::ssize(air_.fixes)) return sensor::Step::idle;
        fix = air_.fixes[static_cast<std::size_t>(next_)];
        if (!due(fix.at)) return sensor::Step::idle;
        ++next_;
        ++counts_.fixes;
        return sensor::Step::ready;
    }
    const sensor::FixCounts& counts() const override { return counts_; }

  private:
    const Air& air_;
    std::ptrdiff_t next_ = 0;
    sensor::FixCounts counts_;
};

/// The machine's clock is the server's own, so it is right whatever this machine's kernel knows of
/// time servers.
class ServersTime final : public sensor::MachineTime {
  public:
    explicit ServersTime(const Clock& clock) : real_(clock) {}
    Reading read() const override {
        auto reading = real_.read();
        reading.synchronised = true;
        reading.error_us = 1;
        return reading;
    }

  private:
    const sensor::RealMachineTime real_;
};

struct Sensor {
    std::string name;
    std::vector<Instant> heard;
    std::unique_ptr<sensor::Station> station;
};

/// All of a thread's sensors, each when it asked to be called again.
void poll(std::span<Sensor> sensors, const Clock& clock, const std::atomic<bool>& stopped) {
    std::vector<Instant> due(sensors.size());
    while (!stopped) {
        for (std::size_t i = 0; i < sensors.size(); ++i) {
            if (clock.now() < due[i]) continue;
            due[i] = clock.now() + sensors[i].station->poll();
        }
        std::this_thread::sleep_for(kTurnEvery);
    }
}

bool drained(std::span<Sensor> sensors) {
    return std::ranges::all_of(
        sensors, [](Sensor& one) { return one.station->link().uplink().drained(); });
}

int play(
    const std::filesystem::path& states, const std::filesystem::path& out,
    std::chrono::seconds warm_up, std::chrono::seconds span) {
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(states)) folders.push_back(entry);
    std::ranges::sort(folders);
    const SystemClock clock;
    const ServersTime machine(clock);
    const City city;
    const auto assets = city.assets().size();
    const auto rows = static_cast<int>((folders.size() + assets - 1) / assets);
    const auto length = kApart * rows + warm_up + span + 1min;
    std::vector<Air> airs;
    for (const auto& asset : city.assets()) {
        airs.push_back(record(city, asset.number, kNoon, kNoon + length));
    }
    const auto measured_from = clock.now() + warm_up;
    const auto end = measured_from + span;
    std::vector<Sensor> sensors(folders.size());
    for (std::size_t i = 0; i < folders.size(); ++i) {
        const auto identity = sensor::load_identity(folders[i]);
        VERIFY(identity && *identity);
        const auto& air = airs[i % assets];
        const auto row = static_cast<int>(i / assets);
        const auto shift = clock.now() - (kNoon + row * kApart);
        sensor::StationConfig config;
        config.state_folder = folders[i];
        config.identity = **identity;
        sensor::Sources sources;
        sources.frames.push_back(
            std::make_unique<PlayedRadio>(air, clock, shift, end, sensors[i].heard));
        if (!air.fixes.empty()) {
            sources.fixes.push_back(std::make_unique<PlayedReceiver>(air, clock, shift, end));
        }
        sensors[i].name = folders[i].filename();
        sensors[i].station = std::make_unique<sensor::Station>(config, machine, std::move(sources));
    }
    std::atomic<bool> stopped = false;
    std::vector<std::thread> pollers;
    for (std::size_t i = 0; i < kPollers; ++i) {
        const auto first = sensors.size() * i / kPollers;
        const auto past = sensors.size() * (i + 1) / kPollers;
        pollers.emplace_back([&, mine = std::span(sensors).subspan(first, past - first)] {
            poll(mine, clock, stopped);
        });
    }
    while (clock.now() < end + 10s) std::this_thread::sleep_for(kTurnEvery);  // The last window.
    stopped = true;
    for (auto& poller : pollers) poller.join();
    for (auto& one : sensors) one.station->finish();
    while (!drained(sensors) && clock.now() < end + kDrainMax) {
        for (auto& one : sensors) one.station->link().turn();
        std::this_thread::sleep_for(kTurnEvery);
    }

    std::FILE* file = std::fopen(out.c_str(), "w");
    VERIFY(file != nullptr);
    std::uint64_t sightings = 0, recorded = 0;
    for (auto& one : sensors) {
        for (const auto at : one.heard) {
            if (at < measured_from) continue;
            std::fprintf(
                file, "%s,%lld\n", one.name.c_str(),
                static_cast<long long>(at.time_since_epoch().count()));
            ++sightings;
        }
        recorded += one.station->agent().counts().recorded;
    }
    std::fclose(file);
    const bool all = drained(sensors);
    std::printf(
        "{\"sensors\": %zu, \"sightings\": %llu, \"recorded\": %llu, \"drained\": %s}\n",
        sensors.size(), static_cast<unsigned long long>(sightings),
        static_cast<unsigned long long>(recorded), all ? "true" : "false");
    return all ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace mobilytics::simulation

int main(int argc, char** argv) {
    using namespace mobilytics;
    std::map<std::string, std::string> given{
        {"--states", ""}, {"--out", ""}, {"--seconds", "60"}, {"--warm-up", "60"}};
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--help") {
            std::fputs(simulation::kHelp, stdout);
            return 0;
        }
        if (!given.contains(name) || ++i == argc) {
            std::fprintf(stderr, "live_sensors: what is %s? See --help\n", name.c_str());
            return 2;
        }
        given[name] = argv[i];
    }
    const auto seconds = sensor::read_digits(given["--seconds"]);
    const auto warm_up = sensor::read_digits(given["--warm-up"]);
    if (given["--states"].empty() || given["--out"].empty() || !seconds || !warm_up) {
        std::fputs("live_sensors: --states and --out are needed; see --help\n", stderr);
        return 2;
    }
    return simulation::play(
        given["--states"], given["--out"], std::chrono::seconds(*warm_up),
        std::chrono::seconds(*seconds));
}
