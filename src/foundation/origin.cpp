#include "foundation/origin.h"

#include <algorithm>
#include <utility>

namespace mobilytics {

namespace {

constexpr std::size_t kUserAgentBytesMax = 256;
constexpr std::size_t kTraceparentBytes = 55;
constexpr std::size_t kTraceBytes = 32;

Origin& here() {
    thread_local Origin origin;
    return origin;
}

}  // namespace

const Origin& origin() { return here(); }

OriginScope::OriginScope(Origin origin) : before_(std::exchange(here(), std::move(origin))) {}

OriginScope::~OriginScope() { here() = std::move(before_); }

std::string kept_user_agent(std::string_view said) {
    std::string out;
    for (const char c : said.substr(0, kUserAgentBytesMax)) {
        if (c >= ' ' && c <= '~') out += c;
    }
    return out;
}

std::string trace_of(std::string_view traceparent) {
    if (traceparent.size() != kTraceparentBytes || !traceparent.starts_with("00-")) return {};
    const auto trace = traceparent.substr(3, kTraceBytes);
    const auto hexadecimal = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    };
    if (!std::ranges::all_of(trace, hexadecimal)) return {};
    if (trace.find_first_not_of('0') == trace.npos) return {};  // The standard: not valid.
    return std::string(trace);
}

}  // namespace mobilytics
