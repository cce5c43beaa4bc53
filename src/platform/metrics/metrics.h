#pragma once
// What the process counts of itself, as Prometheus reads it. A module asks the Registry for its
// counters once, keeps the references, and counts without a look-up. Names are snake case with
// their unit last, `mobilytics_ingest_reports_total`; labels come of closed lists, never of what
// somebody sent.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/labels.h>

namespace prometheus {
class Registry;
}

namespace mobilytics::metrics {

/// For any thread: Increment(), Increment(by), Value().
using Counter = prometheus::Counter;
/// For any thread: Set(), Increment(), Decrement(), Value().
using Gauge = prometheus::Gauge;
/// For any thread: Observe(value). Its bounds are upper ones, and there is one more above the last.
using Histogram = prometheus::Histogram;
using Labels = prometheus::Labels;

/// Seconds, from what a cache answers to what a person gives up on. Source: OpenTelemetry's
/// semantic conventions, http.server.request.duration.
inline const std::vector<double> kSecondsBounds{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
                                                0.5,   0.75, 1,     2.5,  5,     7.5, 10};

/// For any thread. What it gives lives as long as it does; the same name and labels give the same.
class Registry {
  public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {});
    Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels = {});
    /// `bounds` in ascending order.
    Histogram& histogram(
        std::string_view name, std::string_view help, const Labels& labels = {},
        const std::vector<double>& bounds = kSecondsBounds);

    /// `refresh` is called before each text(), to set gauges of what is dear to keep up to date. It
    /// must not ask for text(), and what it uses must outlive this.
    void before_text(std::function<void()> refresh);

    /// All of it, in Prometheus's text format 0.0.4.
    std::string text() const;

  private:
    std::unique_ptr<prometheus::Registry> registry_;
    mutable std::mutex mutex_;
    std::vector<std::function<void()>> refreshes_;
};

}  // namespace mobilytics::metrics
