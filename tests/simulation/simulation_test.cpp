// The simulated city is the same for everyone who looks, sends what others can read, and its truth
// holds together.

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/sensor/decode/fix_parser.h"
#include "pipeline/sensor/decode/frame_decoder.h"
#include "pipeline/sensor/sources/open.h"
#include "pipeline/sensor/sources/real_data_test.h"
#include "simulation/receiver.h"
#include "simulation/recording.h"
#include "simulation/simulated_radio.h"

namespace mobilytics::simulation {
namespace {

using sensor::FrameDrop;
using sensor::LinkType;
using sensor::Step;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// Friday, eight in the morning in Chicago.
const Instant kMorning = parse_iso8601("2026-08-21T13:00:00Z").value();

const City& city() {
    static const City kCity({.seed = 7, .people = 60'000});
    return kCity;
}
constexpr std::uint32_t kTruck = 0;
constexpr std::uint32_t kBillboard = 12;

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "simulation.XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

/// All frames, as one text: time, link and octets.
std::string octets_of(sensor::FrameSource& source) {
    std::string out;
    sensor::RawFrame frame;
    while (source.next(frame, milliseconds(0)) == Step::ready) {
        out += std::to_string(frame.at.time_since_epoch().count()) + ' ' +
               std::to_string(static_cast<int>(frame.link)) + ' ';
        out.append(reinterpret_cast<const char*>(frame.bytes.data()), frame.bytes.size());
    }
    return out;
}

TEST(Simulation, AFrameIsTheSameHoweverItIsAskedFor) {
    for (const std::uint32_t asset : {kTruck, kBillboard}) {
        const std::string whole = octets_of(*city().radio(asset, kMorning, kMorning + minutes(30)));
        EXPECT_GT(whole.size(), 10'000U);
        std::string pieces;
        const City other({.seed = 7, .people = 60'000});
        for (const auto& [from, to] : {std::pair{0, 1}, {1, 607}, {607, 1800}}) {
            pieces += octets_of(*other.radio(
                asset, kMorning + std::chrono::seconds(from), kMorning + std::chrono::seconds(to)));
        }
        EXPECT_EQ(whole, pieces);
        const City another({.seed = 8, .people = 60'000});
        EXPECT_NE(whole, octets_of(*another.radio(asset, kMorning, kMorning + minutes(30))));
    }
}

TEST(Simulation, WhatIsLiveComesWhenItsTimeComes) {
    ManualClock clock(kMorning + minutes(10));
    const auto live = city().live_radio(kBillboard, kMorning, clock);
    EXPECT_TRUE(live->live());
    std::vector<Instant> heard;
    sensor::RawFrame frame;
    const auto listen = [&] {
        Step step = Step::ready;
        while ((step = live->next(frame, milliseconds(0))) == Step::ready) {
            EXPECT_LE(frame.at, clock.now());
            heard.push_back(frame.at);
        }
        EXPECT_EQ(step, Step::idle);
    };
    listen();
    for (int i = 0; i < 100; ++i) {
        clock.advance(std::chrono::seconds(3));
        listen();
    }
    std::vector<Instant> expected;
    const auto past =
        city().radio(kBillboard, kMorning, clock.now() + std::chrono::microseconds(1));
    while (past->next(frame, milliseconds(0)) == Step::ready) expected.push_back(frame.at);
    EXPECT_EQ(heard, expected);
    live->cancel();
    EXPECT_EQ(live->next(frame, milliseconds(1000)), Step::end);
}

TEST(Simulation, OurDecoderHearsAllThatIsWhole) {
    for (const std::uint32_t asset : {kTruck, kBillboard}) {
        SimulatedRadio radio(city(), asset, kMorning, kMorning + hours(2), nullptr);
        sensor::FrameDecoder decoder;
        sensor::RawFrame frame;
        std::uint64_t whole = 0;
        std::uint64_t broken = 0;
        Instant last;
        while (radio.next(frame, milliseconds(0)) == Step::ready) {
            EXPECT_GE(frame.at, last);
            last = frame.at;
            const bool beacon = frame.link == LinkType::radiotap && frame.bytes[16] == 0x80;
            const auto sightings = decoder.decode(frame);
            EXPECT_EQ(sightings.size(), radio.origin().broken || beacon ? 0U : 1U);
            if (beacon) continue;
            ++(radio.origin().broken ? broken : whole);
        }
        const auto& counts = decoder.counts();
        EXPECT_EQ(counts.sightings, whole);
        EXPECT_EQ(counts.of(FrameDrop::bad_fcs) + counts.of(FrameDrop::ble_bad_crc), broken);
        EXPECT_EQ(counts.frames, whole + broken + counts.of(FrameDrop::not_probe_request));
        EXPECT_GT(whole, 1'000U);
        EXPECT_GT(broken, 10U);
    }
}

TEST(Simulation, TsharkAndOurFileReadersSeeWhatWasSent) {
    const Folder folder;
    const std::array assets{kTruck, kBillboard};
    const Recorded recorded = record(city(), assets, kMorning, kMorning + hours(1), folder.path);
    std::uint64_t frames = 0;
    for (const auto& file : sensor::files_in(folder.path, ".pcap")) {
        SCOPED_TRACE(file);
        std::uint64_t probes = 0;
        std::uint64_t adverts = 0;
        std::uint64_t all = 0;
        for (const auto& cells : sensor::tshark(
                 file,
                 {"frame.number", "wlan.fc.type_subtype", "wlan.fcs.status",
                  "radiotap.flags.badfcs", "btle.advertising_address", "btle.crc.incorrect",
                  "btle_rf.flags.crc_checked", "_ws.malformed"},
                 "", "-o wlan.check_checksum:TRUE")) {
            ASSERT_EQ(cells.size(), 8U);
            ++all;
            const bool wifi = !cells[1].empty();
            const bool broken =
                wifi ? cells[2] != "1" || cells[3] == "1" : !cells[5].empty() || cells[6] == "1";
            if (!broken) {
                EXPECT_EQ(cells[7], "") << cells[0];
            }
            if (wifi && !broken && cells[1] == "0x0004") ++probes;
            if (!wifi && !broken && !cells[4].empty()) ++adverts;
        }
        frames += all;
        const auto source = sensor::open_capture(file).value();
        sensor::FrameDecoder decoder;
        sensor::RawFrame frame;
        while (source->next(frame, milliseconds(0)) == Step::ready) decoder.decode(frame);
        EXPECT_EQ(decoder.counts().frames, all);
        EXPECT_EQ(decoder.counts().sightings, probes + adverts);
        EXPECT_GT(decoder.counts().sightings, 100U);
    }
    EXPECT_EQ(frames, recorded.wifi_frames + recorded.ble_frames);
}

TEST(Simulation, PositionsAreReadAsTheyWereSaid) {
    const auto receiver = city().receiver(kTruck, kMorning, kMorning + hours(6));
    const auto parser = sensor::nmea_parser();
    std::vector<sensor::Fix> said;
    std::vector<sensor::Fix> read;
    sensor::Fix fix;
    while (receiver->next(fix, milliseconds(0)) == Step::ready) {
        said.push_back(fix);
        ASSERT_TRUE(parser->read(nmea_of(fix), false, read));
    }
    ASSERT_EQ(read.size(), said.size());
    EXPECT_GT(said.size(), 1'000U);
    for (std::size_t i = 0; i < said.size(); ++i) {
        EXPECT_EQ(read[i].at, said[i].at);
        EXPECT_LE(std::abs(read[i].latitude_e7 - said[i].latitude_e7), 1);
        EXPECT_LE(std::abs(read[i].longitude_e7 - said[i].longitude_e7), 1);
        EXPECT_LE(std::abs(int(*read[i].speed_cm_s) - int(*said[i].speed_cm_s)), 1);
        EXPECT_EQ(read[i].heading_cdeg, said[i].heading_cdeg);
    }
    EXPECT_EQ(city().receiver(kBillboard, kMorning, kMorning + hours(1)), nullptr);
}

TEST(Simulation, NobodyIsInTwoPlacesAtOnce) {
    const DayOfTrips day(7, 5'000, local_day(kMorning, kZone));
    std::map<std::uint32_t, Instant> arrived;
    for (const Trip& trip : day.trips()) {
        Track track;
        day.track_of(trip, track);
        ASSERT_FALSE(track.empty());
        EXPECT_EQ(track.front().begin, trip.depart);
        EXPECT_LE(track.back().end - track.front().begin, kTripMax);
        if (arrived.contains(trip.person)) {
            EXPECT_GE(trip.depart, arrived[trip.person]);
        }
        arrived[trip.person] = track.back().end;
        for (std::size_t i = 1; i < track.size(); ++i) {
            EXPECT_EQ(track[i].begin, track[i - 1].end);
            const Point end = track[i - 1].at(track[i - 1].end);
            EXPECT_NEAR(end.x, track[i].from.x, 0.01);
            EXPECT_NEAR(end.y, track[i].from.y, 0.01);
            EXPECT_LE(track[i].speed_m_s(), trip.mode == Mode::drive ? 13.01 : 1.61);
        }
    }
    EXPECT_GT(arrived.size(), 4'500U);
}

TEST(Simulation, TheCityIsWhereTheMapIs) {
    for (const Asset& asset : city().assets()) {
        const LocalDay day = local_day(kMorning, kZone);
        if (!asset.moving) continue;
        const Track track = Truck(7, asset.number).day_track(day);
        EXPECT_EQ(track.front().begin, start_of(day, kZone));
        for (std::size_t i = 0; i < track.size(); ++i) {
            if (i > 0) {
                EXPECT_EQ(track[i].begin, track[i - 1].end);
            }
            const Position at = position_of(track[i].from);
            EXPECT_GT(at.longitude_deg, -87.80);
            EXPECT_LT(at.longitude_deg, -87.59);
            EXPECT_GT(at.latitude_deg, 41.78);
            EXPECT_LT(at.latitude_deg, 41.96);
        }
    }
}

TEST(Simulation, AtEveryHourATruckDrives) {
    const LocalDay day = local_day(kMorning, kZone);
    for (int hour = 0; hour < 24; ++hour) {
        int out = 0;
        for (std::uint32_t truck = 0; truck < 12; ++truck) {
            const Track track = Truck(7, truck).day_track(day);
            const Instant from = start_of(day, kZone) + hours(hour);
            for (int minute = 0; minute < 60; ++minute) {
                if (piece_at(track, from + minutes(minute)).standing()) continue;
                ++out;
                break;
            }
        }
        EXPECT_GE(out, 1) << hour;
    }
}

TEST(Simulation, TruthHoldsTogether) {
    for (const std::uint32_t asset : {kTruck, kBillboard}) {
        const auto visits = city().visits(asset, kMorning, kMorning + hours(3));
        EXPECT_GT(visits.size(), 50U);
        const AssetDay day = city().asset_day(asset, local_day(kMorning, kZone));
        Instant last;
        for (const Visit& visit : visits) {
            EXPECT_GE(visit.entered, kMorning);
            EXPECT_LT(visit.entered, kMorning + hours(3));
            EXPECT_GE(visit.entered, last);
            last = visit.entered;
            EXPECT_LT(visit.entered, visit.left);
            EXPECT_LE(visit.closest_m, city().options().zone_m);
            if (visit.role != Role::passer) continue;
            const bool met = std::ranges::any_of(day.encounters, [&](const Encounter& encounter) {
                return encounter.person == visit.person && encounter.begin <= visit.entered &&
                       visit.left <= encounter.end + milliseconds(3);
            });
            EXPECT_TRUE(met) << visit.person;
        }
    }
}

TEST(Simulation, OnlyWhoIsNearIsHeard) {
    SimulatedRadio radio(city(), kTruck, kMorning, kMorning + hours(1), nullptr);
    const AssetDay day = city().asset_day(kTruck, local_day(kMorning, kZone));
    sensor::RawFrame frame;
    std::set<std::uint32_t> people;
    while (radio.next(frame, milliseconds(0)) == Step::ready) {
        if (radio.origin().role != Role::passer) continue;
        people.insert(radio.origin().person);
        const bool near = std::ranges::any_of(day.encounters, [&](const Encounter& encounter) {
            return encounter.person == radio.origin().person && encounter.begin <= frame.at &&
                   frame.at < encounter.end && encounter.distance_m(frame.at) <= kHearingM + 0.1;
        });
        EXPECT_TRUE(near) << radio.origin().person;
    }
    EXPECT_GT(people.size(), 20U);
}

/// Hears a companion for a time: its addresses, and the moments of its frames.
struct Overheard {
    std::set<sensor::Address> addresses;
    std::vector<Instant> at;
};
Overheard overhear(
    std::uint32_t asset, Role role, LinkType link, std::uint32_t number, hours length) {
    SimulatedRadio radio(city(), asset, kMorning, kMorning + length, nullptr);
    sensor::FrameDecoder decoder;
    sensor::RawFrame frame;
    Overheard out;
    while (radio.next(frame, milliseconds(0)) == Step::ready) {
        const Origin& origin = radio.origin();
        if (origin.role != role || origin.person != number || frame.link != link) continue;
        for (const auto& sighting : decoder.decode(frame)) {
            out.addresses.insert(sighting.address);
            out.at.push_back(sighting.at);
        }
    }
    return out;
}

TEST(Simulation, DevicesSendAsTheirModelsDo) {
    // Trucks' drivers are at work, with phones of many models.
    std::set<std::string_view> models;
    for (std::uint32_t truck = 0; truck < 12; ++truck) {
        const Device driver = city().companions(truck)[0].device;
        const Instant work = city().asset_day(truck, local_day(kMorning, kZone)).shifts[0].begin;
        if (driver.wifi == nullptr || work > kMorning || !models.insert(driver.wifi->name).second) {
            continue;
        }
        SCOPED_TRACE(driver.wifi->name);
        const auto heard = overhear(truck, Role::co_traveller, LinkType::radiotap, 0, hours(4));
        std::size_t bursts = 0;
        Instant last;
        for (const Instant at : heard.at) {
            if (at - last > std::chrono::seconds(1)) ++bursts;
            last = at;
        }
        const double per_minute = static_cast<double>(bursts) / 240;
        const double expected = driver.wifi->bursts_per_minute * driver.rate;
        EXPECT_NEAR(per_minute, expected, 0.1 * expected + 0.05);
        EXPECT_GE(per_minute, 0.15);
        EXPECT_LE(per_minute, 2.5);
        switch (driver.randomisation) {
            case Randomisation::none: EXPECT_EQ(heard.addresses.size(), 1U); break;
            case Randomisation::per_12_hours: EXPECT_LE(heard.addresses.size(), 2U); break;
            case Randomisation::per_ssid: EXPECT_LE(heard.addresses.size(), 4U); break;
            case Randomisation::per_burst: EXPECT_GE(heard.addresses.size(), bursts - 2); break;
        }
        if (driver.advert == Advert::apple_nearby) {
            const auto said =
                overhear(truck, Role::co_traveller, LinkType::ble_with_radio, 0, hours(4));
            EXPECT_GE(said.addresses.size(), 16U);
            EXPECT_LE(said.addresses.size(), 17U);
        }
    }
    EXPECT_GE(models.size(), 3U);
}

TEST(Simulation, ThereAreManyModelsAndSomeAreAlike) {
    std::set<std::vector<std::uint8_t>> lists;
    double shares = 0;
    for (const WifiModel& model : wifi_models()) {
        lists.insert(model.elements);
        shares += model.share;
        EXPECT_GE(model.bursts_per_minute, 0.2);
        EXPECT_LE(model.bursts_per_minute, 2.1);
        EXPECT_GE(model.frames_min, 2);
        EXPECT_LE(model.frames_max, 8);
    }
    EXPECT_EQ(wifi_models().size(), 14U);
    EXPECT_EQ(lists.size(), 11U);
    EXPECT_NEAR(shares, 1, 1e-9);
}

TEST(Simulation, DaysHaveTheirCurve) {
    // Friday and Saturday, by the hour of the day.
    std::array<std::array<int, 24>, 2> begun{};
    for (std::size_t day = 0; day < 2; ++day) {
        const LocalDay local = local_day(kMorning + hours(24 * day), kZone);
        const DayOfTrips trips(7, 20'000, local);
        for (const Trip& trip : trips.trips()) {
            const auto hour = (trip.depart - trips.begin()) / hours(1);
            if (hour < 24) ++begun[day][static_cast<std::size_t>(hour)];
        }
    }
    EXPECT_LT(begun[0][3] * 5, begun[0][12]);
    EXPECT_GT(begun[0][8], begun[0][10]);
    EXPECT_GT(begun[0][17], begun[0][15]);
    EXPECT_GT(begun[0][8], begun[1][8]);
    EXPECT_GT(begun[1][15], begun[1][7]);
}

}  // namespace
}  // namespace mobilytics::simulation
