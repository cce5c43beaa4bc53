#pragma once
// What keeps the queue going beside running it: what is due becomes available, schedules run, jobs
// of dead processes are taken back, finished ones are forgotten. Every process does it, and
// whatever order they do it in comes to the same. For this folder only.

#include <map>
#include <optional>
#include <vector>

#include "foundation/monotonic.h"
#include "platform/jobs/runner.h"

namespace mobilytics::jobs {

struct Planned {
    Schedule schedule;
    std::string kind;
    std::string payload;
};

class Upkeep {
  public:
    Upkeep(pg::SystemPool& system, const Clock& clock, Runner& runner, const WorkersConfig& config)
        : system_(system), clock_(clock), runner_(runner), config_(config) {}

    void keep_schedules(const std::vector<Planned>& planned);

    /// All of it that it is time for. When something is due next. Throws Unavailable.
    std::optional<Instant> once();
    /// Takes back the jobs of processes that are no more.
    void rescue();

  private:
    void promote_due();
    void run_schedules();
    void watch(const std::map<WorkerId, std::int64_t>& beats);

    pg::SystemPool& system_;
    const Clock& clock_;
    Runner& runner_;
    const WorkersConfig config_;
    struct Watched {
        std::int64_t beat = 0;
        Stopwatch since = {};
    };
    std::map<WorkerId, Watched> watched_;
    std::optional<Stopwatch> looked_, pruned_;
};

}  // namespace mobilytics::jobs
