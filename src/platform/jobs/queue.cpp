#include "platform/jobs/queue.h"

#include <boost/json/parse.hpp>

#include "foundation/json.h"
#include "platform/pg/sorting.h"

namespace mobilytics::jobs {

namespace {

constexpr pg::Query kDepths{"jobs.depths", R"sql(
    SELECT kind,
           count(*) FILTER (WHERE state = 'available') AS available,
           count(*) FILTER (WHERE state = 'scheduled') AS scheduled,
           count(*) FILTER (WHERE state = 'retryable') AS retryable,
           count(*) FILTER (WHERE state = 'running') AS running,
           count(*) FILTER (WHERE state = 'completed') AS completed,
           count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
           count(*) FILTER (WHERE state = 'discarded') AS discarded,
           coalesce(greatest(0, extract(epoch FROM $1::timestamptz - min(due_at)
                                 FILTER (WHERE state = 'available'))), 0)::bigint AS oldest_age_s
    FROM jobs.job GROUP BY kind ORDER BY kind
)sql"};

constexpr pg::Query kSchedules{"jobs.schedules", R"sql(
    SELECT name, kind, cron, time_zone, next_run_at, last_run_at, paused
    FROM jobs.schedule ORDER BY name
)sql"};

constexpr pg::Query kPause{"jobs.pause_schedule", R"sql(
    UPDATE jobs.schedule SET paused = $2 WHERE name = $1
)sql"};

constexpr pg::Query kList{"jobs.list", R"sql(
    SELECT company_id, id, kind, state, priority, attempt, attempts_max, enqueued_at, due_at,
           started_at, finished_at, deadline_at, unique_key, progress_percent, progress_note,
           cancel_asked, coalesce('[' || (errors -> -1)::text || ']', '[]') AS errors
    FROM jobs.job
    WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR kind = $2)
      AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR company_id = $4)
      AND ($5::text IS NULL OR errors -> -1 ->> 'code' = $5)
    ORDER BY id DESC LIMIT $6
)sql"};

// By more than when they were enqueued. A key is compared byte for byte, so that a page begins
// where the one before it ended.
constexpr pg::Query kListSorted{"jobs.list_sorted", R"sql(
    WITH listed AS (
        SELECT company_id, id, kind, state, priority, attempt, attempts_max, enqueued_at, due_at,
               started_at, finished_at, deadline_at, unique_key, progress_percent, progress_note,
               cancel_asked, coalesce('[' || (errors -> -1)::text || ']', '[]') AS errors,
               (CASE $5 WHEN 'kind' THEN kind WHEN 'state' THEN state
                        WHEN 'due_at' THEN to_char(due_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
                        ELSE to_char(enqueued_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM jobs.job
        WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR state = $2)
          AND ($3::uuid IS NULL OR company_id = $3)
          AND ($4::text IS NULL OR errors -> -1 ->> 'code' = $4))
    SELECT * FROM listed
    WHERE $8 = '' OR CASE WHEN $6 THEN (key, id) < ($7 COLLATE "C", nullif($8, '')::uuid)
                          ELSE (key, id) > ($7 COLLATE "C", nullif($8, '')::uuid) END
    ORDER BY CASE WHEN $6 THEN key END DESC, CASE WHEN $6 THEN id END DESC, key, id
    LIMIT $9
)sql"};

constexpr pg::Query kCompanies{"jobs.companies", R"sql(
    SELECT DISTINCT company_id FROM jobs.job
    WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR state = $2)
      AND ($3::uuid IS NULL OR company_id = $3)
      AND ($4::text IS NULL OR errors -> -1 ->> 'code' = $4)
    ORDER BY company_id
)sql"};

constexpr pg::Query kFind{"jobs.find", R"sql(
    SELECT company_id, id, kind, state, priority, attempt, attempts_max, enqueued_at, due_at,
           started_at, finished_at, deadline_at, unique_key, progress_percent, progress_note,
           cancel_asked, errors::text AS errors
    FROM jobs.job WHERE id = $1
)sql"};

// What both kinds of transactions may change is what they see.
constexpr pg::Query kLock{"jobs.lock", R"sql(
    SELECT state FROM jobs.job WHERE id = $1 FOR UPDATE
)sql"};

constexpr pg::Query kCancelWaiting{"jobs.cancel_waiting", R"sql(
    UPDATE jobs.job SET state = 'cancelled', finished_at = $2
    WHERE id = $1 AND state IN ('available', 'scheduled', 'retryable')
)sql"};

constexpr pg::Query kAskToCancel{"jobs.ask_to_cancel", R"sql(
    UPDATE jobs.job SET cancel_asked = true WHERE id = $1 AND state = 'running'
)sql"};

constexpr pg::Query kTellCancelled{"jobs.tell_cancelled", R"sql(
    SELECT pg_notify('mobilytics_jobs_cancel', '')
)sql"};

constexpr pg::Query kTellAvailable{"jobs.tell_available", R"sql(
    SELECT pg_notify('mobilytics_jobs', '')
)sql"};

constexpr pg::Query kRetry{"jobs.retry", R"sql(
    UPDATE jobs.job j
    SET state = 'available', due_at = $2, finished_at = NULL, attempt = 0, cancel_asked = false
    WHERE id = $1 AND state <> 'running'
      AND NOT (unique_key IS NOT NULL AND EXISTS (
          SELECT FROM jobs.job other
          WHERE other.company_id = j.company_id AND other.kind = j.kind
            AND other.held_key = j.unique_key AND other.id <> j.id))
)sql"};

constexpr pg::Query kCancelAll{"jobs.cancel_all", R"sql(
    UPDATE jobs.job j
    SET state = CASE j.state WHEN 'running' THEN 'running' ELSE 'cancelled' END,
        finished_at = CASE j.state WHEN 'running' THEN NULL ELSE $6::timestamptz END,
        cancel_asked = j.state = 'running'
    FROM (SELECT company_id, id FROM jobs.job
          WHERE state IN ('available', 'scheduled', 'retryable', 'running') AND NOT cancel_asked
            AND ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR state = $2)
            AND ($3::uuid IS NULL OR company_id = $3)
            AND ($4::text IS NULL OR errors -> -1 ->> 'code' = $4)
          ORDER BY id LIMIT $5 FOR UPDATE SKIP LOCKED) AS chosen
    WHERE j.company_id = chosen.company_id AND j.id = chosen.id
)sql"};

// Of several that hold one key when they are not final, the newest goes.
constexpr pg::Query kRedriveAll{"jobs.redrive_all", R"sql(
    UPDATE jobs.job j
    SET state = 'available', due_at = $6, finished_at = NULL, attempt = 0, cancel_asked = false
    FROM (SELECT company_id, id FROM jobs.job w
          WHERE state IN ('discarded', 'cancelled')
            AND ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR state = $2)
            AND ($3::uuid IS NULL OR company_id = $3)
            AND ($4::text IS NULL OR errors -> -1 ->> 'code' = $4)
            AND NOT (unique_key IS NOT NULL AND EXISTS (
                SELECT FROM jobs.job other
                WHERE other.company_id = w.company_id AND other.kind = w.kind
                  AND other.id <> w.id
                  AND (other.held_key = w.unique_key
                       OR other.unique_key = w.unique_key AND other.id > w.id
                          AND other.state IN ('discarded', 'cancelled'))))
          ORDER BY id LIMIT $5 FOR UPDATE SKIP LOCKED) AS chosen
    WHERE j.company_id = chosen.company_id AND j.id = chosen.id
)sql"};

std::vector<JobError> errors_from(const std::string& text) {
    std::vector<JobError> out;
    const auto entries = boost::json::parse(text);
    for (const auto& entry : entries.as_array()) {
        out.push_back(
            {pg::verified(parse_iso8601(entry.at("at").as_string())),
             entry.at("attempt").to_number<std::int64_t>(),
             std::string(entry.at("code").as_string()),
             std::string(entry.at("message").as_string())});
    }
    return out;
}

JobRow job_from(const pg::Row& row) {
    JobRow out;
    const auto company = row.get<CompanyId>("company_id");
    if (company != CompanyId()) out.company_id = company;
    out.id = row.get<JobId>("id");
    out.kind = row.get<std::string>("kind");
    out.state = row.get<State>("state");
    out.priority = static_cast<Priority>(row.get<int>("priority"));
    out.attempt = row.get<std::int64_t>("attempt");
    if (const auto most = row.get<std::int64_t>("attempts_max"); most > 0) out.attempts_max = most;
    out.enqueued_at = row.get<Instant>("enqueued_at");
    out.due_at = row.get<Instant>("due_at");
    out.started_at = row.optional<Instant>("started_at");
    out.finished_at = row.optional<Instant>("finished_at");
    out.deadline_at = row.optional<Instant>("deadline_at");
    out.unique_key = row.optional<std::string>("unique_key");
    out.progress_percent = row.optional<std::int64_t>("progress_percent");
    out.progress_note = row.optional<std::string>("progress_note");
    out.cancel_asked = row.get<bool>("cancel_asked");
    out.errors = errors_from(row.get<std::string>("errors"));
    return out;
}

tl::unexpected<Error> no_such_job(JobId id) {
    return fail(ErrorKind::not_found, "no_such_job", id.str());
}

}  // namespace

std::vector<KindDepth> Queue::depths(pg::AnyTransaction& tx) const {
    return tx.run(kDepths, clock_.now()).all([](pg::Row row) {
        const auto count = [&row](const char* column) { return row.get<std::int64_t>(column); };
        return KindDepth{row.get<std::string>("kind"), count("available"), count("scheduled"),
                         count("retryable"),           count("running"),   count("completed"),
                         count("cancelled"),           count("discarded"), count("oldest_age_s")};
    });
}

std::vector<ScheduleRow> Queue::schedules(pg::AnyTransaction& tx) const {
    return tx.run(kSchedules).all([](pg::Row row) {
        return ScheduleRow{row.get<std::string>("name"),    row.get<std::string>("kind"),
                           row.get<std::string>("cron"),    row.get<std::string>("time_zone"),
                           row.get<Instant>("next_run_at"), row.optional<Instant>("last_run_at"),
                           row.get<bool>("paused")};
    });
}

Result<Page<JobRow>> Queue::list(
    pg::AnyTransaction& tx, const Filter& filter, const PageRequest& page,
    const std::optional<std::string>& sort) const {
    constexpr const char* kNewestFirst = "-enqueued_at";
    if (sort.value_or(kNewestFirst) != kNewestFirst) {
        TRY(const auto sorting,
            pg::sorting_of(sort, page, {"enqueued_at", "due_at", "kind", "state"}));
        return pg::sorted_page(
            tx.run(
                  kListSorted, filter.kind, filter.state, filter.company, filter.error_code,
                  sorting.by, sorting.descending, sorting.after_key, sorting.after_id,
                  page.limit + 1)
                .all([](const pg::Row& row) {
                    return std::pair(job_from(row), row.get<std::string>("key"));
                }),
            page.limit, sorting);
    }
    TRY(const auto after, page.after<JobId>());
    const auto before = page.cursor.empty() ? std::nullopt : std::optional(after);
    return page_of(
        tx.run(
              kList, before, filter.kind, filter.state, filter.company, filter.error_code,
              page.limit + 1)
            .all(job_from),
        page.limit);
}

Result<JobRow> Queue::find(pg::AnyTransaction& tx, JobId id) const {
    auto found = tx.run(kFind, id).first(job_from);
    if (!found) return no_such_job(id);
    return *std::move(found);
}

Result<JobRow> Queue::cancel(pg::AnyTransaction& tx, JobId id) const {
    const auto state = tx.run(kLock, id).first([](pg::Row row) { return row.get<State>("state"); });
    if (!state) return no_such_job(id);
    if ((states({*state}) & kFinished) != 0) {
        return fail(ErrorKind::conflict, "job_finished", "it has ended already");
    }
    if (*state == State::running) {
        tx.run(kAskToCancel, id);
        tx.run(kTellCancelled);
    } else {
        tx.run(kCancelWaiting, id, clock_.now());
    }
    return find(tx, id);
}

Result<JobRow> Queue::retry(pg::AnyTransaction& tx, JobId id) const {
    const auto state = tx.run(kLock, id).first([](pg::Row row) { return row.get<State>("state"); });
    if (!state) return no_such_job(id);
    if (*state == State::running) {
        return fail(ErrorKind::conflict, "job_running", "it runs now; cancel it first");
    }
    if (tx.run(kRetry, id, clock_.now()).touched() == 0) {
        return fail(
            ErrorKind::conflict, "job_superseded", "another of its unique key has taken its place");
    }
    tx.run(kTellAvailable);
    return find(tx, id);
}

std::int64_t Queue::cancel_all(
    pg::AnyTransaction& tx, const Filter& filter, std::int64_t most) const {
    const auto count = tx.run(
                             kCancelAll, filter.kind, filter.state, filter.company,
                             filter.error_code, most, clock_.now())
                           .touched();
    if (count > 0) tx.run(kTellCancelled);
    return count;
}

std::int64_t Queue::redrive_all(
    pg::AnyTransaction& tx, const Filter& filter, std::int64_t most) const {
    const auto count = tx.run(
                             kRedriveAll, filter.kind, filter.state, filter.company,
                             filter.error_code, most, clock_.now())
                           .touched();
    if (count > 0) tx.run(kTellAvailable);
    return count;
}

std::vector<CompanyId> Queue::companies(pg::AnyTransaction& tx, const Filter& filter) const {
    return tx.run(kCompanies, filter.kind, filter.state, filter.company, filter.error_code)
        .all([](pg::Row row) { return row.get<CompanyId>("company_id"); });
}

Result<> Queue::pause_schedule(pg::AnyTransaction& tx, const std::string& name, bool paused) const {
    if (tx.run(kPause, name, paused).touched() == 1) return {};
    return fail(ErrorKind::not_found, "no_such_schedule", name);
}

}  // namespace mobilytics::jobs
