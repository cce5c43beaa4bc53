#include "apps/accuracy/files.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>

#include <zlib.h>

namespace mobilytics::accuracy {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{4} << 30;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Result<std::string> contents(const std::filesystem::path& file) {
    // What is no gzip is read as it is.
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
    if (!in || std::filesystem::is_directory(file)) {
        return fail(ErrorKind::invalid, "unreadable", file.string() + " cannot be read");
    }
    gzbuffer(in.get(), 1 << 18);
    std::string out;
    constexpr std::size_t kChunk = 1 << 20;
    for (;;) {
        const std::size_t before = out.size();
        out.resize(before + kChunk);
        const int got = gzread(in.get(), out.data() + before, kChunk);
        out.resize(before + static_cast<std::size_t>(std::max(got, 0)));
        if (got < 0) {
            return fail(ErrorKind::invalid, "unreadable", file.string() + " is cut off or no gzip");
        }
        if (got == 0) return out;
        if (out.size() > kFileBytesMax) {
            return fail(ErrorKind::invalid, "too_large", file.string() + " has more than 4 GiB");
        }
    }
}

Result<Table> Table::read(const std::filesystem::path& file) {
    Table out;
    TRY(out.text_, contents(file));
    if (out.text_.starts_with("\xEF\xBB\xBF")) out.at_ = 3;
    const std::string_view head = std::string_view(out.text_).substr(0, out.text_.find('\n'));
    out.separator_ = std::ranges::count(head, ';') > std::ranges::count(head, ',') ? ';' : ',';
    if (!out.split_line() || out.cells_.size() < 2) {
        return fail(
            ErrorKind::invalid, "no_columns", file.string() + " does not begin with column names");
    }
    out.header_ = std::move(out.cells_);
    return out;
}

std::optional<std::size_t> Table::column(std::string_view name) const {
    const auto found = std::ranges::find(header_, name);
    if (found == header_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header_.begin());
}

std::string_view Table::cell(std::optional<std::size_t> column) const {
    return column && *column < cells_.size() ? std::string_view(cells_[*column])
                                             : std::string_view();
}

bool Table::next() {
    while (split_line()) {
        if (cells_.size() > 1 || !cells_.front().empty()) return true;
    }
    return false;
}

bool Table::split_line() {
    cells_.assign(1, {});
    if (at_ >= text_.size()) return false;
    bool quoted = false;
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '"') {
            quoted = !quoted;
        } else if (c == separator_ && !quoted) {
            cells_.emplace_back();
        } else if (c == '\n' && !quoted) {
            ++at_;
            return true;
        } else if (c != '\r') {
            cells_.back() += c;
        }
    }
    return true;
}

std::optional<double> number(std::string_view text) {
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) {
        return std::nullopt;
    }
    return out;
}

std::optional<std::vector<std::uint8_t>> octets(std::string_view text) {
    std::vector<std::uint8_t> out;
    int high = -1;
    for (const char c : text) {
        if (c == ':' && high < 0) continue;
        const int value = digit(c);
        if (value < 0) return std::nullopt;
        if (high < 0) {
            high = value;
        } else {
            out.push_back(static_cast<std::uint8_t>(high << 4 | value));
            high = -1;
        }
    }
    if (high >= 0) return std::nullopt;
    return out;
}

std::optional<std::int64_t> time_ms(std::string_view text) {
    namespace chrono = std::chrono;
    if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    const auto part = [&](std::size_t at, std::size_t size) {
        return number(text.substr(at, size));
    };
    const auto year = part(0, 4);
    const auto month = part(5, 2);
    const auto day = part(8, 2);
    const auto hour = part(11, 2);
    const auto minute = part(14, 2);
    const auto second = number(text.substr(17, text.find_first_of("+Z", 17) - 17));
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    const chrono::year_month_day date{
        chrono::year(static_cast<int>(*year)), chrono::month(static_cast<unsigned>(*month)),
        chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    const auto midnight = chrono::milliseconds(chrono::sys_days(date).time_since_epoch());
    const double of_day = (*hour * 60 + *minute) * 60 + *second;
    return midnight.count() + static_cast<std::int64_t>(std::floor(of_day * 1'000));
}

}  // namespace mobilytics::accuracy
