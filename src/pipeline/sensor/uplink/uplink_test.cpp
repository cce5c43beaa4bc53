#include "pipeline/sensor/uplink/uplink.h"

#include <gtest/gtest.h>

#include "pipeline/sensor/spool/recording_io_test.h"
#include "pipeline/sensor/uplink/device_client.h"

namespace mobilytics::sensor {
namespace {

constexpr std::uint64_t kSecond = 1'000'000;

Moment at(std::uint64_t us) {
    return {
        Instant(std::chrono::microseconds(1'787'000'000'000'000 + us)), us, wire::ClockState::ntp};
}

wire::Report report_of(const SeqKey& key) {
    wire::Report out;
    out.key = {DeviceId::from_bytes({1}), key.boot, key.seq};
    out.started = at(key.seq * kSecond).wall;
    out.duration = std::chrono::microseconds(1'000'000);
    return out;
}

/// A way that a test opens and closes, and that answers as the test says.
class ScriptedWay final : public Courier {
  public:
    SendResult send(std::string envelope) override {
        if (!failure.why.empty()) return failure;
        std::vector<std::uint64_t> seqs;
        wire::EnvelopeReader reader(
            {reinterpret_cast<const std::uint8_t*>(envelope.data()), envelope.size()});
        wire::Report report;
        while (const auto frame = reader.next()) {
            EXPECT_FALSE(wire::decode(*frame, report));
            if (!seqs.empty()) EXPECT_EQ(report.key.boot, boots.back());
            if (seqs.empty()) boots.push_back(report.key.boot);
            seqs.push_back(report.key.seq);
        }
        sent.push_back(seqs);
        if (answers) ack(report.key.boot, seqs.back());
        return {};
    }
    void ack(const wire::BootId& boot, std::uint64_t through) {
        acks.push_back({boot, through, {}, {}, retry_after, window_max, {}});
    }
    bool ready() const override { return open; }
    std::vector<wire::Ack> take_acks() override { return std::exchange(acks, {}); }
    void start_over() override { ++started_over; }

    bool open = true;
    bool answers = true;
    SendResult failure{Sending::failed, "", {}};
    std::chrono::milliseconds retry_after{0};
    std::uint32_t window_max = 0;
    int started_over = 0;
    std::vector<std::vector<std::uint64_t>> sent;
    std::vector<wire::BootId> boots;
    std::vector<wire::Ack> acks;
};

using Sent = std::vector<std::vector<std::uint64_t>>;

struct Bench {
    explicit Bench(UplinkLimits limits = {}, bool with_second = true)
        : spool(io, {}, at(0)), uplink(spool, first, with_second ? &second : nullptr, limits, 7) {}
    void append(int count) {
        for (int i = 0; i < count; ++i) {
            const SeqKey key{spool.boot(), spool.next_seq()};
            EXPECT_TRUE(spool.append(wire::encode(report_of(key)), at(1)));
        }
        EXPECT_TRUE(spool.sync());
    }
    RecordingIo io;
    Spool spool;
    ScriptedWay first, second;
    Uplink uplink;
};

UplinkLimits small() {
    UplinkLimits out;
    out.window = 4;
    out.envelope_reports_max = 2;
    return out;
}

TEST(Uplink, SendsWhatIsThereInEnvelopesOldestFirst) {
    Bench bench(small());
    bench.append(5);
    bench.uplink.turn(kSecond);
    EXPECT_EQ(bench.first.sent, (Sent{{1, 2}, {3, 4}, {5}}));
    EXPECT_TRUE(bench.uplink.drained());
    EXPECT_EQ(bench.uplink.counts().settled, 5u);
}

TEST(Uplink, HasNoMoreUnderWayThanItsWindow) {
    Bench bench(small());
    bench.append(7);
    bench.first.answers = false;
    bench.uplink.turn(kSecond);
    EXPECT_EQ(bench.first.sent, (Sent{{1, 2}, {3, 4}}));
    bench.uplink.turn(2 * kSecond);
    EXPECT_EQ(bench.first.sent.size(), 2u);
    bench.first.ack(bench.spool.boot(), 3);
    bench.uplink.turn(3 * kSecond);
    EXPECT_EQ(bench.first.sent, (Sent{{1, 2}, {3, 4}, {5, 6}, {7}}));
}

TEST(Uplink, SendsAgainFromTheOldestWhenNoAckCame) {
    Bench bench(small());
    bench.append(3);
    bench.first.answers = false;
    bench.uplink.turn(kSecond);
    bench.uplink.turn(10 * kSecond);
    EXPECT_EQ(bench.first.sent.size(), 2u);
    bench.uplink.turn(11 * kSecond);
    EXPECT_EQ(bench.first.sent, (Sent{{1, 2}, {3}, {1, 2}, {3}}));
    EXPECT_EQ(bench.first.started_over, 1);
    // The ack for the first time comes late: it settles all the same.
    bench.first.ack(bench.spool.boot(), 3);
    bench.uplink.turn(12 * kSecond);
    EXPECT_TRUE(bench.uplink.drained());
}

TEST(Uplink, TakesTheSecondWayAfterThreeFailedWindowsAndTheFirstAgainLater) {
    Bench bench(small());
    bench.append(1);
    bench.first.answers = false;
    for (const std::uint64_t second : {1, 11, 21}) bench.uplink.turn(second * kSecond);
    EXPECT_TRUE(bench.second.sent.empty());
    bench.uplink.turn(31 * kSecond);
    EXPECT_EQ(bench.second.sent, Sent{{1}});
    EXPECT_TRUE(bench.uplink.drained());
    EXPECT_TRUE(bench.uplink.on_second_way());
    bench.append(1);
    bench.uplink.turn(60 * kSecond);
    EXPECT_EQ(bench.second.sent, (Sent{{1}, {2}}));
    bench.first.answers = true;
    bench.append(1);
    bench.uplink.turn(91 * kSecond);
    EXPECT_FALSE(bench.uplink.on_second_way());
    EXPECT_EQ(bench.first.sent.back(), std::vector<std::uint64_t>{3});
}

TEST(Uplink, LeavesTheFirstWayAtOnceWhenItFailsAgain) {
    Bench bench(small());
    bench.append(1);
    bench.first.answers = false;
    bench.second.answers = false;
    for (const std::uint64_t second : {1, 11, 21, 31}) bench.uplink.turn(second * kSecond);
    EXPECT_TRUE(bench.uplink.on_second_way());
    bench.uplink.turn(91 * kSecond);
    EXPECT_FALSE(bench.uplink.on_second_way());
    bench.uplink.turn(101 * kSecond);
    EXPECT_TRUE(bench.uplink.on_second_way());
}

TEST(Uplink, GoesTheSecondWayWhenTheBrokerIsAway) {
    Bench bench(small());
    bench.append(1);
    bench.first.open = false;
    for (std::uint64_t second = 1; second <= 41; ++second) bench.uplink.turn(second * kSecond);
    EXPECT_EQ(bench.second.sent, Sent{{1}});
    EXPECT_TRUE(bench.first.sent.empty());
}

TEST(Uplink, GoesTheSecondWayWhenTheBrokerGoesWhileThereIsNothingToSend) {
    Bench bench(small());
    bench.append(1);
    bench.uplink.turn(kSecond);
    EXPECT_TRUE(bench.uplink.drained());
    bench.first.open = false;
    bench.uplink.turn(500 * kSecond);
    EXPECT_EQ(bench.uplink.counts().windows_failed, 0u);
    bench.append(1);
    for (std::uint64_t second = 501; second <= 541; ++second) bench.uplink.turn(second * kSecond);
    EXPECT_EQ(bench.second.sent, Sent{{2}});
}

TEST(Uplink, StaysOnTheFirstWayWhereThereIsNoOther) {
    Bench bench(small(), false);
    bench.append(1);
    bench.first.open = false;
    for (std::uint64_t second = 1; second <= 100; ++second) bench.uplink.turn(second * kSecond);
    bench.first.open = true;
    bench.uplink.turn(101 * kSecond);
    EXPECT_TRUE(bench.uplink.drained());
}

TEST(Uplink, ObeysWhatTheAckSays) {
    Bench bench(small());
    bench.append(2);
    bench.first.retry_after = std::chrono::milliseconds(5'000);
    bench.first.window_max = 1;
    bench.uplink.turn(kSecond);
    EXPECT_EQ(bench.first.sent, (Sent{{1, 2}}));
    bench.append(3);
    EXPECT_EQ(bench.uplink.turn(2 * kSecond).count(), 4'000);
    EXPECT_EQ(bench.first.sent.size(), 1u);
    bench.first.retry_after = {};
    bench.first.answers = false;
    bench.uplink.turn(6 * kSecond);
    EXPECT_EQ(bench.first.sent, (Sent{{1, 2}, {3}}));
}

TEST(Uplink, WaitsAfterAFailureWithJitterAndAsLongAsItIsTold) {
    Bench bench(small());
    bench.append(1);
    bench.first.failure = {Sending::failed, "try_later", std::chrono::milliseconds(20'000)};
    EXPECT_GE(bench.uplink.turn(kSecond).count(), 10'000);
    bench.uplink.turn(20 * kSecond);
    EXPECT_TRUE(bench.first.sent.empty());
    bench.first.failure.why.clear();
    for (std::uint64_t second = 21; second < 30; ++second) bench.uplink.turn(second * kSecond);
    EXPECT_TRUE(bench.uplink.drained());
}

TEST(Uplink, PutsReportsOfOneBootIntoAnEnvelope) {
    RecordingIo io;
    {
        Spool spool(io, {}, at(0));
        for (int i = 0; i < 2; ++i) {
            spool.append(wire::encode(report_of({spool.boot(), spool.next_seq()})), at(1));
        }
        spool.close(at(2));
    }
    Spool spool(io, {}, at(3));
    spool.append(wire::encode(report_of({spool.boot(), spool.next_seq()})), at(4));
    spool.sync();
    ScriptedWay way;
    Uplink uplink(spool, way, nullptr, {}, 7);
    uplink.turn(kSecond);
    EXPECT_EQ(way.sent, (Sent{{1, 2}, {1}}));
    EXPECT_NE(way.boots[0], way.boots[1]);
    EXPECT_TRUE(uplink.drained());
}

TEST(Uplink, KeepsWhatIsRejectedOutOfTheWay) {
    Bench bench(small());
    bench.append(3);
    bench.first.answers = false;
    bench.uplink.turn(kSecond);
    bench.first.acks.push_back({bench.spool.boot(), 3, {}, {{{2, 2}, "bad_time"}}, {}, 0, {}});
    bench.uplink.turn(2 * kSecond);
    EXPECT_TRUE(bench.uplink.drained());
    EXPECT_EQ(bench.spool.counts().rejected, 1u);
}

TEST(InForceAnswer, IsReadStrictly) {
    const std::string epoch(32, '1');
    const auto standard = read_in_force(R"({"mode":"standard","epochs":[")" + epoch + R"("]})");
    ASSERT_TRUE(standard);
    EXPECT_EQ(standard->mode, wire::SaltMode::standard);
    ASSERT_EQ(standard->epochs.size(), 1u);
    EXPECT_EQ(standard->epochs[0][15], 0x11);
    EXPECT_EQ(read_in_force(R"({"mode":"strict","epochs":[]})")->mode, wire::SaltMode::strict);
    for (const auto* bad :
         {R"({"mode":"loose","epochs":[]})", R"({"mode":"standard"})",
          R"({"mode":"standard","epochs":["11"]})", R"({"mode":"standard","epochs":[1]})",
          R"({"mode":"standard","epochs":{}})", "[]", ""}) {
        EXPECT_FALSE(read_in_force(bad)) << bad;
    }
}

TEST(SaltAnswer, IsReadStrictly) {
    const auto day = *LocalDay::parse("2026-08-21");
    const auto text = [](std::string epoch, std::string salt, std::string mode, std::string of) {
        return R"({"epoch":")" + epoch + R"(","salt":")" + salt + R"(","mode":")" + mode +
               R"(","day":")" + of + R"(","expires_at":"2026-08-22T05:00:00.000000Z"})";
    };
    const std::string epoch(32, '1');
    const std::string key(64, 'a');
    const auto salt = read_salt(text(epoch, key, "standard", "2026-08-21"), day);
    ASSERT_TRUE(salt);
    EXPECT_EQ(salt->epoch[0], 0x11);
    EXPECT_EQ(salt->key.reveal(), std::string(32, '\xAA'));
    EXPECT_EQ(salt->mode, wire::SaltMode::standard);
    for (const auto& bad :
         {text(epoch, key, "strict", "2026-08-21"), text(epoch, key, "standard", "2026-08-22"),
          text("11", key, "standard", "2026-08-21"), text(epoch, "zz", "standard", "2026-08-21"),
          std::string("{}"), std::string("[]"), std::string("")}) {
        EXPECT_FALSE(read_salt(bad, day)) << bad;
    }
}

}  // namespace
}  // namespace mobilytics::sensor
