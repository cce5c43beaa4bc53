#pragma once
// Takes jobs: reads what waits and what runs, shares what there is room for, and claims it. For
// this folder only.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/jobs/job_store.h"
#include "platform/jobs/runner.h"

namespace mobilytics::jobs {

class Claims {
  public:
    struct Round {
        std::vector<Claimed> jobs;
        bool alive = true;     // False: we have been taken for dead, and nothing was claimed.
        bool limited = false;  // A limit kept some from being taken.
        std::optional<std::chrono::milliseconds> again_in =
            {};  // When a vendor may be asked again.
    };

    Claims(
        pg::SystemPool& system, const Clock& clock, const std::map<std::string, Kind>& kinds,
        const std::map<std::string, VendorLimits>& vendors, std::int64_t lanes_max)
        : system_(system), clock_(clock), kinds_(kinds), vendors_(vendors), lanes_max_(lanes_max) {}

    /// As much as `slots` threads can begin. Throws Unavailable.
    Round take(WorkerId worker, std::int64_t slots);

  private:
    Room room(
        pg::SystemTransaction& tx, const std::vector<Running>& running, std::int64_t slots,
        Round& round) const;
    std::vector<Lane> lanes(pg::SystemTransaction& tx, const Room& room);

    pg::SystemPool& system_;
    const Clock& clock_;
    const std::map<std::string, Kind>& kinds_;
    const std::map<std::string, VendorLimits>& vendors_;
    const std::int64_t lanes_max_;
    std::map<std::string, LaneStart> starts_;
    Turns turns_;
};

}  // namespace mobilytics::jobs
