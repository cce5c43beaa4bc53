// What is measured is what happened: the simulated city's frames go through decoding, pseudonyms,
// reports and measuring, and the facts are compared with the city's truth and with what its air
// carried. Addresses are compared, not people: nothing here undoes randomisation.

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "simulation/measured.h"

namespace mobilytics::simulation {
namespace {

using namespace std::chrono_literals;
using measure::Zone;
using std::chrono::microseconds;

/// Friday, eight in the morning in Chicago, and noon.
const Instant kFrom = parse_iso8601("2026-08-21T13:00:00Z").value();
const Instant kTo = kFrom + 4h;
constexpr std::uint32_t kTrucks[] = {0, 1};
constexpr std::uint32_t kBillboards[] = {12, 13, 14, 15, 16, 17};

double seconds_of(microseconds time) { return static_cast<double>(time.count()) * 1e-6; }

const City& city() {
    static const City kCity({.seed = 7, .people = 60'000});
    return kCity;
}

Measured& measured(std::uint32_t asset) {
    static std::map<std::uint32_t, Measured> kMeasured;
    return kMeasured.try_emplace(asset, city(), asset, kFrom, kTo).first->second;
}

double median(std::vector<double> values) {
    EXPECT_FALSE(values.empty());
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void tell(const char* what, double value) {
    std::printf("%-64s %.6g\n", what, value);
    testing::Test::RecordProperty(what, std::to_string(value));
}

TEST(Truth, VisitsDwellAndZonesAtABillboardAreThoseOfTheAir) {
    for (const auto asset : kBillboards) {
        auto& of = measured(asset);
        const auto visits = of.visits();
        std::size_t count = 0;
        microseconds dwell{0};
        for (const auto& [name, heard] : of.air()) {
            const auto wanted = visits_of(heard);
            std::vector<Stayed> found;
            if (const auto its = visits.find(name); its != visits.end()) {
                for (const auto& visit : its->second) {
                    found.push_back(
                        {visit.first, visit.last, visit.sightings, visit.strongest_dbm});
                    const auto zone = visit.strongest_dbm >= -60   ? Zone::near
                                      : visit.strongest_dbm >= -75 ? Zone::mid
                                                                   : Zone::far;
                    EXPECT_EQ(visit.zone, zone);
                    dwell += visit.last - visit.first;
                }
            }
            EXPECT_EQ(found, wanted);
            count += wanted.size();
        }
        EXPECT_GT(count, 500U);

        // The same, summed up by quarters: presence is dwell, cut at their ends.
        std::int64_t begun = 0;
        microseconds presence{0};
        for (const auto& [start, bucket] : of.buckets()) {
            for (const auto& exposure : bucket.exposures) {
                if (exposure.source != wire::RadioKind::wifi) continue;
                begun += exposure.visits_begun;
                presence += microseconds(exposure.presence_us);
            }
        }
        EXPECT_EQ(begun, static_cast<std::int64_t>(count));
        EXPECT_EQ(presence, dwell);
        tell("visits by Wi-Fi at a billboard in four hours", static_cast<double>(count));
    }
}

TEST(Truth, ReachIsTheDifferentAddressesOfAllAssets) {
    measure::ReachSketch reach;
    std::size_t addresses = 0;
    for (const auto asset : kBillboards) {
        auto& of = measured(asset);
        for (const auto& [start, bucket] : of.buckets()) {
            for (const auto& exposure : bucket.exposures) {
                if (exposure.source == wire::RadioKind::wifi) reach.unite(exposure.reach);
            }
        }
        // Each asset has another salt here, so nobody is counted at two.
        for (const auto& [name, heard] : of.air()) addresses += !visits_of(heard).empty();
    }
    const double error = reach.estimate() / static_cast<double>(addresses) - 1;
    EXPECT_GT(addresses, 1'000U);
    EXPECT_LT(std::abs(error), 3 * 0.0081);
    tell("different addresses at six billboards", static_cast<double>(addresses));
    tell("error of reach, %", 100 * error);
}

/// A phone that keeps its address, near a billboard once.
struct Passing {
    Encounter encounter;
    std::uint64_t name = 0;
};

/// Encounters, whole within the time, of phones that never change their address and were heard.
std::vector<Passing> passings(std::uint32_t asset) {
    const auto& air = measured(asset).air();
    std::map<std::uint32_t, std::uint64_t> names;  // By person.
    for (const auto& [name, heard] : air) {
        const auto& origin = heard.front().origin;
        if (origin.role != Role::passer) continue;
        const auto device = city().devices(origin.person).at(origin.device);
        if (device.kind == Kind::phone && device.randomisation == Randomisation::none) {
            names[origin.person] = name;
        }
    }
    std::vector<Passing> out;
    for (const auto& encounter : city().asset_day(asset, local_day(kFrom, kCityZone)).encounters) {
        const auto name = names.find(encounter.person);
        if (name == names.end() || encounter.begin < kFrom || encounter.end > kTo) continue;
        const auto& heard = air.at(name->second);
        const bool is_heard = std::ranges::any_of(heard, [&](const Heard& one) {
            return one.at >= encounter.begin && one.at < encounter.end && one.rssi_dbm >= -90;
        });
        if (is_heard) out.push_back({encounter, name->second});
    }
    return out;
}

TEST(Truth, APhoneThatKeepsItsAddressIsOneVisitAnEncounter) {
    std::size_t count = 0, once = 0, lost = 0;
    std::vector<double> missed_s, beyond_zone_s;
    std::map<Zone, std::vector<double>> distance_m;  // Where its strongest frame was sent.
    for (const auto asset : kBillboards) {
        const auto visits = measured(asset).visits();
        const auto& air = measured(asset).air();
        for (const auto& passing : passings(asset)) {
            const auto& encounter = passing.encounter;
            std::vector<measure::Visit> within;
            if (const auto its = visits.find(passing.name); its != visits.end()) {
                std::ranges::copy_if(
                    its->second, std::back_inserter(within), [&](const auto& visit) {
                        return visit.first < encounter.end && visit.last >= encounter.begin;
                    });
            }
            ++count;
            lost += within.empty();
            if (within.size() != 1) continue;
            ++once;
            const auto& visit = within[0];
            // Whoever comes back within the gap has not left.
            const bool alone = visit.first >= encounter.begin && visit.last < encounter.end;
            if (!alone) continue;
            const auto near_s = seconds_of(encounter.end - encounter.begin);
            const auto dwell_s = seconds_of(visit.last - visit.first);
            EXPECT_LE(dwell_s, near_s);
            missed_s.push_back(near_s - dwell_s);
            double zone_s = 0;
            for (const auto& stay : stays_within(encounter, city().options().zone_m)) {
                zone_s += seconds_of(stay.end - stay.begin);
            }
            if (zone_s >= 60) beyond_zone_s.push_back(dwell_s - zone_s);
            for (const auto& one : air.at(passing.name)) {
                if (one.at < visit.first || one.at > visit.last) continue;
                if (one.rssi_dbm != visit.strongest_dbm) continue;
                distance_m[visit.zone].push_back(encounter.distance_m(one.at));
            }
        }
    }
    EXPECT_GT(count, 100U);
    EXPECT_EQ(lost, 0U);
    const double exactly = static_cast<double>(once) / static_cast<double>(count);
    EXPECT_GT(exactly, 0.95);
    EXPECT_LT(median(distance_m[Zone::near]), median(distance_m[Zone::mid]));
    EXPECT_LT(median(distance_m[Zone::mid]), median(distance_m[Zone::far]));
    EXPECT_LT(median(missed_s), 45);
    tell("encounters of phones that keep their address, heard", static_cast<double>(count));
    tell("of them one visit, %", 100 * exactly);
    tell("time near and not in the dwell, median, s", median(missed_s));
    tell("of a minute or more within 50 m: dwell less that, median, s", median(beyond_zone_s));
    tell("their number", static_cast<double>(beyond_zone_s.size()));
    tell("distance of the strongest frame, near ring, median, m", median(distance_m[Zone::near]));
    tell("distance of the strongest frame, mid ring, median, m", median(distance_m[Zone::mid]));
    tell("distance of the strongest frame, far ring, median, m", median(distance_m[Zone::far]));
}

TEST(Truth, WhoWasInTheZoneIsFoundAsOftenAsPhonesSend) {
    std::size_t count = 0, found = 0, sent = 0;
    for (const auto asset : kBillboards) {
        auto& of = measured(asset);
        std::map<std::uint32_t, std::vector<measure::Visit>> stays;  // By person.
        std::map<std::uint32_t, std::vector<Instant>> frames;        // Loud enough to count.
        const auto visits = of.visits();
        for (const auto& [name, heard] : of.air()) {
            const auto& origin = heard.front().origin;
            if (origin.role != Role::passer) continue;
            for (const auto& one : heard) {
                if (one.rssi_dbm >= -90) frames[origin.person].push_back(one.at);
            }
            if (const auto its = visits.find(name); its != visits.end()) {
                std::ranges::copy(its->second, std::back_inserter(stays[origin.person]));
            }
        }
        for (const auto& visit : city().visits(asset, kFrom, kTo)) {
            if (visit.role != Role::passer || visit.left > kTo) continue;
            const auto devices = city().devices(visit.person);
            const bool has_wifi = std::ranges::any_of(devices, [](const Device& one) {
                return one.kind == Kind::phone && one.wifi != nullptr;
            });
            if (!has_wifi) continue;
            ++count;
            const bool is_found =
                std::ranges::any_of(stays[visit.person], [&](const measure::Visit& stay) {
                    return stay.first < visit.left && stay.last >= visit.entered;
                });
            const bool has_sent = std::ranges::any_of(frames[visit.person], [&](Instant at) {
                return at >= visit.entered && at < visit.left;
            });
            found += is_found;
            sent += has_sent;
            EXPECT_TRUE(is_found || !has_sent);
        }
    }
    const auto share = [&](std::size_t part) {
        return static_cast<double>(part) / static_cast<double>(count);
    };
    EXPECT_GT(count, 1'000U);
    EXPECT_LT(share(found) - share(sent), 0.1);  // Between two bursts, one before, one after.
    tell("true visits of the zone with Wi-Fi on", static_cast<double>(count));
    tell("of them heard while they were there, %", 100 * share(sent));
    tell("of them found, %", 100 * share(found));
}

/// From the second hour on, when it is known that phones pass: devices counted in quarters, and
/// phones that were heard in them.
std::pair<double, double> counted_and_heard(double hiding) {
    const City street(
        {.seed = 7, .trucks = 0, .billboards = 1, .people = 60'000, .randomising = hiding});
    Measured one(street, 0, kFrom, kTo);
    std::map<Instant, std::set<std::pair<Role, std::uint32_t>>> heard;
    for (const auto& [name, frames] : one.air()) {
        for (const auto& frame : frames) {
            if (frame.origin.broken || frame.rssi_dbm < -90) continue;
            heard[kFrom + (frame.at - kFrom) / measure::kBucket * measure::kBucket].insert(
                {frame.origin.role, frame.origin.person});
        }
    }
    std::pair<double, double> out;
    for (const auto& [start, bucket] : one.buckets()) {
        if (start < kFrom + 2h || start >= kTo || !bucket.counted) continue;
        out.first += bucket.counted->devices.value_milli / 1'000.0;
        out.second += static_cast<double>(heard[start].size());
    }
    tell("devices counted", out.first);
    tell("phones heard", out.second);
    return out;
}

TEST(Truth, PhonesThatPassAreCountedHoweverManyHide) {
    const auto [open, open_heard] = counted_and_heard(0);
    EXPECT_GT(open_heard, 100);
    EXPECT_NEAR(open / open_heard, 1, 0.1);
    const auto [half, half_heard] = counted_and_heard(0.5);
    EXPECT_NEAR(half / half_heard, 1, 0.3);  // Who passes early sends less, and is learnt from.
    const auto [none, none_heard] = counted_and_heard(1);
    EXPECT_NEAR(none / none_heard, 1, 0.35);
}

TEST(Truth, ATrucksWayIsAsLongAsItWas) {
    for (const auto asset : kTrucks) {
        double true_m = 0, true_parked_s = 0, true_moving_s = 0;
        for (const auto& piece : city().asset_day(asset, local_day(kFrom, kCityZone)).track) {
            const auto begin = std::max(piece.begin, kFrom), end = std::min(piece.end, kTo);
            if (begin >= end) continue;
            true_m += piece.speed_m_s() * seconds_between(begin, end);
            if (parked(piece)) true_parked_s += seconds_between(begin, end);
            if (!piece.standing()) true_moving_s += seconds_between(begin, end);
        }
        double found_m = 0, driving_s = 0, parked_s = 0;
        for (const auto& [started, route] : measured(asset).routes()) {
            found_m += static_cast<double>(route.distance_m);
            driving_s += static_cast<double>(route.driving_us) * 1e-6;
            parked_s += static_cast<double>(route.parked_us) * 1e-6;
        }
        tell("a truck's way, m", true_m);
        tell("its length as measured, %", 100 * found_m / true_m);
        tell("time on the move, s", true_moving_s);
        tell("driving as measured, s", driving_s);
        tell("time parked for a minute or more, s", true_parked_s);
        tell("parked as measured, s", parked_s);
        EXPECT_NEAR(found_m / true_m, 1, 0.03);
        EXPECT_NEAR(driving_s / true_moving_s, 1, 0.05);
        EXPECT_NEAR(parked_s / true_parked_s, 1, 0.1);
        EXPECT_NEAR(driving_s + parked_s, seconds_of(kTo - kFrom), 60);
    }
}

}  // namespace
}  // namespace mobilytics::simulation
