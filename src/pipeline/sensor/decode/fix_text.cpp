#include "pipeline/sensor/decode/fix_text.h"

#include <charconv>
#include <cmath>

namespace mobilytics::sensor {

namespace {

namespace chrono = std::chrono;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes from the front of a text; what is not there makes it bad.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    int digits(std::size_t count) {
        const auto number = read_digits(rest_.substr(0, count));
        good_ = good_ && rest_.size() >= count && number;
        rest_.remove_prefix(std::min(count, rest_.size()));
        return number.value_or(0);
    }
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void must_take(char c) { good_ = take(c) && good_; }
    /// Digits as a fraction, in millionths, cut behind the sixth.
    int millionths() {
        int number = 0;
        int scale = 100'000;
        good_ = good_ && !rest_.empty() && is_digit(rest_.front());
        for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
            number += scale * (rest_.front() - '0');
            scale /= 10;
        }
        return number;
    }
    bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
    bool good() const { return good_; }
    bool done() const { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

std::optional<chrono::minutes> read_zone(Scanner& in) {
    if (in.take('Z') || in.take('z') || in.done()) return chrono::minutes(0);
    const bool east = in.take('+');
    if (!east) in.must_take('-');
    const int hours = in.digits(2);
    in.take(':');
    const int minutes = in.at_digit() ? in.digits(2) : 0;
    if (!in.good() || hours > 14 || minutes > 59) return std::nullopt;
    const chrono::minutes offset = chrono::hours(hours) + chrono::minutes(minutes);
    return east ? offset : -offset;
}

}  // namespace

std::optional<double> read_number(std::string_view text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stopped != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

std::optional<int> read_digits(std::string_view text) {
    if (text.empty() || text.size() > 9) return std::nullopt;
    int number = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        number = 10 * number + (c - '0');
    }
    return number;
}

std::optional<Instant> read_iso_time(std::string_view text) {
    Scanner in(text);
    const int year = in.digits(4);
    in.must_take('-');
    const int month = in.digits(2);
    in.must_take('-');
    const int day = in.digits(2);
    if (!in.take('T') && !in.take('t')) in.must_take(' ');
    const int hour = in.digits(2);
    in.must_take(':');
    const int minute = in.digits(2);
    const int second = in.take(':') ? in.digits(2) : 0;
    const int millionths = in.take('.') ? in.millionths() : 0;
    const auto zone = read_zone(in);
    const auto date = chrono::year(year) / month / day;
    if (!in.done() || !zone || !date.ok() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    return chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) +
           chrono::seconds(second) + chrono::microseconds(millionths) - *zone;
}

std::optional<Instant> read_epoch(std::string_view text) {
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    std::int64_t number = 0;
    const char* end = whole.data() + whole.size();
    const auto [stopped, error] = std::from_chars(whole.data(), end, number);
    if (error != std::errc{} || stopped != end || number < 0) return std::nullopt;
    constexpr std::int64_t kSecondsMax = 100'000'000'000;  // The year 5138.
    std::int64_t us = 0;
    if (number < kSecondsMax) {
        us = number * 1'000'000;
        if (point != std::string_view::npos) {
            Scanner fraction(text.substr(point + 1));
            us += fraction.millionths();
            if (!fraction.done()) return std::nullopt;
        }
    } else {
        if (point != std::string_view::npos && !read_number(text)) return std::nullopt;
        us = number;
        if (number < kSecondsMax * 1000) us = number * 1000;
        if (number >= kSecondsMax * 1'000'000) us = number / 1000;
    }
    return Instant(chrono::microseconds(us));
}

}  // namespace mobilytics::sensor
