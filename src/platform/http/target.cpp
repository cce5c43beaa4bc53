#include "platform/http/target.h"

#include <algorithm>

#include <boost/url.hpp>

namespace mobilytics::http {

namespace {

constexpr std::size_t kPartsMax = 100;

/// Whether `text` is UTF-8 that people could have written: RFC 3629, no control characters.
bool is_text(std::string_view text) {
    while (!text.empty()) {
        const auto lead = static_cast<unsigned char>(text[0]);
        if (lead < 0x20 || lead == 0x7F) return false;
        if (lead < 0x80) {
            text.remove_prefix(1);
            continue;
        }
        const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return false;
        for (std::size_t i = 1; i < size; ++i) {
            if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return false;
        }
        const auto second = static_cast<unsigned char>(text[1]);
        const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
        const bool beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
        if (overlong || beyond) return false;
        text.remove_prefix(size);
    }
    return true;
}

tl::unexpected<Error> bad_target() {
    return fail(ErrorKind::invalid, "bad_target", "this is not a path and a query");
}

}  // namespace

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

Result<Target> parse_target(std::string_view target) {
    // Boost passes over this, so that a path would have two spellings, of which a proxy before us
    // may forbid one.
    if (path_of(target) == "/." || target.starts_with("/./")) return bad_target();
    const auto parsed = boost::urls::parse_origin_form(target);
    if (!parsed) return bad_target();
    Target out;
    const auto segments = parsed->segments();
    const auto params = parsed->params();
    if (segments.size() > kPartsMax || params.size() > kPartsMax) return bad_target();
    for (auto segment : segments) {
        if (!is_text(segment)) return bad_target();
        out.segments.push_back(std::move(segment));
    }
    for (auto param : params) {
        if (!is_text(param.key) || !is_text(param.value)) return bad_target();
        out.query.emplace(std::move(param.key), std::move(param.value));
    }
    return out;
}

}  // namespace mobilytics::http
