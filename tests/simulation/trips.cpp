#include "simulation/trips.h"

namespace mobilytics::simulation {

namespace {

/// Somewhere in the city: around the Loop within about `spread` blocks, or anywhere.
Corner place(Dice& dice, double central, double spread) {
    if (dice.happens(central)) {
        const int row = std::clamp(static_cast<int>(dice.normal() * spread), kRowMin, kRowMax);
        const int column = static_cast<int>(dice.normal() * spread * 0.7 - spread * 0.5);
        return corner(std::clamp(column, kColumnMin, last_column(row)), row);
    }
    const int row = dice.whole(kRowMin, kRowMax);
    return corner(dice.whole(kColumnMin, last_column(row)), row);
}

Corner nearby(Dice& dice, Corner from, int blocks) {
    const int row = std::clamp(from.row + dice.whole(-blocks, blocks), kRowMin, kRowMax);
    const int column = from.column + dice.whole(-blocks, blocks);
    return corner(std::clamp(column, kColumnMin, last_column(row)), row);
}

constexpr double kWalkMin = 1.0;  // m/s.
constexpr double kWalkMax = 1.6;
constexpr double kDriveMin = 8;
constexpr double kDriveMax = 13;
constexpr double kLightMax = 42;  // s.
constexpr double kPauseMax = 720;

/// What a trip can take at most.
std::chrono::microseconds longest(const Trip& trip) {
    int blocks = 0;
    for (std::size_t i = 1; i < trip.route.size(); ++i) {
        blocks += std::abs(trip.route[i].column - trip.route[i - 1].column) +
                  std::abs(trip.route[i].row - trip.route[i - 1].row);
    }
    const bool walks = trip.mode == Mode::walk;
    const double lights = blocks / double{kArterial} + 5;
    return seconds(
        blocks * kBlockM / (walks ? kWalkMin : kDriveMin) + lights * kLightMax +
        (walks ? kPauseMax : 0));
}

/// The hour at which somebody goes out without having to: few at night, most in the afternoon.
double leisure_hour(Dice& dice) {
    // Of ten outings, so many have begun by these hours.
    constexpr std::array kHours{8.5, 10.0, 11.3, 12.4, 13.6, 14.9, 16.2, 17.5, 18.8, 20.4, 22.5};
    const double drawn = dice.uniform() * 10;
    const auto step = static_cast<std::size_t>(drawn);
    return kHours[step] + (kHours[step + 1] - kHours[step]) * (drawn - static_cast<double>(step));
}

}  // namespace

DayOfTrips::DayOfTrips(std::uint64_t seed, std::uint32_t people, LocalDay day)
    : seed_(seed),
      day_number_(
          static_cast<std::uint64_t>(std::chrono::sys_days(day.date).time_since_epoch().count())),
      weekend_(std::chrono::weekday(std::chrono::sys_days(day.date)).iso_encoding() >= 6),
      begin_(start_of(day, kZone)) {
    trips_.reserve(std::size_t{people} * 4);
    for (std::uint32_t person = 0; person < people; ++person) plan_person(person);
}

void DayOfTrips::plan_person(std::uint32_t person) {
    Dice life{seed_, 1, person};
    const Corner home = place(life, 0.30, 14);
    const Corner work = place(life, 0.65, 7);
    const bool works = life.happens(0.55);
    Dice dice{seed_, 2, person, day_number_};
    const double free_days = weekend_ ? 0.78 : 0.06;
    if (works && !dice.happens(free_days)) {
        plan_worker(dice, person, home, work);
    } else {
        plan_outings(dice, person, home);
    }
}

void DayOfTrips::plan_worker(Dice& dice, std::uint32_t person, Corner home, Corner work) {
    const bool far = std::abs(home.column - work.column) + std::abs(home.row - work.row) > 9;
    const Mode mode = far ? Mode::drive : Mode::walk;
    // Some work in the evening, some at night.
    double shift = 0;
    if (dice.happens(0.12)) shift = dice.happens(0.5) ? 7.5 : 14;
    const double begins = 8.0 + dice.normal() * 1.3 + shift;
    add(person, begins, mode, home, work);
    if (dice.happens(0.4)) {
        const Corner lunch = nearby(dice, work, 3);
        const double noon = begins + 4.3 + dice.normal() * 0.3;
        add(person, noon, Mode::walk, work, lunch);
        add(person, noon + 0.75 + dice.uniform() * 0.4, Mode::walk, lunch, work);
    }
    const double ends = begins + 9.0 + dice.normal() * 1.0;
    add(person, ends, mode, work, home);
    if (shift > 0 || !dice.happens(0.35)) return;
    const Corner out = nearby(dice, home, 6);
    add(person, ends + 2, Mode::walk, home, out);
    add(person, ends + 4, Mode::walk, out, home);
}

void DayOfTrips::plan_outings(Dice& dice, std::uint32_t person, Corner home) {
    const bool by_night = dice.happens(0.2);
    double hour = by_night ? dice.uniform() * 24 : leisure_hour(dice);
    for (int outing = dice.whole(1, 3); outing > 0 && hour < 23.5; --outing) {
        const bool far = dice.happens(0.45);
        const Corner goal = far ? place(dice, 0.5, 10) : nearby(dice, home, 6);
        const Mode mode = far ? Mode::drive : Mode::walk;
        const double stay = (far ? 2.2 : 1.1) + dice.uniform() * 1.2;
        add(person, hour, mode, home, goal);
        add(person, hour + stay, mode, goal, home);
        hour += stay + (far ? 2.2 : 1.1) + dice.uniform() * 2;
    }
}

void DayOfTrips::add(std::uint32_t person, double hour, Mode mode, Corner from, Corner to) {
    if (from == to) return;
    Trip trip;
    trip.depart = begin_ + seconds(std::max(hour, 0.0) * 3600);
    if (!trips_.empty() && trips_.back().person == person) {
        // Nobody leaves before having arrived.
        const Trip& before = trips_.back();
        trip.number = static_cast<std::uint8_t>(before.number + 1);
        trip.depart = std::max(trip.depart, before.depart + longest(before));
    }
    if (trip.depart >= begin_ + kDeparturesMax) return;
    trip.person = person;
    trip.mode = mode;
    const bool east_west_first = (mixed(person + 77U * trip.number) & 1) != 0;
    trip.route = route_between(from, to, east_west_first);
    trips_.push_back(trip);
}

void follow(
    TrackBuilder& builder, const Route& route, double speed_m_s, double wait_chance, Dice& dice) {
    for (std::size_t i = 1; i < route.size(); ++i) {
        const Corner from = route[i - 1];
        const Corner to = route[i];
        const bool vertical = from.column == to.column;
        const int begin = vertical ? from.row : from.column;
        const int end = vertical ? to.row : to.column;
        const int step = end > begin ? 1 : -1;
        for (int street = begin; street != end;) {
            do street += step;
            while (street != end && street % kArterial != 0);
            const Corner stop = vertical ? corner(from.column, street) : corner(street, from.row);
            builder.go(stop.point(), speed_m_s);
            const bool light = street % kArterial == 0;
            if (light && dice.happens(wait_chance)) builder.stand(dice.between(5, kLightMax));
        }
    }
}

void DayOfTrips::track_of(const Trip& trip, Track& track) const {
    Dice dice{seed_, 3, trip.person, day_number_, trip.number};
    TrackBuilder builder(track, trip.depart, trip.route.front().point());
    if (trip.mode == Mode::drive) {
        follow(builder, trip.route, dice.between(kDriveMin, kDriveMax), 0.42, dice);
        return;
    }
    const double speed_m_s = dice.between(kWalkMin, kWalkMax);
    // One in four waits for somebody, or a bus, where it meets the second of its streets.
    const double pause_s = dice.happens(0.25) ? dice.between(60, kPauseMax) : 0;
    Route first = trip.route;
    for (std::size_t i = 2; i < first.size(); ++i) first[i] = first[1];
    Route rest = trip.route;
    rest[0] = rest[1];
    follow(builder, first, speed_m_s, 0.4, dice);
    builder.stand(pause_s);
    follow(builder, rest, speed_m_s, 0.4, dice);
}

}  // namespace mobilytics::simulation
