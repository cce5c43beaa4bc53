#pragma once
// LISTEN: to be woken when another connection's transaction, committed, says so with NOTIFY. It is
// a hint that saves looking, never the message itself: who hears nothing looks now and then anyway.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "foundation/monotonic.h"
#include "platform/pg/connections.h"

namespace mobilytics::pg {

struct Notification {
    std::string channel;
    std::string payload;
    friend bool operator==(const Notification&, const Notification&) = default;
};

struct Heard {
    std::vector<Notification> notifications;
    bool may_have_missed = false;  // Connected anew: look, whatever was heard.
    bool stopped = false;          // By stop(), now or before.
};

/// Has a connection of its own, kept and replaced by whoever waits. One thread waits; any may stop.
class Listener {
  public:
    Listener(Address address, std::vector<std::string> channels);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Returns when something was heard, when it has connected (at first, and again after the
    /// connection broke), after stop(), or after `wait_max` with nothing. Does not throw when the
    /// server is away: it tries again, ever more slowly, until `wait_max` (and at most two seconds
    /// more, for a server that does not answer).
    Heard wait(std::chrono::milliseconds wait_max);
    /// From any thread; wait() returns at once, now and ever after.
    void stop();

  private:
    void connect();
    void read_into(Heard& heard);
    bool stopped_within(int socket, std::chrono::milliseconds wait_max) const;

    const Address address_;
    const std::vector<std::string> channels_;
    const int stopping_;  // An eventfd.
    std::unique_ptr<Connection> connection_;
    std::chrono::milliseconds pause_{0};  // Between the last try to connect and the next,
    Deadline next_try_{pause_};           // whoever waits meanwhile, and how often.
};

}  // namespace mobilytics::pg
