#include "platform/jobs/depth_metrics.h"

#include "foundation/log.h"

namespace mobilytics::jobs {

void DepthMetrics::refresh_with(
    metrics::Registry& registry, const std::shared_ptr<DepthMetrics>& depths) {
    registry.before_text([held = std::weak_ptr(depths)] {
        if (const auto here = held.lock()) here->refresh();
    });
}

void DepthMetrics::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
}

void DepthMetrics::refresh() {
    const std::lock_guard lock(mutex_);
    if (ended_ || (read_ && read_->elapsed() < read_every_)) return;
    read_.emplace();
    std::vector<KindDepth> depths;
    try {
        auto tx = system_.begin();
        depths = queue_.depths(tx);
        tx.commit();
    } catch (const std::exception& failure) {
        log::warning("jobs_not_counted", {{"why", failure.what()}});
        return;
    }
    for (auto& [kind, seen] : known_) seen = false;
    for (const auto& depth : depths) {
        known_[depth.kind] = true;
        set(depth.kind, "available", depth.available);
        set(depth.kind, "scheduled", depth.scheduled);
        set(depth.kind, "retryable", depth.retryable);
        set(depth.kind, "running", depth.running);
        set(depth.kind, "discarded", depth.discarded);
        set_oldest(depth.kind, depth.oldest_age_s);
    }
    for (const auto& [kind, seen] : known_) {
        if (seen) continue;
        for (const auto* state : {"available", "scheduled", "retryable", "running", "discarded"}) {
            set(kind, state, 0);
        }
        set_oldest(kind, 0);
    }
}

void DepthMetrics::set(const std::string& kind, const char* state, std::int64_t count) {
    registry_
        .gauge(
            "mobilytics_jobs_depth", "Jobs by kind and state.", {{"kind", kind}, {"state", state}})
        .Set(static_cast<double>(count));
}

void DepthMetrics::set_oldest(const std::string& kind, std::int64_t age_s) {
    registry_
        .gauge(
            "mobilytics_jobs_oldest_seconds", "How long the oldest available job has waited.",
            {{"kind", kind}})
        .Set(static_cast<double>(age_s));
}

}  // namespace mobilytics::jobs
