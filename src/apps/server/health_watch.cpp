#include "apps/server/health_watch.h"

#include <algorithm>

namespace mobilytics::server {

namespace {

HealthState state_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::well: return HealthState::ok;
        case Verdict::warning: return HealthState::warn;
        case Verdict::fault: return HealthState::fail;
    }
    return HealthState::fail;
}

Seen outcome(const std::function<Seen()>& look) {
    try {
        return look();
    } catch (const std::exception& failure) {
        return {HealthState::fail, failure.what(), "see what that says, and the server's log"};
    }
}

}  // namespace

Seen seen(const Finding& finding) {
    return {state_of(finding.verdict), finding.told, finding.remedy};
}

void HealthWatch::part(std::string name, std::function<Seen()> look) {
    parts_.emplace_back(std::move(name), std::move(look));
}

void HealthWatch::version(std::string name, std::string version) {
    versions_.push_back({std::move(name), std::move(version)});
}

void HealthWatch::look() {
    std::vector<backoffice::HealthCheck> now;
    for (const auto& [name, look] : parts_) {
        auto one = outcome(look);
        backoffice::HealthCheck check{
            .name = name, .state = one.state, .told = std::move(one.told), .since = clock_.now()};
        if (!one.remedy.empty()) check.remedy = std::move(one.remedy);
        check.value = one.value;
        if (!one.unit.empty()) check.unit = std::move(one.unit);
        now.push_back(std::move(check));
    }
    const std::lock_guard lock(mutex_);
    for (auto& check : now) {
        const auto before = std::ranges::find(checks_, check.name, &backoffice::HealthCheck::name);
        if (before != checks_.end() && before->state == check.state) check.since = before->since;
    }
    checks_ = std::move(now);
    looked_at_ = clock_.now();
}

backoffice::Health HealthWatch::told() const {
    const std::lock_guard lock(mutex_);
    backoffice::Health out{
        .state = HealthState::ok,
        .looked_at = looked_at_,
        .up_since = up_since_,
        .checks = checks_,
        .versions = versions_};
    for (const auto& check : checks_) out.state = std::max(out.state, check.state);
    return out;
}

}  // namespace mobilytics::server
