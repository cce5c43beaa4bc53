#include "pipeline/measure/tracks/arrivals.h"

#include <gtest/gtest.h>

#include "pipeline/measure/archive.h"
#include "pipeline/measure/tracks/heard_test.h"

namespace mobilytics::measure {
namespace {

const CountingRules kRules;

Arrivals arrivals_of(const std::vector<Heard>& air) {
    Arrivals out;
    for (const Heard& heard : air) out.add(heard.at_ms, heard.coarse, heard.rssi_dbm, true);
    return out;
}

/// Devices of five models that stay, each heard at its own strength once a minute.
std::vector<Heard> crowd(int devices) {
    std::mt19937 dice(7);
    std::vector<Heard> out;
    for (int device = 0; device < devices; ++device) {
        const int rssi = -50 - device * 37 % 41;
        for (int minute = 0; minute < 120; ++minute) {
            Heard heard;
            heard.at_ms = kStartMs + minute * 60'000 + static_cast<std::int64_t>(dice() % 60'000);
            heard.coarse = 1 + static_cast<std::uint32_t>(device % 5);
            heard.rssi_dbm = static_cast<std::int8_t>(rssi + static_cast<int>(dice() % 5) - 2);
            out.push_back(heard);
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

TEST(Arrivals, WhereDevicesPassThoseOfOneComeTogether) {
    const Street street = passers(3, 120);
    const auto known = arrivals_of(street.heard).known(kRules);
    EXPECT_TRUE(known.mingled);
    EXPECT_FALSE(known.apart);
    EXPECT_TRUE(known.passing);
    // Two addresses a device are drawn.
    EXPECT_NEAR(static_cast<double>(known.mean) / 65536, 2, 0.4);
    EXPECT_LT(known.unsure, 65536U / 10);
    EXPECT_GT(known.spread, 0U);
}

TEST(Arrivals, AFewThatStayAreToldApartByStrength) {
    const auto known = arrivals_of(crowd(10)).known(kRules);
    EXPECT_TRUE(known.apart);
    EXPECT_FALSE(known.mingled);
    EXPECT_FALSE(known.passing);
}

TEST(Arrivals, ManyThatStayAreNotTakenForThoseThatPass) {
    const auto known = arrivals_of(crowd(205)).known(kRules);
    EXPECT_TRUE(known.mingled);
    EXPECT_FALSE(known.passing);
}

TEST(Arrivals, OneModelAloneAndNoStrengthSayNothing) {
    auto air = passers(3, 120).heard;
    for (Heard& heard : air) heard.coarse = 1;
    EXPECT_FALSE(arrivals_of(air).known(kRules).mingled);
    air = passers(3, 120).heard;
    for (Heard& heard : air) heard.rssi_dbm = 0;
    const auto known = arrivals_of(air).known(kRules);
    EXPECT_FALSE(known.mingled || known.apart || known.passing);
    EXPECT_FALSE(Arrivals().known(kRules).mingled);
}

TEST(Arrivals, AreToldSinceAHalfMinuteOfTheLastHour) {
    Arrivals arrivals;
    for (int minute = 0; minute < 90; ++minute) {
        arrivals.add(kStartMs + minute * 60'000, 1, -60, true);
        arrivals.add(kStartMs + minute * 60'000 + 10'000, 1, -60, false);
    }
    EXPECT_EQ(arrivals.since(kStartMs + 75 * 60'000), (Arrivals::Sums{15, 30}));
    EXPECT_EQ(arrivals.since(kStartMs + 90 * 60'000), (Arrivals::Sums{0, 0}));
    EXPECT_EQ(arrivals.since(0), (Arrivals::Sums{64, 128}));
    arrivals.add(kStartMs + 300 * 60'000, 1, -60, true);
    EXPECT_EQ(arrivals.since(0), (Arrivals::Sums{1, 1}));
}

TEST(Arrivals, GoOnFromTheirBytesWithinTheirLimits) {
    Arrivals arrivals;
    std::mt19937 dice(5);
    const auto hear = [&](Arrivals& to, int n) {
        to.add(kStartMs + n * 40, n % 3 == 0 ? dice() % 5'000 : 1 + dice() % 4, -70, true);
    };
    for (int n = 0; n < 40'000; ++n) hear(arrivals, n);
    EXPECT_LT(arrivals.bytes(), 400'000U);
    ArchiveWriter writer;
    writer(arrivals);
    const std::string bytes = writer.take();
    Arrivals again;
    ArchiveReader reader(bytes);
    reader(again);
    ASSERT_TRUE(reader.at_end());
    const std::mt19937 same = dice;
    for (int n = 40'000; n < 60'000; ++n) hear(arrivals, n);
    dice = same;
    for (int n = 40'000; n < 60'000; ++n) hear(again, n);
    ArchiveWriter one, other;
    one(arrivals);
    other(again);
    EXPECT_EQ(one.take(), other.take());
    std::string worse = bytes;
    worse[7] = static_cast<char>(0xFF);  // A time before all times.
    ArchiveReader refusing(worse);
    refusing(again);
    EXPECT_FALSE(refusing.good());
}

}  // namespace
}  // namespace mobilytics::measure
