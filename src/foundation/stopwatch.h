#pragma once
// How long something took. It runs on while somebody sets the machine's clock; what time it is, a
// Clock says.

#include <chrono>

namespace mobilytics {

class Stopwatch {
  public:
    Stopwatch() : started_(std::chrono::steady_clock::now()) {}

    std::chrono::nanoseconds elapsed() const { return std::chrono::steady_clock::now() - started_; }
    double seconds() const { return std::chrono::duration<double>(elapsed()).count(); }

  private:
    std::chrono::steady_clock::time_point started_;
};

}  // namespace mobilytics
