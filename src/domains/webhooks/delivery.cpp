#include "domains/webhooks/delivery.h"

#include <random>

#include "domains/webhooks/delivery_rules.h"
#include "domains/webhooks/signature.h"
#include "domains/webhooks/webhook_store.h"
#include "foundation/monotonic.h"
#include "platform/jobs/workers.h"

namespace mobilytics::webhooks {

namespace {

using namespace std::chrono_literals;

constexpr const char* kVendor = "webhooks";
constexpr std::chrono::milliseconds kGrace = 15s;  // For what is written down around a request.

template <class Id>
Id id_in(const boost::json::value& json, const char* name) {
    return pg::verified(Id::parse(json.at(name).as_string()));
}

struct SendToEndpoint {
    static constexpr std::string_view kName = "webhooks.send.v1";
    EndpointId endpoint;
    boost::json::value to_json() const { return {{"endpoint", endpoint.str()}}; }
    static SendToEndpoint from_json(const boost::json::value& json) {
        return {id_in<EndpointId>(json, "endpoint")};
    }
};

/// To one that lets us wait. A kind of its own: there is always room for the others.
struct SendToSlowEndpoint {
    static constexpr std::string_view kName = "webhooks.send_slow.v1";
    EndpointId endpoint;
    boost::json::value to_json() const { return {{"endpoint", endpoint.str()}}; }
    static SendToSlowEndpoint from_json(const boost::json::value& json) {
        return {id_in<EndpointId>(json, "endpoint")};
    }
};

/// Of the program before this one, which had a job for each message.
struct DeliverMessage {
    static constexpr std::string_view kName = "webhooks.deliver.v1";
    MessageId message;
    boost::json::value to_json() const { return {{"message", message.str()}}; }
    static DeliverMessage from_json(const boost::json::value& json) {
        return {id_in<MessageId>(json, "message")};
    }
};

struct WakeForgotten {
    static constexpr std::string_view kName = "webhooks.wake_forgotten.v1";
    boost::json::value to_json() const { return boost::json::object(); }
    static WakeForgotten from_json(const boost::json::value&) { return {}; }
};

struct ForgetMessages {
    static constexpr std::string_view kName = "webhooks.forget.v1";
    boost::json::value to_json() const { return boost::json::object(); }
    static ForgetMessages from_json(const boost::json::value&) { return {}; }
};

double chance() {
    thread_local std::mt19937_64 random{std::random_device{}()};
    return std::uniform_real_distribution<>(0, 1)(random);
}

/// One that waits for each moment at which there is something to do: what runs already keeps no
/// other from being enqueued, for it may have looked before.
jobs::Options options_of(EndpointId endpoint, Instant now, Instant due) {
    if (due <= now) return {.unique_key = endpoint.str(), .unique_in = jobs::kWaiting};
    return {
        .due = due,
        .unique_key = endpoint.str() + " " + to_iso8601(due),
        .unique_in = jobs::kWaiting};
}

/// What is to be sent, and to where.
struct Delivery {
    Message message;
    std::string url;
    std::vector<Secret<std::string>> secrets;
};

class Deliverer {
  public:
    Deliverer(
        pg::Pool& pool, const crypto::SealedBox& seal, const Clock& clock,
        const WebhooksConfig& config)
        : pool_(pool), seal_(seal), clock_(clock), config_(config) {}

    /// Sends what is due, one after the other, until nothing is, or others should have their turn.
    jobs::Outcome send_due(const jobs::JobRun& run, EndpointId endpoint, bool as_slow) const {
        const Turn turn{run, endpoint, as_slow};
        const Stopwatch took;
        while (const auto delivery = next(turn, took.elapsed() < config_.turn_max)) {
            const auto begun_at = clock_.now();
            const Stopwatch waited;
            const auto answer = post(*delivery, begun_at);
            Attempt attempt;
            attempt.id = AttemptId::fresh(begun_at);
            attempt.endpoint_id = endpoint;
            attempt.message_id = delivery->message.id;
            attempt.event_type = delivery->message.event_type;
            attempt.number = delivery->message.tries + 1;
            attempt.outcome = outcome_of(answer);
            if (answer) attempt.status = answer->status;
            attempt.detail = detail_of(answer);
            attempt.begun_at = begun_at;
            attempt.took_ms =
                std::chrono::duration_cast<std::chrono::milliseconds>(waited.elapsed()).count();
            if (!keep(turn, delivery->message, std::move(attempt), answer)) break;
        }
        return jobs::Done{};
    }

    jobs::Outcome wake_for(MessageId message) const {
        return jobs::Done{[this, message](pg::Transaction& tx) {
            const auto endpoint = select_endpoint_of(tx, message);
            if (!endpoint) return;
            const auto sending = lock_sending(tx, *endpoint);
            const auto now = clock_.now();
            if (sending) wake(tx, *endpoint, sending->slow, now, now);
        }};
    }

  private:
    struct Turn {
        const jobs::JobRun& run;
        EndpointId endpoint;
        bool as_slow;

        /// Told apart by the job, which takes over from its own run that has died, and by the
        /// attempt, whose late words are then heeded no more.
        std::string job() const { return run.id.str() + "/"; }
        std::string sender() const { return job() + std::to_string(run.attempt); }
    };

    bool is_others(const Sending& sending, const Turn& turn, Instant now) const {
        return sending.sender && !sending.sender->starts_with(turn.job()) && sending.sender_until &&
               *sending.sender_until > now;
    }

    /// What is sent next; from then on it is this run that sends to the endpoint. None: its turn is
    /// over, and another is enqueued for when there is more to do.
    std::optional<Delivery> next(const Turn& turn, bool has_time) const {
        auto tx = pool_.begin(turn.run.company);
        const auto sending = lock_sending(tx, turn.endpoint);
        const auto now = clock_.now();
        // Gone, or sent to by another run, which looks again before it ends.
        if (!sending || is_others(*sending, turn, now)) return std::nullopt;
        std::optional<Delivery> out;
        if (sending->state == EndpointState::enabled) {
            auto due = sending->held_until.value_or(now);
            const bool may_ask =
                due <= now && has_time && !turn.run.should_stop() && sending->slow == turn.as_slow;
            if (auto message = may_ask ? select_due(tx, turn.endpoint, now) : std::nullopt) {
                out = delivery_of(tx, *std::move(message));
            } else if (const auto next_at = select_next_at(tx, turn.endpoint)) {
                due = std::max(due, *next_at);
                wake(tx, turn.endpoint, sending->slow, now, due);
            }
        }
        if (out) {
            update_sender(
                tx, turn.endpoint, turn.sender(), now + config_.limits.total_max + kGrace);
        } else {
            update_sender(tx, turn.endpoint, std::nullopt, std::nullopt);
        }
        tx.commit();
        return out;
    }

    Delivery delivery_of(pg::Transaction& tx, Message message) const {
        const auto endpoint = *select(tx, message.endpoint, clock_.now());
        const auto sealed = *select_secrets(tx, message.endpoint);
        Delivery out{std::move(message), endpoint.url, {}};
        const auto add = [&](const std::string& secret) {
            auto opened = seal_.open(secret, endpoint.id.str());
            if (!opened) throw std::runtime_error("its secret was sealed with another key");
            out.secrets.push_back(*std::move(opened));
        };
        add(sealed.newest);
        if (sealed.old && *sealed.old_until > clock_.now()) add(*sealed.old);
        return out;
    }

    Result<fetch::Reply> post(const Delivery& delivery, Instant now) const {
        const auto timestamp_s =
            std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
        const auto id = delivery.message.id.str();
        const fetch::Request request{
            .method = "POST",
            .url = delivery.url,
            .headers =
                {{"Content-Type", "application/json"},
                 {"User-Agent", "Mobilytics-Webhooks/1.0"},
                 {"webhook-id", id},
                 {"webhook-timestamp", std::to_string(timestamp_s)},
                 {"webhook-signature",
                  signature(delivery.secrets, id, timestamp_s, delivery.message.body)}},
            .body = delivery.message.body};
        return fetch::Client(config_.trust, config_.limits, config_.egress).send(request);
    }

    /// False: somebody else sends to the endpoint by now, or it is gone.
    bool keep(
        const Turn& turn, const Message& message, Attempt attempt,
        const Result<fetch::Reply>& answer) const {
        auto tx = pool_.begin(turn.run.company);
        const auto sending = lock_sending(tx, turn.endpoint);
        if (!sending || sending->sender != turn.sender()) return false;
        const auto now = clock_.now();
        const bool delivered = attempt.outcome == AttemptOutcome::delivered;
        const bool gone = attempt.outcome == AttemptOutcome::gone;
        const auto asked = answer ? retry_after(*answer, now) : std::nullopt;
        if (!delivered && !gone) {
            auto wait = wait_after(message.tries - message.tries_before + 1, chance());
            if (wait && asked) wait = std::max(*wait, *asked);
            if (wait) attempt.next_at = now + *wait;
        }
        insert(tx, attempt);
        update_tried(
            tx, message.id,
            delivered         ? "delivered"
            : attempt.next_at ? "waiting"
                              : "given_up",
            attempt.next_at);
        update_slow(tx, turn.endpoint, attempt.took_ms >= config_.slow_from.count());
        judge(tx, turn.endpoint, attempt.outcome, asked, now);
        tx.commit();
        return true;
    }

    /// Whether it is asked on.
    void judge(
        pg::Transaction& tx, EndpointId id, AttemptOutcome outcome,
        std::optional<std::chrono::milliseconds> asked, Instant now) const {
        auto endpoint = *select(tx, id, now);
        if (outcome == AttemptOutcome::delivered) {
            endpoint.failing_since = std::nullopt;
            endpoint.failures_in_row = 0;
            endpoint.held_until = std::nullopt;
            return update(tx, endpoint);
        }
        if (!endpoint.failing_since) endpoint.failing_since = now;
        ++endpoint.failures_in_row;
        const auto hold = std::max(
            hold_after(static_cast<int>(endpoint.failures_in_row)).value_or(0ms),
            asked.value_or(0ms));
        endpoint.held_until = hold > 0ms ? std::optional(now + hold) : std::nullopt;
        const bool gone = outcome == AttemptOutcome::gone;
        const bool failing = now - *endpoint.failing_since >= config_.failing_max;
        if (endpoint.state == EndpointState::enabled && (gone || failing)) {
            endpoint.state =
                gone ? EndpointState::disabled_by_receiver : EndpointState::disabled_by_failures;
            endpoint.state_since = now;
            events::publish(
                tx, EndpointDisabled{tx.company(), endpoint.id, endpoint.url, endpoint.state});
        }
        update(tx, endpoint);
    }

    pg::Pool& pool_;
    const crypto::SealedBox& seal_;
    const Clock& clock_;
    const WebhooksConfig config_;
};

/// In case whoever was to send has been given up: a row that nobody looks at is looked at here.
std::int64_t wake_forgotten(pg::SystemTransaction& tx, Instant now) {
    const auto all = select_forgotten(tx, now);
    for (const auto& [company, endpoint, slow] : all) {
        const auto options = options_of(endpoint, now, now);
        if (slow) {
            jobs::enqueue(tx, company, now, SendToSlowEndpoint{endpoint}, options);
        } else {
            jobs::enqueue(tx, company, now, SendToEndpoint{endpoint}, options);
        }
    }
    return std::ssize(all);
}

void keep_house(jobs::Workers& workers, const Clock& clock, const WebhooksConfig& config) {
    workers.handle_as_system<ForgetMessages>(
        [&clock, kept = config.kept](jobs::JobRun&, const ForgetMessages&) -> jobs::SystemOutcome {
            return jobs::SystemDone{
                [before = clock.now() - kept](pg::SystemTransaction& tx) { forget(tx, before); }};
        });
    workers.schedule({"webhooks_forget", "41 2 * * *", "UTC"}, ForgetMessages{});
    workers.handle_as_system<WakeForgotten>(
        [&clock](jobs::JobRun&, const WakeForgotten&) -> jobs::SystemOutcome {
            return jobs::SystemDone{
                [now = clock.now()](pg::SystemTransaction& tx) { wake_forgotten(tx, now); }};
        });
    workers.schedule({"webhooks_wake_forgotten", "*/10 * * * *", "UTC"}, WakeForgotten{});
}

}  // namespace

void wake(pg::Transaction& tx, EndpointId endpoint, bool slow, Instant now, Instant due) {
    const auto options = options_of(endpoint, now, due);
    if (slow) {
        jobs::enqueue(tx, now, SendToSlowEndpoint{endpoint}, options);
    } else {
        jobs::enqueue(tx, now, SendToEndpoint{endpoint}, options);
    }
}

void serve_deliveries(
    jobs::Workers& workers, pg::Pool& pool, const crypto::SealedBox& seal, const Clock& clock,
    const WebhooksConfig& config) {
    workers.limit(kVendor, {.concurrency_max = config.at_once});
    jobs::KindOptions options;
    // Failures of a receiver are none of the job: this is for when our own database is away.
    options.retry = {.attempts_max = 20, .wait_min = 1s, .growth = 2, .wait_max = 10min};
    options.run_max = config.turn_max + config.limits.total_max + kGrace;
    options.vendor = kVendor;
    const auto deliverer = std::make_shared<Deliverer>(pool, seal, clock, config);
    workers.handle<SendToEndpoint>(
        [deliverer](jobs::JobRun& run, const SendToEndpoint& job) {
            return deliverer->send_due(run, job.endpoint, false);
        },
        options);
    workers.handle<DeliverMessage>(
        [deliverer](jobs::JobRun&, const DeliverMessage& job) {
            return deliverer->wake_for(job.message);
        },
        {});
    options.concurrency_max = config.slow_at_once;
    workers.handle<SendToSlowEndpoint>(
        [deliverer](jobs::JobRun& run, const SendToSlowEndpoint& job) {
            return deliverer->send_due(run, job.endpoint, true);
        },
        options);
    keep_house(workers, clock, config);
}

}  // namespace mobilytics::webhooks
