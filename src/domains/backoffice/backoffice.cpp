#include "domains/backoffice/backoffice.h"

#include "platform/audit/audit.h"

namespace mobilytics::backoffice {

namespace {

audit::Entry entry_of(
    const Caller& caller, const char* action, std::vector<audit::Target> targets,
    boost::json::value after = nullptr) {
    return {
        .action = action,
        .actor = audit::actor_of(caller),
        .targets = std::move(targets),
        .after = std::move(after)};
}

jobs::Filter filter_of(const JobsChosen& chosen) {
    return {chosen.kind, chosen.state, chosen.company_id, chosen.error_code};
}

}  // namespace

Result<JobPage> Backoffice::list_jobs(
    const Caller&, const PageRequest& page, const JobQuery& query) {
    auto tx = staff_.begin();
    return queue_.list(
        tx, {query.kind, query.state, query.company_id, query.error_code}, page, query.sort);
}

Result<Job> Backoffice::find_job(const Caller&, JobId id) {
    auto tx = staff_.begin();
    return queue_.find(tx, id);
}

Result<CompanyId> Backoffice::company_of(JobId id) {
    auto tx = staff_.begin();
    TRY(const auto job, queue_.find(tx, id));
    return job.company_id.value_or(CompanyId());
}

Result<Job> Backoffice::cancel_job(const Caller& caller, JobId id) {
    TRY(const auto company, company_of(id));
    auto tx = pool_.begin(company);
    TRY(auto job, queue_.cancel(tx, id));
    audit::append(
        tx, clock_.now(),
        entry_of(caller, "backoffice.job_cancelled", {{"job", id.str(), job.kind}}));
    tx.commit();
    return job;
}

Result<Job> Backoffice::retry_job(const Caller& caller, JobId id) {
    TRY(const auto company, company_of(id));
    auto tx = pool_.begin(company);
    TRY(auto job, queue_.retry(tx, id));
    audit::append(
        tx, clock_.now(),
        entry_of(caller, "backoffice.job_retried", {{"job", id.str(), job.kind}}));
    tx.commit();
    return job;
}

Result<JobsChanged> Backoffice::redrive_jobs(const Caller& caller, const JobsChosen& chosen) {
    std::vector<CompanyId> companies;
    {
        auto tx = staff_.begin();
        companies = queue_.companies(tx, filter_of(chosen));
    }
    JobsChanged out;
    for (const auto company : companies) {
        auto tx = pool_.begin(company);
        const auto count = queue_.redrive_all(tx, filter_of(chosen), chosen.most - out.count);
        if (count == 0) continue;
        audit::append(
            tx, clock_.now(), entry_of(caller, "backoffice.jobs_redriven", {}, {{"count", count}}));
        tx.commit();
        out.count += count;
        if (out.count == chosen.most) break;
    }
    return out;
}

Result<JobsChanged> Backoffice::cancel_jobs(const Caller& caller, const JobsChosen& chosen) {
    std::vector<CompanyId> companies;
    {
        auto tx = staff_.begin();
        companies = queue_.companies(tx, filter_of(chosen));
    }
    JobsChanged out;
    for (const auto company : companies) {
        auto tx = pool_.begin(company);
        const auto count = queue_.cancel_all(tx, filter_of(chosen), chosen.most - out.count);
        if (count == 0) continue;
        audit::append(
            tx, clock_.now(),
            entry_of(caller, "backoffice.jobs_cancelled", {}, {{"count", count}}));
        tx.commit();
        out.count += count;
        if (out.count == chosen.most) break;
    }
    return out;
}

Result<JobKinds> Backoffice::list_job_kinds(const Caller&) {
    auto tx = staff_.begin();
    return JobKinds{queue_.depths(tx)};
}

Result<JobSchedules> Backoffice::list_job_schedules(const Caller&) {
    auto tx = staff_.begin();
    return JobSchedules{queue_.schedules(tx)};
}

Result<JobSchedules> Backoffice::pause_job_schedule(
    const Caller& caller, const SchedulePause& wanted) {
    auto tx = pool_.begin(CompanyId());
    CHECK(queue_.pause_schedule(tx, wanted.name, wanted.paused));
    audit::append(
        tx, clock_.now(),
        entry_of(
            caller, "backoffice.schedule_paused", {{"job_schedule", wanted.name, wanted.name}},
            {{"paused", wanted.paused}}));
    JobSchedules out{queue_.schedules(tx)};
    tx.commit();
    return out;
}

Result<MailPage> Backoffice::list_mail(
    const Caller&, const PageRequest& page, const MailQuery& query) {
    auto tx = staff_.begin();
    return outbox_.list(tx, {query.state, query.template_name, query.company_id}, page, query.sort);
}

Result<Letter> Backoffice::find_mail(const Caller& caller, MailId id) {
    std::optional<CompanyId> company;
    {
        auto tx = staff_.begin();
        TRY(company, outbox_.company_of(tx, id));
    }
    auto tx = pool_.begin(*company);
    TRY(auto letter, outbox_.find(tx, id));
    audit::append(
        tx, clock_.now(),
        entry_of(caller, "backoffice.mail_read", {{"mail", id.str(), letter.mail.template_name}}));
    tx.commit();
    return letter;
}

Result<Mail> Backoffice::retry_mail(const Caller& caller, MailId id) {
    std::optional<CompanyId> company;
    {
        auto tx = staff_.begin();
        TRY(company, outbox_.company_of(tx, id));
    }
    auto tx = pool_.begin(*company);
    TRY(auto mail, outbox_.retry(tx, id));
    audit::append(
        tx, clock_.now(),
        entry_of(caller, "backoffice.mail_retried", {{"mail", id.str(), mail.template_name}}));
    tx.commit();
    return mail;
}

Result<MailTemplates> Backoffice::list_mail_templates(const Caller&) {
    MailTemplates out;
    for (const auto& name : outbox_.templates().names()) {
        auto made = outbox_.templates().preview(name);
        out.items.push_back(
            {name, std::move(made.subject), std::move(made.text), std::move(made.html)});
    }
    return out;
}

}  // namespace mobilytics::backoffice
