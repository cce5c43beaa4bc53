#pragma once
// Where things wait between threads. How many there may be is decided where they are let in
// (admission.h), so that a line itself never refuses.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace mobilytics::ingest {

/// For any thread.
template <class T>
class WaitingLine {
  public:
    void push(T item) {
        {
            const std::lock_guard lock(mutex_);
            items_.push_back(std::move(item));
        }
        came_.notify_one();
    }

    /// The next one, as soon as there is one; none after stop().
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [this] { return stopped_ || !items_.empty(); });
        return take();
    }
    /// The next one; none when none comes within `wait_max`, or after stop().
    std::optional<T> pop(std::chrono::microseconds wait_max) {
        std::unique_lock lock(mutex_);
        came_.wait_for(lock, wait_max, [this] { return stopped_ || !items_.empty(); });
        return take();
    }

    /// Nothing comes out any more. What waits is thrown away with this.
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        came_.notify_all();
    }

  private:
    std::optional<T> take() {
        if (stopped_ || items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        return item;
    }

    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<T> items_;
    bool stopped_ = false;
};

}  // namespace mobilytics::ingest
