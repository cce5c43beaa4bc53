#include "platform/events/events.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "foundation/log.h"
#include "platform/pg/listener.h"

namespace mobilytics::events {

namespace {

constexpr pg::Query kPublish{"events.publish", R"sql(
    INSERT INTO events.outbox (company_id, name, body) VALUES ($1, $2, $3::jsonb)
)sql"};

// Postgres tells the same payload once a transaction, however often it is notified.
constexpr pg::Query kWake{"events.wake", "SELECT pg_notify('mobilytics_events', '')"};

constexpr pg::Query kEnter{"events.enter", R"sql(
    INSERT INTO events.subscriber (name) VALUES ($1) ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kNext{"events.next", R"sql(
    SELECT o.company_id, o.number, o.transaction_id::text AS transaction_id, o.name,
           o.body::text AS body
    FROM events.outbox o
    JOIN events.subscriber s ON (o.transaction_id, o.number) > (s.transaction_id, s.number)
    WHERE s.name = $1 AND o.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY o.transaction_id, o.number LIMIT $2
)sql"};

constexpr pg::Query kTaken{"events.taken", R"sql(
    UPDATE events.subscriber SET transaction_id = $2::text::xid8, number = $3 WHERE name = $1
)sql"};

constexpr pg::Query kGiveUp{"events.give_up", R"sql(
    INSERT INTO events.dead_letter (company_id, subscriber, number, name, body, why, given_up_at)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7) ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kForget{"events.forget", R"sql(
    DELETE FROM events.outbox WHERE published_at < $1
        AND NOT EXISTS (SELECT FROM events.subscriber s
                        WHERE (s.transaction_id, s.number) <
                              (outbox.transaction_id, outbox.number))
)sql"};

struct Waiting {
    CompanyId company;
    std::int64_t number;
    std::string transaction;
    std::string name;
    std::string body;
};

Waiting waiting_from(const pg::Row& row) {
    return {
        row.get<CompanyId>("company_id"), row.get<std::int64_t>("number"),
        row.get<std::string>("transaction_id"), row.get<std::string>("name"),
        row.get<std::string>("body")};
}

}  // namespace

void publish(pg::Transaction& tx, std::string_view name, const boost::json::value& body) {
    tx.run(kPublish, tx.company(), name, boost::json::serialize(body));
    tx.run(kWake);
}

struct Relay::Running {
    explicit Running(const pg::Address& address) : listener(address, {"mobilytics_events"}) {}
    pg::Listener listener;
    std::atomic<bool> stopping = false;
    std::thread thread;
};

Relay::Relay(
    pg::SystemPool& pool, const pg::Address& address, const Clock& clock, RelayConfig config)
    : pool_(pool), address_(address), clock_(clock), config_(config) {}

Relay::~Relay() { stop(); }

void Relay::start() {
    VERIFY(!running_);
    running_ = std::make_unique<Running>(address_);
    running_->thread = std::thread([this] { run(*running_); });
}

void Relay::stop() {
    if (!running_) return;
    running_->stopping = true;
    running_->listener.stop();
    running_->thread.join();
    running_ = nullptr;
}

void Relay::run(Running& running) {
    auto pause = config_.pause_min;
    while (!running.stopping) {
        bool failed = false;
        try {
            while (!running.stopping && deliver() > 0) continue;
            forget();
        } catch (const std::exception& failure) {
            log::warning("events_wait", {{"why", failure.what()}});
            failed = true;
        }
        failed = failed || !tries_.empty();
        running.listener.wait(failed ? pause : config_.look_every);
        pause = failed ? std::min(2 * pause, config_.pause_max) : config_.pause_min;
    }
}

std::int64_t Relay::deliver() {
    std::int64_t taken = 0;
    for (const auto& [subscriber, takers] : takers_) taken += deliver_to(subscriber, takers);
    return taken;
}

std::int64_t Relay::deliver_to(
    const std::string& subscriber, const std::map<std::string, Taker>& takers) {
    std::vector<Waiting> waiting;
    {
        auto tx = pool_.begin();
        tx.run(kEnter, subscriber);
        waiting = tx.run(kNext, subscriber, config_.batch_max).all(waiting_from);
        tx.commit();
    }
    // A subscriber is called outside of any transaction: it may begin its own.
    std::int64_t taken = 0;
    for (const auto& event : waiting) {
        std::string why;
        if (const auto taker = takers.find(event.name); taker != takers.end()) {
            try {
                taker->second(boost::json::parse(event.body), event.number);
            } catch (const std::exception& failure) {
                why = failure.what();
            }
        }
        if (!why.empty()) {
            log::warning(
                "event_failed", {{"subscriber", subscriber}, {"name", event.name}, {"why", why}});
            if (++tries_[subscriber] < config_.tries_max) return taken;
            log::error("event_given_up", {{"subscriber", subscriber}, {"number", event.number}});
        }
        auto tx = pool_.begin();
        if (!why.empty()) {
            tx.run(
                kGiveUp, event.company, subscriber, event.number, event.name, event.body, why,
                clock_.now());
        }
        tx.run(kTaken, subscriber, event.transaction, event.number);
        tx.commit();
        tries_.erase(subscriber);
        ++taken;
    }
    return taken;
}

void Relay::forget() {
    auto tx = pool_.begin();
    tx.run(kForget, clock_.now() - config_.kept);
    tx.commit();
}

}  // namespace mobilytics::events
