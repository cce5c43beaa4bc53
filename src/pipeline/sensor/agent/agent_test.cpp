#include "pipeline/sensor/agent/agent.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include "pipeline/sensor/agent/capture_test.h"
#include "pipeline/sensor/spool/disk_io.h"
#include "pipeline/sensor/spool/recording_io_test.h"
#include "platform/crypto/digest.h"

namespace mobilytics::sensor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSecond = 1'000'000;
constexpr TimeBase kBase{1'787'304'600'000'000, wire::ClockState::ntp};  // 2026-08-21T09:30 UTC.

Moment real(std::uint64_t us) { return {kBase.wall(us), us, kBase.state}; }

Address phone(std::uint8_t last) { return {0xDA, 0xA1, 0x19, 0x5E, 0xC2, last}; }

AgentConfig config() {
    AgentConfig out;
    out.device = DeviceId::from_bytes({1});
    return out;
}

struct Bench {
    explicit Bench(FileIo& io, OptOutList opt_out = {}, AgentConfig with = config())
        : agent(with, io, salts, std::move(opt_out), kBase, 0, real(0)) {}
    void hear(std::uint64_t us, const std::string& bytes) {
        agent.hear(frame_of(bytes, kBase.wall(us)), us);
    }
    void advance(std::uint64_t us, const std::vector<wire::ClockAnchor>& anchors = {}) {
        agent.advance(us, kBase, real(us), anchors);
    }
    std::vector<wire::Report> reports() {
        std::vector<wire::Report> out;
        for (const auto& spooled : agent.spool().read({}, 100 << 20, 100'000)) {
            wire::EnvelopeReader reader(
                {reinterpret_cast<const std::uint8_t*>(spooled.frame.data()),
                 spooled.frame.size()});
            const auto frame = reader.next();
            EXPECT_TRUE(frame);
            EXPECT_FALSE(wire::decode(*frame, out.emplace_back()));
            EXPECT_EQ(out.back().key.seq, spooled.key.seq);
            EXPECT_EQ(out.back().key.boot, spooled.key.boot);
        }
        return out;
    }
    Salts salts{wire::SaltMode::strict, "America/Chicago"};
    Agent agent;
};

TEST(Agent, MakesReportsOfFrames) {
    RecordingIo io;
    Bench bench(io);
    bench.hear(100'000, probe_request(phone(1), "", 17, -61));
    bench.hear(200'000, std::string("\0\0", 2));
    bench.advance(3 * kSecond);
    bench.agent.finish(4 * kSecond, real(4 * kSecond));
    const auto reports = bench.reports();
    ASSERT_EQ(reports.size(), 2u);
    ASSERT_EQ(reports[0].observations.size(), 1u);
    const auto& seen = reports[0].observations[0];
    EXPECT_EQ(seen.at_us, 100'000u);
    EXPECT_EQ(seen.rssi_dbm, -61);
    EXPECT_EQ(seen.channel, 6);
    EXPECT_EQ(seen.sequence, 17);
    EXPECT_EQ(seen.kind, wire::RadioKind::wifi);
    EXPECT_EQ(seen.address_class, wire::AddressClass::local);
    EXPECT_EQ(seen.ble_company, 0xFFFF);
    // 1 and 221:0050f2:8, as docs/protocol.md has it.
    EXPECT_EQ(
        seen.coarse_fingerprint,
        Pseudonymiser::coarse(std::vector<std::uint8_t>{0x01, 0xDD, 0x00, 0x50, 0xF2, 0x08}));
    ASSERT_TRUE(reports[0].health);
    ASSERT_TRUE(reports[1].health);
    EXPECT_EQ(reports[1].health->frames_read, 2u);
    const std::vector<wire::DropCount> drops{{"bad_radiotap", 1}};
    EXPECT_EQ(reports[1].health->frames_dropped, drops);
    EXPECT_EQ(reports[1].health->version, MOBILYTICS_VERSION);
}

TEST(Agent, TellsHealthEveryMinuteAndAnchorsOnce) {
    RecordingIo io;
    Bench bench(io);
    const wire::ClockAnchor anchor{5, kBase.wall(5), wire::ClockState::ntp, 100};
    bench.advance(11 * kSecond, {anchor});
    for (std::uint64_t second = 12; second <= 100; ++second) bench.advance(second * kSecond);
    std::vector<std::uint64_t> healthy, anchored;
    for (const auto& report : bench.reports()) {
        if (report.health) healthy.push_back(report.key.seq);
        if (!report.anchors.empty()) {
            anchored.push_back(report.key.seq);
            EXPECT_EQ(report.anchors, std::vector<wire::ClockAnchor>{anchor});
        }
    }
    EXPECT_EQ(healthy, (std::vector<std::uint64_t>{1, 7}));
    EXPECT_EQ(anchored, std::vector<std::uint64_t>{1});
}

TEST(Agent, WhoseDiskIsFullCountsAndGoesOn) {
    RecordingIo io;
    Bench bench(io);
    io.read_only = true;
    bench.hear(1, probe_request(phone(1), "", 1, -60));
    for (std::uint64_t second = 1; second < 30; ++second) bench.advance(second * kSecond);
    EXPECT_EQ(bench.agent.counts().reports, 0u);
    const auto not_kept = bench.agent.counts().spool.not_kept;
    EXPECT_GT(not_kept, 0u);
    io.read_only = false;
    bench.agent.finish(31 * kSecond, real(31 * kSecond));
    const auto reports = bench.reports();
    ASSERT_FALSE(reports.empty());
    const std::vector<wire::Loss> losses{
        {reports[0].key.boot, 1, not_kept, wire::LossReason::spool_full}};
    EXPECT_EQ(reports[0].losses, losses);
    EXPECT_EQ(reports[0].key.seq, not_kept + 1);
    ASSERT_TRUE(reports[0].health);
    const wire::DropCount told{"reports_not_kept", not_kept};
    EXPECT_EQ(reports[0].health->frames_dropped.back(), told);
}

TEST(Agent, StartedAgainGoesOnUnderAnotherBoot) {
    RecordingIo io;
    wire::BootId first{};
    {
        Bench bench(io);
        first = bench.agent.spool().boot();
        bench.hear(1, probe_request(phone(1), "", 1, -60));
        bench.agent.finish(kSecond, real(kSecond));
    }
    Bench bench(io);
    bench.hear(1, probe_request(phone(1), "", 1, -60));
    bench.agent.finish(kSecond, real(kSecond));
    const auto reports = bench.reports();
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].key.boot, first);
    EXPECT_NE(reports[1].key.boot, first);
    EXPECT_EQ(reports[1].key.seq, 1u);
    // A restart forgets the salt: nothing of before can be compared with what comes after.
    EXPECT_NE(reports[0].observations.salt_epoch, reports[1].observations.salt_epoch);
    EXPECT_NE(reports[0].observations[0].pseudonym, reports[1].observations[0].pseudonym);
}

/// All bytes in a folder's files, and of the frames in them also what they unpack to.
std::string all_bytes(const fs::path& folder, Spool& spool) {
    std::string out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        out.append(std::istreambuf_iterator<char>(file), {});
    }
    for (const auto& spooled : spool.read({}, 1 << 30, 1'000'000)) {
        const std::string_view body =
            std::string_view(spooled.frame).substr(wire::kFrameHeaderBytes);
        if (spooled.frame[3] == 0) continue;  // Plain, and so in the file.
        std::string plain(wire::kFramePlainBytesMax, '\0');
        plain.resize(ZSTD_decompress(plain.data(), plain.size(), body.data(), body.size()));
        out += plain;
    }
    return out;
}

/// Ways in which somebody might find a text or an address.
std::vector<std::string> spellings(const std::string& bytes) {
    std::vector<std::string> out{bytes};
    for (const char* separator : {"", ":", "-"}) {
        std::string small;
        for (const char byte : bytes) {
            if (!small.empty()) small += separator;
            small += crypto::to_hex({&byte, 1});
        }
        auto large = small;
        for (auto& c : large) c = static_cast<char>(std::toupper(c));
        out.insert(out.end(), {small, large});
    }
    auto reversed = bytes;  // As BLE has addresses on the air.
    std::ranges::reverse(reversed);
    out.push_back(reversed);
    return out;
}

class PrivacyTest : public testing::Test {
  protected:
    ~PrivacyTest() override { fs::remove_all(folder); }
    void expect_none_of(const std::vector<std::string>& secrets, const std::string& written) {
        for (const auto& secret : secrets) {
            for (const auto& spelling : spellings(secret)) {
                EXPECT_EQ(written.find(spelling), std::string::npos) << crypto::to_hex(secret);
            }
        }
    }
    const fs::path folder =
        fs::temp_directory_path() / ("mobilytics_privacy_" + std::to_string(getpid()));
};

TEST_F(PrivacyTest, NoAddressAndNoNetworkNameIsWrittenOrLogged) {
    std::vector<std::string> secrets;
    testing::internal::CaptureStderr();
    DiskIo io(folder);
    Bench bench(io, *OptOutList::parse("da:a1:19:5e:c2:07"));
    for (std::uint8_t i = 0; i < 100; ++i) {
        const auto name = "Cafe Secret " + std::to_string(i);
        const auto us = i * 100'000ull;
        auto bytes = probe_request(phone(i), name, i, -60);
        if (i % 10 == 3) bytes.resize(bytes.size() - 9);  // A broken one now and then.
        bench.hear(us, bytes);
        bench.advance(us);
        secrets.push_back(address_bytes(phone(i)));
        secrets.push_back(name);
    }
    bench.agent.finish(11 * kSecond, real(11 * kSecond));
    const auto logged = testing::internal::GetCapturedStderr();
    const auto written = all_bytes(folder, bench.agent.spool());
    ASSERT_GT(written.size(), 2'000u);
    EXPECT_EQ(bench.agent.counts().recorded, 89u);
    expect_none_of(secrets, written + logged);
    expect_none_of(
        {bench.salts.of(local_day(kBase.wall(0), "America/Chicago"))->key.reveal()},
        written + logged);
}

}  // namespace
}  // namespace mobilytics::sensor
