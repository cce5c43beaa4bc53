// gpsd's reports, one JSON object a line. Source: gpsd.gitlab.io/gpsd/gpsd_json.html, TPV.

#include <cmath>

#include <boost/json.hpp>

#include "pipeline/sensor/decode/fix_parser.h"
#include "pipeline/sensor/decode/fix_text.h"

namespace mobilytics::sensor {

namespace {

namespace json = boost::json;

std::optional<double> number(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    return value->to_number<double>();
}

std::string_view text(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    const json::string* string = value == nullptr ? nullptr : value->if_string();
    return string == nullptr ? std::string_view() : std::string_view(*string);
}

class Gpsd final : public LineParser {
  protected:
    Result<std::optional<Fix>> read_line(std::string_view line) override {
        boost::system::error_code error;
        const json::value value = json::parse(line, error, {}, json::parse_options{.max_depth = 8});
        const json::object* object = error ? nullptr : value.if_object();
        if (object == nullptr) return refuse(FixDrop::garbage);
        if (text(*object, "class") != "TPV") return std::nullopt;
        constexpr double kTwoDimensional = 2;
        if (number(*object, "mode").value_or(0) < kTwoDimensional) {
            return refuse(FixDrop::no_position);
        }
        RawFix raw;
        raw.at = read_iso_time(text(*object, "time"));
        raw.latitude_deg = number(*object, "lat").value_or(NAN);
        raw.longitude_deg = number(*object, "lon").value_or(NAN);
        raw.speed_m_s = number(*object, "speed");
        raw.heading_deg = number(*object, "track");
        raw.accuracy_m = number(*object, "eph");
        return filter_.check(raw);
    }

  private:
    std::optional<Fix> refuse(FixDrop reason) {
        filter_.drop(reason);
        return std::nullopt;
    }
};

}  // namespace

std::unique_ptr<FixParser> gpsd_parser() { return std::make_unique<Gpsd>(); }

}  // namespace mobilytics::sensor
