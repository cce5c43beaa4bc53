#include "platform/http/json_body.h"

#include <set>
#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

namespace mobilytics::http {

namespace {

/// Looks at the names only.
struct Names {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;
    using Fault = boost::json::error_code;
    using Text = boost::json::string_view;

    bool on_document_begin(Fault&) { return true; }
    bool on_document_end(Fault&) { return true; }
    bool on_object_begin(Fault&) {
        open.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, Fault&) {
        open.pop_back();
        return true;
    }
    bool on_array_begin(Fault&) { return true; }
    bool on_array_end(std::size_t, Fault&) { return true; }
    bool on_key_part(Text part, std::size_t, Fault&) {
        name.append(part);
        return true;
    }
    bool on_key(Text rest, std::size_t, Fault& fault) {
        name.append(rest);
        const bool fresh = open.back().insert(std::move(name)).second;
        name.clear();
        if (!fresh) fault = boost::json::error::syntax;
        twice = twice || !fresh;
        return fresh;
    }
    bool on_string_part(Text, std::size_t, Fault&) { return true; }
    bool on_string(Text, std::size_t, Fault&) { return true; }
    bool on_number_part(Text, Fault&) { return true; }
    bool on_int64(std::int64_t, Text, Fault&) { return true; }
    bool on_uint64(std::uint64_t, Text, Fault&) { return true; }
    bool on_double(double, Text, Fault&) { return true; }
    bool on_bool(bool, Fault&) { return true; }
    bool on_null(Fault&) { return true; }
    bool on_comment_part(Text, Fault&) { return true; }
    bool on_comment(Text, Fault&) { return true; }

    std::vector<std::set<std::string>> open = {};
    std::string name = {};
    bool twice = false;
};

}  // namespace

Result<boost::json::value> parse_json(std::string_view text) {
    boost::json::basic_parser<Names> names(boost::json::parse_options{});
    boost::json::error_code bad;
    names.write_some(false, text.data(), text.size(), bad);
    if (names.handler().twice) {
        return fail(ErrorKind::invalid, "bad_json", "a member is named twice");
    }
    bad.clear();
    auto json = boost::json::parse(text, bad);
    if (bad) return fail(ErrorKind::invalid, "bad_json", bad.message());
    return json;
}

}  // namespace mobilytics::http
