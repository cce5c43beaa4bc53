#include "platform/http/query.h"

#include <charconv>

namespace mobilytics::http {

namespace {

template <class Number>
std::optional<Number> parsed(const std::string& text) {
    Number number{};
    const char* end = text.data() + text.size();
    const auto [stop, bad] = std::from_chars(text.data(), end, number);
    if (bad != std::errc() || stop != end) return std::nullopt;
    return number;
}

}  // namespace

/// The text itself, when it is not such a number: then that is the fault.
json::value QueryReader::number_of(const std::string& text, bool whole) {
    if (whole) {
        if (const auto number = parsed<std::int64_t>(text)) return *number;
    } else if (const auto number = parsed<double>(text)) {
        return *number;
    }
    return json::value(text);
}

const std::string* QueryReader::find(std::string_view name) {
    known_.emplace(name);
    const auto [first, last] = query_.equal_range(std::string(name));
    if (first == last) return nullptr;
    if (std::next(first) != last) fault(name, "comes more than once");
    return &first->second;
}

std::vector<std::string> QueryReader::items(std::string_view name) {
    known_.emplace(name);
    std::vector<std::string> all;
    const auto [first, last] = query_.equal_range(std::string(name));
    for (auto sent = first; sent != last; ++sent) {
        std::string_view rest = sent->second;
        for (bool more = !rest.empty(); more;) {
            const auto end = rest.find(',');
            all.emplace_back(rest.substr(0, end));
            more = end != rest.npos;
            if (more) rest.remove_prefix(end + 1);
        }
    }
    return all;
}

void QueryReader::fault(std::string_view name, std::string_view detail) {
    json::Place(faults_, "/query").of(name).fault(detail);
}

void QueryReader::page(PageRequest& out) {
    if (const auto* cursor = find("cursor")) out.cursor = *cursor;
    if (const auto* limit = find("limit")) {
        read_one(*limit, out.limit, "limit", {.min = 1, .max = PageRequest::kLimitMax});
    }
}

Result<> QueryReader::finish() {
    for (auto sent = query_.begin(); sent != query_.end(); sent = query_.upper_bound(sent->first)) {
        if (!known_.contains(sent->first)) fault(sent->first, "is not known here");
    }
    if (faults_.empty()) return {};
    return tl::unexpected(
        Error{ErrorKind::invalid, "bad_query", "what was asked has faults", std::move(faults_)});
}

}  // namespace mobilytics::http
