#include "apps/server/refusals.h"

#include <vector>

#include "foundation/log.h"
#include "platform/audit/audit.h"
#include "platform/pg/pg.h"

namespace mobilytics::server {

namespace {

constexpr std::chrono::seconds kEvery{5};

boost::json::object changes(
    const std::string& operation, unsigned status, const std::string& code) {
    return {{"operation", operation}, {"status", status}, {"code", code}};
}

}  // namespace

Refusals::Refusals(
    pg::Pool& pool, const Clock& clock, metrics::Registry& registry, HomeOf home_of,
    const RefusalLimits& limits)
    : pool_(pool),
      clock_(clock),
      home_of_(std::move(home_of)),
      limits_(limits),
      lost_(registry.counter(
          "mobilytics_audit_refusals_lost_total",
          "Refusals that could not be written into the audit trail.")) {}

Refusals::~Refusals() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    write(Instant::max());
}

void Refusals::start() {
    thread_ = std::thread([this] { run(); });
}

void Refusals::run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kEvery, [this] { return stopping_; })) {
        lock.unlock();
        write_due();
        lock.lock();
    }
}

void Refusals::note(const http::Refusal& refusal) {
    const auto& caller = refusal.caller;
    const auto now = clock_.now();
    Tally one{
        .caller = caller,
        .operation = std::string(to_string(refusal.method)) + " " + std::string(refusal.pattern),
        .status = refusal.status,
        .code = std::string(refusal.code),
        .count = 1,
        .first = now,
        .last = now,
        .origin = origin()};
    Key key{
        caller.company, caller.actor().str() + " " + one.operation + " " + one.code +
                            (caller.impersonation ? caller.person.str() : "")};
    const std::lock_guard lock(mutex_);
    auto known = tallies_.find(key);
    if (known == tallies_.end() &&
        (open_[caller.company] >= limits_.of_company_max || tallies_.size() >= limits_.all_max)) {
        key.second.clear();
        one = {
            .caller = {caller.company, Role::viewer},
            .operation = "",
            .status = 0,
            .code = "",
            .count = 1,
            .first = now,
            .last = now,
            .origin = {}};
        known = tallies_.find(key);
    }
    if (known != tallies_.end()) {
        ++known->second.count;
        known->second.last = now;
        return;
    }
    tallies_.emplace(std::move(key), std::move(one));
    ++open_[caller.company];
}

void Refusals::write(Instant until) {
    std::vector<Tally> due;
    {
        const std::lock_guard lock(mutex_);
        for (auto at = tallies_.begin(); at != tallies_.end();) {
            if (at->second.first > until) {
                ++at;
                continue;
            }
            const auto company = at->first.first;
            if (--open_[company] == 0) open_.erase(company);
            due.push_back(std::move(at->second));
            at = tallies_.erase(at);
        }
    }
    for (const auto& tally : due) {
        try {
            write(tally);
        } catch (const std::exception& failure) {
            lost_.Increment(static_cast<double>(tally.count));
            log::warning("refusal_not_written", {{"why", failure.what()}});
        }
    }
}

void Refusals::write(const Tally& tally) {
    auto company = tally.caller.company;
    if (company == CompanyId()) {
        const auto home = home_of_(tally.caller.person);
        if (!home) return;  // They belong nowhere: it is nobody's.
        company = *home;
    }
    const bool of_many = tally.operation.empty();
    auto told =
        of_many ? boost::json::object() : changes(tally.operation, tally.status, tally.code);
    told["count"] = tally.count;
    told["from"] = to_iso8601(tally.first);
    told["to"] = to_iso8601(tally.last);
    audit::Entry entry{
        .action = of_many ? "access.many_refused" : "access.refused",
        .actor = of_many ? audit::Actor{audit::ActorKind::system, "api"}
                         : audit::actor_of(tally.caller)};
    if (!of_many) entry.targets = {{"operation", tally.operation}};
    entry.after = std::move(told);
    entry.outcome = audit::Outcome::denied;
    const OriginScope from(tally.origin);
    auto tx = pool_.begin(company);
    audit::append(tx, clock_.now(), entry);
    tx.commit();
}

}  // namespace mobilytics::server
