#include "pipeline/sensor/decode/fix_parser.h"

#include <utility>

namespace mobilytics::sensor {

Result<> LineParser::end_line(std::vector<Fix>& fixes) {
    while (!line_.empty() && (line_.back() == '\r' || line_.back() == ' ')) line_.pop_back();
    if (overflowed_) filter_.drop(FixDrop::too_long);
    const bool readable = !overflowed_ && !line_.empty();
    overflowed_ = false;
    if (readable) {
        TRY(const auto fix, read_line(line_));
        if (fix) fixes.push_back(*fix);
    }
    line_.clear();
    return {};
}

Result<> LineParser::read(std::string_view chunk, bool last, std::vector<Fix>& fixes) {
    while (!chunk.empty()) {
        const std::size_t end = chunk.find('\n');
        const std::string_view part = chunk.substr(0, end);
        overflowed_ = overflowed_ || line_.size() + part.size() > kLineBytesMax;
        if (!overflowed_) line_ += part;
        if (end == std::string_view::npos) break;
        CHECK(end_line(fixes));
        chunk.remove_prefix(end + 1);
    }
    if (last) CHECK(end_line(fixes));
    return {};
}

std::unique_ptr<FixParser> fix_parser_for(std::string_view head) {
    constexpr std::string_view kSpace(" \t\r\n\xEF\xBB\xBF\xFE\xFF\0", 10);
    const std::size_t first = head.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return csv_fix_parser();
    head.remove_prefix(first);
    if (head.front() == '<') return gpx_parser();
    if (head.front() == '{') return gpsd_parser();
    // A log of NMEA may begin with comments, or in the middle of a sentence.
    const bool sentence = head.find("\n$") != std::string_view::npos;
    if (head.front() == '$' || head.front() == '#' || sentence) return nmea_parser();
    return csv_fix_parser();
}

}  // namespace mobilytics::sensor
