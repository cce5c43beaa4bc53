#pragma once
// Where what this thread does just now comes from: the address and the request of whoever asked. A
// request is answered on one thread from its beginning to its end, so that whoever writes down what
// was done (platform/audit) need not be handed this through every call between; the log's Scope
// works in the same way.

#include <string>
#include <string_view>

namespace mobilytics {

struct Origin {
    std::string address = {};     // "192.0.2.7"; empty for what nobody outside asked for.
    std::string user_agent = {};  // As they said it: at most 256 bytes, printable ASCII.
    std::string request = {};     // X-Request-Id; of a job, the job's id.
    std::string trace = {};       // 32 hexadecimal digits of a W3C traceparent, or empty.
};

/// Of this thread; all empty where nobody said.
const Origin& origin();

/// While it lives, that is the origin of what this thread does.
class OriginScope {
  public:
    explicit OriginScope(Origin origin);
    ~OriginScope();
    OriginScope(const OriginScope&) = delete;
    OriginScope& operator=(const OriginScope&) = delete;

  private:
    Origin before_;
};

/// What may be kept of a User-Agent.
std::string kept_user_agent(std::string_view said);
/// The trace id of a traceparent header (W3C Trace Context, version 00); empty for anything else.
std::string trace_of(std::string_view traceparent);

}  // namespace mobilytics
