#include "platform/jobs/runner.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "foundation/log.h"
#include "platform/jobs/run.h"

namespace mobilytics::jobs {

namespace {

constexpr std::size_t kMessageBytesMax = 500;
constexpr std::chrono::milliseconds kPauseMin{50}, kPauseMax{2'000};
constexpr int kEffectTriesMax = 5;

/// Thrown out of a completing transaction, so that nothing of it stays.
struct LeaseLost {};

JobError error_of(const Claimed& job, const Failed& why, Instant now) {
    auto message = why.message.substr(0, kMessageBytesMax);
    // Not half a character.
    while (message.size() < why.message.size() && !message.empty() &&
           (static_cast<unsigned char>(why.message[message.size()]) & 0xC0) == 0x80) {
        message.pop_back();
    }
    std::erase(message, '\0');
    boost::json::error_code not_utf8;
    boost::json::parse(boost::json::serialize(boost::json::string(message)), not_utf8);
    if (not_utf8) {
        std::replace_if(
            message.begin(), message.end(), [](char c) { return (c & 0x80) != 0; }, '?');
    }
    return {now, job.attempt, why.code, std::move(message)};
}

/// What a handler threw.
Failed failed_by(const std::exception& thrown) {
    const bool passes = dynamic_cast<const Unavailable*>(&thrown) != nullptr;
    return {.code = passes ? "unavailable" : "exception", .message = thrown.what()};
}

}  // namespace

std::shared_ptr<Work> work_of(const Kind& kind, std::vector<Claimed> jobs) {
    auto out = std::make_shared<Work>();
    out->kind = &kind;
    for (const auto& job : jobs) {
        auto run = RunAccess::fresh();
        run.company = job.lease.company;
        run.id = job.lease.id;
        run.attempt = job.attempt;
        run.attempts_max =
            job.attempts_max > 0 ? job.attempts_max : kind.options.retry.attempts_max;
        run.enqueued_at = job.enqueued_at;
        out->runs.push_back(std::move(run));
    }
    out->jobs = std::move(jobs);
    return out;
}

Runner::Runner(
    pg::Pool& pool, pg::SystemPool& system, const Clock& clock,
    const std::map<std::string, Kind>& kinds)
    : pool_(pool), system_(system), clock_(clock), kinds_(kinds) {}

void Runner::run(Work& work) {
    const log::Scope scope({{"job_kind", work.kind->name}});
    if (std::holds_alternative<BatchHandler>(work.kind->handler)) return run_batch(work);
    for (std::size_t i = 0; i < work.jobs.size(); ++i) {
        run_single(*work.kind, work.jobs[i], work.runs[i]);
    }
}

void Runner::run_single(const Kind& kind, const Claimed& job, JobRun& run) {
    const Stopwatch took;
    const auto ended = [&]() -> Ended {
        if (job.deadline_at && *job.deadline_at < clock_.now()) {
            return failed(
                kind, job, run,
                {.code = "too_late", .message = "its deadline has passed", .permanent = true});
        }
        try {
            const auto payload = boost::json::parse(job.payload);
            if (const auto* handler = std::get_if<SingleHandler>(&kind.handler)) {
                return ended_by(kind, job, run, (*handler)(run, payload));
            }
            return ended_by(kind, job, run, std::get<SystemHandler>(kind.handler)(run, payload));
        } catch (const std::exception& thrown) {
            return failed(kind, job, run, failed_by(thrown));
        }
    }();
    kind.seconds->Observe(took.seconds());
    kind.ended.at(ended)->Increment();
}

void Runner::run_batch(Work& work) {
    const auto& kind = *work.kind;
    const auto& handler = std::get<BatchHandler>(kind.handler);
    const Stopwatch took;
    try {
        std::vector<boost::json::value> payloads;
        std::vector<Lease> leases;
        for (const auto& job : work.jobs) {
            payloads.push_back(boost::json::parse(job.payload));
            leases.push_back(job.lease);
        }
        const auto done = handler(work.runs, payloads);
        auto tx = system_.begin();
        if (complete_all(tx, leases, clock_.now()) != std::ssize(leases)) throw LeaseLost{};
        if (done.effects) done.effects(tx);
        tx.commit();
        kind.seconds->Observe(took.seconds());
        kind.ended.at(Ended::completed)->Increment(static_cast<double>(leases.size()));
    } catch (const LeaseLost&) {
        if (work.jobs.size() == 1) {
            kind.ended.at(Ended::lease_lost)->Increment();
            return;
        }
        for (const auto& job : work.jobs) run_batch(*work_of(kind, {job}));
    } catch (const std::exception& thrown) {
        if (work.jobs.size() == 1) {
            const auto ended = failed(kind, work.jobs[0], work.runs[0], failed_by(thrown));
            kind.ended.at(ended)->Increment();
            return;
        }
        // One may spoil it for all: each for itself.
        log::info("job_batch_split", {{"jobs", work.jobs.size()}, {"why", thrown.what()}});
        for (const auto& job : work.jobs) run_batch(*work_of(kind, {job}));
    }
}

Ended Runner::ended_by(const Kind& kind, const Claimed& job, const JobRun& run, Outcome outcome) {
    if (const auto* done = std::get_if<Done>(&outcome)) return completed(job, *done);
    if (const auto* snooze = std::get_if<Snooze>(&outcome)) return snoozed(job, *snooze);
    if (const auto* why = std::get_if<Cancelled>(&outcome)) return stopped(kind, job, run, *why);
    return failed(kind, job, run, std::get<Failed>(outcome));
}

Ended Runner::ended_by(
    const Kind& kind, const Claimed& job, const JobRun& run, SystemOutcome outcome) {
    if (const auto* done = std::get_if<SystemDone>(&outcome)) return completed(job, *done);
    if (const auto* snooze = std::get_if<Snooze>(&outcome)) return snoozed(job, *snooze);
    if (const auto* why = std::get_if<Cancelled>(&outcome)) return stopped(kind, job, run, *why);
    return failed(kind, job, run, std::get<Failed>(outcome));
}

// What these throw is a failure of the run: their transaction has then been undone. The row is
// locked first, so that nobody takes the lease while the effects are written.

Ended Runner::completed(const Claimed& job, const Done& done) {
    auto tx = pool_.begin(job.lease.company);
    if (!complete(tx, job.lease, clock_.now())) return Ended::lease_lost;
    if (done.effects) done.effects(tx);
    tx.commit();
    return Ended::completed;
}

Ended Runner::completed(const Claimed& job, const SystemDone& done) {
    auto tx = system_.begin();
    if (!complete(tx, job.lease, clock_.now())) return Ended::lease_lost;
    if (done.effects) done.effects(tx);
    tx.commit();
    return Ended::completed;
}

Ended Runner::snoozed(const Claimed& job, const Snooze& snooze) {
    const Settlement how{
        .state = State::scheduled, .due_at = clock_.now() + snooze.wait, .attempt_counts = false};
    return persistently([&] { return kept(job, how, Ended::snoozed); });
}

Ended Runner::stopped(
    const Kind& kind, const Claimed& job, const JobRun& run, const Cancelled& why) {
    switch (run.stop_reason()) {
        case StopReason::none:
        case StopReason::cancelled: {
            const auto now = clock_.now();
            const Settlement how{
                .state = State::cancelled,
                .due_at = now,
                .error = error_of(job, {.code = "cancelled", .message = why.why}, now)};
            return persistently([&] { return kept(job, how, Ended::cancelled); });
        }
        case StopReason::draining: {
            const Settlement how{
                .state = State::available, .due_at = job.due_at, .attempt_counts = false};
            return persistently([&] { return kept(job, how, Ended::released); });
        }
        case StopReason::lease_lost: return Ended::lease_lost;
        case StopReason::run_too_long:
            return failed(kind, job, run, {.code = "run_too_long", .message = why.why});
        case StopReason::too_late:
            return failed(
                kind, job, run, {.code = "too_late", .message = why.why, .permanent = true});
    }
    VERIFY(false);
    return Ended::lease_lost;
}

Ended Runner::failed(const Kind& kind, const Claimed& job, const JobRun& run, const Failed& why) {
    // What ends by an exception because it was told to end has not failed.
    const auto asked = run.stop_reason();
    if (asked == StopReason::cancelled || asked == StopReason::draining) {
        if (!why.effects) return stopped(kind, job, run, {why.message});
    }
    log::warning(
        "job_failed", {{"job", job.lease.id.str()},
                       {"attempt", job.attempt},
                       {"code", why.code},
                       {"why", why.message}});
    const auto how = after(kind, job, why);
    const auto means = how.state == State::discarded ? Ended::discarded : Ended::retried;
    // What the owner wants to keep of it must not keep it from ending.
    return persistently([&, tries = 0]() mutable {
        return kept(job, how, means, ++tries > kEffectTriesMax ? nullptr : why.effects);
    });
}

Ended Runner::kept(
    const Claimed& job, const Settlement& how, Ended means,
    const std::function<void(pg::Transaction&)>& effects) {
    auto tx = pool_.begin(job.lease.company);
    const auto state = settle(tx, job.lease, how, clock_.now());
    if (!state) return Ended::lease_lost;
    if (effects) effects(tx);
    tx.commit();
    return *state == State::cancelled ? Ended::cancelled : means;
}

Ended Runner::persistently(const std::function<Ended()>& keep) {
    for (auto pause = kPauseMin;; pause = std::min(2 * pause, kPauseMax)) {
        try {
            return keep();
        } catch (const std::exception& failure) {
            // Given up, the lease ends with our heartbeat, and others run it again.
            log::warning("job_not_kept", {{"why", failure.what()}});
            if (giving_up_) return Ended::lease_lost;
        }
        std::this_thread::sleep_for(pause);
    }
}

Settlement Runner::after(const Kind& kind, const Claimed& job, const Failed& why) {
    const auto& retry = kind.options.retry;
    const auto now = clock_.now();
    const int most = job.attempts_max > 0 ? job.attempts_max : retry.attempts_max;
    auto wait = wait_after(retry, job.attempt);
    if (why.wait) wait = std::max(wait, *why.wait);
    const bool late = job.deadline_at && now + wait > *job.deadline_at;
    const bool last = why.permanent || job.attempt >= most || late;
    return {
        .state = last ? State::discarded : State::retryable,
        .due_at = last ? now : now + wait,
        .error = error_of(job, why, now)};
}

std::chrono::milliseconds Runner::wait_after(const Retry& retry, int attempt) {
    const auto most = static_cast<double>(retry.wait_max.count());
    const auto grown =
        static_cast<double>(retry.wait_min.count()) * std::pow(retry.growth, attempt - 1);
    const std::lock_guard lock(random_mutex_);
    const auto part = std::uniform_real_distribution<>(0.5, 1.0)(random_);
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(std::ceil(std::min(grown, most) * part)));
}

void Runner::give_back(const Claimed& job) {
    const Settlement how{.state = State::available, .due_at = job.due_at, .attempt_counts = false};
    kept(job, how, Ended::released);
}

void Runner::fail(const Claimed& job, const Failed& why) {
    const auto found = kinds_.find(job.kind);
    static const Kind unknown{};  // Of a newer program that has died: as kinds are by default.
    const auto& kind = found == kinds_.end() ? unknown : found->second;
    log::warning(
        "job_failed", {{"job", job.lease.id.str()}, {"job_kind", job.kind}, {"code", why.code}});
    const auto how = after(kind, job, why);
    kept(job, how, Ended::retried);
}

}  // namespace mobilytics::jobs
