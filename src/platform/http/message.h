#pragma once
// What comes in and what goes out. Plain values that know no socket.

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/beast/http/verb.hpp>
#include <boost/json/value.hpp>

#include "foundation/vocabulary.h"

namespace mobilytics::http {

class Subscription;
using boost::beast::http::verb;

/// What the pattern of a route names: "asset_id" -> "asset_0190...".
using Values = std::map<std::string, std::string>;
/// What follows the question mark, decoded; a name may come more than once.
using Query = std::multimap<std::string, std::string>;

/// Header fields, in their order. Names are the same whatever their case.
class Headers {
  public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

    void add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }
    /// The first of this name; empty when there is none.
    std::string_view get(std::string_view name) const;
    std::size_t count(std::string_view name) const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// Of a client certificate that our authority signed.
struct PeerCertificate {
    std::string common_name;
    std::string organization;
    std::string serial;  // Hexadecimal, small letters, no zeros in front.
};

enum class TokenFrom { nowhere, bearer, cookie };

/// The router fills `path`, `id`, and `token` of the headers; whoever has a socket does the rest.
struct Request {
    verb method = verb::get;
    std::string target = {};  // "/api/v1/assets?limit=10", as it came.
    std::string token = {};   // What follows Bearer, or else the session's cookie.
    std::string body = {};    // The bytes.
    Headers headers = {};
    std::string remote_address = {};  // "192.0.2.7": of who asks, behind proxies that are trusted.
    std::optional<PeerCertificate> peer = {};
    TokenFrom token_from = TokenFrom::bearer;
    std::string id = {};           // X-Request-Id, or one that we made; the reply has it too.
    std::string traceparent = {};  // For those whom the handler asks in turn: see trace.h.
    std::string path = {};         // The target without its query, not decoded.
    bool of_this_machine = false;  // Over the loopback, and no proxy says that it forwarded it.

    /// Empty when there is no such cookie.
    std::string_view cookie(std::string_view name) const;
};

/// What is not JSON: bytes of our own, bytes that many replies share, or a file to be streamed.
struct Content {
    std::string type;  // "text/csv; charset=utf-8"
    std::variant<std::string, std::shared_ptr<const std::string>, std::filesystem::path> bytes;
};

/// JSON, unless it has content or events. Without a body: a status of 204 or 304.
struct Reply {
    unsigned status = 200;
    boost::json::value body = {};
    Headers headers = {};
    std::optional<Content> content = {};
    std::shared_ptr<Subscription> events = {};
    /// Asked on a worker's thread now and then while events go out; false ends them. The router
    /// sets it, so that a stream does not outlive its caller's right to it.
    std::function<bool()> may_go_on = {};
    /// For logs; the router sets them: the pattern that was asked, whose work it was, who asked.
    std::string route = {};
    std::string trace_id = {};
    std::optional<Caller> caller = {};
};

/// Who asks, as logs have it: the company, the person or key, and for whom they act.
boost::json::object who(const Caller& caller);

/// RFC 9457.
Reply problem(unsigned status, const Error& error);
Reply problem_of(const Error& error);  // With the status of its kind.

Reply bytes(unsigned status, std::string type, std::string content);
/// Streamed from the disk. The file must be there until it is sent.
Reply file(std::string type, std::filesystem::path path);
/// Server-sent events, until the client or the hub has enough. See event_hub.h.
Reply events(std::shared_ptr<Subscription> subscription);
inline Reply nothing() { return {.status = 204}; }

/// Whether a browser sends it along when another site's page leads to us.
enum class SameSite { strict, lax };

struct Cookie {
    std::string name;
    std::string value;  // Empty, with no age: the browser forgets it.
    std::optional<std::chrono::seconds> age_max = {};
    bool secure = false;  // Where we speak TLS.
    SameSite same_site = SameSite::strict;
};

/// HttpOnly, for every path. VERIFYs that name and value are cookie characters.
void set_cookie(Reply& reply, const Cookie& cookie);

}  // namespace mobilytics::http
