#pragma once
// How long to wait before the next try.

#include <chrono>
#include <cstdint>
#include <random>

namespace mobilytics::mqtt {

/// Full jitter: the n-th wait is drawn evenly between nothing and min(max, first * 2^n), so that
/// many who lost the same broker do not come back at once. Source: M. Brooker, "Exponential Backoff
/// And Jitter", AWS Architecture Blog, 2015.
class Backoff {
  public:
    Backoff(std::chrono::milliseconds first, std::chrono::milliseconds max, std::uint64_t seed)
        : first_(first), max_(max), limit_(first), random_(seed) {}

    std::chrono::milliseconds next() {
        std::uniform_int_distribution<std::int64_t> even(0, limit_.count());
        limit_ = limit_ < max_ / 2 ? 2 * limit_ : max_;
        return std::chrono::milliseconds(even(random_));
    }
    void reset() { limit_ = first_; }

  private:
    const std::chrono::milliseconds first_, max_;
    std::chrono::milliseconds limit_;
    std::mt19937_64 random_;
};

}  // namespace mobilytics::mqtt
