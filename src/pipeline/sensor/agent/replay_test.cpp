// Whole sensors against a real broker: replays, kills, and live ones in one process.

#include "pipeline/sensor/agent/replay.h"

#include <csignal>

#include <gtest/gtest.h>

#include "pipeline/sensor/agent/capture_test.h"
#include "pipeline/sensor/uplink/tiny_platform_test.h"

namespace mobilytics::sensor {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const Instant kNoon = *parse_iso8601("2026-03-05T12:00:00Z");

Address phone(std::uint8_t last) { return {0xDA, 0xA1, 0x19, 0x5E, 0xC2, last}; }

class WholeSensorTest : public testing::Test {
  protected:
    WholeSensorTest() { fs::create_directories(folder); }
    ~WholeSensorTest() override { fs::remove_all(folder); }

    /// Ten minutes: a frame a second, of three phones in turn.
    std::string capture(int frames = 600) {
        std::vector<Captured> all;
        for (int i = 0; i < frames; ++i) {
            all.push_back(
                {kNoon + std::chrono::seconds(i), probe_request(
                                                      phone(static_cast<std::uint8_t>(i % 3)), "",
                                                      static_cast<std::uint16_t>(i), -60)});
        }
        const auto path = (folder / "capture.pcap").string();
        write_pcap(path, all);
        return path;
    }
    std::string track() {
        const auto path = (folder / "track.nmea").string();
        std::ofstream(path)
            << "$GPRMC,120010.00,A,4152.8000,N,08737.7000,W,10.0,90.0,050326,,*2F\r\n"
            << "$GPRMC,120020.00,A,4152.9000,N,08737.7000,W,10.0,90.0,050326,,*2D\r\n";
        return path;
    }
    StationConfig station(const fs::path& state) {
        StationConfig out;
        out.state_folder = state;
        out.identity = platform.enrolled(state);
        out.agent.spool.segment_bytes = 64 << 10;
        out.uplink.ack_wait = 500ms;
        out.uplink.second_way_for = 2'000ms;
        return out;
    }
    Result<ReplayResult> play(
        const ReplayFiles& files, const StationConfig& config, ReplayConfig how = {}) {
        how.silence_max = 20'000ms;
        return replay(files, how, config, machine, stop, [](const ReplayProgress&) {});
    }
    std::size_t sightings() {
        std::size_t out = 0;
        for (const auto& [key, report] : platform.ingest().stored()) {
            out += report.observations.size();
        }
        return out;
    }

    const fs::path folder =
        fs::temp_directory_path() / ("mobilytics_replay_" + std::to_string(getpid()));
    const SystemClock clock;
    const RealMachineTime machine{clock};
    std::atomic<bool> stop = false;
    TinyPlatform platform;
};

TEST_F(WholeSensorTest, PlaysACaptureSoThatItEndsNow) {
    const auto config = station(folder / "state");
    const auto before = clock.now();
    const auto result = play({{capture()}, {}}, config);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->all_acknowledged);
    EXPECT_EQ(result->agent.frames.frames, 600u);
    EXPECT_EQ(result->agent.recorded, 600u);
    EXPECT_EQ(sightings(), 600u);
    EXPECT_GE(result->played.last, before);
    EXPECT_LE(result->played.last, clock.now());
    EXPECT_EQ(result->played.last - result->played.first, 599s);
    // Windows follow each other without a gap, under the company's salt.
    std::optional<Instant> end;
    std::uint64_t seq = 0;
    for (const auto& [key, report] : platform.ingest().stored()) {
        EXPECT_EQ(key.seq, ++seq);
        if (end) EXPECT_EQ(report.started, *end);
        end = report.started + report.duration;
        if (report.observations.size() > 0) {
            EXPECT_EQ(report.observations.salt_mode, wire::SaltMode::standard);
        }
    }
}

TEST_F(WholeSensorTest, WhoIsOnTheCompanysListIsInNoReport) {
    const Address listed{0xA4, 0x83, 0xE7, 1, 2, 3};
    const Secret<std::string> key(std::string(32, 'k'));
    platform.opt_outs.set(
        {{"version", "a1"},
         {"key", crypto::to_hex(key.reveal())},
         {"digests", {crypto::to_hex(crypto::Hmac(key).of(listed)).substr(0, 32)}}});
    std::vector<Captured> all;
    for (std::uint16_t i = 0; i < 60; ++i) {
        const auto address = i % 2 == 0 ? listed : phone(1);
        all.push_back({kNoon + std::chrono::seconds(i), probe_request(address, "", i, -60)});
    }
    const auto path = (folder / "both.pcap").string();
    write_pcap(path, all);
    const auto state = folder / "state";
    const auto result = play({{path}, {}}, station(state));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->agent.not_recorded[static_cast<std::size_t>(RecordDrop::opted_out)], 30u);
    EXPECT_EQ(sightings(), 30u);
    std::set<std::uint64_t> pseudonyms;
    for (const auto& [seq, report] : platform.ingest().stored()) {
        for (const auto& row : report.observations.rows) pseudonyms.insert(row.pseudonym);
    }
    EXPECT_EQ(pseudonyms.size(), 1u);
    // It asked with what it had, and then said that it follows.
    const auto had = platform.opt_outs.had();
    ASSERT_GE(had.size(), 2u);
    EXPECT_EQ(had[0], "");
    EXPECT_EQ(had[1], "\"a1\"");
    EXPECT_TRUE(fs::exists(state / kOptOutsFile));
}

TEST_F(WholeSensorTest, KeepsTheTimesOfACaptureWhenAsked) {
    platform.hands_out_salts = false;
    ReplayConfig how;
    how.keep_time = true;
    const auto result = play({{capture(60)}, {track()}}, station(folder / "state"), how);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->all_acknowledged);
    const auto stored = platform.ingest().stored();
    ASSERT_FALSE(stored.empty());
    EXPECT_EQ(stored.begin()->second.started, kNoon);
    std::vector<Instant> fixes;
    std::set<wire::SaltEpoch> epochs;
    for (const auto& [key, report] : stored) {
        for (const auto& position : report.positions) {
            fixes.push_back(report.started + std::chrono::microseconds(position.at_us));
            EXPECT_EQ(position.longitude_e7, -876'283'333);
        }
        if (report.observations.size() > 0) {
            EXPECT_EQ(report.observations.salt_mode, wire::SaltMode::strict);
            epochs.insert(report.observations.salt_epoch);
        }
    }
    EXPECT_EQ(fixes, (std::vector<Instant>{kNoon + 10s, kNoon + 20s}));
    EXPECT_EQ(epochs.size(), 1u);
}

TEST_F(WholeSensorTest, PlaysAtAPace) {
    ReplayConfig how;
    how.speed = 30;
    const auto before = clock.now();
    const auto result = play({{capture(60)}, {}}, station(folder / "state"), how);
    const auto took = clock.now() - before;
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_GE(took, 59s / 30);
    EXPECT_EQ(sightings(), 60u);
    for (const auto& [key, report] : platform.ingest().stored()) {
        EXPECT_LE(report.started + report.duration, clock.now());
    }
}

TEST_F(WholeSensorTest, GoesOverHttpsWhereTheBrokerDoesNotAnswer) {
    platform.gateway_answers = false;
    const auto result = play({{capture(100)}, {}}, station(folder / "state"));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->all_acknowledged);
    EXPECT_GT(platform.over_https, 0);
    EXPECT_EQ(sightings(), 100u);
}

TEST_F(WholeSensorTest, SaysWhenNotAllWasAcknowledgedAndSendsTheRestTheNextTime) {
    platform.gateway_answers = false;
    platform.door_open = false;
    const auto config = station(folder / "state");
    ReplayConfig how;
    how.silence_max = 1'500ms;
    const auto first =
        replay({{capture(20)}, {}}, how, config, machine, stop, [](const ReplayProgress&) {});
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->all_acknowledged);
    EXPECT_GT(first->agent.spool.reports, 0u);
    platform.gateway_answers = true;
    platform.door_open = true;
    const auto second = play({{capture(20)}, {}}, config);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->all_acknowledged);
    EXPECT_EQ(sightings(), 40u);
}

TEST_F(WholeSensorTest, LosesAndDoublesNothingWhenTheBrokerIsKilled) {
    const auto config = station(folder / "state");
    ReplayConfig how;
    how.speed = 200;  // Three seconds.
    std::thread killer([&] {
        for (int i = 0; i < 3; ++i) {
            const auto reports = platform.ingest().stored().size();
            platform.wait_for_reports(reports + 5, 5s);
            const auto process = platform.broker().broker().server().pid();
            if (process > 0) kill(process, SIGKILL);
        }
    });
    const auto result = play({{capture()}, {}}, config, how);
    killer.join();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->all_acknowledged);
    EXPECT_EQ(sightings(), 600u);
    EXPECT_EQ(platform.ingest().stored().size(), result->agent.reports);
    EXPECT_GE(platform.broker().broker().server().restarts(), 1u);
}

TEST_F(WholeSensorTest, StopsCleanlyAndKeepsWhatItHeard) {
    platform.gateway_answers = false;
    platform.door_open = false;
    ReplayConfig how;
    how.speed = 1;
    std::thread stopper([&] {
        std::this_thread::sleep_for(1'500ms);
        stop = true;
    });
    const auto config = station(folder / "state");
    const auto result = play({{capture(100)}, {}}, config, how);
    stopper.join();
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->stopped);
    EXPECT_FALSE(result->all_acknowledged);
    const auto heard = result->agent.recorded;
    EXPECT_GT(heard, 0u);
    EXPECT_LT(heard, 100u);
    stop = false;
    platform.gateway_answers = true;
    platform.door_open = true;
    const auto rest = play({{capture(1)}, {}}, config);
    EXPECT_TRUE(rest->all_acknowledged);
    EXPECT_EQ(sightings(), heard + 1);
}

TEST_F(WholeSensorTest, RefusesWhatIsNoCapture) {
    const auto path = (folder / "letter.pcap").string();
    std::ofstream(path) << "Dear sir or madam";
    const auto result = measure_files({{path}, {}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "not_a_capture");
    EXPECT_FALSE(measure_files({{(folder / "none.pcap").string()}, {}}));
}

/// Hears a phone ten times a second: `frames` of it, then `last`.
class Radio final : public FrameSource {
  public:
    explicit Radio(
        const Clock& clock, std::uint8_t number, std::uint16_t frames = 60'000,
        Step last = Step::end)
        : clock_(clock), number_(number), frames_(frames), last_(last) {}
    Step next(RawFrame& frame, std::chrono::milliseconds) override {
        if (cancelled_) return Step::end;
        if (sequence_ == frames_) return last_;
        const auto now = clock_.now();
        if (now < next_) return Step::idle;
        next_ = std::max(next_ + 100ms, now - 1s);
        bytes_ = probe_request(phone(number_), "", ++sequence_ & 0xFFF, -50);
        frame = frame_of(bytes_, now);
        return Step::ready;
    }
    void cancel() override { cancelled_ = true; }
    const Error& failure() const override { return failure_; }
    bool live() const override { return true; }

  private:
    const Clock& clock_;
    std::uint8_t number_;
    std::uint16_t frames_;
    Step last_;
    Instant next_;
    std::uint16_t sequence_ = 0;
    std::string bytes_;
    Error failure_{ErrorKind::invalid, "", ""};
    std::atomic<bool> cancelled_ = false;
};

TEST_F(WholeSensorTest, ManyShareAThread) {
    std::vector<std::unique_ptr<Station>> stations;
    for (std::uint8_t i = 0; i < 20; ++i) {
        Sources sources;
        sources.frames.push_back(std::make_unique<Radio>(clock, i));
        auto config = station(folder / ("state" + std::to_string(i)));
        config.agent.recorder.grace = 100ms;
        stations.push_back(std::make_unique<Station>(config, machine, std::move(sources)));
    }
    const Deadline deadline(15s);
    while (platform.ingest().stored().size() < 40 && !deadline.passed()) {
        for (const auto& one : stations) one->poll();
        std::this_thread::sleep_for(20ms);
    }
    for (const auto& one : stations) one->finish();
    std::set<DeviceId> devices;
    for (const auto& [key, report] : platform.ingest().stored()) devices.insert(report.key.device);
    EXPECT_EQ(devices.size(), 20u);
}

TEST_F(WholeSensorTest, ListensWithThreadsUntilItIsStopped) {
    Sources sources;
    sources.frames.push_back(std::make_unique<Radio>(clock, 1));
    auto config = station(folder / "state");
    config.agent.recorder.grace = 100ms;
    Station one(config, machine, std::move(sources));
    std::optional<StationEnd> end;
    std::thread thread([&] { end = one.run(stop); });
    EXPECT_TRUE(platform.wait_for_reports(2, 20s));
    stop = true;
    thread.join();
    EXPECT_EQ(end, StationEnd::stopped);
    EXPECT_GT(one.agent().counts().recorded, 10u);
}

TEST_F(WholeSensorTest, SendsAllBeforeItEndsWithWhatItHears) {
    Sources sources;
    sources.frames.push_back(std::make_unique<Radio>(clock, 1, 20, Step::end));
    Station one(station(folder / "state"), machine, std::move(sources));
    EXPECT_EQ(one.run(stop), StationEnd::sent);
    EXPECT_EQ(sightings(), 20u);
    EXPECT_EQ(one.agent().counts().spool.reports, 0u);
}

TEST_F(WholeSensorTest, OfWhatIsGoneItSaysSoAndKeepsWhatItHeard) {
    Sources sources;
    sources.frames.push_back(std::make_unique<Radio>(clock, 1, 20, Step::failed));
    Station one(station(folder / "state"), machine, std::move(sources));
    EXPECT_EQ(one.run(stop), StationEnd::source_failed);
    EXPECT_EQ(one.agent().counts().recorded, 20u);
    const auto counts = one.agent().counts();
    EXPECT_EQ(counts.spool.settled + counts.spool.reports, counts.reports);
}

}  // namespace
}  // namespace mobilytics::sensor
