// Grids, families and stays.

#include <random>

#include <gtest/gtest.h>

#include "pipeline/measure/tracks/families.h"
#include "pipeline/measure/tracks/grids.h"
#include "pipeline/measure/tracks/stays.h"

namespace mobilytics::measure {
namespace {

const CountingRules kRules;

std::vector<Burst> every(std::int64_t from_ms, std::int64_t period_ms, int count, int rssi = -60) {
    std::vector<Burst> out;
    for (int at = 0; at < count; ++at) {
        out.push_back({from_ms + at * period_ms, static_cast<std::int8_t>(rssi)});
    }
    return out;
}

std::vector<Burst> together(std::vector<std::vector<Burst>> parts) {
    std::vector<Burst> out;
    for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
    std::sort(
        out.begin(), out.end(), [](const Burst& a, const Burst& b) { return a.at_ms < b.at_ms; });
    return out;
}

TEST(Grids, OneTimerIsOneGrid) {
    EXPECT_EQ(
        find_grids(every(5'000, 60'000, 12), kRules),
        (std::vector<Grid>{{5'000'000, 665'000'000, 60'000'000, 12}}));
}

TEST(Grids, OfOneTimerSomeMayBeMissing) {
    auto bursts = every(0, 60'000, 14);
    bursts.erase(bursts.begin() + 4, bursts.begin() + 6);
    const auto grids = find_grids(bursts, kRules);
    ASSERT_EQ(grids.size(), 1U);
    EXPECT_EQ(grids[0].bursts, 12);
    EXPECT_EQ(grids[0].period_us, 60'000'000);
}

TEST(Grids, TwoPhasesAreTwo) {
    const auto bursts = together({every(0, 60'000, 12), every(23'000, 60'000, 12)});
    const auto grids = find_grids(bursts, kRules);
    EXPECT_EQ(grids.size(), 2U);
    EXPECT_EQ(at_once(grids, kRules), 2);
}

TEST(Grids, TheSecondRoundOfAScanIsNoDevice) {
    const std::vector<Grid> grids{
        {0, 600'000'000, 60'000'000, 11}, {700'000, 600'700'000, 60'000'000, 11}};
    EXPECT_EQ(at_once(grids, kRules), 1);
}

TEST(Grids, ATimerThatWasStartedAgainIsOneDevice) {
    const std::vector<Grid> grids{
        {0, 300'000'000, 60'000'000, 6}, {330'000'000, 900'000'000, 60'000'000, 10}};
    EXPECT_EQ(at_once(grids, kRules), 1);
    EXPECT_EQ(at_once({}, kRules), 0);
}

TEST(Grids, OtherStrengthsAreNotOfIt) {
    EXPECT_TRUE(
        find_grids(together({every(0, 120'000, 5, -40), every(60'000, 120'000, 5, -80)}), kRules)
            .size() >= 2);
}

TEST(Grids, ChanceMakesFew) {
    int found = 0;
    for (std::uint32_t seed = 1; seed <= 100; ++seed) {
        std::mt19937 dice(seed);
        std::vector<Burst> bursts;
        for (int at = 0; at < 24; ++at) {
            bursts.push_back({static_cast<std::int64_t>(dice() % 1'200'000), -60});
        }
        found += !find_grids(together({bursts}), kRules).empty();
    }
    EXPECT_LE(found, 10);  // 5 % is what chance is allowed.
}

TEST(Grids, OnlyTheLastBurstsAreLookedAt) {
    const auto grids = find_grids(every(0, 60'000, 100), kRules);
    ASSERT_EQ(grids.size(), 1U);
    EXPECT_EQ(grids[0].bursts, 48);
    EXPECT_EQ(grids[0].last_us, 99LL * 60'000'000);
}

TEST(Grids, WhatWasFoundIsOfItsBurstsAlone) {
    FoundGrids found;
    const auto one = every(5'000, 60'000, 12);
    const auto two = together({every(0, 120'000, 8, -40), every(60'500, 120'000, 8, -80)});
    for (const auto& bursts : {one, two, one, std::vector<Burst>(), two}) {
        const auto grids = find_grids(bursts, kRules);
        EXPECT_EQ(grids_at_once(bursts, kRules, found), at_once(grids, kRules));
        EXPECT_LE(grids.size(), grids_most(bursts, kRules));
    }
    EXPECT_EQ(grids_at_once(two, kRules, found), 2);
}

TEST(Families, TracksCountAsOftenAsTheyWereDevices) {
    const std::vector<Member> members{{2, false, true}, {1, false, false}, {1, false, true}};
    FoundGrids found;
    const Count count = count_family(members, {}, kRules, found);
    EXPECT_EQ(count.devices, kRules.first[1] + kRules.after[0] + kRules.beside[0]);
    const auto unsure = [](std::uint64_t share) { return share * (65536 - share) >> 16; };
    EXPECT_EQ(
        count.variance,
        unsure(kRules.first[1]) + unsure(kRules.after[0]) + unsure(kRules.beside[0]));
    EXPECT_FALSE(count.by_grid);
}

TEST(Families, WherePhonesPassTheirBurstsAreCounted) {
    Passing passing;
    EXPECT_FALSE(passing.by(kRules));
    for (int device = 0; device < 10; ++device) passing.note(device % 2 == 0 ? 1 : 2);
    EXPECT_TRUE(passing.by(kRules));
    EXPECT_EQ(passing.bursts(), 65536U * 3 / 2);
    EXPECT_EQ(passing.spread(), 65536U / 9);  // 0.25 of 1.5 squared.
    // Two makers' addresses, and twelve bursts of who hides.
    const Count count = count_passing({2, 0, 9, 12}, passing, {}, kRules);
    EXPECT_EQ(count.devices, 10U * 65536);
    // 8 / 9, of ten devices that may be alike by chance 64 / 10, and (0.2 * 8)^2.
    EXPECT_NEAR(static_cast<double>(count.variance) / 65536, 0.8889 + 6.4 + 2.56, 0.05);
    // Those that stay are no evidence of how much is sent by those that pass.
    passing.note_stayed();
    EXPECT_EQ(passing.bursts(), 65536U * 3 / 2);
    // Where makers' addresses stay, tracks are counted.
    for (int device = 0; device < 12; ++device) passing.note(15);
    EXPECT_FALSE(passing.by(kRules));
}

TEST(Families, WhoHidesWhilePassingIsCountedByArrivalsToo) {
    Arrivals::Known arrivals;
    arrivals.passing = true;
    arrivals.mean = 2 * 65536;
    arrivals.unsure = 65536 / 100;
    arrivals.spread = 65536 / 2;
    // A maker's address, one that was kept, and eight of twenty addresses.
    const Count alone = count_passing({1, 1, 20, 30}, {}, arrivals, kRules);
    EXPECT_EQ(alone.devices, 12U * 65536);
    // 10 / 2, and of 100 the parts 0.01 + 0.04, and 0.04.
    EXPECT_NEAR(static_cast<double>(alone.variance) / 65536, 5 + 5 + 4, 0.1);
    // Where both are known the surer one counts for more, and that they differ makes it less sure.
    Passing passing;
    for (int device = 0; device < 100; ++device) passing.note(1);
    const Count both = count_passing({0, 0, 20, 20}, passing, arrivals, kRules);
    EXPECT_GT(both.devices, 15U * 65536);
    EXPECT_LT(both.devices, 20U * 65536);
    EXPECT_GT(both.variance, 20U * 65536);
}

TEST(Families, BetweenTwoIsHalfwayAsFactorsGo) {
    const Estimate least{4'000, 3'000, 6'000, Basis::grid};
    const Estimate most{16'000, 15'000, 17'000, Basis::tracks};
    EXPECT_EQ(between(least, most), (Estimate{8'000, 3'000, 17'000, Basis::tracks}));
    EXPECT_EQ(between(most, least), between(least, most));
    EXPECT_EQ(between({}, most).value_milli, 0);
}

TEST(Families, OfWhoPassedTheLatestCount) {
    Passing passing;
    for (int device = 0; device < 1'000; ++device) passing.note(1'000);
    EXPECT_TRUE(passing.could_be());
    EXPECT_EQ(passing.bursts(), 64U * 65536);
    for (int device = 0; device < 1'000; ++device) passing.note(1);
    EXPECT_TRUE(passing.could_be());
    EXPECT_LE(passing.devices(), 200U);
    EXPECT_TRUE(passing.by(kRules));
    EXPECT_LT(passing.bursts(), 4U * 65536);
}

TEST(Families, MakersAddressesAreSureOnceTheyAreHeardAgain) {
    const std::vector<Member> members{{9, true, true}, {3, true, true}, {1, true, true}};
    FoundGrids found;
    const Count count = count_family(members, {}, kRules, found);
    EXPECT_EQ(count.devices, kRules.maker[7] + kRules.maker[2] + kRules.maker[0]);
    EXPECT_LT(kRules.maker[0], 65536U / 4);  // A stray frame is hardly a device.
}

TEST(Families, WhatIsWideIsSaid) {
    // Four devices of four families, each sure: only the 5 % of all.
    EXPECT_EQ(
        estimate_of({4 * 65536, 0, false}, false, kRules),
        (Estimate{4'000, 3'750, 4'389, Basis::tracks}));
    EXPECT_EQ(
        estimate_of({4 * 65536, 0, false}, true, kRules),
        (Estimate{4'000, 3'520, 6'159, Basis::blind}));
    EXPECT_EQ(estimate_of({}, false, kRules), (Estimate{0, 0, 0, Basis::tracks}));
}

constexpr std::size_t kAt70 = 5;
static_assert(kGatesDbm[kAt70] == -70);
constexpr std::size_t kAt60 = kGates - 1;

TEST(Stays, FromTheFirstBurstToTheLastAndHalfOfWhatIsMissed) {
    Stays stays;
    for (std::int64_t at_ms = 1'000'000; at_ms <= 1'600'000; at_ms += 100'000) {
        stays.add(1, at_ms, -60);
    }
    // From 700 s to 1900 s.
    EXPECT_EQ(stays.presence_ms(0)[kAt70], 200'000);
    EXPECT_EQ(stays.presence_ms(900'000)[kAt70], 900'000);
    EXPECT_EQ(stays.presence_ms(1'800'000)[kAt70], 100'000);
    EXPECT_EQ(stays.presence_ms(2'700'000)[kAt70], 0);
}

TEST(Stays, WhatIsWeakOrSingleIsNoStay) {
    Stays stays;
    stays.add(1, 1'000'000, -71);
    stays.add(1, 1'010'000, -90);
    stays.add(2, 1'000'000, -60);
    stays.add(3, 1'000'000, 0);
    stays.add(3, 1'100'000, 0);
    EXPECT_EQ(stays.presence_ms(900'000)[kAt70], 0);
}

TEST(Stays, EachGateHasItsOwn) {
    Stays stays;
    stays.add(1, 1'000'000, -60);
    stays.add(1, 1'100'000, -79);
    stays.add(1, 1'200'000, -70);
    const ByGate there = stays.presence_ms(900'000);
    EXPECT_EQ(there[0], 600'000);      // From 700 s to 1500 s, in the slot from 900 s on.
    EXPECT_EQ(there[1], 600'000);      // Two of the three bursts, the same stay.
    EXPECT_EQ(there[kAt70], 600'000);  // As loud as the gate is enough.
    EXPECT_EQ(there[kAt70 + 1], 0);    // One burst.
    EXPECT_EQ(there[kAt60], 0);
    stays.add(1, 1'250'000, -60);
    EXPECT_EQ(stays.presence_ms(900'000)[kAt60], 650'000);
    // Near by it is silent since, further away it is heard on: the stay at each gate ends by
    // itself.
    for (std::int64_t at_ms = 1'300'000; at_ms < 4'000'000; at_ms += 100'000) {
        stays.add(1, at_ms, -76);
    }
    EXPECT_EQ(stays.presence_ms(2'700'000)[2], 900'000);
    EXPECT_EQ(stays.presence_ms(2'700'000)[3], 0);
    EXPECT_EQ(stays.presence_ms(900'000)[kAt60], 650'000);
    stays.add(1, 4'000'000, -60);  // A stay of its own, and a single burst again.
    EXPECT_EQ(stays.presence_ms(3'600'000)[kAt60], 0);
}

TEST(Stays, WhoAllFellSilentLongAgoIsKeptAsTheyWere) {
    Stays stays;
    stays.add(1, 1'000'000, -60);
    stays.add(1, 1'100'000, -60);
    StayRules rules;
    rules.kept_ms = std::int64_t{1} << 50;
    Stays all(rules);
    all.add(1, 1'000'000, -60);
    all.add(1, 1'100'000, -60);
    const std::int64_t months_ms = std::int64_t{3} << 32;
    stays.add(2, months_ms, -60);
    all.add(2, months_ms, -60);
    EXPECT_EQ(stays.open(), 1U);
    EXPECT_EQ(stays.presence_ms(900'000)[kAt60], 0);  // Forgotten.
    EXPECT_EQ(all.presence_ms(900'000)[kAt60], 500'000);
}

TEST(Stays, ASilenceCutsAStayAndASecondBurstConfirmsTheFirst) {
    Stays stays;
    stays.add(1, 1'000'000, -60);
    EXPECT_EQ(stays.presence_ms(900'000)[kAt70], 0);
    stays.add(1, 1'700'000, -60);
    // 700 s to 1300 s and 1400 s to 2000 s.
    EXPECT_EQ(stays.presence_ms(900'000)[kAt70], 400'000 + 400'000);
    EXPECT_EQ(stays.presence_ms(0)[kAt70], 200'000);
}

TEST(Stays, TheLimitHolds) {
    StayRules rules;
    rules.open_max = 100;
    Stays stays(rules);
    for (std::uint64_t track = 1; track <= 1'000; ++track) {
        const auto at_ms = static_cast<std::int64_t>(track) * 10;
        stays.add(track, at_ms, -60);
        stays.add(track, at_ms + 5, -60);
        ASSERT_LE(stays.open(), 100U);
    }
    // Nobody who had two bursts is lost: each was there from the start to 300 s and some.
    EXPECT_GT(stays.presence_ms(0)[kAt70], 1'000 * 300'000LL);
}

struct Seen {
    std::uint64_t track = 0;
    std::int64_t at_ms = 0;
    int rssi_dbm = 0;
};

/// Who comes, is silent for a while, stays and goes, over some three hours.
std::vector<Seen> random_bursts(std::uint32_t seed) {
    std::mt19937 dice(seed);
    std::vector<Seen> out;
    std::int64_t at_ms = 1'700'000'000'000;
    for (int n = 0; n < 400; ++n) {
        at_ms += dice() % 30 == 0 ? dice() % 900'000 : dice() % 30'000;
        out.push_back(
            {1 + static_cast<std::uint64_t>(n) / 40 + dice() % 6, at_ms,
             -50 - static_cast<int>(dice() % 25)});
    }
    return out;
}

TEST(Stays, ARestartFromBytesGoesOnAsIfNothingHadBeen) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const auto bursts = random_bursts(seed);
        Stays whole;
        Stays before;
        for (std::size_t at = 0; at < bursts.size(); ++at) {
            whole.add(bursts[at].track, bursts[at].at_ms, bursts[at].rssi_dbm);
            if (at == seed * 19) before = whole;
        }
        Stays after;
        ASSERT_TRUE(after.read(before.written()));
        EXPECT_EQ(after.written(), before.written());
        for (std::size_t at = seed * 19 + 1; at < bursts.size(); ++at) {
            after.add(bursts[at].track, bursts[at].at_ms, bursts[at].rssi_dbm);
        }
        EXPECT_EQ(after.written(), whole.written()) << seed;
        const std::int64_t last = bursts.back().at_ms - bursts.back().at_ms % 900'000;
        EXPECT_EQ(after.presence_ms(last), whole.presence_ms(last));
        EXPECT_GT(whole.presence_ms(last - 900'000)[0], 0);
    }
}

TEST(Stays, BytesThatAreNoStateAreRefused) {
    Stays stays;
    const auto bursts = random_bursts(1);
    for (const Seen& seen : bursts) stays.add(seen.track, seen.at_ms, seen.rssi_dbm);
    const std::string bytes = stays.written();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(stays.read(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(stays.read(bytes + "x"));
    EXPECT_EQ(stays.written(), bytes);
    int refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        Stays other;
        if (!other.read(changed)) {
            ++refused;
            continue;
        }
        for (const Seen& seen : bursts) other.add(seen.track, seen.at_ms, seen.rssi_dbm);
    }
    EXPECT_GT(refused, 0);
    StayRules rules;
    rules.slot_ms = 7'000;
    EXPECT_FALSE(Stays(rules).read(bytes));
}

TEST(Stays, AStayOfDaysCostsNoMoreThanWhatIsKept) {
    Stays stays;
    const std::int64_t start_ms = 1'700'000'100'000;  // A slot begins.
    const std::int64_t end_ms = start_ms + 7 * 86'400'000LL;
    for (std::int64_t at_ms = start_ms; at_ms <= end_ms; at_ms += 300'000) stays.add(1, at_ms, -60);
    stays.add(2, end_ms + 1'300'000, -60);  // The first is over.
    EXPECT_EQ(stays.open(), 1U);
    EXPECT_EQ(stays.presence_ms(end_ms - 900'000)[kAt70], 900'000);
    EXPECT_EQ(stays.presence_ms(end_ms)[kAt70], 300'000);
    EXPECT_EQ(stays.presence_ms(start_ms)[kAt70], 0);  // Forgotten.
}

}  // namespace
}  // namespace mobilytics::measure
