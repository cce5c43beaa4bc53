#include "pipeline/measure/tracks/tracks.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "pipeline/measure/tracks/heard_test.h"
#include "pipeline/measure/tracks/numbers.h"
#include "pipeline/measure/tracks/strength.h"

namespace mobilytics::measure {
namespace {

Tracks tracks_of(const std::vector<Heard>& air, const CountingRules& rules = {}) {
    Tracks out(rules);
    for (const Heard& heard : air) out.add(heard);
    return out;
}

TEST(Logarithm, IsThatOfNumbers) {
    EXPECT_EQ(log_of(1), 0);
    EXPECT_EQ(log_of(2), kLog2);
    for (const std::uint64_t value : {3ULL, 10ULL, 4095ULL, 123'456'789ULL, 1ULL << 62}) {
        EXPECT_NEAR(log_of(value), std::log(static_cast<double>(value)) * 4096, 1.0) << value;
    }
    for (const double x : {0.0, 0.01, 0.5, 1.0, 3.3, 12.0}) {
        const auto found = static_cast<double>(exp_minus(static_cast<std::uint64_t>(x * 65536)));
        EXPECT_NEAR(found / (1 << 30), std::exp(-x), 3e-5) << x;
    }
    EXPECT_EQ(exp_minus(40U << 16), 0U);
    EXPECT_EQ(root_of(0), 0U);
    EXPECT_EQ(root_of(99), 9U);
    EXPECT_EQ(root_of(100), 10U);
}

TEST(Scores, AreNoMoreThanTheirBounds) {
    // Who is not scored for its bound must not have won.
    for (std::uint32_t ahead = 0; ahead < 4096; ++ahead) {
        for (const std::int64_t dt_ms : {0, 90, 2'500, 31'000, 180'000, 1'200'000}) {
            for (const std::int32_t rate : {-1, 0, 40, 300, 4'000}) {
                for (const std::uint32_t carry : {0U, 1'500U, 32'768U, 65'536U}) {
                    const auto score = score_number(ahead, dt_ms, rate, carry).score;
                    ASSERT_LE(score, most_by_number(ahead, carry))
                        << ahead << ' ' << dt_ms << ' ' << rate << ' ' << carry;
                }
            }
        }
    }
    DeviceTrack track;
    for (track.heard = 0; track.heard < 10; ++track.heard) {
        for (track.variance = 0; track.variance <= 51'200; track.variance += 6'400) {
            for (track.rssi = -100 * 256; track.rssi <= 0; track.rssi += 777) {
                for (int dbm = -128; dbm < 0; dbm += 5) {
                    for (const std::int64_t dt_ms : {0, 2'500, 1'200'000}) {
                        const Nats score = by_strength(track, dbm, dt_ms);
                        const int off = std::abs(dbm * 256 - track.rssi);
                        ASSERT_LE(score, most_by_strength(dbm)) << dbm;
                        if (track.heard == 0) continue;
                        ASSERT_LE(score, most_by_strength(dbm, off)) << dbm << ' ' << off;
                    }
                }
            }
        }
    }
}

TEST(LatestBursts, KeepTheLastInTheirOrder) {
    LatestBursts bursts;
    for (std::int64_t at = 0; at < 11; ++at) {
        bursts.add({kStartMs + at, static_cast<std::int8_t>(-at)}, 4);
    }
    ASSERT_EQ(bursts.size(), 4U);
    EXPECT_EQ(bursts.capacity(), 4U);
    for (std::size_t at = 0; at < 4; ++at) {
        const auto last = static_cast<std::int64_t>(7 + at);
        EXPECT_EQ(bursts[at], (Burst{kStartMs + last, static_cast<std::int8_t>(-last)}));
    }
}

TEST(Tracks, AfterMonthsOfSilenceAllIsForgotten) {
    Phone phone;
    Tracks tracks = tracks_of(phone.bursts(0, 47, 5));
    phone.address = 1'000;
    const auto placed = tracks.add(phone.burst(0x1'0000'0000LL / 1'000.0));  // All 32 bits later.
    EXPECT_TRUE(placed.is_new);
    EXPECT_EQ(tracks.tracks(), 1U);
    EXPECT_EQ(tracks.addresses(), 1U);
}

TEST(Tracks, APhoneThatChangesItsAddressIsOneDevice) {
    Phone phone;
    const Tracks tracks = tracks_of(phone.bursts(0, 47, 20));
    EXPECT_EQ(tracks.tracks(), 1U);
    EXPECT_EQ(tracks.addresses(), 7U);  // Of 20: those of a single burst are forgotten after 5 min.
    EXPECT_EQ(tracks.devices(kStartMs), (Estimate{1'000, 937, 1'097, Basis::tracks}));
}

TEST(Tracks, TwoModelsAreTwoDevices) {
    Phone one;
    Phone other{.coarse = 11, .fine = 110, .sequence = 2'500, .address = 5'000};
    const Tracks tracks = tracks_of(together({one.bursts(0, 47, 20), other.bursts(9, 53, 20)}));
    EXPECT_EQ(tracks.tracks(), 2U);
    EXPECT_EQ(tracks.devices(kStartMs).value_milli, 2'000);
}

TEST(Tracks, OneBurstIsLikelyADeviceButNotSurely) {
    Phone phone;
    const Tracks tracks = tracks_of(phone.bursts(0, 1, 1));
    EXPECT_EQ(tracks.devices(kStartMs), (Estimate{449, 0, 1'421, Basis::tracks}));
    EXPECT_EQ(tracks.devices(kStartMs + 1), (Estimate{0, 0, 0, Basis::tracks}));
}

TEST(Tracks, WithoutStrengthAndNumbersTheCountIsBlind) {
    Phone phone{.rssi_dbm = 0, .sequence = -1};
    const Estimate found = tracks_of(phone.bursts(0, 47, 20)).devices(kStartMs);
    EXPECT_EQ(found.basis, Basis::blind);
    EXPECT_EQ(found.value_milli, 1'000);
    EXPECT_GT(found.high_milli - found.value_milli, found.value_milli - found.low_milli);
}

TEST(Tracks, IdenticalPhonesAreToldApartByTheirTimers) {
    // The same lists, strengths alike, no numbers: nothing but the phase of a timer of 60 s.
    Phone one{.sequence = -1};
    Phone two{.sequence = -1, .address = 3'000};
    Phone three{.sequence = -1, .address = 5'000};
    const auto air =
        together({one.bursts(0, 60, 15), two.bursts(17, 60, 15), three.bursts(38, 60, 15)});
    const Estimate found = tracks_of(air).devices(kStartMs);
    EXPECT_EQ(found.value_milli, 3'000);
    EXPECT_EQ(found.basis, Basis::grid);
    EXPECT_LT(found.low_milli, 3'000);
    EXPECT_GT(found.high_milli, 3'000);
}

TEST(Tracks, AModelThatChangesItsFineFingerprintAllTheTimeIsLearnt) {
    // Nobody says that it is one phone: no number, and at each burst other octets.
    Phone phone{.sequence = -1};
    std::vector<Heard> air;
    for (int burst = 0; burst < 40; ++burst) {
        phone.fine = 100 + static_cast<std::uint32_t>(burst * 7 % 55);
        air.push_back(phone.burst(burst * 40));
    }
    const Tracks tracks = tracks_of(air);
    EXPECT_LE(tracks.tracks(), 8U);  // Of 40, before it was known.
    EXPECT_LT(tracks.devices(kStartMs + 20 * 40'000).value_milli, 2'000);
    // Two phones that keep theirs are told apart all the time.
    Phone one{.sequence = -1};
    Phone two{.fine = 200, .rssi_dbm = -75, .sequence = -1, .address = 9'000};
    EXPECT_EQ(tracks_of(together({one.bursts(0, 40, 30), two.bursts(17, 40, 30)})).tracks(), 2U);
}

TEST(Tracks, AnotherListIsLinkedByANumberThatGoesOn) {
    Phone phone;
    auto air = phone.bursts(0, 12, 8);
    phone.coarse = 20;
    phone.fine = 200;
    air.push_back(phone.burst(96));
    EXPECT_EQ(tracks_of(air).tracks(), 1U);
    air.back().sequence = 3'000;  // Or it is another's.
    EXPECT_EQ(tracks_of(air).tracks(), 2U);
}

TEST(Tracks, AnAddressThatComesBackIsAnotherDevice) {
    Heard first;
    first.at_ms = kStartMs;
    first.pseudonym = 1;
    first.coarse = 10;
    first.fine = 100;
    first.rssi_dbm = -60;
    Heard second = first;
    second.pseudonym = 2;
    Tracks tracks;
    EXPECT_TRUE(tracks.add(first).is_new);
    second.at_ms = kStartMs + 40'000;
    EXPECT_FALSE(tracks.add(second).is_new);  // It is taken for the same.
    first.at_ms = kStartMs + 80'000;
    EXPECT_TRUE(tracks.add(first).is_new);  // Which it was not.
    second.at_ms = kStartMs + 120'000;
    EXPECT_FALSE(tracks.add(second).is_new);
    EXPECT_EQ(tracks.tracks(), 2U);
}

TEST(Tracks, AddressesSideBySideAreOneDevice) {
    Heard wildcard;
    wildcard.pseudonym = 1;
    wildcard.coarse = 10;
    wildcard.fine = 100;
    wildcard.rssi_dbm = -60;
    Heard directed = wildcard;
    directed.pseudonym = 2;
    Tracks tracks;
    for (int burst = 0; burst < 10; ++burst) {
        wildcard.at_ms = kStartMs + burst * 40'000;
        directed.at_ms = wildcard.at_ms + 60;
        tracks.add(wildcard);
        tracks.add(directed);
    }
    EXPECT_EQ(tracks.tracks(), 1U);
}

TEST(Tracks, AMakersAddressIsOneDevice) {
    std::vector<Heard> air;
    for (std::uint64_t device = 1; device <= 5; ++device) {
        for (int burst = 0; burst < 4; ++burst) {
            Heard heard;
            heard.at_ms = kStartMs + burst * 61'000 + static_cast<std::int64_t>(device) * 7'000;
            heard.pseudonym = device;
            heard.coarse = 10;
            heard.fine = 100;
            heard.rssi_dbm = -60;
            heard.global = true;
            air.push_back(heard);
        }
    }
    std::sort(air.begin(), air.end());
    const Tracks tracks = tracks_of(air);
    EXPECT_EQ(tracks.tracks(), 5U);
    EXPECT_EQ(tracks.devices(kStartMs), (Estimate{4'950, 4'534, 5'598, Basis::tracks}));
}

TEST(Tracks, AfterTheWindowASilentTrackIsGone) {
    Phone phone;
    Tracks tracks = tracks_of(phone.bursts(0, 47, 5));
    Phone other{.coarse = 77, .fine = 770, .address = 9'000};
    tracks.add(other.burst(4 * 47 + 1'200));
    EXPECT_EQ(tracks.tracks(), 2U);
    tracks.add(other.burst(4 * 47 + 1'320));
    EXPECT_EQ(tracks.tracks(), 1U);
    EXPECT_EQ(tracks.addresses(), 2U);
}

TEST(Tracks, TheOrderOfABatchDoesNotMatter) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const auto air = random_air(seed, 400);
        auto shuffled = air;
        std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(seed));
        Tracks one;
        Tracks other;
        one.add(air);
        other.add(shuffled);
        EXPECT_EQ(one.written(), other.written()) << seed;
        EXPECT_EQ(one.devices(kStartMs), other.devices(kStartMs)) << seed;
    }
}

TEST(Tracks, ARestartFromBytesGoesOnAsIfNothingHadBeen) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const auto air = random_air(seed, 400);
        const Tracks whole = tracks_of(air);
        const std::size_t cut = seed * 19;
        Tracks before = tracks_of({air.begin(), air.begin() + static_cast<std::ptrdiff_t>(cut)});
        Tracks after;
        ASSERT_TRUE(after.read(before.written()));
        EXPECT_EQ(after.written(), before.written());
        for (std::size_t at = cut; at < air.size(); ++at) after.add(air[at]);
        EXPECT_EQ(after.written(), whole.written()) << seed;
        EXPECT_EQ(after.devices(kStartMs), whole.devices(kStartMs)) << seed;
    }
}

TEST(Tracks, TheFirstVersionsBytesAreReadAndFormsAreLearntAnew) {
    Phone phone;
    const Tracks before = tracks_of(phone.bursts(0, 47, 20));
    std::string bytes = before.written();
    constexpr std::size_t kArrivals = 2 * 8 + 128 * 8 + 4 * 8 + 8;  // Without models.
    constexpr std::size_t kModel = 4 + 32 * 2 + 2 * 4 + 2 * 8;
    constexpr std::size_t kPassed = 4 * 4 + 4;
    // The cases of one model, who passed, and how addresses came.
    bytes.resize(bytes.size() - 8 - 12 - kPassed - kArrivals - kModel - 1);
    Tracks after;
    EXPECT_FALSE(after.read(bytes));
    bytes.front() = 1;
    ASSERT_TRUE(after.read(bytes));
    EXPECT_EQ(after.devices(kStartMs), before.devices(kStartMs));
    EXPECT_EQ(after.written().size(), bytes.size() + 8 + kPassed + kArrivals + 1);
}

TEST(Tracks, AStreetIsLearntFromThoseThatDoNotHide) {
    // Each minute a maker's phone and three of one model that hide pass: a burst each.
    std::vector<Heard> air;
    std::uint64_t address = 1;
    for (int minute = 0; minute < 60; ++minute) {
        for (int one = 0; one < 4; ++one) {
            Heard heard{};
            heard.at_ms = kStartMs + minute * 60'000 + one * 15'000;
            heard.pseudonym = ++address * 0x9E3779B97F4A7C15U;
            heard.coarse = one == 0 ? 5 + static_cast<std::uint32_t>(minute) : 7;
            heard.fine = heard.coarse;
            heard.sequence = static_cast<std::int16_t>(address * 1'237 % 4'096);
            heard.rssi_dbm = -70;
            heard.global = one == 0;
            air.push_back(heard);
        }
    }
    const std::int64_t since_ms = kStartMs + 45 * 60'000;
    const auto street = tracks_of(air).devices(since_ms);
    EXPECT_NEAR(street.value_milli, 60'000, 3'000);
    EXPECT_LT(street.low_milli, 60'000);
    EXPECT_GT(street.high_milli, 60'000);
    std::erase_if(air, [](const Heard& heard) { return heard.global; });
    // One model at one strength could as well be one that stays.
    EXPECT_LT(tracks_of(air).devices(since_ms).value_milli, 10'000);
}

TEST(Tracks, AStreetWhereAllHideIsLearntFromHowTheyCome) {
    int inside = 0;
    double counted = 0;
    double there = 0;
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        const Street street = passers(seed, 120);
        const std::int64_t since_ms = kStartMs + 105 * 60'000;
        const std::int64_t truth = street.since(since_ms);
        const Estimate found = tracks_of(street.heard).devices(since_ms);
        inside += found.low_milli <= 1'000 * truth && 1'000 * truth <= found.high_milli;
        counted += found.value_milli / 1'000.0;
        there += static_cast<double>(truth);
    }
    EXPECT_GE(inside, 9);
    EXPECT_NEAR(counted / there, 1, 0.15);
}

TEST(Tracks, WhereNobodyTellsTheIntervalReachesFromTracksToAddresses) {
    // A burst of each: they could be many that pass, or few that stay and move about.
    const Street street = passers(5, 40);
    std::set<std::int64_t> first;
    for (const auto& stay : street.stays) first.insert(stay.first);
    auto air = street.heard;
    std::erase_if(air, [&](const Heard& heard) { return !first.contains(heard.at_ms); });
    const Estimate found = tracks_of(air).devices(kStartMs);
    EXPECT_EQ(found.high_milli, 1'000 * std::ssize(air));
    EXPECT_LT(found.value_milli, found.high_milli / 2);
    EXPECT_LT(found.low_milli, found.value_milli);
}

TEST(Tracks, WhereStrengthTellsNothingMakersAddressesStayByThemselves) {
    Street street = passers(5, 60);
    std::int64_t makers = 0;
    for (std::size_t at = 0; at < street.heard.size(); at += 3) {
        street.heard[at].global = true;
        makers += street.heard[at].at_ms >= kStartMs + 45 * 60'000;
    }
    Tracks tracks;
    std::int64_t alone = 0;
    for (const Heard& heard : street.heard) {
        const auto placed = tracks.add(heard);
        if (!heard.global || heard.at_ms < kStartMs + 45 * 60'000) continue;
        alone += placed.is_new && placed.global;
    }
    EXPECT_EQ(alone, makers);
}

TEST(Tracks, LimitsHoldAndTheLastHeardStay) {
    CountingRules rules;
    rules.tracks_max = 64;
    rules.addresses_max = 128;
    rules.lists_max = 32;
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
        Tracks tracks(rules);
        for (const Heard& heard : random_air(seed, 5'000, 200)) {
            const auto placed = tracks.add(heard);
            ASSERT_LE(tracks.tracks(), rules.tracks_max);
            ASSERT_LE(tracks.addresses(), rules.addresses_max);
            EXPECT_EQ(tracks.add(heard).track, placed.track);
        }
        EXPECT_LT(tracks.bytes(), 200'000U);
        Tracks again(rules);
        EXPECT_TRUE(again.read(tracks.written()));
    }
}

TEST(Tracks, NeverMoreDevicesThanAddresses) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        const auto air = random_air(seed, 300);
        std::set<std::uint64_t> addresses;
        for (const Heard& heard : air) addresses.insert(heard.pseudonym);
        const Estimate found = tracks_of(air).devices(kStartMs);
        EXPECT_LE(found.low_milli, found.value_milli);
        EXPECT_LE(found.value_milli, found.high_milli);
        EXPECT_LE(found.value_milli, 1'000 * std::ssize(addresses)) << seed;
    }
}

TEST(Tracks, PlacesThatShareNoModelAddUp) {
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        auto one = random_air(seed, 200);
        auto other = random_air(seed + 100, 200);
        for (Heard& heard : one) heard.sequence = -1;
        for (Heard& heard : other) {
            heard.sequence = -1;
            heard.pseudonym += 1'000'000;
            heard.coarse += 1'000;
            heard.fine += 1'000;
        }
        // 0 is a list as any other, and both have it.
        for (Heard& heard : one) heard.coarse += 1;
        const Estimate apart_one = tracks_of(one).devices(kStartMs);
        const Estimate apart_other = tracks_of(other).devices(kStartMs);
        const Estimate both = tracks_of(together({one, other})).devices(kStartMs);
        EXPECT_NEAR(both.value_milli, apart_one.value_milli + apart_other.value_milli, 1);
        EXPECT_GE(both.low_milli, apart_one.low_milli + apart_other.low_milli - 1);
        EXPECT_LE(both.high_milli, apart_one.high_milli + apart_other.high_milli + 1);
    }
}

TEST(Tracks, BytesThatAreNoStateAreRefused) {
    const std::string bytes = tracks_of(random_air(3, 120)).written();
    Tracks tracks;
    ASSERT_TRUE(tracks.read(bytes));
    const std::string before = tracks.written();
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        EXPECT_FALSE(tracks.read(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(tracks.read(bytes + "x"));
    EXPECT_EQ(tracks.written(), before);
    // Any octet may be another: it is refused, or a state that can go on.
    const auto air = random_air(4, 50);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        Tracks other;
        if (!other.read(changed)) continue;
        for (const Heard& heard : air) other.add(heard);
        other.devices(kStartMs);
    }
}

}  // namespace
}  // namespace mobilytics::measure
