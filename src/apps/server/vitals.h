#pragma once
// What the process, its pools, its disk, its certificates, its children and its backups are like,
// as /metrics tells it: looked at every so often by a thread, so that nobody who asks waits for it.

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "foundation/clock.h"
#include "platform/metrics/metrics.h"
#include "platform/pg/pg.h"

namespace mobilytics::server {

/// What is watched. All of it must outlive the Vitals.
struct Watched {
    std::filesystem::path data;
    std::map<std::string, std::function<pg::PoolFigures()>> pools;
    std::map<std::string, std::filesystem::path> certificates;  // PEM files, by what they are for.
    struct Service {
        std::function<bool()> healthy;
        std::function<std::uint64_t()> restarts;
    };
    std::map<std::string, Service> services;
    /// Postgres's clock; may throw.
    std::function<Instant()> clock_of_postgres;
    std::size_t workers = 0;
    std::function<void()> also = {};  // Looked at on the same thread, as often.
};

class Vitals {
  public:
    Vitals(Watched watched, metrics::Registry& registry, const Clock& clock);
    ~Vitals();
    Vitals(const Vitals&) = delete;
    Vitals& operator=(const Vitals&) = delete;

  private:
    void run();
    void look();
    void look_at_process();
    void look_at_pools();
    void look_at_disk();
    void look_at_certificates();
    void look_at_services();
    void look_at_clocks();
    void look_at_backups();
    void look_at_more();
    metrics::Gauge& gauge(const char* name, const char* help, const metrics::Labels& labels = {});
    /// So that a counter says what is counted elsewhere.
    void count_to(
        const char* name, const char* help, double total, const metrics::Labels& labels = {});

    const Watched watched_;
    metrics::Registry& registry_;
    const Clock& clock_;
    const Instant began_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace mobilytics::server
