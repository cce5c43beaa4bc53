#include "simulation/city.h"

#include <algorithm>
#include <cstdio>

#include "simulation/receiver.h"
#include "simulation/simulated_radio.h"

namespace mobilytics::simulation {

namespace {

constexpr std::uint64_t kCompanionNumbers = std::uint64_t{1} << 40;  // Behind all people's devices.

std::string code_of(char kind, std::uint32_t number) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "SIM-%c%02u", kind, number + 1);
    return text.data();
}

}  // namespace

Shift presence_of(const Companion& companion, const AssetDay& day) {
    if (companion.role == Role::co_traveller) return day.shifts.front();
    if (companion.to_hour >= 24) return {day.begin, day.end};
    return {
        day.begin + seconds(companion.from_hour * 3600),
        day.begin + seconds(companion.to_hour * 3600)};
}

City::City(CityOptions options) : options_(options) {
    for (std::uint32_t i = 0; i < options_.trucks; ++i) {
        const Truck truck(options_.seed, i);
        assets_.push_back(
            {i, code_of('T', i), "Truck " + std::to_string(i + 1) + " (synthetic)", true,
             position_of(truck.depot().point())});
    }
    for (std::uint32_t i = 0; i < options_.billboards; ++i) {
        const Corner at = place_of_billboard(i);
        assets_.push_back(
            {options_.trucks + i, code_of('B', i), crossing_name(at) + " (synthetic)", false,
             position_of(at.point())});
    }
}

/// At arterials' crossings, most around the Loop, no two at one.
Corner City::place_of_billboard(std::uint32_t number) const {
    std::vector<Corner> taken;
    Dice dice{options_.seed, 30};
    while (taken.size() <= number) {
        const int row =
            arterial_before(std::clamp(static_cast<int>(dice.normal() * 14), kRowMin + 4, kRowMax));
        const int column = arterial_before(
            std::clamp(static_cast<int>(dice.normal() * 10 - 8), kColumnMin, last_column(row)));
        const Corner at = corner(column, row);
        if (std::ranges::find(taken, at) == taken.end()) taken.push_back(at);
    }
    return taken.back();
}

std::shared_ptr<const DayOfTrips> City::trips_of(LocalDay day) const {
    constexpr std::size_t kDaysKept = 3;
    const std::lock_guard lock(mutex_);
    const auto known =
        std::ranges::find(recent_, day, [](const auto& entry) { return entry.first; });
    if (known != recent_.end()) {
        auto found = *known;
        recent_.erase(known);
        recent_.push_back(std::move(found));
    } else {
        if (recent_.size() == kDaysKept) recent_.erase(recent_.begin());
        recent_.emplace_back(
            day, std::make_shared<DayOfTrips>(options_.seed, options_.people, day));
    }
    return recent_.back().second;
}

AssetDay City::asset_day(std::uint32_t asset, LocalDay day) const {
    AssetDay out;
    out.begin = start_of(day, kZone);
    out.end = start_of(day.plus(std::chrono::days(1)), kZone);
    if (assets_[asset].moving) {
        const Truck truck(options_.seed, asset);
        out.track = truck.day_track(day);
        Track unused;
        out.shifts = {truck.track_of(day, unused)};
    } else {
        const Point at = place_of_billboard(asset - options_.trucks).point();
        out.track = {{out.begin, out.begin + std::chrono::hours(31), at, 0, 0}};
    }
    const auto trips = trips_of(day);
    const Nearness nearness(out.track);
    Track track;
    for (const Trip& trip : trips->trips()) {
        if (!nearness.possible(trip)) continue;
        track.clear();
        trips->track_of(trip, track);
        Dice dice{options_.seed, 31, asset, trip.person, trip.number};
        meet(out.track, track, trip, dice.between(4, 24), out.encounters);
    }
    std::ranges::sort(out.encounters, {}, [](const Encounter& encounter) {
        return std::tuple(encounter.begin, encounter.person);
    });
    return out;
}

std::vector<Device> City::devices(std::uint32_t person) const {
    auto out = devices_of(options_.seed, person);
    if (!options_.randomising) return out;
    // The same people hide at any higher share.
    const bool hides = Dice{options_.seed, 33, person}.uniform() < *options_.randomising;
    out.front().randomisation = hides ? Randomisation::per_burst : Randomisation::none;
    return out;
}

std::vector<Companion> City::companions(std::uint32_t asset) const {
    std::vector<Companion> out;
    Dice dice{options_.seed, 32, asset};
    const auto add = [&](Kind kind, Role role, double distance_m, double obstruction_db) {
        const std::uint64_t number = kCompanionNumbers + asset * 64ULL + out.size();
        Companion companion;
        companion.device = make_device(options_.seed, number, kind);
        companion.role = role;
        companion.distance_m = distance_m;
        companion.obstruction_db = obstruction_db;
        out.push_back(companion);
    };
    if (assets_[asset].moving) {
        add(Kind::phone, Role::co_traveller, 1.5, 6);
        if (dice.happens(0.5)) add(Kind::wearable, Role::co_traveller, 1.5, 6);
        add(Kind::tag, Role::resident, 3, 3);  // The truck's own.
        return out;
    }
    for (int i = dice.whole(1, 3); i > 0; --i) {
        add(Kind::laptop, Role::resident, dice.between(18, 40), 12);
        out.back().from_hour = dice.between(7, 9);
        out.back().to_hour = dice.between(18, 22);
    }
    for (int i = dice.whole(0, 2); i > 0; --i) {
        add(Kind::beacon, Role::resident, dice.between(8, 25), 10);
    }
    return out;
}

std::vector<Companion> City::access_points(std::uint32_t asset) const {
    std::vector<Companion> out;
    if (assets_[asset].moving) return out;
    Dice dice{options_.seed, 33, asset};
    for (int i = dice.whole(3, 8); i > 0; --i) {
        const std::uint64_t number = kCompanionNumbers + asset * 64ULL + 32 + out.size();
        Companion companion;
        companion.device = make_device(options_.seed, number, Kind::access_point);
        companion.distance_m = dice.between(15, 70);
        companion.obstruction_db = 10;
        out.push_back(companion);
    }
    return out;
}

std::vector<Visit> City::visits(std::uint32_t asset, Instant from, Instant to) const {
    std::vector<Visit> out;
    const auto keep = [&](Visit visit) {
        visit.asset = asset;
        if (visit.entered >= from && visit.entered < to) out.push_back(visit);
    };
    const auto companions_here = companions(asset);
    const LocalDay last = local_day(to, kZone);
    for (LocalDay day = local_day(from, kZone).plus(std::chrono::days(-1)); day <= last;
         day = day.plus(std::chrono::days(1))) {
        const AssetDay met = asset_day(asset, day);
        for (const Encounter& encounter : met.encounters) {
            for (const Stay& stay : stays_within(encounter, options_.zone_m)) {
                keep(
                    {0, Role::passer, encounter.person, stay.begin, stay.end, stay.closest_m,
                     encounter.mode, piece_at(met.track, stay.begin).standing()});
            }
        }
        for (std::uint32_t i = 0; i < companions_here.size(); ++i) {
            const Companion& companion = companions_here[i];
            const Shift presence = presence_of(companion, met);
            keep(
                {0, companion.role, i, presence.begin, presence.end, companion.distance_m,
                 Mode::walk, true});
        }
    }
    std::ranges::sort(out, {}, [](const Visit& visit) {
        return std::tuple(visit.entered, visit.role, visit.person);
    });
    return out;
}

std::unique_ptr<sensor::FrameSource> City::radio(
    std::uint32_t asset, Instant from, Instant to) const {
    return std::make_unique<SimulatedRadio>(*this, asset, from, to, nullptr);
}

std::unique_ptr<sensor::FrameSource> City::live_radio(
    std::uint32_t asset, Instant from, const Clock& clock) const {
    return std::make_unique<SimulatedRadio>(*this, asset, from, Instant::max(), &clock);
}

std::unique_ptr<sensor::FixSource> City::receiver(
    std::uint32_t asset, Instant from, Instant to) const {
    if (!assets_[asset].moving) return nullptr;
    return std::make_unique<Receiver>(*this, asset, from, to, nullptr);
}

std::unique_ptr<sensor::FixSource> City::live_receiver(
    std::uint32_t asset, Instant from, const Clock& clock) const {
    if (!assets_[asset].moving) return nullptr;
    return std::make_unique<Receiver>(*this, asset, from, Instant::max(), &clock);
}

}  // namespace mobilytics::simulation
