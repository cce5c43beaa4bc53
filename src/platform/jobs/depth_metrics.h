#pragma once
// How deep the queue is, for whoever reads our metrics. For this folder only.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "foundation/monotonic.h"
#include "platform/jobs/queue.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::jobs {

class DepthMetrics {
  public:
    /// Reads the table once in `read_every`, however often it is asked.
    DepthMetrics(
        pg::SystemPool& system, const Clock& clock, metrics::Registry& registry,
        std::chrono::milliseconds read_every = std::chrono::seconds(10))
        : system_(system), queue_(clock), registry_(registry), read_every_(read_every) {}

    /// Before each reading, until end().
    static void refresh_with(
        metrics::Registry& registry, const std::shared_ptr<DepthMetrics>& depths);
    /// From now on it asks nobody.
    void end();

  private:
    void refresh();
    void set(const std::string& kind, const char* state, std::int64_t count);
    void set_oldest(const std::string& kind, std::int64_t age_s);

    pg::SystemPool& system_;
    const Queue queue_;
    metrics::Registry& registry_;
    const std::chrono::milliseconds read_every_;
    std::mutex mutex_;
    bool ended_ = false;
    std::optional<Stopwatch> read_;
    std::map<std::string, bool> known_;  // Kinds that have gauges; true: seen in this reading.
};

}  // namespace mobilytics::jobs
