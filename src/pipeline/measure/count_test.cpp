// Devices behind changing addresses, in the stream: what a quarter of an hour says of them.

#include "pipeline/measure/crowd.h"
#include "pipeline/measure/lane_bytes.h"
#include "pipeline/measure/scene_test.h"

namespace mobilytics::measure {
namespace {

class MeasureCount : public SceneTest {
  protected:
    /// A phone of a model of its own that takes a new address for each burst, and numbers on.
    void phone(int which, Instant from, Instant to, microseconds every, int rssi_dbm = -62) {
        std::uint16_t sequence = static_cast<std::uint16_t>(700 * which);
        std::uint64_t address = 1'000'000ULL * static_cast<std::uint64_t>(which + 1);
        for (Instant at = from; at < to; at += every) {
            Seen seen{.pseudonym = ++address, .rssi_dbm = rssi_dbm};
            seen.coarse = static_cast<std::uint32_t>(100 + which);
            seen.fine = static_cast<std::uint32_t>(200 + which);
            seen.sequence = (sequence += 3) % 4096;
            bursts_.emplace(at + which * 1s, seen);
        }
    }
    /// In the order of time, for lanes hear a sensor's reports so.
    void send() {
        for (const auto& [at, seen] : bursts_) hear(at, seen);
        bursts_.clear();
        measure();
    }
    const Counted& counted(Instant start) { return bucket(start).counted.value(); }

  private:
    std::multimap<Instant, Seen> bursts_;
};

constexpr std::size_t kAt60 = kGates - 1;

TEST_F(MeasureCount, ManyAddressesOfFewPhonesAreFewDevices) {
    for (int which = 0; which < 4; ++which) phone(which, kNine, kNine + 15min, 20s);
    hear(kNine - 1s, {1});  // So that it is no first bucket.
    send();
    EXPECT_NEAR(row(kNine).reach.estimate(), 4 * 45, 4);
    const Estimate& devices = counted(kNine).devices;
    EXPECT_EQ(devices.value_milli, 4'000);
    EXPECT_LT(devices.low_milli, 4'000);
    EXPECT_GT(devices.high_milli, 4'000);
    EXPECT_EQ(devices.basis, Basis::tracks);
    EXPECT_EQ(counted(kNine).ble_devices, Estimate{});
}

TEST_F(MeasureCount, PresenceIsByGateAndGrowsUntilItIsKnown) {
    phone(0, kNine + 5min, kNine + 10min, 30s, -67);
    send();
    // From kNine on: half a silence before its first burst, and after its last at 9:30.
    EXPECT_EQ(counted(kNine).present_ms[0], (14 * 60 + 30) * 1'000);
    EXPECT_EQ(counted(kNine).present_ms[6], (14 * 60 + 30) * 1'000);  // -68 dBm.
    EXPECT_EQ(counted(kNine).present_ms[7], 0);                       // -66 dBm.
    EXPECT_EQ(counted(kNine).span_ms, (9 * 60 + 31 + 5 * 60) * 1'000);
    // It was heard once more a quarter later: the silence between was none of its stay.
    phone(0, kNine + 25min, kNine + 25min + 30s, 30s, -67);
    send();
    EXPECT_EQ(counted(kNine).present_ms[0], (14 * 60 + 30) * 1'000);
    EXPECT_EQ(counted(kNine).span_ms, (9 * 60 + 31 + 5 * 60) * 1'000);  // As far as it was heard.
}

TEST_F(MeasureCount, ABurstThatConfirmsAnotherCountsWhereThatWas) {
    hear(kNine + 14min, {.pseudonym = 7, .rssi_dbm = -60, .coarse = 5, .fine = 6});
    hear(kNine + 16min, {.pseudonym = 8, .rssi_dbm = -60, .coarse = 50, .fine = 60});
    measure();
    EXPECT_EQ(counted(kNine).present_ms[kAt60], 0);  // Single bursts.
    hear(kNine + 32min, {.pseudonym = 7, .rssi_dbm = -60, .coarse = 5, .fine = 6});
    measure();
    EXPECT_EQ(counted(kNine).present_ms[kAt60], 0);  // Told when the next quarter begins.
    hear(kNine + 46min, {.pseudonym = 9, .rssi_dbm = -60, .coarse = 70, .fine = 80});
    measure();
    EXPECT_EQ(counted(kNine).present_ms[kAt60], 6 * 60'000);
    EXPECT_EQ(counted(kNine + 15min).present_ms[kAt60], (4 + 3) * 60'000);
}

TEST_F(MeasureCount, MakersAddressesAreDevicesButNoStays) {
    for (int burst = 0; burst < 6; ++burst) {
        hear(
            kNine + burst * 1min, {.pseudonym = 3,
                                   .rssi_dbm = -50,
                                   .address_class = wire::AddressClass::global,
                                   .coarse = 9,
                                   .fine = 9});
    }
    measure();
    EXPECT_EQ(counted(kNine).devices.value_milli, 990);
    EXPECT_EQ(counted(kNine).present_ms, ByGate{});
}

TEST_F(MeasureCount, BleIsCountedApart) {
    for (int burst = 0; burst < 5; ++burst) {
        for (std::uint64_t who = 1; who <= 3; ++who) {
            hear(
                kNine + burst * 1min + static_cast<int>(who) * 2s,
                {who, -60, kBle, wire::AddressClass::ble_resolvable, 0x004C, 0x10});
        }
    }
    measure();
    EXPECT_EQ(counted(kNine).devices, Estimate{});
    EXPECT_EQ(counted(kNine).ble_devices, (Estimate{3'000, 3'000, 3'000, Basis::tracks}));
}

TEST_F(MeasureCount, WhatIsNoVisitIsNoDevice) {
    hear(kNine, {.pseudonym = 1, .rssi_dbm = -93});  // Too weak to enter.
    measure();
    EXPECT_EQ(counted(kNine).devices, Estimate{});
}

TEST_F(MeasureCount, AMovingAssetHasNoCrowd) {
    hear(window(on_van, kNine).seen(0s, {1}));
    measure();
    EXPECT_EQ(bucket(van, kNine).counted, std::nullopt);
}

TEST_F(MeasureCount, SensorsWithSaltsOfTheirOwnAreNotAddedUp) {
    attach(spare, billboard, kNine - 12h);
    for (int burst = 0; burst < 8; ++burst) {
        for (std::uint64_t who = 1; who <= 3; ++who) {
            const Instant at = kNine + burst * 1min + static_cast<int>(who) * 3s;
            const auto list = static_cast<std::uint32_t>(who);
            hear(window(on_billboard, at, 1s)
                     .epoch(1)
                     .seen(0s, {.pseudonym = who, .coarse = list, .fine = list}));
            hear(window(spare, at, 1s)
                     .epoch(2)
                     .seen(0s, {.pseudonym = 10 + who, .coarse = list, .fine = list}));
        }
    }
    measure();
    const Estimate& devices = counted(kNine).devices;
    EXPECT_EQ(devices.value_milli, 3'000);
    EXPECT_GT(devices.high_milli, 6'000);  // They may have heard different ones.
}

TEST_F(MeasureCount, MoreSaltsThanThereIsRoomForAreToldAsUncounted) {
    for (std::uint8_t epoch = 1; epoch <= 5; ++epoch) {
        hear(kNine + epoch * 1s, {.pseudonym = epoch}, epoch);
    }
    measure();
    EXPECT_EQ(pipeline->tally().uncounted, 1);
    EXPECT_EQ(row(kNine).visits_begun, 5);
    // Who fell silent makes room.
    for (int minute = 1; minute < 30; ++minute) hear(kNine + minute * 1min, {1}, 1);
    hear(kNine + 30min, {5}, 5);
    measure();
    EXPECT_EQ(pipeline->tally().uncounted, 1);
    EXPECT_GT(counted(kNine + 30min).devices.value_milli, 0);
}

TEST_F(MeasureCount, ACheckpointOfAnOlderKindIsPassedOverAndTheDayReadAgain) {
    for (int which = 0; which < 3; ++which) phone(which, kNine, kNine + 40min, 25s);
    send();
    const auto before = facts.assets;
    ASSERT_GT(counted(kNine).devices.value_milli, 2'000);
    for (auto& [asset, checkpoint] : facts.kept) checkpoint.bytes[0] = 1;  // Its version.
    for (auto& [asset, of] : facts.assets) {
        for (auto& [start, bucket] : of.buckets) bucket.counted.reset();
    }
    restart();
    measure();
    EXPECT_EQ(facts.assets[billboard].buckets, before.at(billboard).buckets);
}

/// So many makers' addresses, each heard eight times within ten minutes.
struct Stand {
    static Sighting of(std::uint64_t who, wire::AddressClass address_class) {
        const auto model = std::uint32_t(1 + who % 40);
        return {who * 0x9E3779B97F4A7C15U, 0, model, model, -1, -60, address_class};
    }
    std::int64_t hear(std::uint64_t devices, wire::AddressClass address_class) {
        std::int64_t forgotten = 0;
        for (int burst = 0; burst < 8; ++burst) {
            for (std::uint64_t who = 1; who <= devices; ++who) {
                forgotten += crowd.add(
                    start + burst * 75s + microseconds(60'000'000 / devices * who),
                    of(who, address_class));
            }
        }
        return forgotten;
    }

    const Instant start = *parse_iso8601("2026-08-21T09:00:00Z");
    Crowd crowd;
};

TEST(Crowds, AFullStandIsCountedWhole) {
    Stand stand;
    EXPECT_EQ(stand.hear(20'000, wire::AddressClass::global), 0);
    const auto counted = stand.crowd.counted(stand.start);
    EXPECT_EQ(counted.devices.value_milli, 20'000'000);
    EXPECT_LT(stand.crowd.bytes(), 20'000U * 600);
}

TEST(Crowds, WhatIsOverTheLimitRaisesTheUpperBound) {
    Stand stand;
    stand.crowd = Crowd({.tracks = 400, .addresses = 800, .ble_addresses = 400});
    const auto forgotten = stand.hear(1'000, wire::AddressClass::global);
    EXPECT_GE(forgotten, 600);
    const auto counted = stand.crowd.counted(stand.start);
    EXPECT_LE(counted.devices.value_milli, 400'000);
    EXPECT_GE(counted.devices.high_milli, 1'000'000);
    EXPECT_EQ(counted.ble_devices, Estimate{});
    // Of the next quarter, in which nobody is forgotten, the bound is as it is without a limit.
    const Instant next = stand.start + kBucket;
    stand.crowd.add(next, Stand::of(1, wire::AddressClass::global));
    EXPECT_LT(stand.crowd.counted(next).devices.high_milli, 100'000);
}

TEST(Crowds, ByBleTheSame) {
    Stand stand;
    stand.crowd = Crowd({.tracks = 400, .addresses = 800, .ble_addresses = 400});
    EXPECT_GE(stand.hear(1'000, wire::AddressClass::ble_public), 600);
    const auto counted = stand.crowd.counted(stand.start);
    EXPECT_EQ(counted.devices, Estimate{});
    EXPECT_GE(counted.ble_devices.high_milli, 1'000'000);
    Crowd back;
    ASSERT_TRUE(back.read(stand.crowd.written()));
    EXPECT_EQ(back.counted(stand.start), counted);
}

TEST(Crowds, ACopyIsAsItWasWhenItWasMade) {
    const Instant at = *parse_iso8601("2026-08-21T09:00:00Z");
    const auto hear = [&](Crowds& crowds, int second) {
        crowds.of(1, at)->add(
            at + std::chrono::seconds(second), {7, 0, 1, 1, -1, -60, wire::AddressClass::local});
    };
    Crowds crowds;
    hear(crowds, 0);
    const Crowds snapshot = crowds;
    for (int second = 60; second < 600; second += 60) hear(crowds, second);
    EXPECT_EQ(snapshot.counted(at, at + 1s).present_ms, ByGate{});
    EXPECT_GT(crowds.counted(at, at + 600s).present_ms[0], 0);
    EXPECT_GT(crowds.bytes(), 0U);
    ArchiveWriter writer;
    writer(crowds);
    const std::string bytes = writer.take();
    Crowds back;
    ArchiveReader reader(bytes);
    reader(back);
    ASSERT_TRUE(reader.at_end());
    EXPECT_EQ(back.counted(at, at + 600s), crowds.counted(at, at + 600s));
    std::string broken = bytes;
    broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0x7F);
    ArchiveReader wrong(std::string_view(broken).substr(0, broken.size() - 9));
    wrong(back);
    EXPECT_FALSE(wrong.good() && wrong.at_end());
}

}  // namespace
}  // namespace mobilytics::measure
