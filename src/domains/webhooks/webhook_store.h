#pragma once
// Endpoints, messages and attempts in Postgres. All of this domain's SQL is in webhook_store.cpp.

#include <utility>

#include "domains/webhooks/webhooks.h"
#include "platform/pg/sorting.h"

namespace mobilytics::webhooks {

/// Sealed as the database has them.
struct SealedSecrets {
    std::string newest;
    std::optional<std::string> old;
    std::optional<Instant> old_until;
};

void insert(pg::Transaction& tx, const Endpoint& endpoint, const std::string& secret_sealed);
std::int64_t count_endpoints(pg::Transaction& tx);
struct EndpointRange {
    std::optional<CompanyId> company;  // None: every one, in staff's transaction.
    std::optional<EndpointId> id;
    std::optional<EndpointState> state;
    pg::Sorting sorting;
    std::int64_t count = 1;
};
/// With their sort keys.
std::vector<std::pair<Endpoint, std::string>> select_sorted(
    pg::AnyTransaction& tx, const EndpointRange& range, Instant now);
std::optional<Endpoint> select(pg::Transaction& tx, EndpointId id, Instant now);
/// And keeps it from being changed by others meanwhile.
bool lock(pg::Transaction& tx, EndpointId id);
void update(pg::Transaction& tx, const Endpoint& endpoint);
bool erase(pg::Transaction& tx, EndpointId id);
std::optional<SealedSecrets> select_secrets(pg::Transaction& tx, EndpointId id);
void update_secrets(
    pg::Transaction& tx, EndpointId id, const SealedSecrets& secrets, Instant rotated_at);
std::vector<EndpointId> select_subscribers(pg::Transaction& tx, const std::string& event_type);

/// Who sends to an endpoint, and whether it may be asked.
struct Sending {
    EndpointState state{};
    int failures = 0;
    std::optional<Instant> held_until;
    bool slow = false;
    std::optional<std::string> sender;
    std::optional<Instant> sender_until;
};
/// As lock(); none, when there is no such endpoint.
std::optional<Sending> lock_sending(pg::Transaction& tx, EndpointId id);
void update_sender(
    pg::Transaction& tx, EndpointId id, const std::optional<std::string>& sender,
    std::optional<Instant> until);
void update_slow(pg::Transaction& tx, EndpointId id, bool slow);
/// The next one's. Locks the endpoint.
std::int64_t take_sequence(pg::Transaction& tx, EndpointId id);

struct Message {
    MessageId id;
    EndpointId endpoint;
    std::string event_type;
    std::string body;
    int tries = 0;
    int tries_before = 0;  // Before it was last begun anew.
    Instant created_at;
    std::optional<events::EventNumber> event_number;
    std::optional<std::int64_t> sequence;
};
bool has_event(pg::Transaction& tx, EndpointId endpoint, events::EventNumber number);
void insert(pg::Transaction& tx, const Message& message);
std::optional<EndpointId> select_endpoint_of(pg::Transaction& tx, MessageId id);
/// The first of an endpoint that may be tried now.
std::optional<Message> select_due(pg::Transaction& tx, EndpointId endpoint, Instant now);
/// When one may be, at the earliest; none: none waits.
std::optional<Instant> select_next_at(pg::Transaction& tx, EndpointId endpoint);
/// After a try: `state` is waiting, delivered or given_up.
void update_tried(
    pg::Transaction& tx, MessageId id, std::string_view state, std::optional<Instant> next_at);
/// It is tried now, and again as often as a fresh one.
void begin_anew(pg::Transaction& tx, MessageId id);
void begin_all_anew(pg::Transaction& tx, EndpointId endpoint);

struct Forgotten {
    CompanyId company;
    EndpointId endpoint;
    bool slow = false;
};
/// Endpoints with messages that are due, and that nobody sends.
std::vector<Forgotten> select_forgotten(pg::SystemTransaction& tx, Instant now);

void insert(pg::Transaction& tx, const Attempt& attempt);
std::optional<Attempt> select(pg::Transaction& tx, AttemptId id);
struct AttemptRange {
    std::optional<CompanyId> company;  // None: whosever, in staff's transaction, without bodies.
    EndpointId endpoint;
    std::optional<AttemptId> after;  // Where the page before ended.
    bool descending = true;          // The newest first.
    std::optional<bool> failed;
    std::int64_t count = 1;
};
std::vector<Attempt> select_attempts(pg::AnyTransaction& tx, const AttemptRange& range);
bool exists_for_staff(pg::StaffTransaction& tx, EndpointId endpoint);

std::int64_t forget(pg::SystemTransaction& tx, Instant before);

}  // namespace mobilytics::webhooks
