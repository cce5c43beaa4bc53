#pragma once
// Time that only goes forward, for limits and durations. It is not the time of day: that is a
// Clock, which tests decide about. This one they cannot, so nothing measured depends on it.

#include <chrono>

namespace mobilytics {

class Stopwatch {
  public:
    std::chrono::nanoseconds elapsed() const { return std::chrono::steady_clock::now() - began_; }
    double seconds() const { return std::chrono::duration<double>(elapsed()).count(); }

  private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Until when something may take.
class Deadline {
  public:
    explicit Deadline(std::chrono::milliseconds from_now) : allowed_(from_now) {}

    /// What is left of it, rounded up; zero when it has passed.
    std::chrono::milliseconds left() const {
        const auto rest =
            std::chrono::ceil<std::chrono::milliseconds>(allowed_ - stopwatch_.elapsed());
        return rest.count() > 0 ? rest : std::chrono::milliseconds(0);
    }
    bool passed() const { return left().count() == 0; }

  private:
    Stopwatch stopwatch_;
    std::chrono::milliseconds allowed_;
};

}  // namespace mobilytics
