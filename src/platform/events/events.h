#pragma once
// Events: what a domain tells others. Published within the transaction that they tell of, so that
// they are there exactly when it is; delivered afterwards, in the order of commits, at least once.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/vocabulary.h"
#include "platform/pg/pg.h"

namespace mobilytics::events {

/// A struct in a domain's face: kName, "assets.asset_changed.v1", to_json() and static from_json().
template <class T>
concept Event = requires(const T& event, const boost::json::value& json) {
    { T::kName } -> std::convertible_to<std::string_view>;
    { event.to_json() } -> std::convertible_to<boost::json::value>;
    { T::from_json(json) } -> std::same_as<T>;
};

/// Of all events of an installation, the same at each delivery of one.
using EventNumber = std::int64_t;

void publish(pg::Transaction& tx, std::string_view name, const boost::json::value& body);

template <Event T>
void publish(pg::Transaction& tx, const T& event) {
    publish(tx, T::kName, event.to_json());
}

struct RelayConfig {
    std::int64_t batch_max = 200;
    int tries_max = 8;  // Of one event; then it is a dead letter, and the next one comes.
    std::chrono::milliseconds pause_min{100};  // After a failure; doubled at each.
    std::chrono::milliseconds pause_max{10'000};
    std::chrono::milliseconds look_every{5'000};  // When nobody wakes us.
    std::chrono::hours kept{24 * 7};              // Of events that all have taken.
};

/// Delivers. A subscriber is called with the same event again when it, or we, failed meanwhile: it
/// must bear that. One thread for all subscribers.
class Relay {
  public:
    /// What it is given must outlive this. `address` is for a connection of its own, to be woken.
    Relay(
        pg::SystemPool& pool, const pg::Address& address, const Clock& clock,
        RelayConfig config = {});
    ~Relay();

    /// Before start(). `subscriber` is a word that never changes: its place is kept by it. What it
    /// throws is tried again.
    template <Event T>
    void subscribe(const std::string& subscriber, std::function<void(const T&)> take) {
        subscribe_numbered<T>(
            subscriber, [take = std::move(take)](const T& event, EventNumber) { take(event); });
    }
    /// The same, for who must know an event again that is delivered twice.
    template <Event T>
    void subscribe_numbered(
        const std::string& subscriber, std::function<void(const T&, EventNumber)> take) {
        takers_[subscriber][std::string(T::kName)] =
            [take = std::move(take)](const boost::json::value& body, EventNumber number) {
                take(T::from_json(body), number);
            };
    }

    void start();
    /// Returns when what is being delivered has been.
    void stop();

    /// Delivers what there is, on this thread, and returns how many events were taken: for tests,
    /// and before a start that must know everything. Not while started.
    std::int64_t deliver();

  private:
    using Taker = std::function<void(const boost::json::value&, EventNumber)>;
    struct Running;
    void run(Running& running);
    std::int64_t deliver_to(
        const std::string& subscriber, const std::map<std::string, Taker>& takers);
    void forget();

    pg::SystemPool& pool_;
    const pg::Address address_;
    const Clock& clock_;
    const RelayConfig config_;
    std::map<std::string, std::map<std::string, Taker>> takers_;
    std::map<std::string, int> tries_;  // Of the event at which a subscriber stands.
    std::unique_ptr<Running> running_;
};

}  // namespace mobilytics::events
