#pragma once
// One connection's requests, one after another: for server.cpp. On the server's one thread.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "platform/http/connection.h"
#include "platform/http/outgoing.h"
#include "platform/http/request_reader.h"
#include "platform/http/router.h"
#include "platform/http/server.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::http {

/// Counted, when there is a registry; all else works without.
struct ServerMetrics {
    ServerMetrics(metrics::Registry* registry, const std::string& listener);

    /// `why` is one of a closed list: see server.cpp and conversation.cpp.
    void refused(const char* why) const;
    void open(std::size_t connections, std::size_t streams) const;

    metrics::Registry* registry;
    std::string listener;
};

/// What all conversations of a server share.
struct Floor {
    const ServerConfig& config;
    std::atomic<const Router*> router;
    asio::io_context& io;
    asio::thread_pool& workers;
    const ServerMetrics& metrics;
    ReadLimits read_limits;
    bool stopping = false;
    bool draining = false;
    std::uint64_t tick = 0;  // Time, as far as limits need it; see kTick.
    std::size_t in_hand = 0;
    std::size_t streams = 0;
    std::size_t body_bytes = 0;  // Of requests that are not whole yet.
};

inline constexpr std::chrono::milliseconds kTick{50};

class Conversation : public std::enable_shared_from_this<Conversation> {
  public:
    Conversation(Floor& floor, std::unique_ptr<Connection> connection);
    ~Conversation();

    /// To its end.
    asio::awaitable<void> run();

    /// Once a tick: cuts what takes longer than it may.
    void check_time();
    /// Ends it, where it waits for a request or streams; else after the answer.
    void drain();
    void cut();
    const std::string& remote_address() const { return connection_->remote_address(); }

  private:
    class Waker;
    asio::awaitable<bool> exchange();
    asio::awaitable<bool> read(RequestReader& reader, std::optional<Reply>& refusal);
    asio::awaitable<bool> read_more(bool body);
    asio::awaitable<bool> answer(RequestReader& reader);
    asio::awaitable<bool> give(const Outgoing& outgoing);
    struct Since;
    void note(const Outgoing& outgoing, verb method, const Since& since) const;
    asio::awaitable<void> on_worker(std::function<void()> work);
    asio::awaitable<bool> send(const Outgoing& outgoing);
    asio::awaitable<bool> send_file(const Outgoing& outgoing);
    asio::awaitable<bool> refuse(Reply reply);
    asio::awaitable<bool> is_accepted();
    asio::awaitable<void> stream(const Outgoing& outgoing);
    asio::awaitable<void> send_events(const Outgoing& outgoing);
    asio::awaitable<bool> heartbeat(const Outgoing& outgoing);
    static asio::awaitable<void> watch(std::shared_ptr<Conversation> self);
    Outgoing made(Request request, const Asked& asked) const noexcept;
    void allow(std::chrono::milliseconds most);
    void allow_body(const RequestReader& reader);
    std::size_t take(RequestReader& reader);
    void keep_count_of_body(std::size_t bytes);

    Floor& floor_;
    const std::unique_ptr<Connection> connection_;
    std::vector<char> space_;  // What was read and not taken yet: [begin_, end_).
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t due_ = 0;  // The tick at which patience ends; 0 for never.
    std::size_t body_bytes_ = 0;
    bool idle_ = false;  // Waits for the first byte of a request.
    bool gone_ = false;
    std::shared_ptr<Waker> waker_;  // While it streams.
};

}  // namespace mobilytics::http
