#include "pipeline/report/quality/quality.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::report::quality {

namespace {

constexpr double kHourUs = 3600e6;
constexpr std::size_t kLikeDaysMin = 4;
constexpr std::size_t kLikeHoursMin = 4;
constexpr std::size_t kSistersMin = 3;
constexpr double kHeardWell = 0.8;  // Of what was expected: such a day or hour is compared.
constexpr double kHardlyHeard = 0.1;
constexpr double kMadToDeviation = 1.4826;  // Of a normal distribution.
constexpr double kMiddleWidth = 1.683;      // Of its middle 60 %, in deviations.
constexpr double kDeviations = 4;
constexpr double kChangeMin = 0.405;    // ln 1.5: less than that is life.
constexpr double kChangeMajor = 1.099;  // ln 3.
constexpr double kSpreadMin = 0.05;
constexpr double kSistersSpreadMin = 0.1;
constexpr std::size_t kStuckHours = 6;
constexpr std::int64_t kStuckCount = 4;  // Of smaller counts, six alike may well be chance.
constexpr std::size_t kDeafHours = 2;
constexpr double kDeafUsual = 10;
constexpr double kSpikeRatio = 4;
constexpr double kSpikeVisits = 20;
constexpr double kShareMinor = 0.01;
constexpr double kShareMajor = 0.1;
constexpr double kComplete = 0.95;
constexpr double kGapMajorUs = 3 * kHourUs;

double share_heard(const Heard& heard) {
    if (heard.expected_us <= 0) return 0;
    return static_cast<double>(heard.covered_us) / static_cast<double>(heard.expected_us);
}

bool heard_well(const Heard& heard) {
    return heard.expected_us > 0 && share_heard(heard) >= kHeardWell;
}

double log_rate(const Heard& heard) {
    return std::log(
        (static_cast<double>(heard.visits) + 0.5) /
        (static_cast<double>(heard.covered_us) / kHourUs));
}

double median(std::vector<double>& values) {
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// As a standard deviation: the larger of what the median deviation says, which single days cannot
/// change, and the width of the middle 60 %, for days may be of two sorts.
double deviation(std::vector<double>& values, double middle) {
    std::ranges::sort(values);
    const auto last = static_cast<double>(values.size() - 1);
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(std::lround(share * last))];
    };
    const double width = (at(0.8) - at(0.2)) / kMiddleWidth;
    for (auto& value : values) value = std::abs(value - middle);
    return std::max(width, kMadToDeviation * median(values));
}

/// Calls `use(run)` for each longest run of hours of which `is(first, hour)`.
template <class Is, class Use>
void each_run(std::span<const Heard> hours, Is is, Use use) {
    for (std::size_t i = 0; i < hours.size();) {
        auto end = i;
        while (end < hours.size() && is(hours[i], hours[end])) ++end;
        if (end > i) use(hours.subspan(i, end - i));
        i = std::max(end, i + 1);
    }
}

class Judge {
  public:
    explicit Judge(const DayQuestion& question) : q_(question) {}

    DayAnswer answer() {
        if (q_.day.expected_us <= 0) return {};
        if (q_.day.covered_us == 0) {
            tell(
                {FindingKind::silent, Severity::major, q_.day.from, q_.day.to,
                 static_cast<double>(q_.day.expected_us) / 1e6});
        } else {
            gaps();
            deaf();
            stuck();
            spikes();
            jump();
            sisters();
            shares();
        }
        std::ranges::sort(
            out_.findings, {}, [](const Finding& f) { return std::tuple(f.from, f.kind); });
        out_.grade = grade();
        return std::move(out_);
    }

  private:
    void tell(Finding finding) { out_.findings.push_back(finding); }

    void gaps() {
        const auto missed = [](const Heard&, const Heard& hour) {
            return static_cast<double>(hour.expected_us) > kHourUs / 2 &&
                   share_heard(hour) < kHardlyHeard;
        };
        each_run(q_.hours, missed, [this](std::span<const Heard> run) {
            double missed_us = 0;
            for (const auto& hour : run) {
                missed_us += static_cast<double>(hour.expected_us - hour.covered_us);
            }
            tell(
                {FindingKind::gap, missed_us >= kGapMajorUs ? Severity::major : Severity::minor,
                 run.front().from, run.back().to, missed_us / 1e6});
        });
    }

    void deaf() {
        const auto is_deaf = [this](const Heard&, const Heard& hour) {
            return heard_well(hour) && hour.visits == 0 &&
                   usual_hour(q_.hours_before, hour).value_or(0) >= kDeafUsual;
        };
        each_run(q_.hours, is_deaf, [this](std::span<const Heard> run) {
            if (run.size() < kDeafHours) return;
            tell({FindingKind::deaf, Severity::major, run.front().from, run.back().to, {}});
        });
    }

    void stuck() {
        const auto alike = [](const Heard& first, const Heard& hour) {
            return heard_well(hour) && hour.visits >= kStuckCount && hour.visits == first.visits;
        };
        each_run(q_.hours, alike, [this](std::span<const Heard> run) {
            if (run.size() < kStuckHours) return;
            tell(
                {FindingKind::stuck, Severity::major, run.front().from, run.back().to,
                 static_cast<double>(run.front().visits)});
        });
    }

    void spikes() {
        for (const auto& hour : q_.hours) {
            const auto usual = usual_hour(q_.hours_before, hour);
            const auto visits = static_cast<double>(hour.visits);
            if (!usual || !heard_well(hour) || visits < kSpikeVisits) continue;
            if (visits <= kSpikeRatio * std::max(*usual, 1.0)) continue;
            tell(
                {FindingKind::spike, Severity::minor, hour.from, hour.to,
                 visits / std::max(*usual, 1.0)});
        }
    }

    void jump() {
        if (!q_.change) return;
        const double away = std::abs(*q_.change);
        if (away <= std::max(kChangeMin, kDeviations * q_.usual->spread)) return;
        const bool shared = q_.sisters && !is_unlike() &&
                            std::abs(q_.sisters->change) > kChangeMin / 2 &&
                            (q_.sisters->change > 0) == (*q_.change > 0);
        tell(
            {FindingKind::jump, away > kChangeMajor && !shared ? Severity::major : Severity::minor,
             q_.day.from, q_.day.to, std::exp(*q_.change), shared});
    }

    bool is_unlike() const {
        const double bound = std::max(
            {kChangeMin, kDeviations * q_.sisters->spread, kDeviations * q_.usual->spread});
        return std::abs(*q_.change - q_.sisters->change) > bound;
    }

    void sisters() {
        if (!q_.change || !q_.sisters || !is_unlike()) return;
        tell(
            {FindingKind::unlike_sisters, Severity::minor, q_.day.from, q_.day.to,
             std::exp(*q_.change - q_.sisters->change)});
    }

    void shares() {
        if (q_.day.observations <= 0) return;
        const auto share = [this](measure::DropReason reason) {
            return static_cast<double>(q_.dropped[static_cast<std::size_t>(reason)]) /
                   static_cast<double>(q_.day.observations);
        };
        tell_share(
            FindingKind::clock, share(measure::DropReason::time_uncertain) +
                                    share(measure::DropReason::time_implausible));
        tell_share(FindingKind::overloaded, share(measure::DropReason::lane_full));
    }

    void tell_share(FindingKind kind, double share) {
        if (share <= kShareMinor) return;
        tell(
            {kind, share > kShareMajor ? Severity::major : Severity::minor, q_.day.from, q_.day.to,
             std::min(1.0, share)});
    }

    Grade grade() const {
        const auto is_major = [](const Finding& f) { return f.severity == Severity::major; };
        if (std::ranges::any_of(out_.findings, is_major) || share_heard(q_.day) < 0.5) {
            return Grade::poor;
        }
        if (!out_.findings.empty() || share_heard(q_.day) < kComplete) return Grade::fair;
        return q_.day.to > q_.now ? Grade::running : Grade::good;
    }

    const DayQuestion& q_;
    DayAnswer out_;
};

}  // namespace

double Usual::rate() const { return std::exp(log_rate); }

std::optional<Usual> usual_day(std::span<const Heard> before, const Heard& day) {
    std::vector<double> rates;
    double visits = 0;
    for (const auto& other : before) {
        if (other.weekend != day.weekend || other.to > day.from || !heard_well(other)) continue;
        rates.push_back(log_rate(other));
        visits += static_cast<double>(other.visits);
    }
    if (rates.size() < kLikeDaysMin) return std::nullopt;
    Usual out;
    out.days = rates.size();
    out.log_rate = median(rates);
    // Counts vary by themselves, even where four days happen to be alike.
    const double by_chance = std::sqrt(static_cast<double>(out.days) / std::max(1.0, visits));
    out.spread = std::max({kSpreadMin, by_chance, deviation(rates, out.log_rate)});
    return out;
}

std::optional<double> usual_hour(std::span<const Heard> before, const Heard& hour) {
    std::vector<double> visits;
    for (const auto& other : before) {
        const bool is_like = other.weekend == hour.weekend && other.hour == hour.hour;
        if (!is_like || other.to > hour.from || !heard_well(other)) continue;
        visits.push_back(static_cast<double>(other.visits) / share_heard(other));
    }
    if (visits.size() < kLikeHoursMin) return std::nullopt;
    return median(visits);
}

std::optional<double> change_of(const std::optional<Usual>& usual, const Heard& day, Instant now) {
    if (!usual || day.to > now || !heard_well(day)) return std::nullopt;
    return log_rate(day) - usual->log_rate;
}

std::optional<Sisters> sisters_of(std::span<const double> changes) {
    if (changes.size() < kSistersMin) return std::nullopt;
    std::vector<double> values(changes.begin(), changes.end());
    Sisters out;
    out.count = changes.size();
    out.change = median(values);
    out.spread = std::max(kSistersSpreadMin, deviation(values, out.change));
    return out;
}

DayAnswer judge(const DayQuestion& question) { return Judge(question).answer(); }

}  // namespace mobilytics::report::quality
