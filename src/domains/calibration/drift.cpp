// Whether what is counted later still fits what is published.

#include <algorithm>
#include <set>

#include "domains/assets/assets.h"
#include "domains/calibration/calibration.h"
#include "domains/calibration/count_store.h"
#include "domains/calibration/drift_job.h"
#include "domains/calibration/model_rules.h"
#include "domains/calibration/model_store.h"
#include "domains/calibration/pairs.h"
#include "domains/calibration/told.h"
#include "foundation/log.h"
#include "platform/audit/audit.h"
#include "platform/events/events.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/workers.h"

namespace mobilytics::calibration {

namespace {

constexpr std::chrono::minutes kFactsAreThereAfter{30};

/// Those of another time than what it was fitted to.
std::vector<Count> later_than(const Model& model, std::vector<Count> counts) {
    const std::set<CountId> fitted(model.counts.begin(), model.counts.end());
    Instant newest{};
    for (const auto& count : counts) {
        if (fitted.contains(count.id)) newest = std::max(newest, count.begun_at);
    }
    std::erase_if(counts, [&](const Count& count) {
        return fitted.contains(count.id) || count.begun_at < newest;
    });
    return counts;
}

}  // namespace

boost::json::value LookForDrift::to_json() const { return boost::json::object(); }

void look_later(pg::Transaction& tx, Instant now) {
    jobs::enqueue(
        tx, now, LookForDrift{}, {.due = now + kFactsAreThereAfter, .unique_key = "look"});
}

void Calibration::serve(jobs::Workers& workers) {
    workers.handle<LookForDrift>([this](jobs::JobRun& run, const LookForDrift&) -> jobs::Outcome {
        look_for_drift(run.company);
        return jobs::Done{};
    });
}

std::optional<Drift> Calibration::drift_of(CompanyId company, const Model& model) {
    const auto of = assets_of(company, model);
    std::vector<Count> counts;
    {
        auto tx = needs_.pool.begin(company);
        counts = later_than(model, select_ended(tx, of));
    }
    if (counts.empty()) return std::nullopt;
    const auto found = paired(company, counts, model.input);
    if (!found) return std::nullopt;
    const auto gate = std::ranges::find(found->gates_dbm, model.gate_dbm);
    if (gate == found->gates_dbm.end()) return std::nullopt;
    const auto at = static_cast<std::size_t>(gate - found->gates_dbm.begin());
    std::vector<Recounted> later;
    std::set<std::chrono::sys_days> days;
    for (const auto& [start, pair] : found->pairs) {
        later.push_back({pair.day, pair.devices[at], pair.people});
        days.insert(pair.day);
    }
    auto out = needs_.fit.drift(model, later);
    if (!out) return std::nullopt;
    out->quarters = std::ssize(later);
    out->days = std::ssize(days);
    out->checked_at = needs_.clock.now();
    return out;
}

void Calibration::keep_drift(CompanyId company, ModelId id, const Drift& drift) {
    const auto now = needs_.clock.now();
    std::optional<Model> of;
    {
        auto tx = needs_.pool.begin(company);
        of = select_model(tx, id, Lock::none);
    }
    VERIFY(of);
    const auto site = name_of(company, *of);
    auto tx = needs_.pool.begin(company);
    const auto before = select_model(tx, id, Lock::for_update);
    if (!before || before->state != ModelState::published) return;
    update_drift(tx, id, drift);
    const bool drifted = before->drift && before->drift->alarm;
    if (drifted != drift.alarm) {
        audit::append(
            tx, now,
            {.action = "calibration.drift_changed",
             .actor = {audit::ActorKind::system, "calibration", {}},
             .targets = {{"model", id.str(), site}},
             .before = boost::json::object{{"drifting", drifted}},
             .after = boost::json::object{{"drifting", drift.alarm}, {"ratio", drift.ratio}}});
        tell_changed(tx, *before);
    }
    if (drift.alarm && !drifted) {
        events::publish(
            tx, DriftFound{
                    company, id, before->version, site, drift.ratio, drift.low, drift.high, now});
    }
    tx.commit();
}

void Calibration::look_for_drift(CompanyId company) {
    std::vector<Model> models;
    {
        auto tx = needs_.pool.begin(company);
        for (const auto& each : select_all_published(tx)) {
            if (auto whole = select_model(tx, each.id, Lock::none)) {
                models.push_back(*std::move(whole));
            }
        }
    }
    for (const auto& model : models) {
        const auto drift = drift_of(company, model);
        if (drift) keep_drift(company, model.id, *drift);
    }
}

Result<Model> Calibration::check_drift(const Caller& caller, ModelId id) {
    TRY(const auto model, find_model(caller, id));
    if (model.state != ModelState::published) {
        return fail(
            ErrorKind::conflict, "not_published", "only what is published can drift from people");
    }
    const auto drift = drift_of(caller.company, model);
    if (!drift) {
        return fail(
            ErrorKind::conflict, "nothing_later",
            "it cannot be said: count again at a later time, beside a model of three days or more");
    }
    keep_drift(caller.company, id, *drift);
    return find_model(caller, id);
}

}  // namespace mobilytics::calibration
