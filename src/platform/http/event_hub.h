#pragma once
// Server-sent events: what happens in a company, told to whoever of it looks on. publish() is for
// any thread and never waits. A client that reads slowly does not hold up the others, nor does it
// fill the memory: of one key it gets the latest, and when its queue is full the oldest is dropped
// and it is told how many, by an event `lost`.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/caller.h"
#include "foundation/result.h"

namespace mobilytics::http {

class EventHub;

struct EventHubLimits {
    std::size_t streams_max = 2'000;         // One more is refused.
    std::size_t company_streams_max = 200;   // The same, of one company.
    std::size_t queued_max = 1'000;          // Events of one stream; then the oldest is dropped.
    std::size_t queued_bytes_max = 1 << 20;  // Of one stream, likewise.
};

/// What one client has yet to be sent. For any thread.
class Subscription {
  public:
    Subscription(EventHub& hub, CompanyId company);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    /// To this client only: the state at the start, say. As EventHub::publish().
    void push(std::string_view event, std::string_view key, std::string_view data);

    /// Calls `news` when there is something to take, or it has ended; at once, when there is now.
    /// Then not again before the next take(). Null to be told no more. On the publisher's thread,
    /// with locks held: it must not wait, nor call this.
    void when_news(std::function<void()> news);
    /// All that is queued, as text/event-stream, in the order in which it was first told.
    std::string take();
    bool ended() const;
    void end();

  private:
    friend class EventHub;
    using Text = std::shared_ptr<const std::string>;
    struct Queued {
        std::string key;  // Empty for what is never replaced.
        Text text;
    };
    void put(const std::string& key, Text text);
    void drop_oldest();
    void tell();

    EventHub& hub_;
    const CompanyId company_;
    mutable std::mutex mutex_;
    std::deque<Queued> queue_;
    std::map<std::string, std::uint64_t, std::less<>> place_of_;  // By key; counts from the start.
    std::uint64_t taken_ = 0;  // How many have left the front of the queue, ever.
    std::size_t bytes_ = 0;
    std::uint64_t lost_ = 0;
    bool ended_ = false;
    bool told_ = false;
    std::function<void()> news_;
};

class EventHub {
  public:
    explicit EventHub(const EventHubLimits& limits = {}) : limits_(limits) {}
    /// Every subscription must be gone.
    ~EventHub();
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;

    /// Tells all of `company`, and nobody else. An event of the same name and key that still waits
    /// gives its place to this one; with an empty key none does. `event` is one word.
    void publish(
        CompanyId company, std::string_view event, std::string_view key, std::string_view data);

    /// unavailable `too_many_streams`.
    Result<std::shared_ptr<Subscription>> subscribe(CompanyId company);

    /// Ends every stream, and lets no other begin.
    void end();
    std::size_t streams() const;

  private:
    friend class Subscription;
    void leave(Subscription& subscription);

    const EventHubLimits limits_;
    mutable std::mutex mutex_;  // Before a subscription's own.
    std::map<CompanyId, std::set<Subscription*>> listening_;
    std::size_t streams_ = 0;
    bool ended_ = false;
};

}  // namespace mobilytics::http
