#include "domains/plays/play_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <tuple>

#include "domains/plays/play_lines.h"

namespace mobilytics::plays {

namespace {

using namespace std::chrono;

constexpr auto kQuarter = minutes(15);
constexpr std::size_t kLabelBytesMax = 200;
constexpr double kEndTolerance_s = 1;
constexpr std::int64_t kPlaysInAnHourMax = 3600;
constexpr const char* kTimeRemedy =
    "is to be a time with its offset, like 2026-08-21T17:00:00-05:00";

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number out{};
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || rest != end) return std::nullopt;
    return out;
}

const FaceThen* then(const std::vector<FaceThen>& versions, Instant when) {
    for (const auto& face : versions) {
        if (face.from <= when && (!face.to || when < *face.to)) return &face;
    }
    return nullptr;
}

Instant end_of(const Line& line, LogForm form) {
    return line.start +
           (form == LogForm::counts ? milliseconds(hours(1)) : milliseconds(line.duration_ms));
}

/// Builds a Read, line by line.
class Taking {
  public:
    Taking(const Reading& by, const Quotas& quotas) : by_(by), quotas_(quotas) {}

    void take(const LineReader& reader);
    void fault(std::int64_t line, std::string_view field, std::string detail) {
        ++bad_;
        if (faults_.size() < quotas_.faults_max) {
            faults_.push_back({pointer_of(line, field), std::move(detail)});
        }
    }
    void find(
        PlayFindingKind kind, std::int64_t count, std::optional<std::int64_t> line,
        std::string detail) {
        if (count > 0) out_.findings.push_back({kind, count, line, std::move(detail)});
    }
    std::int64_t lines() const { return out_.data_lines; }
    Result<Read> finish(const LineReader& reader);

  private:
    struct Tally {
        std::int64_t count = 0;
        std::optional<std::int64_t> first;
        void add(std::int64_t line) {
            if (count++ == 0) first = line;
        }
    };

    bool of_this_face(const std::string& name) const;
    std::optional<std::uint32_t> creative_of(std::int64_t line, const Fields& fields);
    std::optional<std::int64_t> duration_ms_of(
        std::int64_t line, const Fields& fields, Instant start);
    const FaceThen* check_start(
        std::int64_t line, std::string_view field, Instant start, Instant end);
    void take_play(std::int64_t line, const Fields& fields);
    void take_count(std::int64_t line, const Fields& fields);
    void drop_repeated();
    void cover();
    void look_for_overlaps();
    Error refused() const;

    const Reading& by_;
    const Quotas& quotas_;
    Read out_;
    std::map<std::string, std::uint32_t, std::less<>> creatives_;
    std::optional<LogForm> form_;
    std::vector<Fault> faults_;
    std::int64_t bad_ = 0;
    Tally elsewhere_, longer_, short_;
};

bool Taking::of_this_face(const std::string& name) const {
    return name.empty() || std::ranges::find(by_.names, name) != by_.names.end();
}

void Taking::take(const LineReader& reader) {
    const auto line = reader.number();
    ++out_.data_lines;
    if (const auto& wrong = reader.fault()) {
        ++bad_;
        if (faults_.size() < quotas_.faults_max) faults_.push_back(*wrong);
        return;
    }
    const auto& fields = reader.fields();
    if (!of_this_face(fields[Column::face])) return elsewhere_.add(line);
    const auto form = fields[Column::hour].empty() && fields[Column::plays].empty()
                          ? LogForm::plays
                          : LogForm::counts;
    if (!form_) form_ = form;
    if (*form_ != form) {
        return fault(
            line, "",
            "is of another kind than those before: single plays and counts are two files");
    }
    if (form == LogForm::plays) {
        take_play(line, fields);
    } else {
        take_count(line, fields);
    }
}

std::optional<std::uint32_t> Taking::creative_of(std::int64_t line, const Fields& fields) {
    const auto column = fields[Column::creative].empty() ? Column::campaign : Column::creative;
    const auto& label = fields[column];
    const auto known = creatives_.find(label);
    if (known != creatives_.end()) return known->second;
    if (!is_plain(label, kLabelBytesMax)) {
        fault(line, word(column), "is to be plain text (UTF-8) of at most 200 bytes");
        return std::nullopt;
    }
    if (std::ssize(out_.creatives) >= quotas_.creatives_max) {
        fault(
            line, word(column),
            "is one of more than " + std::to_string(quotas_.creatives_max) +
                " different ones: give what they have in common, or make two files");
        return std::nullopt;
    }
    const auto id = static_cast<std::uint32_t>(out_.creatives.size());
    out_.creatives.push_back(label);
    return creatives_.emplace(label, id).first->second;
}

std::optional<std::int64_t> Taking::duration_ms_of(
    std::int64_t line, const Fields& fields, Instant start) {
    std::optional<double> length_s;
    if (const auto& said = fields[Column::duration_s]; !said.empty()) {
        length_s = number_of<double>(said);
        if (!length_s || !(*length_s > 0) || *length_s > double(quotas_.play_max.count())) {
            fault(
                line, "duration_s",
                "is to be a number of seconds, more than 0 and at most " +
                    std::to_string(quotas_.play_max.count()));
            return std::nullopt;
        }
    }
    if (const auto& said = fields[Column::end]; !said.empty()) {
        const auto end = instant_of(said);
        if (!end) {
            fault(line, "end", kTimeRemedy);
            return std::nullopt;
        }
        const auto until_s = duration<double>(*end - start).count();
        if (until_s <= 0 || until_s > double(quotas_.play_max.count())) {
            fault(
                line, "end",
                "is to be later than start, by at most " +
                    std::to_string(quotas_.play_max.count()) + " s");
            return std::nullopt;
        }
        if (length_s && std::abs(*length_s - until_s) > kEndTolerance_s) {
            fault(line, "end", "is not start and duration_s: leave one of them out, or correct it");
            return std::nullopt;
        }
        if (!length_s) length_s = until_s;
    }
    if (!length_s) {
        fault(line, "duration_s", "is missing: say it, or end");
        return std::nullopt;
    }
    return std::max<std::int64_t>(1, std::llround(*length_s * 1000));
}

const FaceThen* Taking::check_start(
    std::int64_t line, std::string_view field, Instant start, Instant end) {
    if (end > by_.now + quotas_.clock_ahead) {
        fault(line, field, "is in the future: a log says what was played, until now");
        return nullptr;
    }
    if (by_.covers && (start < by_.covers->from || end > by_.covers->to)) {
        fault(line, field, "is outside of the time that the log is said to cover");
        return nullptr;
    }
    const auto* const face = then(by_.versions, start);
    if (face == nullptr) {
        fault(
            line, field,
            "is a time at which the face was not there: correct the face, or leave it out");
    } else if (!face->digital) {
        fault(
            line, field,
            "is a time at which the face was printed: correct the face, or leave it out");
        return nullptr;
    }
    return face;
}

void Taking::take_play(std::int64_t line, const Fields& fields) {
    const auto start = instant_of(fields[Column::start]);
    if (!start) return fault(line, "start", kTimeRemedy);
    const auto duration_ms = duration_ms_of(line, fields, *start);
    if (!duration_ms) return;
    const auto* const face = check_start(line, "start", *start, *start);
    if (face == nullptr) return;
    const auto creative = creative_of(line, fields);
    if (!creative) return;
    if (milliseconds(*duration_ms) < quotas_.play_min) return short_.add(line);
    if (double(*duration_ms) > face->loop_s * 1000) longer_.add(line);
    out_.lines.push_back(
        {.start = *start,
         .duration_ms = static_cast<std::int32_t>(*duration_ms),
         .plays = 1,
         .creative = *creative,
         .number = static_cast<std::uint32_t>(line)});
}

void Taking::take_count(std::int64_t line, const Fields& fields) {
    const auto hour = instant_of(fields[Column::hour]);
    if (!hour) return fault(line, "hour", kTimeRemedy);
    if (*hour != quarter_of(*hour)) {
        return fault(
            line, "hour", "is to be the beginning of an hour, like 2026-08-21T17:00:00-05:00");
    }
    const auto* const face = check_start(line, "hour", *hour, *hour + hours(1));
    if (face == nullptr) return;
    const auto plays = number_of<std::int64_t>(fields[Column::plays]);
    if (!plays || *plays < 0 || *plays > kPlaysInAnHourMax) {
        return fault(line, "plays", "is to be a whole number from 0 to 3600");
    }
    double length_s = face->spot_s;
    if (const auto& said = fields[Column::duration_s]; !said.empty()) {
        const auto given = number_of<double>(said);
        if (!given || !(*given >= 1) || *given > 3600) {
            return fault(
                line, "duration_s", "is to be a number of seconds from 1 to 3600, of one play");
        }
        length_s = *given;
    }
    const auto creative = creative_of(line, fields);
    if (!creative) return;
    if (length_s > face->loop_s) longer_.add(line);
    out_.lines.push_back(
        {.start = *hour,
         .duration_ms = static_cast<std::int32_t>(std::max(1000.0, std::round(length_s * 1000))),
         .plays = static_cast<std::int32_t>(*plays),
         .creative = *creative,
         .number = static_cast<std::uint32_t>(line)});
}

void Taking::drop_repeated() {
    auto& lines = out_.lines;
    std::ranges::sort(lines, {}, [](const Line& line) {
        return std::tuple(line.start, line.creative, line.number);
    });
    std::size_t kept = 0;
    for (const auto& line : lines) {
        const bool same = kept > 0 && lines[kept - 1].start == line.start &&
                          lines[kept - 1].creative == line.creative;
        if (!same) {
            lines[kept++] = line;
            continue;
        }
        ++out_.repeated;
        if (*form_ == LogForm::counts && lines[kept - 1].plays != line.plays) {
            fault(
                line.number, "plays",
                "is another count of the same hour than that of line " +
                    std::to_string(lines[kept - 1].number) + ": leave one of them out");
        }
    }
    lines.resize(kept);
}

void Taking::cover() {
    const auto form = *form_;
    const auto gap_max = form == LogForm::counts ? seconds(0) : quotas_.gap_max;
    std::int64_t gaps = 0;
    std::string first_gap;
    std::optional<Instant> until;
    for (const auto& line : out_.lines) {
        const auto end = end_of(line, form);
        out_.from = until ? out_.from : line.start;
        if (until && line.start - *until > gap_max) {
            if (gaps++ == 0) {
                first_gap =
                    "the first from " + to_iso8601(*until) + " to " + to_iso8601(line.start);
            }
        }
        const bool joins = until && line.start - *until <= gap_max;
        if (!joins) out_.covered.push_back({quarter_of(line.start), quarter_of(line.start)});
        until = std::max(until.value_or(end), end);
        out_.covered.back().to = quarter_of(*until + kQuarter - microseconds(1));
    }
    out_.to = *until;
    if (by_.covers) {
        out_.covered = {*by_.covers};
        return;
    }
    find(
        PlayFindingKind::gap, gaps, std::nullopt,
        first_gap +
            "; there the loop is taken. If the screen was dark, say what time the log covers");
}

void Taking::look_for_overlaps() {
    if (*form_ == LogForm::counts) return;
    Tally overlapping;
    Instant until = out_.lines.front().start;
    for (const auto& line : out_.lines) {
        if (line.start < until) overlapping.add(line.number);
        until = std::max(until, end_of(line, *form_));
    }
    find(
        PlayFindingKind::overlap, overlapping.count, overlapping.first,
        "each is counted, though another play of the face was running");
}

Error Taking::refused() const {
    auto message = std::to_string(bad_) + (bad_ == 1 ? " line" : " lines") +
                   " cannot be taken; nothing was changed";
    if (bad_ > std::ssize(faults_)) {
        message += ". The first " + std::to_string(faults_.size()) + " are told";
    }
    return {ErrorKind::invalid, "bad_log", std::move(message), faults_};
}

Result<Read> Taking::finish(const LineReader& reader) {
    if (bad_ == 0 && form_) drop_repeated();
    if (bad_ > 0) return tl::unexpected(refused());
    out_.elsewhere = elsewhere_.count;
    if (out_.lines.empty()) {
        return fail(
            ErrorKind::invalid, "no_plays",
            elsewhere_.count > 0
                ? "no line is of this face: the column face is to be its id, its name, or face_name"
                : "the file has no play of a second or longer");
    }
    out_.form = *form_;
    cover();
    if (out_.to - out_.from > quotas_.span_max) {
        return fail(
            ErrorKind::invalid, "too_long_a_time",
            "a file holds at most " + std::to_string(quotas_.span_max.count()) +
                " days: make several of it");
    }
    look_for_overlaps();
    find(
        PlayFindingKind::longer_than_loop, longer_.count, longer_.first,
        "are longer than the face's loop: is its loop_s right?");
    find(
        PlayFindingKind::too_short, short_.count, short_.first,
        "are shorter than a second, and passed over: nobody could see them");
    find(
        PlayFindingKind::elsewhere, elsewhere_.count, elsewhere_.first,
        "are of other faces, and passed over");
    std::string names;
    for (const auto& name : reader.passed_over()) names += (names.empty() ? "" : ", ") + name;
    find(
        PlayFindingKind::column, std::ssize(reader.passed_over()), std::nullopt,
        "are not read: " + names);
    return std::move(out_);
}

}  // namespace

Result<Read> read_log(std::string_view file, const Reading& by, const Quotas& quotas) {
    LineReader reader(file, by.format);
    if (!reader.header_faults().empty()) {
        return tl::unexpected(Error{
            ErrorKind::invalid, "bad_log", "the header cannot be taken", reader.header_faults()});
    }
    Taking taking(by, quotas);
    while (reader.next()) {
        if (taking.lines() >= quotas.lines_max) {
            return fail(
                ErrorKind::invalid, "too_many_lines",
                "a file has at most " + std::to_string(quotas.lines_max) +
                    " lines: make several of it");
        }
        taking.take(reader);
    }
    return taking.finish(reader);
}

}  // namespace mobilytics::plays
