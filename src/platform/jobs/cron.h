#pragma once
// When a schedule runs: the five fields of cron(5), read by the clocks of a time zone.

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/clock.h"
#include "foundation/result.h"

namespace mobilytics::jobs {

class Cron {
  public:
    /// Numbers, "*", lists "1,15", ranges "1-5", steps "*/15" and "8-18/2"; of months and days of
    /// the week English names of three letters too; 0 and 7 are Sunday. As in cron(5), where both
    /// days are given, either will do. invalid `bad_cron`; `no_such_zone`; `never`, for a day that
    /// never comes, 30 February.
    static Result<Cron> parse(std::string_view text, std::string_view time_zone);

    /// The first time after `after`. Where the hour is a number, each of the day's times comes once
    /// a day: one that the clocks skip comes when they have been put forward, one that they repeat
    /// comes the first time. Where it begins with "*", it comes as often as the clocks show it.
    Instant next(Instant after) const;

  private:
    Cron() = default;
    bool day_matches(std::chrono::year_month_day date) const;
    std::optional<Instant> next_within_years(Instant after) const;

    std::string zone_;
    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<7> weekdays_;
    bool any_hour_ = false, any_day_ = false, any_weekday_ = false;
};

}  // namespace mobilytics::jobs
