#pragma once
// Lets what is simulated come no sooner than its time.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "foundation/clock.h"
#include "pipeline/sensor/sources/source.h"

namespace mobilytics::simulation {

class Pace {
  public:
    /// Without a clock all is past.
    explicit Pace(const Clock* clock) : clock_(clock) {}

    /// `ready` once it is `at`; `idle` if it is not within `wait_max`; `end` when cancelled.
    sensor::Step wait_for(Instant at, std::chrono::milliseconds wait_max) {
        if (cancelled_) return sensor::Step::end;
        if (clock_ == nullptr) return sensor::Step::ready;
        const auto left = at - clock_->now();
        if (left.count() <= 0) return sensor::Step::ready;
        const auto wait = std::min<std::chrono::microseconds>(left, wait_max);
        std::unique_lock lock(mutex_);
        condition_.wait_for(lock, wait, [this] { return cancelled_.load(); });
        if (cancelled_) return sensor::Step::end;
        return at <= clock_->now() ? sensor::Step::ready : sensor::Step::idle;
    }
    void cancel() {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
        condition_.notify_all();
    }
    bool live() const { return clock_ != nullptr; }

  private:
    const Clock* clock_;
    std::atomic<bool> cancelled_{false};
    std::mutex mutex_;
    std::condition_variable condition_;
};

}  // namespace mobilytics::simulation
