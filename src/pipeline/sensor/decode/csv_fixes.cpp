// CSV with a header that names its columns, in any order, separated by comma, semicolon or tab.

#include <array>
#include <cmath>
#include <span>

#include "pipeline/sensor/decode/fix_parser.h"
#include "pipeline/sensor/decode/fix_text.h"

namespace mobilytics::sensor {

namespace {

enum Column : std::uint8_t { kTime, kLatitude, kLongitude, kSpeed, kHeading, kAccuracy, kColumns };

struct Name {
    std::string_view name;  // In lower case, without what is neither letter nor digit.
    Column column;
    double unit = 1;
};
constexpr double kMilePerHour = 0.44704;
constexpr double kKnot = 1852.0 / 3600.0;
constexpr std::array kNames = std::to_array<Name>({
    {"time", kTime},
    {"timestamp", kTime},
    {"datetime", kTime},
    {"utc", kTime},
    {"utctime", kTime},
    {"utcms", kTime},
    {"gpstime", kTime},
    {"epoch", kTime},
    {"epochms", kTime},
    {"unixtime", kTime},
    {"timestampms", kTime},
    {"recordedat", kTime},
    {"t", kTime},
    {"lat", kLatitude},
    {"latitude", kLatitude},
    {"latdeg", kLatitude},
    {"latitudedeg", kLatitude},
    {"lon", kLongitude},
    {"lng", kLongitude},
    {"long", kLongitude},
    {"longitude", kLongitude},
    {"londeg", kLongitude},
    {"longitudedeg", kLongitude},
    {"speed", kSpeed},
    {"speedmps", kSpeed},
    {"speedms", kSpeed},
    {"speedkmh", kSpeed, 1 / 3.6},
    {"speedkph", kSpeed, 1 / 3.6},
    {"speedmph", kSpeed, kMilePerHour},
    {"speedknots", kSpeed, kKnot},
    {"speedkn", kSpeed, kKnot},
    {"speedkt", kSpeed, kKnot},
    {"heading", kHeading},
    {"headingdeg", kHeading},
    {"bearing", kHeading},
    {"bearingdeg", kHeading},
    {"course", kHeading},
    {"coursedeg", kHeading},
    {"track", kHeading},
    {"accuracy", kAccuracy},
    {"accuracym", kAccuracy},
    {"accuracymeters", kAccuracy},
    {"horizontalaccuracy", kAccuracy},
});

constexpr std::size_t kCellsMax = 256;

char separator_of(std::string_view header) {
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char c : {',', ';', '\t'}) {
        const std::ptrdiff_t count = std::count(header.begin(), header.end(), c);
        if (count > most) {
            most = count;
            best = c;
        }
    }
    return best;
}

std::string plain(std::string_view cell) {
    std::string out;
    for (const char c : cell) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string_view trimmed(std::string_view cell) {
    while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
    while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
    return cell;
}

class Csv final : public LineParser {
  protected:
    Result<std::optional<Fix>> read_line(std::string_view line) override {
        if (!header_read_) {
            CHECK(read_header(line));
            return std::nullopt;
        }
        if (line.front() == '#') return std::nullopt;
        split(line);
        RawFix raw;
        const auto latitude = value(kLatitude);
        const auto longitude = value(kLongitude);
        if (!latitude || !longitude) {
            const bool none = text(kLatitude).empty() && text(kLongitude).empty();
            filter_.drop(none ? FixDrop::no_position : FixDrop::garbage);
            return std::nullopt;
        }
        const std::string_view time = text(kTime);
        raw.at = read_epoch(time);
        if (!raw.at) raw.at = read_iso_time(time);
        if (!raw.at && !time.empty()) {
            filter_.drop(FixDrop::bad_time);
            return std::nullopt;
        }
        raw.latitude_deg = *latitude;
        raw.longitude_deg = *longitude;
        raw.speed_m_s = value(kSpeed);
        raw.heading_deg = value(kHeading);
        raw.accuracy_m = value(kAccuracy);
        return filter_.check(raw);
    }

  private:
    Result<> read_header(std::string_view line) {
        separator_ = separator_of(line);
        split(line);
        for (std::size_t i = 0; i < count_; ++i) {
            const std::string name = plain(cells_[i]);
            for (const Name& known : kNames) {
                if (known.name != name || places_[known.column]) continue;
                places_[known.column] = i;
                units_[known.column] = known.unit;
            }
        }
        header_read_ = true;
        if (places_[kTime] && places_[kLatitude] && places_[kLongitude]) return {};
        return fail(
            ErrorKind::invalid, "no_columns",
            "the first line does not name columns time, latitude and longitude");
    }

    /// A quoted cell keeps its separators; a doubled quote in it stays doubled: no number has any.
    void split(std::string_view line) {
        count_ = 0;
        std::size_t begin = 0;
        bool quoted = false;
        for (std::size_t i = 0; i <= line.size() && count_ < kCellsMax; ++i) {
            if (i < line.size() && line[i] == '"') quoted = !quoted;
            if (i < line.size() && (quoted || line[i] != separator_)) continue;
            std::string_view cell = trimmed(line.substr(begin, i - begin));
            if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
                cell = trimmed(cell.substr(1, cell.size() - 2));
            }
            cells_[count_++] = cell;
            begin = i + 1;
        }
    }

    std::string_view text(Column column) const {
        const auto place = places_[column];
        return place && *place < count_ ? cells_[*place] : std::string_view();
    }
    std::optional<double> value(Column column) const {
        const auto number = read_number(text(column));
        return number ? std::optional(*number * units_[column]) : std::nullopt;
    }

    bool header_read_ = false;
    char separator_ = ',';
    std::array<std::string_view, kCellsMax> cells_;
    std::size_t count_ = 0;
    std::array<std::optional<std::size_t>, kColumns> places_{};
    std::array<double, kColumns> units_{};
};

}  // namespace

std::unique_ptr<FixParser> csv_fix_parser() { return std::make_unique<Csv>(); }

}  // namespace mobilytics::sensor
