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

struct DeliverMessage {
    static constexpr std::string_view kName = "webhooks.deliver.v1";
    MessageId message;
    boost::json::value to_json() const { return {{"message", message.str()}}; }
    static DeliverMessage from_json(const boost::json::value& json) {
        return {pg::verified(MessageId::parse(json.at("message").as_string()))};
    }
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

/// What is to be sent, and to where.
struct Delivery {
    Message message;
    Endpoint endpoint;
    std::vector<Secret<std::string>> secrets;
};

class Deliverer {
  public:
    Deliverer(
        pg::Pool& pool, const crypto::SealedBox& seal, const Clock& clock,
        const WebhooksConfig& config)
        : pool_(pool), seal_(seal), clock_(clock), config_(config) {}

    jobs::Outcome deliver(const jobs::JobRun& run, MessageId id) const {
        const auto delivery = read(run.company, id);
        if (!delivery) return jobs::Done{};
        const auto begun_at = clock_.now();
        const Stopwatch took;
        const auto answer = post(*delivery, begun_at);
        Attempt attempt;
        attempt.id = AttemptId::fresh(begun_at);
        attempt.endpoint_id = delivery->endpoint.id;
        attempt.message_id = id;
        attempt.event_type = delivery->message.event_type;
        attempt.number = delivery->message.tries + 1;
        attempt.outcome = outcome_of(answer);
        if (answer) attempt.status = answer->status;
        attempt.detail = detail_of(answer);
        attempt.begun_at = begun_at;
        attempt.took_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(took.elapsed()).count();
        return outcome(run, std::move(attempt), answer);
    }

  private:
    /// None, when there is nothing to do: it is gone, or waits until its endpoint is enabled.
    std::optional<Delivery> read(CompanyId company, MessageId id) const {
        auto tx = pool_.begin(company);
        auto message = select(tx, id);
        if (!message || !message->waiting) return std::nullopt;
        auto endpoint = select(tx, message->endpoint, clock_.now());
        const auto sealed = select_secrets(tx, message->endpoint);
        if (!endpoint || !sealed || endpoint->state != EndpointState::enabled) return std::nullopt;
        Delivery out{*std::move(message), *std::move(endpoint), {}};
        const auto add = [&](const std::string& secret) {
            auto opened = seal_.open(secret, out.endpoint.id.str());
            if (!opened) throw std::runtime_error("its secret was sealed with another key");
            out.secrets.push_back(*std::move(opened));
        };
        add(sealed->newest);
        if (sealed->old && *sealed->old_until > clock_.now()) add(*sealed->old);
        return out;
    }

    Result<fetch::Reply> post(const Delivery& delivery, Instant now) const {
        const auto timestamp_s =
            std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
        const auto id = delivery.message.id.str();
        const fetch::Request request{
            .method = "POST",
            .url = delivery.endpoint.url,
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

    jobs::Outcome outcome(
        const jobs::JobRun& run, Attempt attempt, const Result<fetch::Reply>& answer) const {
        const bool delivered = attempt.outcome == AttemptOutcome::delivered;
        const bool gone = attempt.outcome == AttemptOutcome::gone;
        auto wait = wait_after(run.attempt, chance());
        if (wait && answer) {
            if (const auto asked = retry_after(*answer, clock_.now()))
                wait = std::max(*wait, *asked);
        }
        const bool again = !delivered && !gone && wait;
        if (again) attempt.next_at = clock_.now() + *wait;
        const auto keep = [this, attempt, delivered, again](pg::Transaction& tx) {
            this->keep(tx, attempt, delivered ? "delivered" : again ? "waiting" : "given_up");
        };
        // Given up is no failure of ours: no dead letter.
        if (!again) return jobs::Done{keep};
        return jobs::Failed{
            .code = std::string(word(attempt.outcome)),
            .message = "the receiver did not take it",
            .wait = wait,
            .effects = keep};
    }

    void keep(pg::Transaction& tx, const Attempt& attempt, std::string_view state) const {
        if (!lock(tx, attempt.endpoint_id)) return;  // Deleted meanwhile, and all with it.
        insert(tx, attempt);
        update_tried(tx, attempt.message_id, state);
        const auto now = clock_.now();
        auto endpoint = *select(tx, attempt.endpoint_id, now);
        if (attempt.outcome == AttemptOutcome::delivered) {
            endpoint.failing_since = std::nullopt;
        } else if (!endpoint.failing_since) {
            endpoint.failing_since = now;
        }
        const bool gone = attempt.outcome == AttemptOutcome::gone;
        const bool failing =
            endpoint.failing_since && now - *endpoint.failing_since >= config_.failing_max;
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

}  // namespace

void enqueue_delivery(pg::Transaction& tx, MessageId message, Instant now) {
    jobs::enqueue(tx, now, DeliverMessage{message}, {.unique_key = message.str()});
}

void serve_deliveries(
    jobs::Workers& workers, pg::Pool& pool, const crypto::SealedBox& seal, const Clock& clock,
    const WebhooksConfig& config) {
    workers.limit(kVendor, {.concurrency_max = config.at_once});
    jobs::KindOptions options;
    // The waits are those of the contract; this is for when our own process dies meanwhile.
    options.retry = {.attempts_max = kTriesMax + 5, .wait_min = 1ms, .growth = 1, .wait_max = 1ms};
    options.run_max = config.limits.total_max + 15s;
    options.vendor = kVendor;
    workers.handle<DeliverMessage>(
        [deliverer = std::make_shared<Deliverer>(pool, seal, clock, config)](
            jobs::JobRun& run, const DeliverMessage& job) -> jobs::Outcome {
            return deliverer->deliver(run, job.message);
        },
        std::move(options));
    workers.handle_as_system<ForgetMessages>(
        [&clock, kept = config.kept](jobs::JobRun&, const ForgetMessages&) -> jobs::SystemOutcome {
            return jobs::SystemDone{
                [before = clock.now() - kept](pg::SystemTransaction& tx) { forget(tx, before); }};
        });
    workers.schedule({"webhooks_forget", "41 2 * * *", "UTC"}, ForgetMessages{});
}

}  // namespace mobilytics::webhooks
