#include "domains/plays/play_lines.h"

#include <algorithm>

#include <boost/describe/enumerators.hpp>
#include <boost/json.hpp>
#include <boost/mp11/algorithm.hpp>

#include "domains/plays/play_file.h"
#include "foundation/json.h"

namespace mobilytics::plays {

namespace {

constexpr std::string_view kSpace = " \t";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(kSpace);
    if (from == text.npos) return "";
    return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

/// As CSV would say it; none of a list, an object or a truth.
std::optional<std::string> text_of(const boost::json::value& value) {
    if (value.is_null()) return "";
    if (const auto* text = value.if_string()) return std::string(*text);
    if (value.is_number()) return json::text(value);
    return std::nullopt;
}

}  // namespace

std::string pointer_of(std::int64_t line, std::string_view field) {
    auto out = "/lines/" + std::to_string(line);
    if (!field.empty()) (out += '/') += field;
    return out;
}

LineReader::LineReader(std::string_view file, FileFormat format) : rest_(file), format_(format) {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    if (format_ == FileFormat::csv) read_header();
}

bool LineReader::may_have(Column column) const {
    return format_ == FileFormat::json_lines ||
           std::ranges::find(columns_, std::optional(column)) != columns_.end();
}

bool LineReader::next_text() {
    while (!rest_.empty()) {
        const auto end = rest_.find('\n');
        text_ = rest_.substr(0, end);
        rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
        ++number_;
        if (text_.ends_with('\r')) text_.remove_suffix(1);
        if (!trimmed(text_).empty()) return true;
    }
    return false;
}

void LineReader::read_header() {
    const auto wrong_header = [&](std::string detail) {
        header_faults_.push_back(
            {pointer_of(std::max<std::int64_t>(number_, 1), ""), std::move(detail)});
    };
    if (!next_text()) return wrong_header("is missing: the first line names the columns");
    if (text_.size() > kLineBytesMax) return wrong_header("is longer than 4096 bytes");
    if (text_.find(';') != text_.npos && text_.find(',') == text_.npos) separator_ = ';';
    std::vector<std::string> names;
    if (!split(names)) return wrong_header("has a quote that does not end");
    for (const auto& name : names) {
        const auto column = from_word<Column>(lower(trimmed(name)));
        if (column && std::ranges::find(columns_, column) != columns_.end()) {
            return wrong_header(
                "has two columns " + std::string(word(*column)) + ": leave one out");
        }
        if (!column) {
            passed_over_.push_back(is_plain(name, 100) ? std::string(trimmed(name)) : "?");
        }
        columns_.push_back(column);
    }
    const bool counts = may_have(Column::hour) || may_have(Column::plays);
    const bool whole =
        counts ? may_have(Column::hour) && may_have(Column::plays)
               : may_have(Column::start) && (may_have(Column::duration_s) || may_have(Column::end));
    if (!whole) {
        wrong_header(
            "is to name the columns start and duration_s (or end), or of counts hour and plays");
    }
}

bool LineReader::next() {
    fault_.reset();
    for (auto& field : fields_.of) field.clear();
    if (!next_text()) return false;
    if (text_.size() > kLineBytesMax) {
        wrong("is longer than 4096 bytes: a play is a line of its own");
    } else if (format_ == FileFormat::csv) {
        read_csv();
    } else {
        read_json();
    }
    return true;
}

void LineReader::wrong(std::string detail) {
    fault_ = Fault{pointer_of(number_, ""), std::move(detail)};
}

bool LineReader::split(std::vector<std::string>& out) const {
    out.clear();
    std::string_view left = text_;
    for (;;) {
        auto& cell = out.emplace_back();
        left.remove_prefix(std::min(left.find_first_not_of(kSpace), left.size()));
        if (!left.starts_with('"')) {
            const auto end = left.find(separator_);
            cell = trimmed(left.substr(0, end));
            if (end == left.npos) return true;
            left.remove_prefix(end + 1);
            continue;
        }
        for (left.remove_prefix(1);; left.remove_prefix(1)) {
            const auto quote = left.find('"');
            if (quote == left.npos) return false;
            cell += left.substr(0, quote);
            left.remove_prefix(quote + 1);
            if (!left.starts_with('"')) break;
            cell += '"';
        }
        left.remove_prefix(std::min(left.find_first_not_of(kSpace), left.size()));
        if (left.empty()) return true;
        if (left.front() != separator_) return false;
        left.remove_prefix(1);
    }
}

void LineReader::read_csv() {
    if (!split(cells_)) {
        return wrong("has a quote that does not end before the next column: double it, \"\"");
    }
    if (cells_.size() != columns_.size()) {
        return wrong(
            "has " + std::to_string(cells_.size()) + " columns, and the header " +
            std::to_string(columns_.size()) + ": put what holds a separator in quotes");
    }
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        if (columns_[i]) fields_[*columns_[i]] = std::move(cells_[i]);
    }
}

void LineReader::read_json() {
    boost::system::error_code error;
    const auto json = boost::json::parse(
        boost::json::string_view(text_.data(), text_.size()), error, {}, {.max_depth = 4});
    if (error || !json.is_object()) {
        return wrong("is to be one object of JSON, {\"start\": \"...\", \"duration_s\": 10}");
    }
    for (const auto& [name, value] : json.get_object()) {
        const auto column = from_word<Column>(std::string_view(name));
        if (!column) continue;
        auto text = text_of(value);
        if (!text) {
            fields_ = {};
            fault_ = Fault{pointer_of(number_, word(*column)), "is to be text or a number"};
            return;
        }
        fields_[*column] = *std::move(text);
    }
}

}  // namespace mobilytics::plays
