#include "platform/metrics/metrics.h"

#include <utility>

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace mobilytics::metrics {

Registry::Registry() : registry_(std::make_unique<prometheus::Registry>()) {}
Registry::~Registry() = default;

Counter& Registry::counter(std::string_view name, std::string_view help, const Labels& labels) {
    return prometheus::BuildCounter()
        .Name(std::string(name))
        .Help(std::string(help))
        .Register(*registry_)
        .Add(labels);
}

Gauge& Registry::gauge(std::string_view name, std::string_view help, const Labels& labels) {
    return prometheus::BuildGauge()
        .Name(std::string(name))
        .Help(std::string(help))
        .Register(*registry_)
        .Add(labels);
}

Histogram& Registry::histogram(
    std::string_view name, std::string_view help, const Labels& labels,
    const std::vector<double>& bounds) {
    return prometheus::BuildHistogram()
        .Name(std::string(name))
        .Help(std::string(help))
        .Register(*registry_)
        .Add(labels, bounds);
}

void Registry::before_text(std::function<void()> refresh) {
    const std::scoped_lock lock(mutex_);
    refreshes_.push_back(std::move(refresh));
}

std::string Registry::text() const {
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& refresh : refreshes_) refresh();
    }
    return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace mobilytics::metrics
