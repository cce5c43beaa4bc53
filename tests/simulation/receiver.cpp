#include "simulation/receiver.h"

#include <cmath>
#include <cstdio>
#include <numbers>

namespace mobilytics::simulation {

namespace {

namespace chrono = std::chrono;

constexpr chrono::seconds kDriving{2};
constexpr chrono::seconds kParked{20};

/// An error that wanders: 2.2 m on the mean, half another after twenty seconds.
double error_m(std::uint64_t seed, std::uint64_t asset, std::uint64_t axis, Instant when) {
    constexpr std::int64_t kStepUs = 20'000'000;
    const std::int64_t us = when.time_since_epoch().count();
    const auto step = static_cast<std::uint64_t>(us / kStepUs);
    const double share = static_cast<double>(us % kStepUs) / static_cast<double>(kStepUs);
    const double before = Dice{seed, 50, asset, axis, step}.normal();
    const double after = Dice{seed, 50, asset, axis, step + 1}.normal();
    return 2.2 * (before * (1 - share) + after * share);
}

std::string sentence(const std::string& body) {
    unsigned sum = 0;
    for (const char c : body) sum ^= static_cast<unsigned char>(c);
    std::array<char, 8> end{};
    std::snprintf(end.data(), end.size(), "*%02X\r\n", sum);
    return '$' + body + end.data();
}

/// "4152.92000,N".
std::string angle(std::int32_t degrees_e7, int digits, const char* letters) {
    const bool negative = degrees_e7 < 0;
    const std::int64_t all = std::abs(std::int64_t{degrees_e7});
    const std::int64_t degrees = all / 10'000'000;
    const double minutes = static_cast<double>(all % 10'000'000) * 60e-7;
    std::array<char, 40> text{};
    std::snprintf(
        text.data(), text.size(), "%0*d%09.6f,%c", digits, static_cast<int>(degrees), minutes,
        letters[negative ? 1 : 0]);
    return text.data();
}

}  // namespace

Receiver::Receiver(
    const City& city, std::uint32_t asset, Instant from, Instant to, const Clock* clock)
    : seed_(city.options().seed),
      asset_(asset),
      truck_(seed_, asset),
      to_(to),
      now_(chrono::ceil<chrono::seconds>(from)),
      pace_(clock) {
    if (now_.time_since_epoch() % kDriving != chrono::seconds(0)) now_ += chrono::seconds(1);
}

const Piece& Receiver::piece_now() {
    const LocalDay today = local_day(now_, kZone);
    if (track_.empty() || today != day_) {
        day_ = today;
        track_ = truck_.day_track(today);
        at_ = 0;
    }
    while (track_[at_].end <= now_) ++at_;
    return track_[at_];
}

sensor::Fix Receiver::fix_now(const Piece& piece) const {
    Point point = piece.at(now_);
    point.x += error_m(seed_, asset_, 0, now_);
    point.y += error_m(seed_, asset_, 1, now_);
    const Position position = position_of(point);
    Dice dice{seed_, 51, asset_, static_cast<std::uint64_t>(now_.time_since_epoch().count())};
    sensor::Fix fix;
    fix.at = now_;
    fix.latitude_e7 = static_cast<std::int32_t>(std::lround(position.latitude_deg * 1e7));
    fix.longitude_e7 = static_cast<std::int32_t>(std::lround(position.longitude_deg * 1e7));
    const double speed_m_s = std::abs(piece.speed_m_s() + 0.1 * dice.normal());
    fix.speed_cm_s = static_cast<std::uint32_t>(std::lround(speed_m_s * 100));
    if (!piece.standing()) {
        const double heading = std::atan2(piece.east_m_s, piece.north_m_s) / std::numbers::pi * 180;
        const double turned = std::fmod(heading + dice.normal() + 720, 360);
        fix.heading_cdeg = static_cast<std::uint32_t>(std::lround(turned * 100)) % 36'000;
    }
    fix.accuracy_cm = 310;
    return fix;
}

sensor::Step Receiver::next(sensor::Fix& fix, std::chrono::milliseconds wait_max) {
    while (now_ < to_) {
        const auto step = pace_.wait_for(now_, wait_max);
        if (step != sensor::Step::ready) return step;
        const Piece& piece = piece_now();
        const bool due = !parked(piece) || now_.time_since_epoch() % kParked == chrono::seconds(0);
        if (due) {
            fix = fix_now(piece);
            ++counts_.fixes;
        }
        now_ += kDriving;
        if (due) return sensor::Step::ready;
    }
    return sensor::Step::end;
}

std::string nmea_of(const sensor::Fix& fix) {
    const auto midnight = chrono::floor<chrono::days>(fix.at);
    const chrono::year_month_day date(midnight);
    const chrono::hh_mm_ss time(chrono::floor<chrono::seconds>(fix.at - midnight));
    std::array<char, 16> clock{};
    std::snprintf(
        clock.data(), clock.size(), "%02d%02d%02d.00", int(time.hours().count()),
        int(time.minutes().count()), int(time.seconds().count()));
    const std::string place =
        angle(fix.latitude_e7, 2, "NS") + ',' + angle(fix.longitude_e7, 3, "EW");
    std::array<char, 64> rest{};
    std::snprintf(rest.data(), rest.size(), ",%.3f,", fix.speed_cm_s.value_or(0) * 36.0 / 1852.0);
    std::string rmc = "GPRMC," + std::string(clock.data()) + ",A," + place + rest.data();
    if (fix.heading_cdeg) {
        std::snprintf(rest.data(), rest.size(), "%.2f", *fix.heading_cdeg / 100.0);
        rmc += rest.data();
    }
    std::snprintf(
        rest.data(), rest.size(), ",%02u%02u%02d,,,A", unsigned(date.day()), unsigned(date.month()),
        int(date.year()) % 100);
    rmc += rest.data();
    const std::string gga =
        "GPGGA," + std::string(clock.data()) + ',' + place + ",1,09,0.9,181.0,M,-34.0,M,,";
    return sentence(rmc) + sentence(gga);
}

}  // namespace mobilytics::simulation
