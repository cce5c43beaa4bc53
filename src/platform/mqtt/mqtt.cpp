#include "platform/mqtt/mqtt.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include <poll.h>

#include "foundation/log.h"
#include "foundation/monotonic.h"
#include "foundation/result.h"
#include "platform/mqtt/backoff.h"
#include "platform/mqtt/session.h"

namespace mobilytics::mqtt {

namespace {

constexpr std::chrono::milliseconds kGoodbyeMax{1000};

ClientConfig checked(ClientConfig config) {
    const auto must = [](bool holds, const char* what) {
        if (!holds) throw std::invalid_argument(what);
    };
    must(!config.client_id.empty(), "an MQTT client needs a client id");
    must(config.in_flight_max >= 1 && config.in_flight_max <= 65'535, "in_flight_max");
    must(config.keep_alive.count() >= 5 && config.keep_alive.count() <= 65'535, "keep_alive");
    must(config.pause_first.count() > 0 && config.pause_first <= config.pause_max, "pause_first");
    return config;
}

std::uint64_t chance() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

struct Publication {
    std::string topic, payload;
    bool retained = false;
    Completion done;
};

}  // namespace

class Client::Worker {
  public:
    Worker(ClientConfig config, Handlers handlers)
        : config_(checked(std::move(config))),
          handlers_(counting(std::move(handlers))),
          backoff_(config_.pause_first, config_.pause_max, chance()),
          thread_([this] { run(); }) {}
    ~Worker() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_up_.wake();
        thread_.join();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    PublishResult publish(Publication publication);
    bool wait_until_connected(std::chrono::milliseconds wait_max) const;
    ClientFigures figures() const;
    void reconnect(std::string why);

  private:
    Handlers counting(Handlers handlers) {
        handlers.received = [this,
                             received = std::move(handlers.received)](const Message& message) {
            ++received_;
            received(message);
        };
        return handlers;
    }
    void run();
    void serve();
    void publish_all(Session& session);
    void mark_connected();
    void lose_all(Session* session, const std::string& why);
    void pause();
    bool stopping() const {
        const std::lock_guard lock(mutex_);
        return stopping_;
    }

    const ClientConfig config_;
    const Handlers handlers_;
    const WakeUp wake_up_;
    Backoff backoff_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool stopping_ = false;
    std::string let_go_;  // Why reconnect() was asked for.
    std::deque<Publication> waiting_;
    ClientFigures figures_;
    std::atomic<std::uint64_t> received_ = 0;
    std::thread thread_;  // Last: it uses all the above.
};

void Client::Worker::run() {
    while (!stopping()) {
        const Stopwatch life;
        std::string why;
        try {
            serve();
            why = "stopped";
        } catch (const Trouble& trouble) {
            why = trouble.what();
        }
        const bool was_connected = [&] {
            const std::lock_guard lock(mutex_);
            figures_.last_trouble = why;
            return std::exchange(figures_.connected, false);
        }();
        if (stopping()) return;
        if (was_connected && life.elapsed() > config_.useful_after) backoff_.reset();
        log::warning(
            was_connected ? "mqtt_disconnected" : "mqtt_not_connected",
            {{"host", config_.host}, {"why", why}});
        handlers_.disconnected(why);
        pause();
    }
}

/// From connecting to losing the connection, which throws Trouble; returns when it is to stop.
void Client::Worker::serve() {
    // Left of before; whoever stops us says so first, and wakes us then.
    wake_up_.clear();
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        ++figures_.tries_total;
        let_go_.clear();
    }
    std::optional<Session> session;
    try {
        session.emplace(config_, handlers_, wake_up_);
        bool told = false;
        while (!stopping()) {
            session->step(config_.connect_max);
            if (!told && session->established()) {
                told = true;
                mark_connected();
                handlers_.connected(session->session_kept());
            }
            if (told) publish_all(*session);
        }
        session->leave(kGoodbyeMax);
        lose_all(&*session, "stopped");
    } catch (const Trouble& why) {
        lose_all(session ? &*session : nullptr, why.what());
        throw;
    }
}

void Client::Worker::mark_connected() {
    const std::lock_guard lock(mutex_);
    figures_.connected = true;
    figures_.last_trouble.clear();
    ++figures_.connections_total;
    changed_.notify_all();
}

void Client::Worker::publish_all(Session& session) {
    std::deque<Publication> all;
    {
        const std::lock_guard lock(mutex_);
        if (!let_go_.empty()) throw Trouble(let_go_);
        all.swap(waiting_);
    }
    for (auto& publication : all) {
        session.publish(
            publication.topic, publication.payload, publication.retained,
            [this, done = std::move(publication.done)](Outcome outcome, const std::string& why) {
                {
                    const std::lock_guard lock(mutex_);
                    --figures_.in_flight;
                }
                if (done) done(outcome, why);
            });
    }
}

void Client::Worker::lose_all(Session* session, const std::string& why) {
    std::deque<Publication> all;
    {
        const std::lock_guard lock(mutex_);
        figures_.connected = false;  // Nothing more is taken now.
        all.swap(waiting_);
        figures_.in_flight -= all.size();
    }
    if (session != nullptr) session->lose_all(why);
    for (const auto& publication : all) {
        if (publication.done) publication.done(Outcome::lost, why);
    }
}

void Client::Worker::pause() {
    const Deadline deadline(backoff_.next());
    while (!deadline.passed() && !stopping()) {
        pollfd woken{wake_up_.file(), POLLIN, 0};
        poll(&woken, 1, static_cast<int>(deadline.left().count()));
        wake_up_.clear();
    }
}

PublishResult Client::Worker::publish(Publication publication) {
    if (publication.payload.size() > config_.payload_bytes_max) return PublishResult::too_large;
    {
        const std::lock_guard lock(mutex_);
        if (!figures_.connected || stopping_) return PublishResult::not_connected;
        if (figures_.in_flight >= config_.in_flight_max) return PublishResult::full;
        ++figures_.in_flight;
        ++figures_.published_total;
        waiting_.push_back(std::move(publication));
    }
    wake_up_.wake();
    return PublishResult::taken;
}

bool Client::Worker::wait_until_connected(std::chrono::milliseconds wait_max) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, wait_max, [this] { return figures_.connected; });
}

ClientFigures Client::Worker::figures() const {
    const std::lock_guard lock(mutex_);
    auto out = figures_;
    out.received_total = received_;
    return out;
}

void Client::Worker::reconnect(std::string why) {
    {
        const std::lock_guard lock(mutex_);
        let_go_ = std::move(why);
    }
    wake_up_.wake();
}

Client::Client(ClientConfig config, Handlers handlers)
    : worker_(std::make_unique<Worker>(std::move(config), std::move(handlers))) {}

Client::~Client() = default;

PublishResult Client::publish(
    std::string topic, std::string payload, bool retained, Completion done) {
    return worker_->publish({std::move(topic), std::move(payload), retained, std::move(done)});
}

bool Client::wait_until_connected(std::chrono::milliseconds wait_max) const {
    return worker_->wait_until_connected(wait_max);
}

ClientFigures Client::figures() const { return worker_->figures(); }

void Client::reconnect(std::string why) { worker_->reconnect(std::move(why)); }

}  // namespace mobilytics::mqtt
