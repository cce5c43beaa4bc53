#include "platform/jobs/upkeep.h"

#include <boost/json/parse.hpp>

#include "foundation/log.h"
#include "platform/jobs/cron.h"

namespace mobilytics::jobs {

namespace {

constexpr std::int64_t kAtOnce = 1'000;
constexpr std::chrono::minutes kPruneEvery{1};
constexpr int kLooksALease = 6;  // So often a lease we look whether others live.

// What runs next is kept over a start, unless the plan has changed.
constexpr pg::Query kKeepSchedule{"jobs.keep_schedule", R"sql(
    INSERT INTO jobs.schedule AS s (company_id, name, kind, cron, time_zone, payload, priority,
                                    attempts_max, next_run_at)
    VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)
    ON CONFLICT (company_id, name) DO UPDATE
    SET kind = $3, cron = $4, time_zone = $5, payload = $6::jsonb, priority = $7,
        attempts_max = $8,
        next_run_at = CASE WHEN s.cron = $4 AND s.time_zone = $5 THEN s.next_run_at
                           ELSE $9 END
)sql"};

// A clock that was set wrong, and has been put right, must not leave a schedule in the far future.
constexpr pg::Query kDueSchedules{"jobs.due_schedules", R"sql(
    SELECT company_id, name, kind, cron, time_zone, payload::text AS payload, priority,
           attempts_max, next_run_at, last_run_at
    FROM jobs.schedule
    WHERE NOT paused AND (next_run_at <= $1 OR last_run_at > $1)
    ORDER BY next_run_at LIMIT 100 FOR UPDATE SKIP LOCKED
)sql"};

constexpr pg::Query kScheduleRan{"jobs.schedule_ran", R"sql(
    UPDATE jobs.schedule SET next_run_at = $3, last_run_at = $4
    WHERE company_id = $1 AND name = $2
)sql"};

struct DueSchedule {
    CompanyId company;
    std::string name, kind, cron, time_zone, payload;
    Priority priority{};
    int attempts_max = 0;
    Instant next_run_at;
};

DueSchedule due_schedule_from(const pg::Row& row) {
    return {
        row.get<CompanyId>("company_id"),
        row.get<std::string>("name"),
        row.get<std::string>("kind"),
        row.get<std::string>("cron"),
        row.get<std::string>("time_zone"),
        row.get<std::string>("payload"),
        static_cast<Priority>(row.get<int>("priority")),
        row.get<int>("attempts_max"),
        row.get<Instant>("next_run_at")};
}

}  // namespace

void Upkeep::keep_schedules(const std::vector<Planned>& planned) {
    if (planned.empty()) return;
    auto tx = system_.begin();
    for (const auto& [schedule, kind, payload] : planned) {
        const auto cron = Cron::parse(schedule.cron, schedule.time_zone);
        VERIFY(cron);
        tx.run(
            kKeepSchedule, CompanyId(), schedule.name, kind, schedule.cron, schedule.time_zone,
            payload, static_cast<int>(schedule.options.priority), schedule.options.attempts_max,
            cron->next(clock_.now()));
    }
    tx.commit();
}

std::optional<Instant> Upkeep::once() {
    run_schedules();
    promote_due();
    if (!looked_ || looked_->elapsed() > config_.lease_max / kLooksALease) {
        looked_.emplace();
        rescue();
    }
    auto tx = system_.begin();
    if (!pruned_ || pruned_->elapsed() > kPruneEvery) {
        const auto now = clock_.now();
        const auto gone =
            prune(tx, now - config_.completed_kept, now - config_.others_kept, kAtOnce);
        if (gone < kAtOnce) pruned_.emplace();  // Else there is more, the next time.
    }
    const auto due = next_due(tx);
    tx.commit();
    return due;
}

void Upkeep::promote_due() {
    for (auto moved = kAtOnce; moved == kAtOnce;) {
        auto tx = system_.begin();
        moved = promote(tx, clock_.now(), kAtOnce);
        tx.commit();
    }
}

void Upkeep::run_schedules() {
    const auto now = clock_.now();
    auto tx = system_.begin();
    for (const auto& due : tx.run(kDueSchedules, now).all(due_schedule_from)) {
        const auto cron = Cron::parse(due.cron, due.time_zone);
        VERIFY(cron);
        std::optional<Instant> ran;
        if (due.next_run_at <= now) {
            // However many were missed, one run makes up for them. The same time never runs twice
            // while its job is kept, wherever the clock has been meanwhile.
            Options options{.priority = due.priority, .attempts_max = due.attempts_max};
            options.unique_key = due.name + "@" + to_iso8601(due.next_run_at);
            options.unique_in = kUnfinished | kFinished;
            enqueue(tx, due.company, now, due.kind, boost::json::parse(due.payload), options);
            ran = now;
        }
        tx.run(kScheduleRan, due.company, due.name, cron->next(now), ran.value_or(now));
    }
    tx.commit();
}

void Upkeep::rescue() {
    std::map<WorkerId, std::int64_t> beats;
    try {
        auto tx = system_.begin();
        beats = select_beats(tx);
        tx.commit();
    } catch (...) {
        watched_.clear();  // Who could not beat while nobody could is not dead.
        throw;
    }
    watch(beats);
    std::vector<Claimed> orphans;
    {
        auto tx = system_.begin();
        orphans = select_orphans(tx, kAtOnce);
        tx.commit();
    }
    for (const auto& orphan : orphans) {
        runner_.fail(
            orphan,
            {.code = "worker_died", .message = "the process that ran it ended, or stood still"});
    }
}

/// By our own watch, not by anybody's clock: a beat that has not moved for a whole lease.
void Upkeep::watch(const std::map<WorkerId, std::int64_t>& beats) {
    std::erase_if(watched_, [&](const auto& entry) { return !beats.contains(entry.first); });
    for (const auto& [worker, beat] : beats) {
        const auto [at, is_new] = watched_.try_emplace(worker, Watched{beat});
        if (is_new) continue;
        if (at->second.beat != beat) {
            at->second = Watched{beat};
        } else if (at->second.since.elapsed() > config_.lease_max) {
            auto tx = system_.begin();
            if (bury(tx, worker, beat)) {
                log::warning("job_worker_died", {{"worker", worker.str()}});
            }
            tx.commit();
        }
    }
}

}  // namespace mobilytics::jobs
