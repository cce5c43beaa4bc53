#include "platform/jobs/jobs.h"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "platform/jobs/run.h"

namespace mobilytics::jobs {

namespace {

constexpr pg::Query kInsert{"jobs.insert", R"sql(
    INSERT INTO jobs.job (company_id, id, kind, state, priority, payload, attempts_max,
                          enqueued_at, due_at, deadline_at, unique_key, unique_in)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (company_id, kind, held_key) WHERE held_key IS NOT NULL DO NOTHING
    RETURNING id
)sql"};

constexpr pg::Query kHolder{"jobs.holder", R"sql(
    SELECT id FROM jobs.job WHERE company_id = $1 AND kind = $2 AND held_key = $3
)sql"};

constexpr pg::Query kInsertMany{"jobs.insert_many", R"sql(
    INSERT INTO jobs.job (company_id, id, kind, state, priority, payload, attempts_max,
                          enqueued_at, due_at, deadline_at)
    SELECT $1, id, $4, $5, $6, payload::jsonb, $7, $8, $9, $10
    FROM unnest($2::uuid[], $3::text[]) AS new(id, payload)
)sql"};

// Postgres tells the same payload once a transaction, however often it is notified.
constexpr pg::Query kWake{"jobs.wake", "SELECT pg_notify('mobilytics_jobs', '')"};

constexpr int kTriesMax = 3;  // For a holder of a key that goes as we look.

struct Entry {
    State state;
    Instant due;
};

Entry entry_of(const Options& options, Instant now) {
    const auto due = options.due.value_or(now);
    return {due > now ? State::scheduled : State::available, due};
}

std::string text_of(const boost::json::value& payload) {
    auto text = boost::json::serialize(payload);
    VERIFY(text.size() <= kPayloadBytesMax);
    return text;
}

}  // namespace

Enqueued enqueue(
    pg::AnyTransaction& tx, CompanyId company, Instant now, std::string_view kind,
    const boost::json::value& payload, const Options& options) {
    const bool unique = !options.unique_key.empty();
    VERIFY(options.unique_key.size() <= kUniqueKeyBytesMax);
    // Else a twin could be enqueued, and then stand in its way when it goes on.
    VERIFY((options.unique_in & kWaiting) == kWaiting);
    VERIFY((options.unique_in & kFinished) == 0 || (options.unique_in & states({State::running})));
    const auto entry = entry_of(options, now);
    const auto id_of = [](pg::Row row) { return row.get<JobId>("id"); };
    const auto key = unique ? std::optional(options.unique_key) : std::nullopt;
    for (int tries = 0; tries < kTriesMax; ++tries) {
        const auto id = JobId::fresh(now);
        const auto rows = tx.run(
            kInsert, company, id, kind, entry.state, static_cast<int>(options.priority),
            text_of(payload), options.attempts_max, now, entry.due, options.deadline, key,
            unique ? options.unique_in : 0);
        if (rows.size() == 1) {
            if (entry.state == State::available) tx.run(kWake);
            return {id, true};
        }
        if (const auto holder = tx.run(kHolder, company, kind, *key).first(id_of)) {
            return {*holder, false};
        }
    }
    throw Unavailable("jobs.insert: jobs of its unique key come and go");
}

std::vector<JobId> enqueue_all(
    pg::AnyTransaction& tx, CompanyId company, Instant now, std::string_view kind,
    const std::vector<boost::json::value>& payloads, const Options& options) {
    VERIFY(options.unique_key.empty());
    if (payloads.empty()) return {};
    const auto entry = entry_of(options, now);
    std::vector<JobId> ids;
    std::vector<std::string> texts;
    for (const auto& payload : payloads) {
        ids.push_back(JobId::fresh(now));
        texts.push_back(text_of(payload));
    }
    tx.run(
        kInsertMany, company, ids, texts, kind, entry.state, static_cast<int>(options.priority),
        options.attempts_max, now, entry.due, options.deadline);
    if (entry.state == State::available) tx.run(kWake);
    return ids;
}

void JobRun::progress(int percent, std::string note) {
    const std::lock_guard lock(told_->mutex);
    told_->percent = std::clamp(percent, 0, 100);
    told_->note = std::move(note);
    told_->changed = true;
}

}  // namespace mobilytics::jobs
