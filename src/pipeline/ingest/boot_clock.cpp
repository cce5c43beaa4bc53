#include "pipeline/ingest/boot_clock.h"

#include <tuple>

namespace mobilytics::ingest {

namespace {

using wire::ClockState;

bool is_believable(Instant time, ClockState source, Instant received_at, const TimePolicy& policy) {
    const auto earliest = is_strong(source) ? kTimeEarliest : kBatteryClockEarliest;
    return time >= earliest && time <= received_at + policy.future_max;
}

auto rank(const wire::ClockAnchor& anchor) {
    return std::tuple(
        !is_strong(anchor.source), anchor.mono_us, anchor.uncertainty_us, anchor.wall);
}

}  // namespace

bool is_strong(ClockState source) { return source == ClockState::ntp || source == ClockState::gps; }

bool offer_anchor(
    BootClock& boot, const wire::ClockAnchor& anchor, Instant received_at,
    const TimePolicy& policy) {
    if (anchor.source < ClockState::rtc || anchor.mono_us > kMonotonicMaxUs) return false;
    if (std::chrono::microseconds(anchor.uncertainty_us) > policy.anchor_error_max) return false;
    if (!is_believable(anchor.wall, anchor.source, received_at, policy)) return false;
    if (boot.anchor && rank(*boot.anchor) <= rank(anchor)) return false;
    if (boot.retimings >= kRetimingsMax) return false;
    boot.anchor = anchor;
    ++boot.retimings;
    return true;
}

void offer_arrival(BootClock& boot, const OwnTime& own, Instant received_at) {
    const auto begun = received_at - own.duration - std::chrono::microseconds(own.mono_us);
    boot.begun_at_most = std::min(begun, boot.begun_at_most.value_or(begun));
}

Instant at_by(const wire::ClockAnchor& anchor, std::uint64_t mono_us) {
    const auto since =
        static_cast<std::int64_t>(mono_us) - static_cast<std::int64_t>(anchor.mono_us);
    return anchor.wall + std::chrono::microseconds(since);
}

Timing timing_of(
    const OwnTime& own, const BootClock& boot, Instant received_at, const TimePolicy& policy) {
    const auto timed = [&](Instant started, TimedBy by) {
        return Timing{started, by, policy.age_max && started < received_at - *policy.age_max};
    };
    const bool own_is_good =
        own.state >= ClockState::rtc && is_believable(own.started, own.state, received_at, policy);
    if (own_is_good && is_strong(own.state)) return timed(own.started, TimedBy::clock);
    if (boot.anchor && (!own_is_good || is_strong(boot.anchor->source))) {
        const auto started = at_by(*boot.anchor, own.mono_us);
        if (started >= kTimeEarliest && started <= received_at + policy.future_max) {
            return timed(started, TimedBy::anchor);
        }
    }
    if (own_is_good) return timed(own.started, TimedBy::clock);
    const auto latest = received_at - own.duration;
    auto started = latest;
    if (boot.begun_at_most) {
        started = std::min(latest, *boot.begun_at_most + std::chrono::microseconds(own.mono_us));
    }
    if (boot.not_before) started = std::min(latest, std::max(started, *boot.not_before));
    return {started, TimedBy::bracket, true};
}

}  // namespace mobilytics::ingest
