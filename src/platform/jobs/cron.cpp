#include "platform/jobs/cron.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "foundation/zone.h"

namespace mobilytics::jobs {

namespace chrono = std::chrono;

namespace {

constexpr int kDaysAhead = 8 * 366 + 1;  // From one 29 February to the next, over a century's end.

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};

struct Field {
    std::string_view name;
    int min, max;
    std::span<const std::string_view> names;
};

tl::unexpected<Error> bad(std::string_view field, std::string_view text, std::string_view why) {
    return fail(
        ErrorKind::invalid, "bad_cron",
        "the " + std::string(field) + " \"" + std::string(text) + "\" " + std::string(why));
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = text.find(at);
        out.push_back(text.substr(0, end));
        if (end == text.npos) return out;
        text.remove_prefix(end + 1);
    }
}

std::optional<int> number(std::string_view text, const Field& field) {
    for (std::size_t i = 0; i < field.names.size(); ++i) {
        const auto same = [](char a, char b) { return (a | 0x20) == b; };
        if (std::equal(
                text.begin(), text.end(), field.names[i].begin(), field.names[i].end(), same)) {
            return static_cast<int>(i) + field.min;
        }
    }
    int out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return out;
}

/// One of a list: "*", "5", "1-5", "*/15", "8-18/2".
template <std::size_t size>
Result<> read_part(std::string_view part, const Field& field, std::bitset<size>& out) {
    const auto slash = part.find('/');
    const auto range = part.substr(0, slash);
    int step = 1;
    if (slash != part.npos) {
        const auto said = number(part.substr(slash + 1), {field.name, 1, field.max, {}});
        if (!said || *said < 1) return bad(field.name, part, "has no such step");
        step = *said;
    }
    int from = field.min, to = field.max;
    if (range != "*") {
        const auto dash = range.find('-');
        const auto first = number(range.substr(0, dash), field);
        const auto last = dash == range.npos ? first : number(range.substr(dash + 1), field);
        if (!first || !last) return bad(field.name, part, "is no number, range or step");
        from = *first;
        to = dash == range.npos && slash != part.npos ? field.max : *last;
    }
    if (from < field.min || to > field.max || from > to) {
        return bad(
            field.name, part,
            "is not within " + std::to_string(field.min) + " to " + std::to_string(field.max));
    }
    for (int i = from; i <= to; i += step) out.set(static_cast<std::size_t>(i));
    return {};
}

template <std::size_t size>
Result<> read_field(std::string_view text, const Field& field, std::bitset<size>& out) {
    for (const auto part : split(text, ',')) CHECK(read_part(part, field, out));
    return {};
}

}  // namespace

Result<Cron> Cron::parse(std::string_view text, std::string_view time_zone) {
    if (!zone_exists(time_zone)) {
        return fail(ErrorKind::invalid, "no_such_zone", std::string(time_zone));
    }
    std::vector<std::string_view> fields;
    for (const auto field : split(text, ' ')) {
        if (!field.empty()) fields.push_back(field);
    }
    if (fields.size() != 5) {
        return fail(
            ErrorKind::invalid, "bad_cron",
            "five fields are wanted: minute, hour, day, month, day of the week");
    }
    Cron out;
    out.zone_ = time_zone;
    CHECK(read_field(fields[0], {"minute", 0, 59, {}}, out.minutes_));
    CHECK(read_field(fields[1], {"hour", 0, 23, {}}, out.hours_));
    CHECK(read_field(fields[2], {"day", 1, 31, {}}, out.days_));
    CHECK(read_field(fields[3], {"month", 1, 12, kMonths}, out.months_));
    std::bitset<8> weekdays;
    CHECK(read_field(fields[4], {"day of the week", 0, 7, kWeekdays}, weekdays));
    for (std::size_t i = 0; i < weekdays.size(); ++i) {
        if (weekdays[i]) out.weekdays_.set(i % 7);
    }
    out.any_hour_ = fields[1].starts_with('*');
    out.any_day_ = fields[2].starts_with('*');
    out.any_weekday_ = fields[4].starts_with('*');
    if (!out.next_within_years(Instant{})) {
        return fail(ErrorKind::invalid, "never", "there is no such day");
    }
    return out;
}

bool Cron::day_matches(chrono::year_month_day date) const {
    if (!months_[static_cast<unsigned>(date.month())]) return false;
    const bool day = days_[static_cast<unsigned>(date.day())];
    const bool weekday = weekdays_[chrono::weekday(chrono::sys_days(date)).c_encoding()];
    return any_day_ || any_weekday_ ? day && weekday : day || weekday;
}

std::optional<Instant> Cron::next_within_years(Instant after) const {
    std::optional<Instant> found;
    const auto consider = [&](Instant at) {
        if (at > after && (!found || at < *found)) found = at;
    };
    auto day = local_day(after, zone_).plus(chrono::days(-1));
    for (int i = 0; i < kDaysAhead && !found; ++i, day = day.plus(chrono::days(1))) {
        if (!day_matches(day.date)) continue;
        for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
            if (!hours_[hour]) continue;
            for (std::size_t minute = 0; minute < minutes_.size(); ++minute) {
                if (!minutes_[minute]) continue;
                const auto time = chrono::minutes(60 * hour + minute);
                if (any_hour_) {
                    for (const auto at : shown_at(day, time, zone_)) consider(at);
                } else {
                    consider(first_at(day, time, zone_));
                }
            }
        }
    }
    return found;
}

Instant Cron::next(Instant after) const {
    const auto found = next_within_years(after);
    VERIFY(found);
    return *found;
}

}  // namespace mobilytics::jobs
