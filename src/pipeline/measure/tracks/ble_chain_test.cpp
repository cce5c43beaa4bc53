#include "pipeline/measure/tracks/ble_chain.h"

#include <random>

#include <gtest/gtest.h>

namespace mobilytics::measure {
namespace {

Advertised frame(std::int64_t at_ms, std::uint64_t pseudonym, int rssi = -60) {
    Advertised out;
    out.at_ms = at_ms;
    out.pseudonym = pseudonym;
    out.rssi_dbm = static_cast<std::int8_t>(rssi);
    out.company = 0x004C;
    out.continuity = 0x10;
    return out;
}
void hear(
    BleChain& chain, std::int64_t from_ms, std::int64_t to_ms, std::uint64_t pseudonym, int rssi) {
    for (auto at_ms = from_ms; at_ms <= to_ms; at_ms += 500)
        chain.add(frame(at_ms, pseudonym, rssi));
}

TEST(BleChain, ANewAddressTakesTheOldOnesPlace) {
    BleChain chain;
    hear(chain, 0, 60'000, 1, -60);
    hear(chain, 70'000, 120'000, 2, -62);
    EXPECT_EQ(chain.devices(0), (Estimate{1'000, 1'000, 2'000, Basis::tracks}));
}

TEST(BleChain, WhoIsThereAtTheSameTimeIsAnother) {
    BleChain chain;
    for (std::int64_t at_ms = 0; at_ms <= 60'000; at_ms += 500) {
        chain.add(frame(at_ms, 1));
        chain.add(frame(at_ms + 100, 2));
    }
    EXPECT_EQ(chain.devices(0), (Estimate{2'000, 2'000, 2'000, Basis::tracks}));
}

TEST(BleChain, WhoIsElsewhereOrTooLateIsAnother) {
    BleChain chain;
    hear(chain, 0, 60'000, 1, -60);
    hear(chain, 70'000, 80'000, 2, -80);
    hear(chain, 180'000, 190'000, 3, -60);
    EXPECT_EQ(chain.devices(0).value_milli, 3'000);
    EXPECT_EQ(chain.devices(100'000).value_milli, 1'000);
}

TEST(BleChain, WhatNoPhoneSendsAndWhatIsRareIsNotCounted) {
    BleChain chain;
    for (std::int64_t at_ms = 0; at_ms < 10'000; at_ms += 500) {
        auto tag = frame(at_ms, 7);
        tag.continuity = 0x12;
        chain.add(tag);
        auto computer = frame(at_ms, 8);
        computer.company = 0x0006;
        chain.add(computer);
    }
    chain.add(frame(1'000, 9));
    chain.add(frame(2'000, 9));
    EXPECT_EQ(chain.devices(0), (Estimate{0, 0, 0, Basis::tracks}));
}

TEST(BleChain, TheLimitHolds) {
    BleRules rules;
    rules.addresses_max = 50;
    BleChain chain(rules);
    for (std::uint64_t pseudonym = 1; pseudonym <= 500; ++pseudonym) {
        chain.add(frame(static_cast<std::int64_t>(pseudonym) * 100, pseudonym));
        ASSERT_LE(chain.addresses(), 50U);
    }
    EXPECT_GT(chain.addresses(), 0U);
}

/// Phones that rotate, come and go.
std::vector<Advertised> random_air(std::uint32_t seed, int frames) {
    std::mt19937 dice(seed);
    std::vector<Advertised> out;
    std::int64_t at_ms = 1'700'000'000'000;
    for (int n = 0; n < frames; ++n) {
        at_ms += dice() % 40 == 0 ? dice() % 15'000 : dice() % 300;
        const auto age = static_cast<std::uint64_t>(n) / 100;
        out.push_back(frame(at_ms, 10 * age + dice() % 8, -50 - static_cast<int>(dice() % 20)));
    }
    return out;
}

TEST(BleChain, ARestartFromBytesGoesOnAsIfNothingHadBeen) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const auto air = random_air(seed, 600);
        BleChain whole;
        BleChain before;
        for (std::size_t at = 0; at < air.size(); ++at) {
            whole.add(air[at]);
            if (at < seed * 29) before.add(air[at]);
        }
        BleChain after;
        ASSERT_TRUE(after.read(before.written()));
        EXPECT_EQ(after.written(), before.written());
        for (std::size_t at = seed * 29; at < air.size(); ++at) after.add(air[at]);
        EXPECT_EQ(after.written(), whole.written()) << seed;
        EXPECT_EQ(after.devices(0), whole.devices(0)) << seed;
        EXPECT_LT(whole.devices(0).value_milli, whole.devices(0).high_milli) << seed;
    }
}

TEST(BleChain, BytesThatAreNoStateAreRefused) {
    BleChain chain;
    const auto air = random_air(1, 200);
    for (const Advertised& advertised : air) chain.add(advertised);
    const std::string bytes = chain.written();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(chain.read(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(chain.read(bytes + "x"));
    EXPECT_EQ(chain.written(), bytes);
    int refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        BleChain other;
        if (!other.read(changed)) {
            ++refused;
            continue;
        }
        for (const Advertised& advertised : air) other.add(advertised);
        EXPECT_GE(other.devices(0).high_milli, 0);
    }
    EXPECT_GT(refused, 0);
    BleRules rules;
    rules.addresses_max = 2;
    EXPECT_FALSE(BleChain(rules).read(bytes));
}

}  // namespace
}  // namespace mobilytics::measure
