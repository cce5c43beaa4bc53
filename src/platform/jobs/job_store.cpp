#include "platform/jobs/job_store.h"

#include <algorithm>
#include <tuple>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace mobilytics::jobs {

namespace {

constexpr pg::Query kComplete{"jobs.complete", R"sql(
    UPDATE jobs.job SET state = 'completed', finished_at = $5, worker_id = NULL,
                        progress_percent = NULL, progress_note = NULL
    WHERE company_id = $1 AND id = $2 AND state = 'running' AND worker_id = $3 AND claim = $4
)sql"};

constexpr pg::Query kCompleteAll{"jobs.complete_all", R"sql(
    UPDATE jobs.job j SET state = 'completed', finished_at = $5, worker_id = NULL
    FROM unnest($1::uuid[], $2::uuid[], $4::integer[]) AS done(company_id, id, claim)
    WHERE j.company_id = done.company_id AND j.id = done.id AND j.claim = done.claim
      AND j.state = 'running' AND j.worker_id = $3
)sql"};

// Of the errors the first stays, and the newest: many are alike.
constexpr pg::Query kSettle{"jobs.settle", R"sql(
    WITH own AS (
        SELECT company_id, id,
               $5 NOT IN ('cancelled', 'discarded') AND unique_key IS NOT NULL AND EXISTS (
                   SELECT FROM jobs.job other
                   WHERE other.company_id = j.company_id AND other.kind = j.kind
                     AND other.held_key = j.unique_key AND other.id <> j.id) AS superseded
        FROM jobs.job j
        WHERE company_id = $1 AND id = $2 AND state = 'running' AND worker_id = $3 AND claim = $4
        FOR UPDATE)
    UPDATE jobs.job j
    SET state = CASE WHEN superseded THEN 'cancelled' ELSE $5 END,
        finished_at = CASE WHEN superseded OR $5 IN ('cancelled', 'discarded')
                           THEN $6::timestamptz END,
        due_at = $7, attempt = attempt - $8, worker_id = NULL, cancel_asked = false,
        progress_percent = NULL, progress_note = NULL,
        errors = CASE WHEN $9::jsonb IS NULL THEN errors
                      WHEN jsonb_array_length(errors) < 10 THEN errors || $9::jsonb
                      ELSE (errors - 1) || $9::jsonb END
    FROM own WHERE j.company_id = own.company_id AND j.id = own.id
    RETURNING j.state
)sql"};

// Plans for a table of any size, whatever its statistics say: one index, in its order.
constexpr pg::Query kLockClaims{"jobs.lock_claims", R"sql(
    SELECT set_config('enable_seqscan', 'off', true) AS a,
           set_config('enable_bitmapscan', 'off', true) AS b,
           set_config('enable_hashjoin', 'off', true) AS c,
           set_config('enable_mergejoin', 'off', true) AS d,
           set_config('synchronous_commit', 'off', true) AS e,
           set_config('idle_in_transaction_session_timeout', '10s', true) AS f,
           pg_advisory_xact_lock(hashtext('mobilytics.jobs.claim')) IS NULL AS g
)sql"};

constexpr pg::Query kHoldAlive{"jobs.hold_alive", R"sql(
    SELECT id FROM jobs.worker WHERE id = $1 FOR KEY SHARE
)sql"};

constexpr pg::Query kSelectRunning{"jobs.select_running", R"sql(
    SELECT kind, company_id, count(*) AS count FROM jobs.job WHERE state = 'running'
    GROUP BY kind, company_id
)sql"};

// From lane to lane, over whatever lies within one.
constexpr pg::Query kSelectLanes{"jobs.select_lanes", R"sql(
    SELECT k.kind, lane.priority, lane.company_id
    FROM unnest($1::text[], $2::smallint[], $3::uuid[]) AS k(kind, priority, company_id)
    CROSS JOIN LATERAL (
        WITH RECURSIVE found AS (
            (SELECT j.priority, j.company_id FROM jobs.job j
             WHERE j.state = 'available' AND j.kind = k.kind
               AND (j.priority, j.company_id) > (k.priority, k.company_id)
             ORDER BY j.priority, j.company_id LIMIT 1)
            UNION ALL
            SELECT next.priority, next.company_id FROM found CROSS JOIN LATERAL (
                SELECT j.priority, j.company_id FROM jobs.job j
                WHERE j.state = 'available' AND j.kind = k.kind
                  AND (j.priority, j.company_id) > (found.priority, found.company_id)
                ORDER BY j.priority, j.company_id LIMIT 1) AS next)
        SELECT priority, company_id FROM found LIMIT $4) AS lane
)sql"};

constexpr pg::Query kClaim{"jobs.claim", R"sql(
    WITH chosen AS MATERIALIZED (
        SELECT j.company_id, j.id
        FROM unnest($1::text[], $2::smallint[], $3::uuid[], $4::bigint[])
             AS share(kind, priority, company_id, count)
        CROSS JOIN LATERAL (
            SELECT w.company_id, w.id FROM jobs.job w
            WHERE w.state = 'available' AND w.kind = share.kind
              AND w.priority = share.priority AND w.company_id = share.company_id
            ORDER BY w.due_at, w.id LIMIT share.count FOR UPDATE SKIP LOCKED) AS j)
    UPDATE jobs.job j
    SET state = 'running', attempt = j.attempt + 1, claim = j.claim + 1, worker_id = $5,
        started_at = $6
    FROM chosen WHERE j.company_id = chosen.company_id AND j.id = chosen.id
    RETURNING j.company_id, j.id, j.worker_id, j.claim, j.kind, j.payload::text AS payload,
              j.priority, j.attempt, j.attempts_max, j.enqueued_at, j.due_at, j.deadline_at
)sql"};

constexpr pg::Query kPromote{"jobs.promote", R"sql(
    UPDATE jobs.job j SET state = 'available'
    FROM (SELECT company_id, id FROM jobs.job
          WHERE state IN ('scheduled', 'retryable') AND due_at <= $1
          ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
    WHERE j.company_id = due.company_id AND j.id = due.id
)sql"};

constexpr pg::Query kNextDue{"jobs.next_due", R"sql(
    SELECT due_at FROM jobs.job WHERE state IN ('scheduled', 'retryable')
    ORDER BY due_at LIMIT 1
)sql"};

constexpr pg::Query kPrune{"jobs.prune", R"sql(
    DELETE FROM jobs.job j USING (
        SELECT company_id, id FROM jobs.job
        WHERE state IN ('completed', 'cancelled', 'discarded')
          AND finished_at < CASE state WHEN 'completed' THEN $1::timestamptz
                                       ELSE $2::timestamptz END
          AND finished_at < greatest($1::timestamptz, $2::timestamptz)
        ORDER BY finished_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS old
    WHERE j.company_id = old.company_id AND j.id = old.id
)sql"};

constexpr pg::Query kInsertWorker{"jobs.insert_worker", R"sql(
    INSERT INTO jobs.worker (id, started_at) VALUES ($1, $2)
)sql"};

constexpr pg::Query kBeat{"jobs.beat", R"sql(
    UPDATE jobs.worker SET beat = beat + 1 WHERE id = $1
)sql"};

constexpr pg::Query kSelectBeats{"jobs.select_beats", "SELECT id, beat FROM jobs.worker"};

constexpr pg::Query kBury{"jobs.bury", "DELETE FROM jobs.worker WHERE id = $1 AND beat = $2"};

constexpr pg::Query kDeleteWorker{"jobs.delete_worker", "DELETE FROM jobs.worker WHERE id = $1"};

constexpr pg::Query kSelectOrphans{"jobs.select_orphans", R"sql(
    SELECT company_id, id, worker_id, claim, kind, payload::text AS payload, priority, attempt,
           attempts_max, enqueued_at, due_at, deadline_at
    FROM jobs.job j
    WHERE state = 'running' AND NOT EXISTS (SELECT FROM jobs.worker w WHERE w.id = j.worker_id)
    LIMIT $1
)sql"};

constexpr pg::Query kSelectCancelAsked{"jobs.select_cancel_asked", R"sql(
    SELECT id FROM jobs.job WHERE state = 'running' AND worker_id = $1 AND cancel_asked
)sql"};

constexpr pg::Query kUpdateProgress{"jobs.update_progress", R"sql(
    UPDATE jobs.job SET progress_percent = $5, progress_note = $6
    WHERE company_id = $1 AND id = $2 AND state = 'running' AND worker_id = $3 AND claim = $4
)sql"};

// A clock that was put back brings nothing, and one that was put forward no more than the bucket.
constexpr pg::Query kFillTokens{"jobs.fill_tokens", R"sql(
    INSERT INTO jobs.vendor AS v (name, tokens, filled_at) VALUES ($1, $3, $4)
    ON CONFLICT (name) DO UPDATE
    SET tokens = least($3::double precision,
                       v.tokens + greatest(0, extract(epoch FROM $4::timestamptz - v.filled_at))
                                  * $2::double precision),
        filled_at = $4
    RETURNING tokens
)sql"};

constexpr pg::Query kTakeTokens{"jobs.take_tokens", R"sql(
    UPDATE jobs.vendor SET tokens = tokens - $2 WHERE name = $1
)sql"};

Claimed claimed_from(const pg::Row& row) {
    return {
        {row.get<CompanyId>("company_id"), row.get<JobId>("id"), row.get<WorkerId>("worker_id"),
         row.get<int>("claim")},
        row.get<std::string>("kind"),
        row.get<std::string>("payload"),
        static_cast<Priority>(row.get<int>("priority")),
        row.get<int>("attempt"),
        row.get<int>("attempts_max"),
        row.get<Instant>("enqueued_at"),
        row.get<Instant>("due_at"),
        row.optional<Instant>("deadline_at")};
}

std::string json_of(const JobError& error) {
    const boost::json::value entry{
        {"at", to_iso8601(error.at)},
        {"attempt", error.attempt},
        {"code", error.code},
        {"message", error.message}};
    return boost::json::serialize(boost::json::array({entry}));
}

}  // namespace

bool complete(pg::AnyTransaction& tx, const Lease& lease, Instant now) {
    return tx.run(kComplete, lease.company, lease.id, lease.worker, lease.claim, now).touched() ==
           1;
}

std::optional<State> settle(
    pg::AnyTransaction& tx, const Lease& lease, const Settlement& how, Instant now) {
    const auto error = how.error ? std::optional(json_of(*how.error)) : std::nullopt;
    return tx
        .run(
            kSettle, lease.company, lease.id, lease.worker, lease.claim, how.state, now, how.due_at,
            how.attempt_counts ? 0 : 1, error)
        .first([](pg::Row row) { return row.get<State>("state"); });
}

std::int64_t complete_all(
    pg::SystemTransaction& tx, const std::vector<Lease>& leases, Instant now) {
    std::vector<CompanyId> companies;
    std::vector<JobId> ids;
    std::vector<int> claims;
    for (const auto& lease : leases) {
        companies.push_back(lease.company);
        ids.push_back(lease.id);
        claims.push_back(lease.claim);
    }
    return tx.run(kCompleteAll, companies, ids, leases.at(0).worker, claims, now).touched();
}

void lock_claims(pg::SystemTransaction& tx) { tx.run(kLockClaims); }

bool hold_alive(pg::SystemTransaction& tx, WorkerId worker) {
    return tx.run(kHoldAlive, worker).size() == 1;
}

std::vector<Running> select_running(pg::SystemTransaction& tx) {
    return tx.run(kSelectRunning).all([](pg::Row row) {
        return Running{
            row.get<std::string>("kind"), row.get<CompanyId>("company_id"),
            row.get<std::int64_t>("count")};
    });
}

std::vector<Lane> select_lanes(
    pg::SystemTransaction& tx, const std::map<std::string, LaneStart>& kinds, std::int64_t most) {
    std::vector<std::string> names;
    std::vector<int> priorities;
    std::vector<CompanyId> companies;
    for (const auto& [kind, start] : kinds) {
        names.push_back(kind);
        // Behind a company, or, at the very beginning, behind all of the priority before the first.
        const bool from_top = start.priority == Priority::urgent && start.company == CompanyId();
        priorities.push_back(from_top ? -1 : static_cast<int>(start.priority));
        companies.push_back(start.company);
    }
    return tx.run(kSelectLanes, names, priorities, companies, most).all([](pg::Row row) {
        return Lane{
            row.get<std::string>("kind"), static_cast<Priority>(row.get<int>("priority")),
            row.get<CompanyId>("company_id")};
    });
}

std::vector<Claimed> claim(
    pg::SystemTransaction& tx, const std::vector<Share>& shares, WorkerId worker, Instant now) {
    std::vector<std::string> kinds;
    std::vector<int> priorities;
    std::vector<CompanyId> companies;
    std::vector<std::int64_t> counts;
    for (const auto& share : shares) {
        kinds.push_back(share.lane.kind);
        priorities.push_back(static_cast<int>(share.lane.priority));
        companies.push_back(share.lane.company);
        counts.push_back(share.count);
    }
    auto out = tx.run(kClaim, kinds, priorities, companies, counts, worker, now).all(claimed_from);
    std::sort(out.begin(), out.end(), [](const Claimed& a, const Claimed& b) {
        return std::tie(a.priority, a.due_at, a.lease.id) <
               std::tie(b.priority, b.due_at, b.lease.id);
    });
    return out;
}

std::int64_t promote(pg::SystemTransaction& tx, Instant now, std::int64_t most) {
    return tx.run(kPromote, now, most).touched();
}

std::optional<Instant> next_due(pg::SystemTransaction& tx) {
    return tx.run(kNextDue).first([](pg::Row row) { return row.get<Instant>("due_at"); });
}

std::int64_t prune(
    pg::SystemTransaction& tx, Instant completed_before, Instant others_before, std::int64_t most) {
    return tx.run(kPrune, completed_before, others_before, most).touched();
}

void insert_worker(pg::SystemTransaction& tx, WorkerId worker, Instant now) {
    tx.run(kInsertWorker, worker, now);
}

bool beat(pg::SystemTransaction& tx, WorkerId worker) {
    return tx.run(kBeat, worker).touched() == 1;
}

std::map<WorkerId, std::int64_t> select_beats(pg::SystemTransaction& tx) {
    std::map<WorkerId, std::int64_t> out;
    const auto rows = tx.run(kSelectBeats).all([](pg::Row row) {
        return std::pair(row.get<WorkerId>("id"), row.get<std::int64_t>("beat"));
    });
    out.insert(rows.begin(), rows.end());
    return out;
}

bool bury(pg::SystemTransaction& tx, WorkerId worker, std::int64_t beat) {
    return tx.run(kBury, worker, beat).touched() == 1;
}

void delete_worker(pg::SystemTransaction& tx, WorkerId worker) { tx.run(kDeleteWorker, worker); }

std::vector<Claimed> select_orphans(pg::SystemTransaction& tx, std::int64_t most) {
    return tx.run(kSelectOrphans, most).all(claimed_from);
}

std::vector<JobId> select_cancel_asked(pg::SystemTransaction& tx, WorkerId worker) {
    return tx.run(kSelectCancelAsked, worker).all([](pg::Row row) { return row.get<JobId>("id"); });
}

void update_progress(
    pg::SystemTransaction& tx, const Lease& lease, int percent, const std::string& note) {
    tx.run(kUpdateProgress, lease.company, lease.id, lease.worker, lease.claim, percent, note);
}

double fill_tokens(
    pg::SystemTransaction& tx, const std::string& vendor, double per_second, double burst,
    Instant now) {
    return *tx.run(kFillTokens, vendor, per_second, burst, now).first([](pg::Row row) {
        return row.get<double>("tokens");
    });
}

void take_tokens(pg::SystemTransaction& tx, const std::string& vendor, double count) {
    tx.run(kTakeTokens, vendor, count);
}

}  // namespace mobilytics::jobs
