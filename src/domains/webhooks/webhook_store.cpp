#include "domains/webhooks/webhook_store.h"

namespace mobilytics::webhooks {

namespace {

constexpr pg::Query kInsert{"webhooks.insert", R"sql(
    INSERT INTO webhooks.endpoint (company_id, id, url, description, event_types, state,
                                   state_since, secret_sealed, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)
)sql"};

constexpr pg::Query kCount{"webhooks.count", R"sql(
    SELECT count(*) AS count FROM webhooks.endpoint WHERE company_id = $1
)sql"};

// Staff's transactions see every company's; the others their own, whatever is asked.
constexpr pg::Query kSelectAfter{"webhooks.select_after", R"sql(
    SELECT e.company_id, e.id, e.url, e.description, e.event_types, e.state, e.state_since,
           e.failing_since, e.secret_rotated_at, e.created_at,
           waiting.count AS waiting,
           coalesce(greatest(0, extract(epoch FROM $5::timestamptz - waiting.oldest)), 0)::bigint
               AS lag_s,
           day.delivered AS delivered_day, day.failed AS failed_day
    FROM webhooks.endpoint e
    CROSS JOIN LATERAL (
        SELECT count(*) AS count, min(m.created_at) AS oldest FROM webhooks.message m
        WHERE m.company_id = e.company_id AND m.endpoint_id = e.id AND m.state = 'waiting'
    ) AS waiting
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE a.outcome = 'delivered') AS delivered,
               count(*) FILTER (WHERE a.outcome <> 'delivered') AS failed
        FROM webhooks.attempt a
        WHERE a.company_id = e.company_id AND a.endpoint_id = e.id
          AND a.begun_at > $5::timestamptz - interval '1 day'
    ) AS day
    WHERE ($1::uuid IS NULL OR e.company_id = $1) AND e.id > $2
      AND ($3::text IS NULL OR e.state = $3)
    ORDER BY e.id LIMIT $4
)sql"};

constexpr pg::Query kLock{"webhooks.lock", R"sql(
    SELECT id FROM webhooks.endpoint WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kUpdate{"webhooks.update", R"sql(
    UPDATE webhooks.endpoint
    SET url = $3, description = $4, event_types = $5, state = $6, state_since = $7,
        failing_since = $8
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kErase{"webhooks.erase", R"sql(
    DELETE FROM webhooks.endpoint WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectSecrets{"webhooks.select_secrets", R"sql(
    SELECT secret_sealed, old_secret_sealed, old_secret_until
    FROM webhooks.endpoint WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdateSecrets{"webhooks.update_secrets", R"sql(
    UPDATE webhooks.endpoint
    SET secret_sealed = $3, old_secret_sealed = $4, old_secret_until = $5, secret_rotated_at = $6
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSubscribers{"webhooks.subscribers", R"sql(
    SELECT id FROM webhooks.endpoint
    WHERE company_id = $1 AND state = 'enabled' AND event_types && ARRAY[$2, '*']
    ORDER BY id
)sql"};

constexpr pg::Query kInsertMessage{"webhooks.insert_message", R"sql(
    INSERT INTO webhooks.message (company_id, id, endpoint_id, event_type, body, state, created_at)
    VALUES ($1, $2, $3, $4, $5, 'waiting', $6)
)sql"};

constexpr pg::Query kSelectMessage{"webhooks.select_message", R"sql(
    SELECT id, endpoint_id, event_type, body, state = 'waiting' AS waiting, tries, created_at
    FROM webhooks.message WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectWaiting{"webhooks.select_waiting", R"sql(
    SELECT id FROM webhooks.message
    WHERE company_id = $1 AND endpoint_id = $2 AND state = 'waiting' ORDER BY created_at, id
)sql"};

constexpr pg::Query kUpdateTried{"webhooks.update_tried", R"sql(
    UPDATE webhooks.message SET state = $3, tries = tries + 1 WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdateWaiting{"webhooks.update_waiting", R"sql(
    UPDATE webhooks.message SET state = 'waiting' WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kInsertAttempt{"webhooks.insert_attempt", R"sql(
    INSERT INTO webhooks.attempt (company_id, id, endpoint_id, message_id, event_type, number,
                                  outcome, status, detail, begun_at, took_ms, next_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kSelectAttempt{"webhooks.select_attempt", R"sql(
    SELECT id, endpoint_id, message_id, event_type, number, outcome, status, detail, begun_at,
           took_ms, next_at, NULL::text AS body
    FROM webhooks.attempt WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectAttempts{"webhooks.select_attempts", R"sql(
    SELECT a.id, a.endpoint_id, a.message_id, a.event_type, a.number, a.outcome, a.status,
           a.detail, a.begun_at, a.took_ms, a.next_at, m.body
    FROM webhooks.attempt a
    JOIN webhooks.message m ON m.company_id = a.company_id AND m.id = a.message_id
    WHERE a.company_id = $1 AND a.endpoint_id = $2 AND ($3::uuid IS NULL OR a.id < $3)
      AND ($4::boolean IS NULL OR (a.outcome <> 'delivered') = $4)
    ORDER BY a.id DESC LIMIT $5
)sql"};

// Every company's: staff see that something was sent, and not what. company_id is not asked.
constexpr pg::Query kSelectAttemptsOfAll{"webhooks.select_attempts_of_all", R"sql(
    SELECT id, endpoint_id, message_id, event_type, number, outcome, status, NULL::text AS detail,
           begun_at, took_ms, next_at, NULL::text AS body
    FROM webhooks.attempt
    WHERE endpoint_id = $1 AND ($2::uuid IS NULL OR id < $2)
      AND ($3::boolean IS NULL OR (outcome <> 'delivered') = $3)
    ORDER BY id DESC LIMIT $4  -- every company's
)sql"};

constexpr pg::Query kExists{"webhooks.exists", R"sql(
    SELECT id FROM webhooks.endpoint WHERE id = $1  -- every company's
)sql"};

constexpr pg::Query kForget{"webhooks.forget", R"sql(
    DELETE FROM webhooks.message WHERE created_at < $1  -- every company's
)sql"};

Endpoint endpoint_from(const pg::Row& row) {
    Endpoint out;
    out.id = row.get<EndpointId>("id");
    out.company_id = row.get<CompanyId>("company_id");
    out.url = row.get<std::string>("url");
    out.description = row.optional<std::string>("description");
    out.event_types = row.get<std::vector<std::string>>("event_types");
    out.state = row.get<EndpointState>("state");
    out.state_since = row.get<Instant>("state_since");
    out.failing_since = row.optional<Instant>("failing_since");
    out.secret_rotated_at = row.optional<Instant>("secret_rotated_at");
    out.created_at = row.get<Instant>("created_at");
    out.waiting = row.get<std::int64_t>("waiting");
    out.lag_s = row.get<std::int64_t>("lag_s");
    out.delivered_day = row.get<std::int64_t>("delivered_day");
    out.failed_day = row.get<std::int64_t>("failed_day");
    return out;
}

Message message_from(const pg::Row& row) {
    return {row.get<MessageId>("id"),           row.get<EndpointId>("endpoint_id"),
            row.get<std::string>("event_type"), row.get<std::string>("body"),
            row.get<bool>("waiting"),           row.get<int>("tries"),
            row.get<Instant>("created_at")};
}

Attempt attempt_from(const pg::Row& row) {
    Attempt out;
    out.id = row.get<AttemptId>("id");
    out.endpoint_id = row.get<EndpointId>("endpoint_id");
    out.message_id = row.get<MessageId>("message_id");
    out.event_type = row.get<std::string>("event_type");
    out.number = row.get<std::int64_t>("number");
    out.outcome = row.get<AttemptOutcome>("outcome");
    out.status = row.optional<std::int64_t>("status");
    out.detail = row.optional<std::string>("detail");
    out.begun_at = row.get<Instant>("begun_at");
    out.took_ms = row.get<std::int64_t>("took_ms");
    out.next_at = row.optional<Instant>("next_at");
    out.body = row.optional<std::string>("body");
    return out;
}

}  // namespace

void insert(pg::Transaction& tx, const Endpoint& endpoint, const std::string& secret_sealed) {
    tx.run(
        kInsert, tx.company(), endpoint.id, endpoint.url, endpoint.description,
        endpoint.event_types, endpoint.state, endpoint.created_at, secret_sealed);
}

std::int64_t count_endpoints(pg::Transaction& tx) {
    return *tx.run(kCount, tx.company()).first([](pg::Row row) {
        return row.get<std::int64_t>("count");
    });
}

std::vector<Endpoint> select_after(
    pg::AnyTransaction& tx, std::optional<CompanyId> company, EndpointId after,
    std::optional<EndpointState> state, std::int64_t count, Instant now) {
    return tx.run(kSelectAfter, company, after, state, count, now).all(endpoint_from);
}

std::optional<Endpoint> select(pg::Transaction& tx, EndpointId id, Instant now) {
    // The one behind the id before it.
    auto before = id.bytes();
    for (std::size_t i = before.size(); i-- > 0;) {
        if (before.at(i)-- != 0) break;
    }
    auto found =
        select_after(tx, tx.company(), EndpointId::from_bytes(before), std::nullopt, 1, now);
    if (found.empty() || found[0].id != id) return std::nullopt;
    return std::move(found[0]);
}

bool lock(pg::Transaction& tx, EndpointId id) {
    return tx.run(kLock, tx.company(), id).size() == 1;
}

void update(pg::Transaction& tx, const Endpoint& endpoint) {
    tx.run(
        kUpdate, tx.company(), endpoint.id, endpoint.url, endpoint.description,
        endpoint.event_types, endpoint.state, endpoint.state_since, endpoint.failing_since);
}

bool erase(pg::Transaction& tx, EndpointId id) {
    return tx.run(kErase, tx.company(), id).touched() == 1;
}

std::optional<SealedSecrets> select_secrets(pg::Transaction& tx, EndpointId id) {
    return tx.run(kSelectSecrets, tx.company(), id).first([](pg::Row row) {
        return SealedSecrets{
            row.get<std::string>("secret_sealed"), row.optional<std::string>("old_secret_sealed"),
            row.optional<Instant>("old_secret_until")};
    });
}

void update_secrets(
    pg::Transaction& tx, EndpointId id, const SealedSecrets& secrets, Instant rotated_at) {
    tx.run(
        kUpdateSecrets, tx.company(), id, secrets.newest, secrets.old, secrets.old_until,
        rotated_at);
}

std::vector<EndpointId> select_subscribers(pg::Transaction& tx, const std::string& event_type) {
    return tx.run(kSubscribers, tx.company(), event_type).all([](pg::Row row) {
        return row.get<EndpointId>("id");
    });
}

void insert(pg::Transaction& tx, const Message& message) {
    tx.run(
        kInsertMessage, tx.company(), message.id, message.endpoint, message.event_type,
        message.body, message.created_at);
}

std::optional<Message> select(pg::Transaction& tx, MessageId id) {
    return tx.run(kSelectMessage, tx.company(), id).first(message_from);
}

std::vector<MessageId> select_waiting(pg::Transaction& tx, EndpointId endpoint) {
    return tx.run(kSelectWaiting, tx.company(), endpoint).all([](pg::Row row) {
        return row.get<MessageId>("id");
    });
}

void update_tried(pg::Transaction& tx, MessageId id, std::string_view state) {
    tx.run(kUpdateTried, tx.company(), id, state);
}

void update_waiting(pg::Transaction& tx, MessageId id) { tx.run(kUpdateWaiting, tx.company(), id); }

void insert(pg::Transaction& tx, const Attempt& attempt) {
    tx.run(
        kInsertAttempt, tx.company(), attempt.id, attempt.endpoint_id, attempt.message_id,
        attempt.event_type, attempt.number, attempt.outcome, attempt.status, attempt.detail,
        attempt.begun_at, attempt.took_ms, attempt.next_at);
}

std::optional<Attempt> select(pg::Transaction& tx, AttemptId id) {
    return tx.run(kSelectAttempt, tx.company(), id).first(attempt_from);
}

std::vector<Attempt> select_attempts(
    pg::AnyTransaction& tx, std::optional<CompanyId> company, EndpointId endpoint,
    std::optional<AttemptId> before, std::optional<bool> failed, std::int64_t count) {
    const auto rows = company ? tx.run(kSelectAttempts, *company, endpoint, before, failed, count)
                              : tx.run(kSelectAttemptsOfAll, endpoint, before, failed, count);
    return rows.all(attempt_from);
}

bool exists_for_staff(pg::StaffTransaction& tx, EndpointId endpoint) {
    return tx.run(kExists, endpoint).size() == 1;
}

std::int64_t forget(pg::SystemTransaction& tx, Instant before) {
    return tx.run(kForget, before).touched();
}

}  // namespace mobilytics::webhooks
