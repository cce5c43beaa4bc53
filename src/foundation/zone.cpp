#include "foundation/zone.h"

#include <array>
#include <charconv>
#include <cstdio>

#include <date/tz.h>

namespace mobilytics {

namespace chrono = std::chrono;

namespace {

const date::time_zone& zone_of(std::string_view name) {
    const date::time_zone* found = nullptr;
    try {
        found = date::locate_zone(name);
    } catch (const std::runtime_error&) {
        VERIFY(found != nullptr);  // It was to be refused where it came in.
    }
    return *found;
}

/// What the clocks of a zone show, as if it were UTC.
Instant shown(Instant instant, const date::time_zone& zone) {
    return instant + zone.get_info(instant).offset;
}

/// The first instant at which the clocks show this, or, where they skip it, something later.
Instant first_shown(Instant local, const date::time_zone& zone) {
    const date::local_time<chrono::microseconds> time{local.time_since_epoch()};
    const auto info = zone.get_info(time);
    if (info.result == date::local_info::nonexistent) return info.second.begin;
    return local - info.first.offset;
}

}  // namespace

bool zone_exists(std::string_view zone) {
    // The database also finds files beside its zones.
    if (zone.empty() || zone.size() > 64 || zone.front() == '/' || zone.find("..") != zone.npos) {
        return false;
    }
    try {
        return date::locate_zone(zone) != nullptr;
    } catch (const std::runtime_error&) {
        return false;
    }
}

std::string LocalDay::str() const {
    std::array<char, 16> out{};
    std::snprintf(
        out.data(), out.size(), "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
        unsigned(date.day()));
    return out.data();
}

Result<LocalDay> LocalDay::parse(std::string_view text) {
    const auto instant = parse_iso8601(std::string(text) + "T00:00:00Z");
    if (!instant || text.size() != 10) {
        return fail(ErrorKind::invalid, "bad_day", "a day is written like 2026-08-21");
    }
    return LocalDay{chrono::floor<chrono::days>(*instant)};
}

LocalDay local_day(Instant instant, std::string_view zone) {
    return {chrono::floor<chrono::days>(shown(instant, zone_of(zone)))};
}

Instant start_of(LocalDay day, std::string_view zone) {
    return first_shown(chrono::sys_days(day.date), zone_of(zone));
}

std::vector<Instant> boundaries(Instant from, Instant to, Grain grain, std::string_view name) {
    VERIFY(from < to);
    const auto& zone = zone_of(name);
    std::vector<Instant> out;
    if (grain == Grain::day) {
        auto day = local_day(from, name);
        for (; out.empty() || out.back() < to; day = day.plus(chrono::days(1))) {
            out.push_back(start_of(day, name));
        }
        return out;
    }
    const chrono::minutes step(grain == Grain::hour ? 60 : 15);
    // The clocks' own quarters and hours begin where what they show is a multiple of the step; over
    // a change of the clocks that may take more or less than a step.
    const auto begins = [&](Instant at) {
        const auto local = shown(at, zone);
        return local == chrono::floor<chrono::minutes>(local) &&
               local.time_since_epoch() % step == chrono::microseconds(0);
    };
    const auto local = shown(from, zone);
    Instant at = from - local.time_since_epoch() % step;
    out.push_back(at);
    while (at < to) {
        const auto info = zone.get_info(at);
        auto next = at + step - shown(at, zone).time_since_epoch() % step;
        if (next > Instant(info.end)) {  // The clocks change meanwhile.
            next = Instant(info.end);
            while (!begins(next)) next += chrono::minutes(1);
        }
        at = next;
        out.push_back(at);
    }
    return out;
}

}  // namespace mobilytics
