#pragma once
// Runs jobs. A process has a Workers, or one for each sort of work that must not wait for
// another's: a thread that takes jobs, one that keeps its lease, and as many as run them. All share
// the work through the tables alone; none leads.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs/jobs.h"

namespace mobilytics::metrics {
class Registry;
}

namespace mobilytics::jobs {

using namespace std::chrono_literals;

/// How often again, and when: min(wait_max, wait_min * growth^(attempt - 1)), of which the random
/// half is taken off: from half of it to all of it.
struct Retry {
    int attempts_max = 20;
    std::chrono::milliseconds wait_min{1'000};
    double growth = 2.0;
    std::chrono::milliseconds wait_max{1h};
};

struct KindOptions {
    Retry retry = {};
    /// Of one run; then its handler is told, and after `grace` more another attempt may begin.
    std::chrono::milliseconds run_max{60'000};
    std::chrono::milliseconds grace{10'000};
    int concurrency_max = 0;  // Of all processes together; 0: no limit of its own.
    std::string vendor = {};  // Whose limits it shares; empty: nobody's.
};

/// Of all kinds and processes that name this vendor.
struct VendorLimits {
    int concurrency_max = 0;  // 0: none.
    double per_second = 0;    // Runs begun; 0: no limit.
    double burst = 1;
};

struct WorkersConfig {
    int threads = 4;
    int ahead = 4;  // Taken beyond those that run, so that no thread waits for the database.
    std::chrono::milliseconds look_every{1'000};  // When nobody wakes us.
    std::chrono::milliseconds beat_every{3'000};  // The lease's heartbeat.
    std::chrono::milliseconds lease_max{30'000};  // Without one, the jobs are others'.
    std::chrono::milliseconds drain_max{20'000};  // stop() waits so long for running handlers.
    std::int64_t lanes_max = 1'000;               // Companies with waiting jobs looked at at once.
    bool tells_depth = true;  // How deep the queue is: said by one of a process's workers.
    std::chrono::hours completed_kept{24};
    std::chrono::hours others_kept{24 * 30};  // Cancelled, and dead letters.
};

/// Runs `payload` on its day: see cron.h.
struct Schedule {
    std::string name;  // Never changes: its next time is kept by it.
    std::string cron;  // "30 3 * * *": minute, hour, day, month, day of the week.
    std::string time_zone = "UTC";
    Options options = {};
};

/// What workers stand on.
struct Ground {
    pg::Pool& pool;
    pg::SystemPool& system;
    pg::Address address;  // The system's, for a connection of its own.
    const Clock& clock;
    metrics::Registry& registry;
};

class Workers {
  public:
    /// What it is given must outlive this.
    explicit Workers(const Ground& ground, WorkersConfig config = {});
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    void limit(const std::string& vendor, VendorLimits limits);

    /// All before start(). Effects are the job's company's.
    template <Payload T>
    void handle(std::function<Outcome(JobRun&, const T&)> handler, KindOptions options = {}) {
        add(T::kName, std::move(options),
            [handler = std::move(handler)](JobRun& run, const boost::json::value& payload) {
                return handler(run, T::from_json(payload));
            });
    }
    /// Effects are the system's, for all companies.
    template <Payload T>
    void handle_as_system(
        std::function<SystemOutcome(JobRun&, const T&)> handler, KindOptions options = {}) {
        add_system(
            T::kName, std::move(options),
            [handler = std::move(handler)](JobRun& run, const boost::json::value& payload) {
                return handler(run, T::from_json(payload));
            });
    }
    /// Up to `batch_max` at once, and their effects in one transaction. Where a batch throws or
    /// does not complete, each of it is done again for itself.
    template <Payload T>
    void handle_batch(
        std::function<SystemDone(const std::vector<JobRun>&, const std::vector<T>&)> handler,
        int batch_max, KindOptions options = {}) {
        add_batch(
            T::kName, std::move(options), batch_max,
            [handler = std::move(handler)](
                const std::vector<JobRun>& runs, const std::vector<boost::json::value>& payloads) {
                std::vector<T> typed;
                for (const auto& payload : payloads) typed.push_back(T::from_json(payload));
                return handler(runs, typed);
            });
    }

    /// Of the system, before start(); one of this name that is there takes on what is said here.
    /// VERIFYs that cron and zone can be read.
    template <Payload T>
    void schedule(Schedule schedule, const T& payload) {
        add_schedule(std::move(schedule), T::kName, payload.to_json());
    }

    void start();
    /// Takes no more, gives back what was taken and not begun, waits for what runs (telling it
    /// after drain_max), and gives up its lease.
    void stop();

    /// Runs on this thread all that is due, and returns how many runs there were: for tests.
    /// Not while started.
    std::int64_t run_due();

  private:
    using Single = std::function<Outcome(JobRun&, const boost::json::value&)>;
    using Systemic = std::function<SystemOutcome(JobRun&, const boost::json::value&)>;
    using Batch = std::function<SystemDone(
        const std::vector<JobRun>&, const std::vector<boost::json::value>&)>;
    void add(std::string_view kind, KindOptions options, Single handler);
    void add_system(std::string_view kind, KindOptions options, Systemic handler);
    void add_batch(std::string_view kind, KindOptions options, int batch_max, Batch handler);
    void add_schedule(Schedule schedule, std::string_view kind, boost::json::value payload);

    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mobilytics::jobs
