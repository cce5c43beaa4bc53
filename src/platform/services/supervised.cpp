#include "platform/services/supervised.h"

#include <csignal>
#include <stdexcept>

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "foundation/log.h"
#include "foundation/monotonic.h"
#include "platform/services/child_process.h"

namespace mobilytics::services {

using namespace std::chrono_literals;

namespace {

constexpr auto kLookEvery = 20ms;
constexpr auto kKillAfter = 5s;
constexpr int kLogEvery = 60'000;  // Milliseconds.

std::string how_it_ended(int status) {
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return "exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Supervised::Supervised(Service service) : service_(std::move(service)) {
    thread_ = std::thread([this] { supervise(); });
    try {
        wait_for_answer();
    } catch (...) {
        stop();
        throw;
    }
}

Supervised::~Supervised() { stop(); }

void Supervised::wait_for_answer() {
    const Deadline deadline(service_.limits.start_max);
    while (true) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, kLookEvery);
            const bool hopeless =
                deaths_ >= static_cast<std::uint64_t>(service_.limits.first_deaths_max);
            if (!trouble_.empty()) throw std::runtime_error(trouble_);
            if (hopeless || deadline.passed()) {
                throw std::runtime_error(
                    service_.name + " does not start; " + service_.log.string() + " says:\n" +
                    last_lines(service_.log));
            }
            if (process_ == 0) continue;
        }
        if (service_.answers()) return;
    }
}

/// The thread that starts it stays: it is told when this thread ends.
void Supervised::supervise() {
    auto pause = service_.limits.pause_first;
    while (true) {
        const Stopwatch life;
        try {
            run_once();
        } catch (const std::exception& why) {
            log::error("service_not_started", {{"service", service_.name}, {"why", why.what()}});
            const std::lock_guard lock(mutex_);
            trouble_ = why.what();
        }
        if (life.elapsed() > service_.limits.steady_after) pause = service_.limits.pause_first;
        std::unique_lock lock(mutex_);
        changed_.notify_all();
        changed_.wait_for(lock, pause, [this] { return stopping_; });
        if (stopping_) return;
        pause = std::min(2 * pause, service_.limits.pause_max);
    }
}

void Supervised::run_once() {
    const auto command = service_.command();
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        process_ = start_process(command, service_.user, service_.log, service_.stop_signal);
        ++starts_;
        trouble_.clear();
    }
    changed_.notify_all();
    wait_for_end();
    {
        const std::lock_guard lock(mutex_);
        int status = 0;
        waitpid(process_, &status, 0);
        process_ = 0;
        ++deaths_;
        if (!stopping_) {
            log::error(
                "service_ended", {{"service", service_.name}, {"how", how_it_ended(status)}});
        }
    }
    changed_.notify_all();
}

/// Until it has ended; it is waited for only later, so that nobody signals a number that is free.
void Supervised::wait_for_end() const {
    const int file = static_cast<int>(syscall(SYS_pidfd_open, process_, 0));
    pollfd ended{file, POLLIN, 0};
    // Where the kernel is too old for that, its log is not kept short while it runs.
    while (file >= 0 && poll(&ended, 1, kLogEvery) <= 0) keep_short(service_.log);
    if (file >= 0) close(file);
    siginfo_t how{};
    while (waitid(P_PID, static_cast<id_t>(process_), &how, WEXITED | WNOWAIT) != 0) {
    }
}

void Supervised::stop() {
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
        const auto gone = [this] { return process_ == 0; };
        if (process_ != 0) kill(process_, service_.stop_signal);
        if (!changed_.wait_for(lock, service_.limits.stop_max, gone)) {
            log::error("service_does_not_stop", {{"service", service_.name}});
            kill(process_, SIGQUIT);
            if (!changed_.wait_for(lock, kKillAfter, gone)) kill(process_, SIGKILL);
        }
    }
    thread_.join();
}

ServiceState Supervised::state() const {
    const std::lock_guard lock(mutex_);
    if (stopping_) return ServiceState::stopped;
    return process_ != 0 ? ServiceState::running : ServiceState::restarting;
}

std::uint64_t Supervised::restarts() const {
    const std::lock_guard lock(mutex_);
    return starts_ > 0 ? starts_ - 1 : 0;
}

pid_t Supervised::pid() const {
    const std::lock_guard lock(mutex_);
    return process_;
}

void Supervised::signal(int number) const {
    const std::lock_guard lock(mutex_);
    if (process_ != 0) kill(process_, number);
}

}  // namespace mobilytics::services
