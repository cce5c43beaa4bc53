#pragma once
// Slows who guesses. What is slowed is a pair of identity and address, of IPv6 its /64: nobody can
// keep somebody else out by guessing wrongly from elsewhere. Kept in memory: who guesses cannot
// restart us, and a row of the database for each try would be theirs to make.

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "foundation/clock.h"

namespace mobilytics::accounts {

struct ThrottleLimits {
    int free_tries = 5;
    std::chrono::seconds wait_first{2};  // After one more; doubled at each.
    std::chrono::seconds wait_max{900};
    std::chrono::hours forgotten_after{24};
    std::size_t pairs_max = 50'000;  // More, and the pair that has been still the longest goes.
};

/// For any thread.
class Throttle {
  public:
    /// `clock` must outlive this.
    explicit Throttle(const Clock& clock, ThrottleLimits limits = {})
        : clock_(clock), limits_(limits) {}

    /// How long this pair has yet to wait; nothing, when it may try.
    std::chrono::seconds wait(const std::string& identity, const std::string& address);
    void failed(const std::string& identity, const std::string& address);
    void succeeded(const std::string& identity, const std::string& address);

  private:
    struct Pair {
        std::string key;
        int failures = 0;
        Instant last;
        Instant until;
    };
    Pair* find(const std::string& key);

    const Clock& clock_;
    const ThrottleLimits limits_;
    std::mutex mutex_;
    std::list<Pair> pairs_;  // The last used in front.
    std::unordered_map<std::string, std::list<Pair>::iterator> by_key_;
};

}  // namespace mobilytics::accounts
