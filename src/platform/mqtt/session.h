#pragma once
// One connection to a broker, from its first packet to its last; for this folder only. All of it
// happens on one thread.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include <mosquitto.h>

#include "foundation/monotonic.h"
#include "platform/mqtt/mqtt.h"

namespace mobilytics::mqtt {

/// The connection is gone, or was not to be had; what() says why, for people.
class Trouble : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Read by poll(); closed at the end.
class WakeUp {
  public:
    WakeUp();
    ~WakeUp();
    WakeUp(const WakeUp&) = delete;
    WakeUp& operator=(const WakeUp&) = delete;

    void wake() const;  // From any thread.
    void clear() const;
    int file() const { return file_; }

  private:
    const int file_;
};

class Session {
  public:
    /// Throws Trouble. `config`, `handlers` and `wake_up` must outlive it.
    Session(const ClientConfig& config, const Handlers& handlers, const WakeUp& wake_up);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Waits for the network or the wake-up, and does what there is to do. Throws Trouble.
    void step(std::chrono::milliseconds wait_max);
    /// The broker has said yes to the connection and to all subscriptions.
    bool established() const { return connected_ && subscribing_.empty(); }
    bool session_kept() const { return session_kept_; }
    void publish(
        const std::string& topic, const std::string& payload, bool retained, Completion done);
    /// Says goodbye, for as long as that may take.
    void leave(std::chrono::milliseconds wait_max);
    /// All that is in flight is lost.
    void lose_all(const std::string& why);

  private:
    void prepare();
    void connect();
    void check(int result);
    void set_callbacks();
    void on_connect(int reason, int flags);
    void on_subscribe(int message, int count, const int* granted);
    void on_publish(int message, int reason);
    void on_message(const mosquitto_message& message);

    const ClientConfig& config_;
    const Handlers& handlers_;
    const WakeUp& wake_up_;
    std::unique_ptr<mosquitto, decltype(&mosquitto_destroy)> link_;
    const Deadline establish_;
    std::string trouble_;     // What a callback found.
    std::string last_error_;  // What libmosquitto logged.
    bool connected_ = false;
    bool session_kept_ = false;
    std::map<int, std::string> subscribing_;  // Topics, by the number of the request.
    std::map<int, Completion> in_flight_;     // By the number of the message.
};

}  // namespace mobilytics::mqtt
