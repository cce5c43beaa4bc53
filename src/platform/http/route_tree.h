#pragma once
// What is mounted where: for router.cpp.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/router.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::http {

/// How often and how long, of one route: http.server.request.duration of OpenTelemetry.
class RouteMetrics {
  public:
    /// `pattern` is empty for what is not mounted. `registry` may be null.
    RouteMetrics(metrics::Registry* registry, verb method, std::string_view pattern);

    void count(unsigned status, double seconds);

  private:
    metrics::Registry* registry_;
    metrics::Labels labels_;
    std::mutex mutex_;
    std::map<unsigned, metrics::Histogram*> by_status_;
};

struct Route {
    verb method;
    std::string pattern;
    std::vector<std::string> names = {};  // Of the pattern, in its order.
    Access access;
    Handler handler;
    bool json;
    RouteLimits limits;
    std::unique_ptr<RateLimiter> limiter = {};
    std::unique_ptr<RouteMetrics> metrics = {};
};

/// By segments: what it costs to find a route does not grow with their number.
class RouteTree {
  public:
    using Routes = std::map<verb, Route>;
    struct Found {
        const Routes* routes = nullptr;  // Null when no pattern is like this path.
        std::vector<std::string> values;
    };

    void add(Route route);
    Found find(const std::vector<std::string>& segments) const;
    void list(std::vector<RouteListing>& out) const { list(root_, out); }

  private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> named;
        Routes routes;
    };
    using Segments = std::vector<std::string>;
    static const Node* find(const Node& node, const Segments& path, std::size_t at, Found& found);
    static void list(const Node& node, std::vector<RouteListing>& out);

    Node root_;
};

/// "DELETE, GET, HEAD, OPTIONS"
std::string allowed(const RouteTree::Routes& routes);

}  // namespace mobilytics::http
