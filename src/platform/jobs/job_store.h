#pragma once
// Jobs in Postgres as those who run them see them. The SQL of enqueue() is in jobs.cpp, that of
// staff in queue.cpp.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/jobs/jobs.h"
#include "platform/jobs/queue.h"
#include "platform/jobs/shares.h"

namespace mobilytics::jobs {

struct WorkerIdentity {
    static constexpr std::string_view kIdPrefix = "worker";
};
using WorkerId = Id<WorkerIdentity>;

/// What proves that a job is ours to finish.
struct Lease {
    CompanyId company;
    JobId id;
    WorkerId worker;
    int claim = 0;
};

struct Claimed {
    Lease lease;
    std::string kind;
    std::string payload;
    Priority priority{};
    int attempt = 0;
    int attempts_max = 0;  // 0: as its kind says.
    Instant enqueued_at, due_at;
    std::optional<Instant> deadline_at;
};

/// How a run that was not completed ends.
struct Settlement {
    State state{};
    Instant due_at;  // Of what is to be run again.
    bool attempt_counts = true;
    std::optional<JobError> error = {};
};

// Of one job. False and none, when the lease is another's now: then nothing was changed.
bool complete(pg::AnyTransaction& tx, const Lease& lease, Instant now);
/// The state that it is in now: cancelled, where another of its unique key has taken its place.
std::optional<State> settle(
    pg::AnyTransaction& tx, const Lease& lease, const Settlement& how, Instant now);
/// Of many of one worker; how many were.
std::int64_t complete_all(pg::SystemTransaction& tx, const std::vector<Lease>& leases, Instant now);

/// One claim at a time, in all processes: so that limits hold. Until the transaction's end, which
/// waits for no disk: a claim that is lost in a power cut was never begun.
void lock_claims(pg::SystemTransaction& tx);
/// Whether this worker is still taken for alive; then it is until the transaction's end.
bool hold_alive(pg::SystemTransaction& tx, WorkerId worker);

struct Running {
    std::string kind;
    CompanyId company;
    std::int64_t count = 0;
};
std::vector<Running> select_running(pg::SystemTransaction& tx);

/// Where to look on, of a kind that has more lanes than are looked at at once.
struct LaneStart {
    Priority priority = Priority::urgent;
    CompanyId company;
};
std::vector<Lane> select_lanes(
    pg::SystemTransaction& tx, const std::map<std::string, LaneStart>& kinds, std::int64_t most);
/// The more urgent first, then the longer due.
std::vector<Claimed> claim(
    pg::SystemTransaction& tx, const std::vector<Share>& shares, WorkerId worker, Instant now);

/// What has become due is available.
std::int64_t promote(pg::SystemTransaction& tx, Instant now, std::int64_t most);
std::optional<Instant> next_due(pg::SystemTransaction& tx);
std::int64_t prune(
    pg::SystemTransaction& tx, Instant completed_before, Instant others_before, std::int64_t most);

void insert_worker(pg::SystemTransaction& tx, WorkerId worker, Instant now);
/// False when it has been taken for dead.
bool beat(pg::SystemTransaction& tx, WorkerId worker);
std::map<WorkerId, std::int64_t> select_beats(pg::SystemTransaction& tx);
/// False when it has moved since.
bool bury(pg::SystemTransaction& tx, WorkerId worker, std::int64_t beat);
void delete_worker(pg::SystemTransaction& tx, WorkerId worker);
/// Jobs that run with a worker that is no more.
std::vector<Claimed> select_orphans(pg::SystemTransaction& tx, std::int64_t most);
/// Jobs of this worker that are to be cancelled.
std::vector<JobId> select_cancel_asked(pg::SystemTransaction& tx, WorkerId worker);
void update_progress(
    pg::SystemTransaction& tx, const Lease& lease, int percent, const std::string& note);

/// A vendor's tokens, after what has come in since; held until the transaction's end.
double fill_tokens(
    pg::SystemTransaction& tx, const std::string& vendor, double per_second, double burst,
    Instant now);
void take_tokens(pg::SystemTransaction& tx, const std::string& vendor, double count);

}  // namespace mobilytics::jobs
