#pragma once
// A run from the side of whoever runs it, for this folder only.

#include <mutex>

#include "platform/jobs/jobs.h"

namespace mobilytics::jobs {

struct JobRun::Told {
    std::mutex mutex;
    int percent = 0;
    std::string note;
    bool changed = false;
};

struct RunAccess {
    static JobRun fresh() {
        JobRun out;
        out.told_ = std::make_shared<JobRun::Told>();
        return out;
    }
    /// The first reason counts.
    static void stop(const JobRun& run, StopReason why) {
        auto none = StopReason::none;
        run.stop_->compare_exchange_strong(none, why);
    }
    struct Progress {
        int percent;
        std::string note;
    };
    /// What was told since this was asked last.
    static std::optional<Progress> news(const JobRun& run) {
        const std::lock_guard lock(run.told_->mutex);
        if (!std::exchange(run.told_->changed, false)) return std::nullopt;
        return Progress{run.told_->percent, run.told_->note};
    }
};

}  // namespace mobilytics::jobs
