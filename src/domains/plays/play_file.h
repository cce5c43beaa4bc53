#pragma once
// A play log as text: pure functions. CSV has a header line; its columns, in any order, are
//
//   start,duration_s or end  [creative or campaign]  [face]     a play a line
//   hour,plays  [duration_s]  [creative or campaign]  [face]    a count a line
//
// and JSON lines are objects of the same names. Times are RFC 3339 with their offset, so that hours
// which clocks repeat or skip are what they are.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domains/plays/plays.h"

namespace mobilytics::plays {

/// "2026-08-21T17:00:00.5-05:00"; none of what has no offset, or is no time.
std::optional<Instant> instant_of(std::string_view text);
/// Whether it is UTF-8 without control characters, and not longer.
bool is_plain(std::string_view text, std::size_t bytes_max);

/// What a face was, as far as it decides what may be played on it.
struct FaceThen {
    Instant from;
    std::optional<Instant> to;
    bool digital = false;
    double loop_s = 0, spot_s = 0;
};

/// What a file is read by.
struct Reading {
    FileFormat format = FileFormat::csv;
    std::vector<std::string> names;  // Of the face.
    std::vector<FaceThen> versions;  // In their order.
    std::optional<Stretch> covers;
    Instant now;
};

/// A play, or an hour's count of them.
struct Line {
    Instant start;
    std::int32_t duration_ms = 0;
    std::int32_t plays = 1;
    std::uint32_t creative = 0;  // Of Read::creatives.
    std::uint32_t number = 0;    // In the file, from 1.
};

struct Read {
    LogForm form = LogForm::plays;
    std::vector<std::string> creatives;
    std::vector<Line> lines;  // By start and creative, each once.
    std::int64_t data_lines = 0, repeated = 0, elsewhere = 0;
    Instant from, to;
    std::vector<Stretch> covered;  // In their order, apart, in quarters of an hour.
    std::vector<PlayFinding> findings;
};

/// The beginning of its quarter of an hour, of UTC.
Instant quarter_of(Instant instant);
/// What of the first is not in the second; both in their order and apart.
std::vector<Stretch> without(const std::vector<Stretch>& some, const std::vector<Stretch>& known);

/// invalid `bad_log`, `no_plays`, `too_many_lines`: see Plays::import_log.
Result<Read> read_log(std::string_view file, const Reading& by, const Quotas& quotas);

}  // namespace mobilytics::plays
