#pragma once
// Endpoints, messages and attempts in Postgres. All of this domain's SQL is in webhook_store.cpp.

#include "domains/webhooks/webhooks.h"

namespace mobilytics::webhooks {

/// Sealed as the database has them.
struct SealedSecrets {
    std::string newest;
    std::optional<std::string> old;
    std::optional<Instant> old_until;
};

void insert(pg::Transaction& tx, const Endpoint& endpoint, const std::string& secret_sealed);
std::int64_t count_endpoints(pg::Transaction& tx);
/// `company` is whose rows are looked at: of staff's transaction, of any when none.
std::vector<Endpoint> select_after(
    pg::AnyTransaction& tx, std::optional<CompanyId> company, EndpointId after,
    std::optional<EndpointState> state, std::int64_t count, Instant now);
std::optional<Endpoint> select(pg::Transaction& tx, EndpointId id, Instant now);
/// And keeps it from being changed by others meanwhile.
bool lock(pg::Transaction& tx, EndpointId id);
void update(pg::Transaction& tx, const Endpoint& endpoint);
bool erase(pg::Transaction& tx, EndpointId id);
std::optional<SealedSecrets> select_secrets(pg::Transaction& tx, EndpointId id);
void update_secrets(
    pg::Transaction& tx, EndpointId id, const SealedSecrets& secrets, Instant rotated_at);
std::vector<EndpointId> select_subscribers(pg::Transaction& tx, const std::string& event_type);

struct Message {
    MessageId id;
    EndpointId endpoint;
    std::string event_type;
    std::string body;
    bool waiting = true;
    int tries = 0;
    Instant created_at;
};
void insert(pg::Transaction& tx, const Message& message);
std::optional<Message> select(pg::Transaction& tx, MessageId id);
std::vector<MessageId> select_waiting(pg::Transaction& tx, EndpointId endpoint);
/// After a try: `state` is waiting, delivered or given_up.
void update_tried(pg::Transaction& tx, MessageId id, std::string_view state);
void update_waiting(pg::Transaction& tx, MessageId id);

void insert(pg::Transaction& tx, const Attempt& attempt);
std::optional<Attempt> select(pg::Transaction& tx, AttemptId id);
/// The newest first. With bodies of the company's own transaction only.
std::vector<Attempt> select_attempts(
    pg::AnyTransaction& tx, std::optional<CompanyId> company, EndpointId endpoint,
    std::optional<AttemptId> before, std::optional<bool> failed, std::int64_t count);
bool exists_for_staff(pg::StaffTransaction& tx, EndpointId endpoint);

std::int64_t forget(pg::SystemTransaction& tx, Instant before);

}  // namespace mobilytics::webhooks
