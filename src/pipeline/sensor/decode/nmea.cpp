// NMEA 0183: a fix of every RMC, which alone has date and time; of GGA and GNS where a receiver
// sends no RMC, but ZDA. VTG and GST add to them. Source: gpsd.gitlab.io/gpsd/NMEA.html.

#include <array>
#include <cmath>

#include "pipeline/sensor/decode/fix_parser.h"
#include "pipeline/sensor/decode/fix_text.h"

namespace mobilytics::sensor {

namespace {

namespace chrono = std::chrono;
using std::chrono::microseconds;

constexpr double kKnot = 1852.0 / 3600.0;
constexpr chrono::weeks kRollover{1024};

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return std::nullopt;
}

/// The comma-separated fields of a sentence; those it lacks are empty.
class Fields {
  public:
    explicit Fields(std::string_view body) {
        while (count_ < fields_.size()) {
            const std::size_t comma = body.find(',');
            fields_[count_++] = body.substr(0, comma);
            if (comma == std::string_view::npos) break;
            body.remove_prefix(comma + 1);
        }
    }
    std::string_view operator[](std::size_t i) const { return fields_[i]; }

  private:
    std::array<std::string_view, 24> fields_;
    std::size_t count_ = 0;
};

/// "hhmmss.sss" since midnight.
std::optional<microseconds> read_time_of_day(std::string_view text) {
    const std::size_t point = text.find('.');
    if (text.substr(0, point).size() != 6) return std::nullopt;
    const auto hour = read_digits(text.substr(0, 2));
    const auto minute = read_digits(text.substr(2, 2));
    const auto seconds = read_number(text.substr(4));
    if (!hour || !minute || !seconds) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *seconds < 0 || *seconds >= 61) return std::nullopt;
    return chrono::hours(*hour) + chrono::minutes(*minute) +
           microseconds(std::llround(*seconds * 1e6));
}

std::optional<chrono::sys_days> date_of(
    std::optional<int> day, std::optional<int> month, std::optional<int> year) {
    if (!day || !month || !year) return std::nullopt;
    const auto date = chrono::year(*year) / *month / *day;
    if (!date.ok()) return std::nullopt;
    return chrono::sys_days(date);
}

/// "ddmmyy"; years from 80 on are of the last century.
std::optional<chrono::sys_days> read_date(std::string_view text) {
    if (text.size() != 6) return std::nullopt;
    auto year = read_digits(text.substr(4));
    if (year) *year += *year >= 80 ? 1900 : 2000;
    return date_of(read_digits(text.substr(0, 2)), read_digits(text.substr(2, 2)), year);
}

/// "ddmm.mmmm" and a letter, in degrees. Not a number if it is malformed.
double read_angle(std::string_view text, std::string_view letter, char negative, char positive) {
    const std::size_t point = std::min(text.find('.'), text.size());
    if (point < 3 || letter.size() != 1) return NAN;
    const auto degrees = read_digits(text.substr(0, point - 2));
    const auto minutes = read_number(text.substr(point - 2));
    if (!degrees || !minutes || *minutes < 0 || *minutes >= 60) return NAN;
    const double angle = *degrees + *minutes / 60;
    if (letter[0] == positive) return angle;
    return letter[0] == negative ? -angle : NAN;
}

class Nmea final : public LineParser {
  public:
    explicit Nmea(NmeaOptions options) : options_(options) {}

  protected:
    Result<std::optional<Fix>> read_line(std::string_view line) override {
        if (line.front() == '#') return std::nullopt;
        const std::size_t start = line.rfind('$');
        if (start == std::string_view::npos) {
            // '!' opens a sentence of AIS: somebody else's position.
            if (line.front() != '!') filter_.drop(FixDrop::garbage);
            return std::nullopt;
        }
        if (start > 0) filter_.drop(FixDrop::garbage);
        return read_sentence(line.substr(start + 1));
    }

  private:
    std::optional<Fix> read_sentence(std::string_view sentence) {
        const std::size_t star = sentence.rfind('*');
        unsigned sum = 0;
        for (const char c : sentence.substr(0, star)) sum ^= static_cast<unsigned char>(c);
        const bool complete = star != std::string_view::npos && sentence.size() == star + 3;
        const auto high = complete ? hex_digit(sentence[star + 1]) : std::nullopt;
        const auto low = complete ? hex_digit(sentence[star + 2]) : std::nullopt;
        if (!high || !low || (*high << 4 | *low) != sum) {
            filter_.drop(FixDrop::bad_checksum);
            return std::nullopt;
        }
        const Fields fields(sentence.substr(0, star));
        const std::string_view address = fields[0];
        // Two letters of the talker, three of the sentence; P is for makers' own.
        if (address.size() != 5 || address.front() == 'P') return std::nullopt;
        const std::string_view kind = address.substr(2);
        if (kind == "RMC") return read_rmc(fields);
        if (kind == "GGA") return read_gga(fields, fields[6] != "0" && !fields[6].empty());
        if (kind == "GNS")
            return read_gga(fields, fields[6].find_first_not_of('N') != fields[6].npos);
        if (kind == "VTG") read_vtg(fields);
        if (kind == "GST") read_gst(fields);
        if (kind == "ZDA")
            date_ = date_of(read_digits(fields[2]), read_digits(fields[3]), read_digits(fields[4]));
        return std::nullopt;
    }

    std::optional<Fix> read_rmc(const Fields& fields) {
        rmc_seen_ = true;
        date_ = read_date(fields[9]);
        if (fields[2] != "A" || fields[12] == "N") return refuse(FixDrop::no_position);
        RawFix raw = position(fields, 3);
        const auto knots = read_number(fields[7]);
        if (knots) raw.speed_m_s = *knots * kKnot;
        raw.heading_deg = read_number(fields[8]);
        return finish(raw, read_time_of_day(fields[1]));
    }

    std::optional<Fix> read_gga(const Fields& fields, bool has_position) {
        if (rmc_seen_) return std::nullopt;
        if (!has_position) return refuse(FixDrop::no_position);
        const auto time_of_day = read_time_of_day(fields[1]);
        RawFix raw = position(fields, 2);
        raw.speed_m_s = vtg_speed_m_s_;
        raw.heading_deg = vtg_heading_deg_;
        return finish(raw, time_of_day);
    }

    void read_vtg(const Fields& fields) {
        const auto km_h = read_number(fields[7]);
        vtg_speed_m_s_ = km_h ? std::optional(*km_h / 3.6) : std::nullopt;
        vtg_heading_deg_ = read_number(fields[1]);
    }

    void read_gst(const Fields& fields) {
        const auto north = read_number(fields[6]);
        const auto east = read_number(fields[7]);
        const auto at = read_time_of_day(fields[1]);
        deviation_m_.reset();
        if (!north || !east || !at) return;
        deviation_m_ = std::hypot(*north, *east);
        deviation_at_ = *at;
    }

    static RawFix position(const Fields& fields, std::size_t first) {
        RawFix raw;
        raw.latitude_deg = read_angle(fields[first], fields[first + 1], 'S', 'N');
        raw.longitude_deg = read_angle(fields[first + 2], fields[first + 3], 'W', 'E');
        return raw;
    }

    std::optional<Fix> finish(RawFix raw, std::optional<microseconds> time_of_day) {
        if (!time_of_day || !date_) return refuse(FixDrop::no_time);
        // A deviation is told behind its position, so the last one is of the second before.
        constexpr microseconds kFresh = chrono::seconds(2);
        if (deviation_m_ && chrono::abs(*time_of_day - deviation_at_) <= kFresh) {
            raw.accuracy_m = deviation_m_;
        }
        raw.at = *date_ + *time_of_day;
        while (options_.not_before && *raw.at < *options_.not_before) *raw.at += kRollover;
        return filter_.check(raw);
    }

    std::optional<Fix> refuse(FixDrop reason) {
        filter_.drop(reason);
        return std::nullopt;
    }

    NmeaOptions options_;
    bool rmc_seen_ = false;
    std::optional<chrono::sys_days> date_;
    std::optional<double> vtg_speed_m_s_;
    std::optional<double> vtg_heading_deg_;
    std::optional<double> deviation_m_;
    microseconds deviation_at_{0};
};

}  // namespace

std::unique_ptr<FixParser> nmea_parser(NmeaOptions options) {
    return std::make_unique<Nmea>(options);
}

}  // namespace mobilytics::sensor
