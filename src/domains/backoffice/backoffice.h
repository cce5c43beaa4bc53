#pragma once
// What our staff see of the machinery, and do about it: jobs and mail.

#include <optional>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"
#include "platform/jobs/queue.h"
#include "platform/mail/mail.h"
#include "platform/pg/pg.h"

namespace mobilytics::backoffice {

using Job = jobs::JobRow;
using JobError = jobs::JobError;
using JobId = jobs::JobId;
using JobKind = jobs::KindDepth;
using JobPage = Page<Job>;
using JobPriority = jobs::Priority;
using JobSchedule = jobs::ScheduleRow;
using JobState = jobs::State;
using Letter = mail::Letter;
using Mail = mail::MailRow;
using MailId = mail::MailId;
using MailPage = Page<Mail>;
using MailState = mail::MailState;

struct JobQuery {
    std::optional<std::string> kind;
    std::optional<JobState> state;
    std::optional<CompanyId> company_id;
    std::optional<std::string> error_code;
    std::optional<std::string> sort;
};
struct JobsChosen {
    std::optional<std::string> kind;
    std::optional<JobState> state;
    std::optional<CompanyId> company_id;
    std::optional<std::string> error_code;
    std::int64_t most = 0;
};
struct JobsChanged {
    std::int64_t count = 0;
};
struct JobKinds {
    std::vector<JobKind> items;
};
struct JobSchedules {
    std::vector<JobSchedule> items;
};
struct SchedulePause {
    std::string name;
    bool paused = false;
};

struct MailQuery {
    std::optional<MailState> state;
    std::optional<std::string> template_name;
    std::optional<CompanyId> company_id;
    std::optional<std::string> sort;
};
struct MailTemplate {
    std::string name;
    std::string subject;
    std::string text;
    std::string html;
};
struct MailTemplates {
    std::vector<MailTemplate> items;
};

class Backoffice {
  public:
    /// What it is given must outlive this.
    Backoffice(pg::Pool& pool, pg::StaffPool& staff, const mail::Outbox& outbox, const Clock& clock)
        : pool_(pool), staff_(staff), outbox_(outbox), clock_(clock), queue_(clock) {}

    /// Lists: as jobs::Queue::list and mail::Outbox::list.
    Result<JobPage> list_jobs(const Caller& caller, const PageRequest& page, const JobQuery& query);
    /// not_found `no_such_job`.
    Result<Job> find_job(const Caller& caller, JobId id);
    /// As jobs::Queue::cancel.
    Result<Job> cancel_job(const Caller& caller, JobId id);
    /// As jobs::Queue::retry.
    Result<Job> retry_job(const Caller& caller, JobId id);
    Result<JobsChanged> redrive_jobs(const Caller& caller, const JobsChosen& chosen);
    Result<JobsChanged> cancel_jobs(const Caller& caller, const JobsChosen& chosen);
    Result<JobKinds> list_job_kinds(const Caller& caller);
    Result<JobSchedules> list_job_schedules(const Caller& caller);
    /// not_found `no_such_schedule`.
    Result<JobSchedules> pause_job_schedule(const Caller& caller, const SchedulePause& wanted);

    Result<MailPage> list_mail(
        const Caller& caller, const PageRequest& page, const MailQuery& query);
    /// not_found `no_such_mail`. That it was read is in its company's history.
    Result<Letter> find_mail(const Caller& caller, MailId id);
    /// As mail::Outbox::retry.
    Result<Mail> retry_mail(const Caller& caller, MailId id);
    Result<MailTemplates> list_mail_templates(const Caller& caller);

  private:
    Result<CompanyId> company_of(JobId id);

    pg::Pool& pool_;
    pg::StaffPool& staff_;
    const mail::Outbox& outbox_;
    const Clock& clock_;
    const jobs::Queue queue_;
};

}  // namespace mobilytics::backoffice
