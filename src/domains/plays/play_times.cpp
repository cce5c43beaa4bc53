// Times as files say them, text as it may be kept, and stretches.

#include <algorithm>

#include "domains/plays/play_file.h"

namespace mobilytics::plays {

namespace {

using namespace std::chrono;

/// Exactly so many digits at the front of `text`, which loses them.
std::optional<int> digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int out = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return out;
}
bool took(std::string_view& text, std::string_view one_of) {
    if (text.empty() || one_of.find(text.front()) == one_of.npos) return false;
    text.remove_prefix(1);
    return true;
}
std::optional<int> digits_behind(std::string_view& text, std::string_view mark, std::size_t count) {
    return took(text, mark) ? digits(text, count) : std::nullopt;
}

microseconds fraction_of(std::string_view& text) {
    std::int64_t out = 0, unit = 100'000;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        out += unit * (text.front() - '0');
        unit /= 10;
    }
    return microseconds(out);
}

std::optional<minutes> offset_of(std::string_view& text) {
    if (took(text, "Zz")) return minutes(0);
    const bool behind = text.starts_with('-');
    const auto hour = digits_behind(text, "+-", 2);
    const auto minute = digits_behind(text, ":", 2);
    if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    const auto out = hours(*hour) + minutes(*minute);
    return behind ? -out : out;
}

}  // namespace

std::optional<Instant> instant_of(std::string_view text) {
    const auto year = digits(text, 4);
    const auto month = digits_behind(text, "-", 2);
    const auto day = digits_behind(text, "-", 2);
    const auto hour = digits_behind(text, "Tt ", 2);
    const auto minute = digits_behind(text, ":", 2);
    const auto second = digits_behind(text, ":", 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    const auto date =
        std::chrono::year(*year) / static_cast<unsigned>(*month) / static_cast<unsigned>(*day);
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    microseconds fraction{0};
    if (took(text, ".")) {
        if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
        fraction = fraction_of(text);
    }
    const auto offset = offset_of(text);
    if (!offset || !text.empty()) return std::nullopt;
    return Instant(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second) + fraction -
           *offset;
}

bool is_plain(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) return false;
    for (std::size_t i = 0; i < text.size();) {
        const auto at = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
        const unsigned char c = at(i);
        if (c < 0x20 || c == 0x7F) return false;
        const std::size_t more = c < 0x80 ? 0 : c < 0xC2 ? 4 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        if (c > 0xF4 || more == 4 || i + more >= text.size()) return false;
        for (std::size_t k = 1; k <= more; ++k) {
            if ((at(i + k) & 0xC0) != 0x80) return false;
        }
        // Too long a form, half of a pair, and what is beyond the last one.
        const unsigned char next = more > 0 ? at(i + 1) : 0;
        if ((c == 0xE0 && next < 0xA0) || (c == 0xED && next > 0x9F) ||
            (c == 0xF0 && next < 0x90) || (c == 0xF4 && next > 0x8F)) {
            return false;
        }
        i += more + 1;
    }
    return true;
}

Instant quarter_of(Instant instant) {
    return floor<duration<std::int64_t, std::ratio<900>>>(instant);
}

std::vector<Stretch> without(const std::vector<Stretch>& some, const std::vector<Stretch>& known) {
    std::vector<Stretch> out;
    for (const auto& one : some) {
        auto from = one.from;
        for (const auto& other : known) {
            if (other.to <= from || other.from >= one.to) continue;
            if (from < other.from) out.push_back({from, other.from});
            from = other.to;
        }
        if (from < one.to) out.push_back({from, one.to});
    }
    return out;
}

}  // namespace mobilytics::plays
