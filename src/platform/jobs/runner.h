#pragma once
// Runs what was claimed, and keeps how it ended. For this folder only.

#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "foundation/monotonic.h"
#include "platform/jobs/job_store.h"
#include "platform/jobs/workers.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::jobs {

using SingleHandler = std::function<Outcome(JobRun&, const boost::json::value&)>;
using SystemHandler = std::function<SystemOutcome(JobRun&, const boost::json::value&)>;
using BatchHandler =
    std::function<SystemDone(const std::vector<JobRun>&, const std::vector<boost::json::value>&)>;

/// How a run ended.
BOOST_DEFINE_ENUM_CLASS(
    Ended, completed, retried, snoozed, discarded, cancelled, released, lease_lost)

struct Kind {
    std::string name;
    KindOptions options;
    int batch_max = 1;
    std::variant<SingleHandler, SystemHandler, BatchHandler> handler;
    metrics::Histogram* seconds = nullptr;
    std::map<Ended, metrics::Counter*> ended = {};
};

/// Jobs of one kind that run together; one, unless it is taken in batches.
struct Work {
    const Kind* kind = nullptr;
    std::vector<Claimed> jobs;
    std::vector<JobRun> runs;
    Stopwatch since = {};    // When it began to run.
    bool abandoned = false;  // Ran too long: its lease has been taken from it.
};
std::shared_ptr<Work> work_of(const Kind& kind, std::vector<Claimed> jobs);

class Runner {
  public:
    Runner(
        pg::Pool& pool, pg::SystemPool& system, const Clock& clock,
        const std::map<std::string, Kind>& kinds);

    /// To its end. Throws nothing, and returns when it is kept, or the lease is another's.
    void run(Work& work);

    // What was claimed and is not to be run any further by whoever claimed it. Throws Unavailable.
    void give_back(const Claimed& job);
    void fail(const Claimed& job, const Failed& why);

    /// What is settled by a thread is tried again until it can be; from now on no more.
    void give_up() { giving_up_ = true; }

  private:
    void run_single(const Kind& kind, const Claimed& job, JobRun& run);
    void run_batch(Work& work);
    Ended ended_by(const Kind& kind, const Claimed& job, const JobRun& run, Outcome outcome);
    Ended ended_by(const Kind& kind, const Claimed& job, const JobRun& run, SystemOutcome outcome);
    Ended completed(const Claimed& job, const Done& done);
    Ended completed(const Claimed& job, const SystemDone& done);
    Ended snoozed(const Claimed& job, const Snooze& snooze);
    Ended stopped(const Kind& kind, const Claimed& job, const JobRun& run, const Cancelled& why);
    Ended failed(const Kind& kind, const Claimed& job, const JobRun& run, const Failed& why);
    Ended kept(
        const Claimed& job, const Settlement& how, Ended means,
        const std::function<void(pg::Transaction&)>& effects = {});
    /// Until it is kept, unless we are to give up.
    Ended persistently(const std::function<Ended()>& keep);
    Settlement after(const Kind& kind, const Claimed& job, const Failed& why);
    std::chrono::milliseconds wait_after(const Retry& retry, int attempt);

    pg::Pool& pool_;
    pg::SystemPool& system_;
    const Clock& clock_;
    const std::map<std::string, Kind>& kinds_;
    std::atomic<bool> giving_up_ = false;
    std::mutex random_mutex_;
    std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace mobilytics::jobs
