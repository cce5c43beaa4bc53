#pragma once
// The queue for whoever looks after it: how much of what waits, what failed and why; and to cancel,
// retry and redrive, singly or many at once.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/jobs/jobs.h"

namespace mobilytics::jobs {

/// One thing that went wrong, the newest last; of many the first and the newest are kept.
struct JobError {
    Instant at;
    std::int64_t attempt = 0;
    std::string code;
    std::string message;
};

struct JobRow {
    JobId id;
    std::optional<CompanyId> company_id;  // None: the system's.
    std::string kind;
    State state{};
    Priority priority{};
    std::int64_t attempt = 0;                  // Begun so far.
    std::optional<std::int64_t> attempts_max;  // None: as its kind says.
    Instant enqueued_at;
    Instant due_at;
    std::optional<Instant> started_at;
    std::optional<Instant> finished_at;
    std::optional<Instant> deadline_at;
    std::optional<std::string> unique_key;
    std::optional<std::int64_t> progress_percent;
    std::optional<std::string> progress_note;
    bool cancel_asked = false;
    std::vector<JobError> errors;  // In a list, the last only.
};

struct KindDepth {
    std::string kind;
    std::int64_t available = 0;
    std::int64_t scheduled = 0;
    std::int64_t retryable = 0;
    std::int64_t running = 0;
    std::int64_t completed = 0;  // Of those kept.
    std::int64_t cancelled = 0;
    std::int64_t discarded = 0;
    std::int64_t oldest_age_s = 0;  // Of what is available; 0 when nothing is.
};

struct ScheduleRow {
    std::string name;
    std::string kind;
    std::string cron;
    std::string time_zone;
    Instant next_run_at;
    std::optional<Instant> last_run_at;
    bool paused = false;
};

struct Filter {
    std::optional<std::string> kind = {};
    std::optional<State> state = {};
    std::optional<CompanyId> company = {};
    std::optional<std::string> error_code = {};  // Of the last error.
};

/// Each takes the transaction of whoever may: the system's, or staff's.
class Queue {
  public:
    explicit Queue(const Clock& clock) : clock_(clock) {}

    std::vector<KindDepth> depths(pg::AnyTransaction& tx) const;
    std::vector<ScheduleRow> schedules(pg::AnyTransaction& tx) const;
    /// By enqueued_at, due_at, kind or state, with a minus before it the other way round; the
    /// newest first, when none is said. invalid `bad_sort`; `bad_id` or `bad_cursor`, for a cursor
    /// that we did not give.
    Result<Page<JobRow>> list(
        pg::AnyTransaction& tx, const Filter& filter, const PageRequest& page,
        const std::optional<std::string>& sort = {}) const;
    /// With its errors. not_found `no_such_job`.
    Result<JobRow> find(pg::AnyTransaction& tx, JobId id) const;
    /// What waits is cancelled; what runs is told to end. conflict `job_finished`.
    Result<JobRow> cancel(pg::AnyTransaction& tx, JobId id) const;
    /// Now, whatever its state, with all its attempts before it again. conflict `job_running`;
    /// conflict `job_superseded`, where another of its unique key has taken its place.
    Result<JobRow> retry(pg::AnyTransaction& tx, JobId id) const;

    /// At most `most` of those that the filter names; how many it was. cancel_all: of what waits or
    /// runs; redrive_all: of dead letters and what was cancelled.
    std::int64_t cancel_all(pg::AnyTransaction& tx, const Filter& filter, std::int64_t most) const;
    std::int64_t redrive_all(pg::AnyTransaction& tx, const Filter& filter, std::int64_t most) const;

    /// Whose jobs the filter names; CompanyId() for the system's.
    std::vector<CompanyId> companies(pg::AnyTransaction& tx, const Filter& filter) const;

    /// not_found `no_such_schedule`.
    Result<> pause_schedule(pg::AnyTransaction& tx, const std::string& name, bool paused) const;

  private:
    const Clock& clock_;
};

}  // namespace mobilytics::jobs
