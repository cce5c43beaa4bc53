#pragma once
// Outgoing webhooks: companies' own servers are told what happens, by Standard Webhooks 1.0.0.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "foundation/secret.h"
#include "foundation/vocabulary.h"
#include "platform/crypto/files.h"
#include "platform/events/events.h"
#include "platform/fetch/fetch.h"
#include "platform/pg/pg.h"

namespace mobilytics::jobs {
class Workers;
}

namespace mobilytics::webhooks {

struct EndpointIdentity {
    static constexpr std::string_view kIdPrefix = "webhook";
};
using EndpointId = Id<EndpointIdentity>;
struct MessageIdentity {
    static constexpr std::string_view kIdPrefix = "msg";
};
using MessageId = Id<MessageIdentity>;
struct AttemptIdentity {
    static constexpr std::string_view kIdPrefix = "attempt";
};
using AttemptId = Id<AttemptIdentity>;

BOOST_DEFINE_ENUM_CLASS(
    EndpointState, enabled, disabled_by_company, disabled_by_failures, disabled_by_receiver)
BOOST_DEFINE_ENUM_CLASS(
    AttemptOutcome, delivered, refused, redirected, too_many, gone, no_answer, not_trusted,
    address_refused, too_large)

struct NewEndpoint {
    std::string url;
    std::optional<std::string> description;
    std::vector<std::string> event_types;
};
struct EndpointChange {
    std::optional<std::string> url;
    std::optional<std::string> description;
    std::optional<std::vector<std::string>> event_types;
    std::optional<bool> enabled;
};

struct Endpoint {
    EndpointId id;
    CompanyId company_id;
    std::string url;
    std::optional<std::string> description;
    std::vector<std::string> event_types;
    EndpointState state{};
    std::optional<Instant> state_since;
    std::optional<Instant> failing_since;
    std::optional<Instant> secret_rotated_at;
    Instant created_at;
    std::int64_t failures_in_row = 0;
    std::optional<Instant> held_until;
    std::int64_t waiting = 0;
    std::int64_t lag_s = 0;
    std::int64_t delivered_day = 0;
    std::int64_t failed_day = 0;
};
using EndpointPage = Page<Endpoint>;

struct EndpointWithSecret {
    Endpoint endpoint;
    std::string secret;
};
struct Sent {
    MessageId message_id;
};

struct Attempt {
    AttemptId id;
    EndpointId endpoint_id;
    MessageId message_id;
    std::string event_type;
    std::int64_t number = 1;
    AttemptOutcome outcome{};
    std::optional<std::int64_t> status;
    std::optional<std::string> detail;
    Instant begun_at;
    std::int64_t took_ms = 0;
    std::optional<Instant> next_at;
    std::optional<std::int64_t> sequence;
    std::optional<std::string> body;
};
using AttemptPage = Page<Attempt>;

struct AttemptFilter {
    std::optional<bool> failed;
    std::optional<std::string> sort;
};
struct EndpointSort {
    std::optional<std::string> sort;
};
struct EndpointFilter {
    std::optional<CompanyId> company_id;
    std::optional<EndpointState> state;
    std::optional<std::string> sort;
};

/// What may be subscribed to.
struct EventType {
    std::string name;  // "assets.asset_changed"
    std::string description;
    std::string example;  // The JSON of a message's data.
};
struct EventTypes {
    std::vector<EventType> items;
};

/// Published as `webhooks.endpoint_disabled.v1`, when it was not the company's own doing.
struct EndpointDisabled {
    static constexpr std::string_view kName = "webhooks.endpoint_disabled.v1";
    CompanyId company;
    EndpointId endpoint;
    std::string url;
    EndpointState state{};

    boost::json::value to_json() const;
    static EndpointDisabled from_json(const boost::json::value& json);
};

inline constexpr std::chrono::days kMessagesKeptMost{90};

struct WebhooksConfig {
    bool allow_http = false;  // Else https only.
    fetch::Egress egress = {.public_only = true};
    fetch::Trust trust = {};
    /// Body: of an answer, of which only the beginning is kept.
    fetch::Limits limits = {
        .connect_max = std::chrono::seconds(5),
        .total_max = std::chrono::seconds(15),
        .body_bytes_max = 64 << 10};
    std::int64_t endpoints_max = 20;  // Of a company.
    int at_once = 8;                  // Endpoints that are sent to, of all.
    int slow_at_once = 4;  // Of these, such as answered late: the rest is for the others.
    std::chrono::milliseconds slow_from{2'000};
    std::chrono::milliseconds turn_max{10'000};  // Then others are sent to first.
    std::chrono::hours failing_max{24 * 5};
    std::chrono::hours old_secret_lives{24};
    std::chrono::hours kept = kMessagesKeptMost;  // Whatever a company says: see retention.h.
};

class Webhooks {
  public:
    /// What it is given must outlive this.
    Webhooks(
        pg::Pool& pool, pg::StaffPool& staff, const crypto::SealedBox& seal, const Clock& clock,
        WebhooksConfig config = {});

    /// Before start of both: offers an event to subscribers. `data` makes of it what they are told;
    /// none: nothing.
    template <events::Event T>
    void offer(
        events::Relay& relay, EventType type,
        std::function<std::optional<boost::json::object>(const T&)> data) {
        const auto name = type.name;
        add(std::move(type));
        relay.subscribe_numbered<T>(
            "webhooks." + name,
            [this, name, data = std::move(data)](const T& told, events::EventNumber number) {
                if (const auto what = data(told)) tell(told.company, {name, *what, number});
            });
    }
    /// Delivers: before workers.start(). This must outlive the workers.
    void serve(jobs::Workers& workers);
    /// What happened, for those whom it concerns.
    struct Told {
        std::string event_type;
        boost::json::object data;
        events::EventNumber number = 0;
    };
    /// A message to each endpoint of the company that wants such; one, however often it is told.
    void tell(CompanyId company, const Told& told);

    // Operations. Each: not_found `no_such_webhook`, where it names one.

    /// Lists: invalid `bad_sort`, `bad_cursor`.
    Result<EndpointPage> list_endpoints(
        const Caller& caller, const PageRequest& page, const EndpointSort& sort);
    /// invalid `bad_url`, `not_https`, `address_refused`, `no_such_event_type`; conflict
    /// `too_many_webhooks`.
    Result<EndpointWithSecret> create_endpoint(const Caller& caller, NewEndpoint wanted);
    Result<Endpoint> find_endpoint(const Caller& caller, EndpointId id);
    /// As create_endpoint.
    Result<Endpoint> change_endpoint(const Caller& caller, EndpointId id, EndpointChange wanted);
    Result<> delete_endpoint(const Caller& caller, EndpointId id);
    /// conflict `webhook_disabled`.
    Result<Sent> send_test(const Caller& caller, EndpointId id);
    Result<EndpointWithSecret> rotate_secret(const Caller& caller, EndpointId id);
    Result<AttemptPage> list_attempts(
        const Caller& caller, EndpointId id, const PageRequest& page, const AttemptFilter& filter);
    /// not_found `no_such_attempt`; conflict `webhook_disabled`.
    Result<Sent> replay_attempt(const Caller& caller, AttemptId id);
    Result<EventTypes> list_event_types(const Caller& caller);

    Result<EndpointPage> list_all_endpoints(
        const Caller& caller, const PageRequest& page, const EndpointFilter& filter);
    Result<AttemptPage> list_attempts_of_all(
        const Caller& caller, EndpointId id, const PageRequest& page, const AttemptFilter& filter);

  private:
    void add(EventType type);
    Result<> check(const std::string& url) const;
    Result<> check(const std::vector<std::string>& event_types) const;

    pg::Pool& pool_;
    pg::StaffPool& staff_;
    const crypto::SealedBox& seal_;
    const Clock& clock_;
    const WebhooksConfig config_;
    std::map<std::string, EventType> types_;
};

}  // namespace mobilytics::webhooks
