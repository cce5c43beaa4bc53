#pragma once
// A server of somebody else's that runs as our child: started, started again whenever it dies, and
// stopped with us, however we end.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "foundation/enum_words.h"

namespace mobilytics::services {

struct SupervisionLimits {
    std::chrono::milliseconds start_max{60'000};  // Until it answers for the first time.
    std::chrono::milliseconds stop_max{30'000};   // To end when it is told to; then it is killed.
    std::chrono::milliseconds pause_first{100};   // Before it is started again; then ever longer,
    std::chrono::milliseconds pause_max{5'000};   // up to this.
    std::chrono::milliseconds steady_after{60'000};  // Having run so long, its pauses begin anew.
    int first_deaths_max = 5;                        // Before it ever answered.
};

struct Service {
    std::string name;  // "postgres": for logs.
    std::string user;  // Who it runs as when we are root.
    std::filesystem::path log;
    /// What to run; called before each start, by a thread of ours, to make ready as well.
    std::function<std::vector<std::string>()> command;
    /// Whether it serves.
    std::function<bool()> answers;
    int stop_signal = 0;
    SupervisionLimits limits = {};
};

BOOST_DEFINE_ENUM_CLASS(ServiceState, running, restarting, stopped)

class Supervised {
  public:
    /// Returns once it answers. Throws std::runtime_error, with the end of its log, when it will
    /// not.
    explicit Supervised(Service service);
    /// Stops it, and waits until it has ended.
    ~Supervised();
    Supervised(const Supervised&) = delete;
    Supervised& operator=(const Supervised&) = delete;

    ServiceState state() const;
    /// Whether it runs and answers, now.
    bool healthy() const { return state() == ServiceState::running && service_.answers(); }
    /// How often it was started again.
    std::uint64_t restarts() const;
    /// 0 while there is none.
    pid_t pid() const;
    /// Nothing, while there is none.
    void signal(int number) const;

  private:
    void supervise();
    void run_once();
    void wait_for_answer();
    void wait_for_end() const;
    void stop();

    const Service service_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    pid_t process_ = 0;  // Not yet waited for, so that the number is still its own.
    std::uint64_t starts_ = 0;
    std::uint64_t deaths_ = 0;
    std::string trouble_;  // Why it could not be started at all.
    std::thread thread_;
};

}  // namespace mobilytics::services
