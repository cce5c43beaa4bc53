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
    // The database also finds files beside its zones, and what the system keeps among them.
    if (zone.empty() || zone.size() > 64 || zone.front() == '/' || zone.find("..") != zone.npos) {
        return false;
    }
    for (const auto* not_a_place : {"posix/", "right/", "posixrules", "localtime", "Factory"}) {
        if (zone.starts_with(not_a_place)) return false;
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
    const LocalDay day{chrono::floor<chrono::days>(shown(instant, zone_of(zone)))};
    // Where midnight comes twice, so does the last hour before it: it is of the day that had begun.
    const auto next = day.plus(chrono::days(1));
    return instant < start_of(next, zone) ? day : next;
}

Instant start_of(LocalDay day, std::string_view zone) {
    return first_shown(chrono::sys_days(day.date), zone_of(zone));
}

std::vector<Instant> shown_at(LocalDay day, chrono::minutes time, std::string_view name) {
    const Instant local = chrono::sys_days(day.date) + time;
    const auto info =
        zone_of(name).get_info(date::local_time<chrono::microseconds>{local.time_since_epoch()});
    if (info.result == date::local_info::nonexistent) return {};
    if (info.result == date::local_info::unique) return {local - info.first.offset};
    return {local - info.first.offset, local - info.second.offset};
}

Instant first_at(LocalDay day, chrono::minutes time, std::string_view zone) {
    return first_shown(chrono::sys_days(day.date) + time, zone_of(zone));
}

namespace {

/// The quarters or hours of a zone's clocks. One begins where what they show is a multiple of
/// `step`, and when they change, unless they do so within a quarter: 00:01, in Newfoundland once.
class ClockSteps {
  public:
    ClockSteps(const date::time_zone& zone, chrono::minutes step) : zone_(zone), step_(step) {}

    Instant start_of(Instant at) const {
        const auto start = at - shown(at, zone_).time_since_epoch() % step_;
        const auto changed = zone_.get_info(at).begin;
        // The database begins before the first Instant: it is compared in its own, seconds.
        if (chrono::floor<chrono::seconds>(start) >= changed) return start;
        return begins_at(changed) ? Instant(changed)
                                  : start_of(Instant(changed) - Instant::duration(1));
    }
    Instant end_of(Instant at) const {
        const auto end = at + step_ - shown(at, zone_).time_since_epoch() % step_;
        const auto changes = zone_.get_info(at).end;
        if (chrono::floor<chrono::seconds>(end) < changes) return end;
        return begins_at(changes) ? Instant(changes) : end_of(Instant(changes));
    }

  private:
    /// Whether a change of the clocks begins one.
    static bool begins_at(Instant change) {
        return change.time_since_epoch() % chrono::minutes(15) == Instant::duration(0);
    }

    const date::time_zone& zone_;
    const chrono::minutes step_;
};

}  // namespace

std::vector<Instant> boundaries(Instant from, Instant to, Grain grain, std::string_view name) {
    VERIFY(from < to);
    std::vector<Instant> out;
    if (grain == Grain::day) {
        auto day = local_day(from, name);
        for (; out.empty() || out.back() < to; day = day.plus(chrono::days(1))) {
            const auto start = start_of(day, name);
            // A day that the calendar skipped begins and ends with the one after it.
            if (out.empty() || out.back() < start) out.push_back(start);
        }
        return out;
    }
    const ClockSteps steps(zone_of(name), chrono::minutes(grain == Grain::hour ? 60 : 15));
    out.push_back(steps.start_of(from));
    while (out.back() < to) out.push_back(steps.end_of(out.back()));
    return out;
}

}  // namespace mobilytics
