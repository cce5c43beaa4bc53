#include "simulation/trucks.h"

#include <array>

#include "simulation/trips.h"

namespace mobilytics::simulation {

namespace {

/// When shifts begin, most by day; of any eight trucks some are out at every hour.
constexpr std::array kShiftHours{6.0, 8.5, 13.0, 7.0, 16.0, 20.0, 22.5, 9.0};
constexpr double kShiftMaxH = 9.5;

}  // namespace

Truck::Truck(std::uint64_t seed, std::uint32_t number)
    : seed_(seed), number_(number), shift_hour_(kShiftHours[number % kShiftHours.size()]) {
    Dice dice{seed, 10, number};
    depot_ = corner(-24 + dice.whole(-6, 6), dice.happens(0.5) ? -20 : 6);
    const int row = std::clamp(static_cast<int>(dice.normal() * 12), kRowMin + 8, kRowMax - 8);
    territory_ =
        corner(std::min(static_cast<int>(-14 + dice.normal() * 10), last_column(row)), row);
}

Shift Truck::track_of(LocalDay day, Track& track) const {
    const auto number = std::chrono::sys_days(day.date).time_since_epoch().count();
    Dice dice{seed_, 11, number_, static_cast<std::uint64_t>(number)};
    const Instant begin =
        start_of(day, kZone) + seconds((shift_hour_ + dice.between(0, 0.5)) * 3600);
    const Instant last_stop = begin + seconds((kShiftMaxH - 1.5) * 3600);
    const Instant lunch = begin + seconds(dice.between(3.5, 4.5) * 3600);
    TrackBuilder builder(track, begin, depot_.point());
    Corner at = depot_;
    bool eaten = false;
    const auto drive = [&](Corner to) {
        const Route route = route_between(at, to, dice.happens(0.5));
        follow(builder, route, dice.between(7, 12), 0.5, dice);
        at = to;
    };
    while (builder.now() < last_stop) {
        const int row = std::clamp(territory_.row + dice.whole(-12, 12), kRowMin, kRowMax);
        const int column =
            std::clamp(territory_.column + dice.whole(-12, 12), kColumnMin, last_column(row));
        drive(corner(column, row));
        if (!eaten && builder.now() > lunch) {
            builder.stand(dice.between(1800, 2700));
            eaten = true;
        } else {
            builder.stand(dice.between(180, 900));
        }
    }
    drive(depot_);
    return {begin, builder.now()};
}

Track Truck::day_track(LocalDay day) const {
    const Instant begin = start_of(day, kZone);
    const Instant end = begin + std::chrono::hours(31);
    Track shifts;
    for (const int offset : {-1, 0, 1}) track_of(day.plus(std::chrono::days(offset)), shifts);
    Track out;
    TrackBuilder depot(out, begin, depot_.point());
    Instant now = begin;
    for (const Piece& piece : shifts) {
        if (piece.end <= begin || piece.begin >= end) continue;
        if (piece.begin > now) out.push_back({now, piece.begin, depot_.point(), 0, 0});
        Piece kept = piece;
        kept.from = piece.at(std::max(piece.begin, begin));
        kept.begin = std::max(piece.begin, begin);
        out.push_back(kept);
        now = piece.end;
    }
    if (now < end) out.push_back({now, end, depot_.point(), 0, 0});
    return out;
}

}  // namespace mobilytics::simulation
