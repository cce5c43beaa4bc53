#include "platform/http/route_tree.h"

#include <algorithm>
#include <set>

namespace mobilytics::http {

namespace {

constexpr auto kDuration = "http_server_request_duration_seconds";
constexpr auto kDurationHelp = "From a request read whole to its reply made, by route and status.";

std::vector<std::string> split(std::string_view pattern) {
    std::vector<std::string> segments;
    VERIFY(pattern.starts_with('/'));
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        const auto end = std::min(pattern.find('/'), pattern.size());
        segments.emplace_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return segments;
}

}  // namespace

RouteMetrics::RouteMetrics(metrics::Registry* registry, verb method, std::string_view pattern)
    : registry_(registry) {
    if (pattern.empty()) return;  // Of anything that somebody sent: no label may come of it.
    labels_ = {
        {"http_request_method", std::string(to_string(method))},
        {"http_route", std::string(pattern)}};
}

void RouteMetrics::count(unsigned status, double seconds) {
    if (registry_ == nullptr) return;
    const std::scoped_lock lock(mutex_);
    auto& histogram = by_status_[status];
    if (histogram == nullptr) {
        auto labels = labels_;
        labels.emplace("http_response_status_code", std::to_string(status));
        if (status >= 500) labels.emplace("error_type", std::to_string(status));
        histogram = &registry_->histogram(kDuration, kDurationHelp, labels);
    }
    histogram->Observe(seconds);
}

void RouteTree::add(Route route) {
    Node* node = &root_;
    for (auto& segment : split(route.pattern)) {
        const bool named = segment.starts_with('{') && segment.ends_with('}');
        auto& next = named ? node->named : node->literals[segment];
        if (!next) next = std::make_unique<Node>();
        if (named) route.names.push_back(segment.substr(1, segment.size() - 2));
        node = next.get();
    }
    const auto method = route.method;
    const bool fresh = node->routes.emplace(method, std::move(route)).second;
    VERIFY(fresh);  // Mounted once.
}

RouteTree::Found RouteTree::find(const Segments& segments) const {
    Found found;
    if (const auto* node = find(root_, segments, 0, found)) found.routes = &node->routes;
    return found;
}

const RouteTree::Node* RouteTree::find(
    const Node& node, const Segments& path, std::size_t at, Found& found) {
    if (at == path.size()) return node.routes.empty() ? nullptr : &node;
    if (const auto literal = node.literals.find(path[at]); literal != node.literals.end()) {
        if (const auto* end = find(*literal->second, path, at + 1, found)) return end;
    }
    if (!node.named || path[at].empty()) return nullptr;
    found.values.push_back(path[at]);
    const auto* end = find(*node.named, path, at + 1, found);
    if (end == nullptr) found.values.pop_back();
    return end;
}

void RouteTree::list(const Node& node, std::vector<RouteListing>& out) {
    for (const auto& [method, route] : node.routes) {
        out.push_back({method, route.pattern, route.access});
    }
    for (const auto& [segment, next] : node.literals) list(*next, out);
    if (node.named) list(*node.named, out);
}

std::string allowed(const RouteTree::Routes& routes) {
    std::set<std::string> names{"OPTIONS"};
    for (const auto& [method, route] : routes) names.insert(std::string(to_string(method)));
    if (routes.contains(verb::get)) names.insert("HEAD");
    std::string text;
    for (const auto& name : names) text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

}  // namespace mobilytics::http
