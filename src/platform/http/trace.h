#pragma once
// Which piece of work a request is part of, across programs: W3C Trace Context, level 1.

#include <string>
#include <string_view>

namespace mobilytics::http {

struct Trace {
    std::string id;      // 32 hexadecimal digits: of the whole work.
    std::string parent;  // 16: of what asked us; empty, when that was nobody who says so.
    std::string span;    // 16: of what we do here.
    bool sampled = false;

    /// For those whom we ask in turn, and as `traceresponse` for who asked us.
    std::string str() const { return "00-" + id + "-" + span + (sampled ? "-01" : "-00"); }
};

/// Of what a header `traceparent` says, where it is one as the standard has it; else a trace that
/// begins here.
Trace trace_of(std::string_view traceparent);

}  // namespace mobilytics::http
