#pragma once
// What is wrong with an asset's day, told from how it was heard: pure functions. Every rule and its
// bounds stand in docs/quality.md.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "foundation/vocabulary.h"
#include "pipeline/measure/measure.h"

namespace mobilytics::report::quality {

/// silent: nothing was heard of the day. gap: not heard for an hour or more. deaf: heard, but no
/// visit where there usually are. stuck: the same count hour after hour. spike: an hour far above
/// what is usual. jump: a day far from its like. unlike_sisters: it went another way than assets of
/// its kind. clock: times of sightings cannot be right. overloaded: more was heard than is kept
/// track of.
BOOST_DEFINE_ENUM_CLASS(
    FindingKind, silent, gap, deaf, stuck, spike, jump, unlike_sisters, clock, overloaded)
BOOST_DEFINE_ENUM_CLASS(Severity, minor, major)
/// none: no sensor was on it. running: the day is not over, and nothing is wrong so far.
BOOST_DEFINE_ENUM_CLASS(Grade, good, fair, poor, running, none)

/// What is known of an hour, or of a local day.
struct Heard {
    Instant from, to;
    std::int64_t expected_us = 0;  // That a sensor was on the asset, up to now.
    std::int64_t covered_us = 0;
    std::int64_t visits = 0;  // Those that began.
    std::int64_t observations = 0;
    bool corrected = false;
    bool weekend = false;  // Saturday or Sunday on the asset's clock.
    int hour = 0;          // Of the day on that clock, of an hour.
};

struct Finding {
    FindingKind kind{};
    Severity severity{};
    Instant from, to;
    /// gap, silent: seconds not heard. stuck: the count. jump, spike: of what is usual, as a ratio;
    /// unlike_sisters: of how its sisters changed. clock, overloaded: of the observations, 0 to 1.
    std::optional<double> value;
    bool shared = false;  // jump: assets of its kind did the same.
    friend bool operator==(const Finding&, const Finding&) = default;
};

/// How much an asset usually hears, of days or hours like one.
struct Usual {
    double log_rate = 0;  // The median of ln((visits + 1/2) / hours heard).
    double spread = 0;    // Of it from day to day, as a robust standard deviation.
    std::size_t days = 0;

    double rate() const;  // Visits an hour.
};

/// None where fewer than four of `before` are of the same part of the week and were heard well.
std::optional<Usual> usual_day(std::span<const Heard> before, const Heard& day);
/// The same of single hours, which are few: their median of visits only.
std::optional<double> usual_hour(std::span<const Heard> before, const Heard& hour);

/// ln of the day's rate over the usual one; none where either is not known well enough, or the day
/// is not over.
std::optional<double> change_of(const std::optional<Usual>& usual, const Heard& day, Instant now);

/// How assets of one kind changed on a day.
struct Sisters {
    double change = 0;  // The median of theirs.
    double spread = 0;
    std::size_t count = 0;
};
/// None of fewer than three.
std::optional<Sisters> sisters_of(std::span<const double> changes);

/// All that is told of one asset's day.
struct DayQuestion {
    Heard day;
    std::span<const Heard> hours;         // Of the day.
    std::span<const Heard> hours_before;  // Of the weeks before it.
    std::optional<Usual> usual;
    std::optional<double> change;
    std::optional<Sisters> sisters;
    std::array<std::int64_t, measure::kDropReasons> dropped{};
    Instant now;
};
struct DayAnswer {
    Grade grade = Grade::none;
    std::vector<Finding> findings;  // Ordered by (from, kind).
};
DayAnswer judge(const DayQuestion& question);

}  // namespace mobilytics::report::quality
