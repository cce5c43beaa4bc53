#include "domains/webhooks/webhook_store.h"

#include "domains/webhooks/retention.h"

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

// Staff's transactions see every company's; the others their own, whatever is asked. A key is
// compared byte for byte, so that a page begins where the one before it ended.
constexpr pg::Query kSelectSorted{"webhooks.select_sorted", R"sql(
    WITH listed AS (
        SELECT e.company_id, e.id, e.url, e.description, e.event_types, e.state, e.state_since,
               e.failing_since, e.secret_rotated_at, e.created_at, e.failures, e.held_until,
               (CASE $4 WHEN 'url' THEN e.url WHEN 'state' THEN e.state
                        ELSE to_char(e.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM webhooks.endpoint e
        WHERE ($1::uuid IS NULL OR e.company_id = $1) AND ($2::uuid IS NULL OR e.id = $2)
          AND ($3::text IS NULL OR e.state = $3)),
    paged AS (
        SELECT * FROM listed
        WHERE $7 = '' OR CASE WHEN $5 THEN (key, id) < ($6 COLLATE "C", nullif($7, '')::uuid)
                              ELSE (key, id) > ($6 COLLATE "C", nullif($7, '')::uuid) END
        ORDER BY CASE WHEN $5 THEN key END DESC, CASE WHEN $5 THEN id END DESC, key, id
        LIMIT $8)
    SELECT e.*, waiting.count AS waiting,
           coalesce(greatest(0, extract(epoch FROM $9::timestamptz - waiting.oldest)), 0)::bigint
               AS lag_s,
           day.delivered AS delivered_day, day.failed AS failed_day
    FROM paged e
    CROSS JOIN LATERAL (
        SELECT count(*) AS count, min(m.created_at) AS oldest FROM webhooks.message m
        WHERE m.company_id = e.company_id AND m.endpoint_id = e.id AND m.state = 'waiting'
    ) AS waiting
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE a.outcome = 'delivered') AS delivered,
               count(*) FILTER (WHERE a.outcome <> 'delivered') AS failed
        FROM webhooks.attempt a
        WHERE a.company_id = e.company_id AND a.endpoint_id = e.id
          AND a.begun_at > $9::timestamptz - interval '1 day'
    ) AS day
    ORDER BY CASE WHEN $5 THEN key END DESC, CASE WHEN $5 THEN id END DESC, key, id
)sql"};

constexpr pg::Query kLock{"webhooks.lock", R"sql(
    SELECT id FROM webhooks.endpoint WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kUpdate{"webhooks.update", R"sql(
    UPDATE webhooks.endpoint
    SET url = $3, description = $4, event_types = $5, state = $6, state_since = $7,
        failing_since = $8, failures = $9, held_until = $10
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectSending{"webhooks.select_sending", R"sql(
    SELECT state, failures, held_until, slow, sender, sender_until
    FROM webhooks.endpoint WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kUpdateSender{"webhooks.update_sender", R"sql(
    UPDATE webhooks.endpoint SET sender = $3, sender_until = $4 WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdateSlow{"webhooks.update_slow", R"sql(
    UPDATE webhooks.endpoint SET slow = $3 WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kTakeSequence{"webhooks.take_sequence", R"sql(
    UPDATE webhooks.endpoint SET last_sequence = last_sequence + 1 WHERE company_id = $1 AND id = $2
    RETURNING last_sequence
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

constexpr pg::Query kHasEvent{"webhooks.has_event", R"sql(
    SELECT id FROM webhooks.message
    WHERE company_id = $1 AND endpoint_id = $2 AND event_number = $3
)sql"};

constexpr pg::Query kInsertMessage{"webhooks.insert_message", R"sql(
    INSERT INTO webhooks.message (company_id, id, endpoint_id, event_type, body, state, created_at,
                                  event_number, sequence)
    VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8)
)sql"};

constexpr pg::Query kSelectEndpointOf{"webhooks.select_endpoint_of", R"sql(
    SELECT endpoint_id FROM webhooks.message WHERE company_id = $1 AND id = $2
)sql"};

// The first of those that may be tried now, whichever was tried before.
constexpr pg::Query kSelectDue{"webhooks.select_due", R"sql(
    SELECT id, endpoint_id, event_type, body, tries, tries_before, created_at, event_number,
           sequence
    FROM webhooks.message
    WHERE company_id = $1 AND endpoint_id = $2 AND state = 'waiting'
      AND (next_at IS NULL OR next_at <= $3)
    ORDER BY created_at, sequence NULLS FIRST, id LIMIT 1
)sql"};

constexpr pg::Query kSelectNextAt{"webhooks.select_next_at", R"sql(
    SELECT min(coalesce(next_at, created_at)) AS next_at FROM webhooks.message
    WHERE company_id = $1 AND endpoint_id = $2 AND state = 'waiting'
)sql"};

constexpr pg::Query kUpdateTried{"webhooks.update_tried", R"sql(
    UPDATE webhooks.message SET state = $3, tries = tries + 1, next_at = $4
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kBeginAnew{"webhooks.begin_anew", R"sql(
    UPDATE webhooks.message SET state = 'waiting', next_at = NULL, tries_before = tries
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kBeginAllAnew{"webhooks.begin_all_anew", R"sql(
    UPDATE webhooks.message SET next_at = NULL, tries_before = tries
    WHERE company_id = $1 AND endpoint_id = $2 AND state = 'waiting'
)sql"};

// Endpoints with messages that nobody will send: whoever was to, has been given up.
constexpr pg::Query kSelectForgotten{"webhooks.select_forgotten", R"sql(
    SELECT e.company_id, e.id, e.slow FROM webhooks.endpoint e
    WHERE e.state = 'enabled' AND (e.held_until IS NULL OR e.held_until <= $1)
      AND (e.sender_until IS NULL OR e.sender_until <= $1)
      AND EXISTS (SELECT FROM webhooks.message m
                  WHERE m.company_id = e.company_id AND m.endpoint_id = e.id
                    AND m.state = 'waiting' AND coalesce(m.next_at, m.created_at) <= $1)
    ORDER BY e.company_id, e.id LIMIT 1000  -- every company's
)sql"};

constexpr pg::Query kInsertAttempt{"webhooks.insert_attempt", R"sql(
    INSERT INTO webhooks.attempt (company_id, id, endpoint_id, message_id, event_type, number,
                                  outcome, status, detail, begun_at, took_ms, next_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kSelectAttempt{"webhooks.select_attempt", R"sql(
    SELECT id, endpoint_id, message_id, event_type, number, outcome, status, detail, begun_at,
           took_ms, next_at, NULL::bigint AS sequence, NULL::text AS body
    FROM webhooks.attempt WHERE company_id = $1 AND id = $2
)sql"};

// Ids of attempts grow with the time at which they were begun.
constexpr pg::Query kSelectAttempts{"webhooks.select_attempts", R"sql(
    SELECT a.id, a.endpoint_id, a.message_id, a.event_type, a.number, a.outcome, a.status,
           a.detail, a.begun_at, a.took_ms, a.next_at, m.sequence, m.body
    FROM webhooks.attempt a
    JOIN webhooks.message m ON m.company_id = a.company_id AND m.id = a.message_id
    WHERE a.company_id = $1 AND a.endpoint_id = $2
      AND ($3::uuid IS NULL OR CASE WHEN $4 THEN a.id < $3 ELSE a.id > $3 END)
      AND ($5::boolean IS NULL OR (a.outcome <> 'delivered') = $5)
    ORDER BY CASE WHEN $4 THEN a.id END DESC, a.id LIMIT $6
)sql"};

// Every company's: staff see that something was sent, and not what. company_id is not asked.
constexpr pg::Query kSelectAttemptsOfAll{"webhooks.select_attempts_of_all", R"sql(
    SELECT a.id, a.endpoint_id, a.message_id, a.event_type, a.number, a.outcome, a.status,
           NULL::text AS detail, a.begun_at, a.took_ms, a.next_at, m.sequence, NULL::text AS body
    FROM webhooks.attempt a
    JOIN webhooks.message m ON m.company_id = a.company_id AND m.id = a.message_id
    WHERE a.endpoint_id = $1
      AND ($2::uuid IS NULL OR CASE WHEN $3 THEN a.id < $2 ELSE a.id > $2 END)
      AND ($4::boolean IS NULL OR (a.outcome <> 'delivered') = $4)
    ORDER BY CASE WHEN $3 THEN a.id END DESC, a.id LIMIT $5  -- every company's
)sql"};

constexpr pg::Query kExists{"webhooks.exists", R"sql(
    SELECT id FROM webhooks.endpoint WHERE id = $1  -- every company's
)sql"};

constexpr pg::Query kForgetOwn{"webhooks.forget_own", R"sql(
    DELETE FROM webhooks.message WHERE company_id = $1 AND created_at < $2
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
    out.failures_in_row = row.get<std::int64_t>("failures");
    out.held_until = row.optional<Instant>("held_until");
    out.waiting = row.get<std::int64_t>("waiting");
    out.lag_s = row.get<std::int64_t>("lag_s");
    out.delivered_day = row.get<std::int64_t>("delivered_day");
    out.failed_day = row.get<std::int64_t>("failed_day");
    return out;
}

Message message_from(const pg::Row& row) {
    Message out;
    out.id = row.get<MessageId>("id");
    out.endpoint = row.get<EndpointId>("endpoint_id");
    out.event_type = row.get<std::string>("event_type");
    out.body = row.get<std::string>("body");
    out.tries = row.get<int>("tries");
    out.tries_before = row.get<int>("tries_before");
    out.created_at = row.get<Instant>("created_at");
    out.event_number = row.optional<std::int64_t>("event_number");
    out.sequence = row.optional<std::int64_t>("sequence");
    return out;
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
    out.sequence = row.optional<std::int64_t>("sequence");
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

std::vector<std::pair<Endpoint, std::string>> select_sorted(
    pg::AnyTransaction& tx, const EndpointRange& range, Instant now) {
    const auto& [company, id, state, sorting, count] = range;
    return tx
        .run(
            kSelectSorted, company, id, state, sorting.by, sorting.descending, sorting.after_key,
            sorting.after_id, count, now)
        .all([](const pg::Row& row) {
            return std::pair(endpoint_from(row), row.get<std::string>("key"));
        });
}

std::optional<Endpoint> select(pg::Transaction& tx, EndpointId id, Instant now) {
    auto found = select_sorted(
        tx, {.company = tx.company(), .id = id, .state = {}, .sorting = {}, .count = 1}, now);
    if (found.empty()) return std::nullopt;
    return std::move(found[0].first);
}

bool lock(pg::Transaction& tx, EndpointId id) {
    return tx.run(kLock, tx.company(), id).size() == 1;
}

void update(pg::Transaction& tx, const Endpoint& endpoint) {
    tx.run(
        kUpdate, tx.company(), endpoint.id, endpoint.url, endpoint.description,
        endpoint.event_types, endpoint.state, endpoint.state_since, endpoint.failing_since,
        endpoint.failures_in_row, endpoint.held_until);
}

std::optional<Sending> lock_sending(pg::Transaction& tx, EndpointId id) {
    return tx.run(kSelectSending, tx.company(), id).first([](const pg::Row& row) {
        return Sending{row.get<EndpointState>("state"),     row.get<int>("failures"),
                       row.optional<Instant>("held_until"), row.get<bool>("slow"),
                       row.optional<std::string>("sender"), row.optional<Instant>("sender_until")};
    });
}

void update_sender(
    pg::Transaction& tx, EndpointId id, const std::optional<std::string>& sender,
    std::optional<Instant> until) {
    tx.run(kUpdateSender, tx.company(), id, sender, until);
}

void update_slow(pg::Transaction& tx, EndpointId id, bool slow) {
    tx.run(kUpdateSlow, tx.company(), id, slow);
}

std::int64_t take_sequence(pg::Transaction& tx, EndpointId id) {
    return *tx.run(kTakeSequence, tx.company(), id).first([](const pg::Row& row) {
        return row.get<std::int64_t>("last_sequence");
    });
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

bool has_event(pg::Transaction& tx, EndpointId endpoint, events::EventNumber number) {
    return tx.run(kHasEvent, tx.company(), endpoint, number).size() > 0;
}

void insert(pg::Transaction& tx, const Message& message) {
    tx.run(
        kInsertMessage, tx.company(), message.id, message.endpoint, message.event_type,
        message.body, message.created_at, message.event_number, message.sequence);
}

std::optional<EndpointId> select_endpoint_of(pg::Transaction& tx, MessageId id) {
    return tx.run(kSelectEndpointOf, tx.company(), id).first([](const pg::Row& row) {
        return row.get<EndpointId>("endpoint_id");
    });
}

std::optional<Message> select_due(pg::Transaction& tx, EndpointId endpoint, Instant now) {
    return tx.run(kSelectDue, tx.company(), endpoint, now).first(message_from);
}

std::optional<Instant> select_next_at(pg::Transaction& tx, EndpointId endpoint) {
    return *tx.run(kSelectNextAt, tx.company(), endpoint).first([](const pg::Row& row) {
        return row.optional<Instant>("next_at");
    });
}

void update_tried(
    pg::Transaction& tx, MessageId id, std::string_view state, std::optional<Instant> next_at) {
    tx.run(kUpdateTried, tx.company(), id, state, next_at);
}

void begin_anew(pg::Transaction& tx, MessageId id) { tx.run(kBeginAnew, tx.company(), id); }

void begin_all_anew(pg::Transaction& tx, EndpointId endpoint) {
    tx.run(kBeginAllAnew, tx.company(), endpoint);
}

std::vector<Forgotten> select_forgotten(pg::SystemTransaction& tx, Instant now) {
    return tx.run(kSelectForgotten, now).all([](const pg::Row& row) {
        return Forgotten{
            row.get<CompanyId>("company_id"), row.get<EndpointId>("id"), row.get<bool>("slow")};
    });
}

void insert(pg::Transaction& tx, const Attempt& attempt) {
    tx.run(
        kInsertAttempt, tx.company(), attempt.id, attempt.endpoint_id, attempt.message_id,
        attempt.event_type, attempt.number, attempt.outcome, attempt.status, attempt.detail,
        attempt.begun_at, attempt.took_ms, attempt.next_at);
}

std::optional<Attempt> select(pg::Transaction& tx, AttemptId id) {
    return tx.run(kSelectAttempt, tx.company(), id).first(attempt_from);
}

std::vector<Attempt> select_attempts(pg::AnyTransaction& tx, const AttemptRange& range) {
    const auto& [company, endpoint, after, descending, failed, count] = range;
    const auto rows =
        company ? tx.run(kSelectAttempts, *company, endpoint, after, descending, failed, count)
                : tx.run(kSelectAttemptsOfAll, endpoint, after, descending, failed, count);
    return rows.all(attempt_from);
}

bool exists_for_staff(pg::StaffTransaction& tx, EndpointId endpoint) {
    return tx.run(kExists, endpoint).size() == 1;
}

privacy::RetentionRule messages_rule() {
    using std::chrono::days;
    return {
        .kind = "webhook_messages",
        .what = "What webhooks were told, and how they answered",
        .usual = days(30),
        .least = days(7),  // They are tried for longer than three.
        .most = kMessagesKeptMost,
        .enforce = [](pg::Transaction& tx, Instant older_than, Instant) {
            return tx.run(kForgetOwn, tx.company(), older_than).touched();
        }};
}

std::int64_t forget(pg::SystemTransaction& tx, Instant before) {
    return tx.run(kForget, before).touched();
}

}  // namespace mobilytics::webhooks
