#pragma once
// Positions as text, read as a stream: NMEA 0183, gpsd's JSON, CSV, GPX. What is cut in two by a
// chunk's end gives the same fixes as uncut.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/sensor/decode/fix.h"

namespace mobilytics::sensor {

inline constexpr std::size_t kLineBytesMax = 4096;

class FixParser {
  public:
    virtual ~FixParser() = default;

    /// Appends the fixes of a chunk; `last` ends the text. invalid `not_gpx`, `bad_gpx`,
    /// `no_columns`, after which nothing more can be read; what was given before stands.
    virtual Result<> read(std::string_view chunk, bool last, std::vector<Fix>& fixes) = 0;

    const FixCounts& counts() const { return filter_.counts(); }

  protected:
    FixFilter filter_;
};

/// A parser of lines. A line beyond kLineBytesMax is dropped whole (too_long).
class LineParser : public FixParser {
  public:
    Result<> read(std::string_view chunk, bool last, std::vector<Fix>& fixes) final;

  protected:
    /// `line` without its end; never empty.
    virtual Result<std::optional<Fix>> read_line(std::string_view line) = 0;

  private:
    Result<> end_line(std::vector<Fix>& fixes);

    std::string line_;
    bool overflowed_ = false;
};

struct NmeaOptions {
    /// A receiver whose week number rolled over says a date 1024 weeks (19.6 years) or a multiple
    /// too early. With a floor, dates before it are moved by that; for receivers that speak now.
    std::optional<Instant> not_before;
};
std::unique_ptr<FixParser> nmea_parser(NmeaOptions options = {});
std::unique_ptr<FixParser> gpsd_parser();
std::unique_ptr<FixParser> csv_fix_parser();
std::unique_ptr<FixParser> gpx_parser();

/// The parser for a text that begins so; `head` should have 1 KiB, if there is as much.
std::unique_ptr<FixParser> fix_parser_for(std::string_view head);

}  // namespace mobilytics::sensor
