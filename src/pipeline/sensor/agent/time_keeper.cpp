#include "pipeline/sensor/agent/time_keeper.h"

#include "foundation/log.h"

namespace mobilytics::sensor {

namespace {

constexpr std::int64_t kStepUs = 1'000'000;  // What is more is a step, what is less is slewed.
constexpr std::uint64_t kGpsGoodForUs = 600'000'000;
constexpr std::size_t kAnchorsKeptMax = 64;

std::int64_t micros(Instant at) { return at.time_since_epoch().count(); }

std::int64_t offset_of(Instant wall, std::uint64_t mono_us) {
    return micros(wall) - static_cast<std::int64_t>(mono_us);
}

}  // namespace

TimeKeeper::TimeKeeper(const MachineTime& machine, Instant floor)
    : machine_(machine), floor_(std::max(floor, kEarliest)) {
    floor_offset_us_ = offset_of(floor_, machine_.read().mono_us);
    update();
}

void TimeKeeper::update() {
    const auto reading = machine_.read();
    const std::lock_guard lock(mutex_);
    const auto system = offset_of(reading.wall, reading.mono_us);
    const bool gps_good = gps_offset_us_ && reading.mono_us - gps_heard_at_us_ < kGpsGoodForUs;
    if (reading.synchronised) {
        adopt(system, wire::ClockState::ntp, reading);
    } else if (gps_good) {
        adopt(*gps_offset_us_, wire::ClockState::gps, reading);
    } else if (base_.state < wire::ClockState::ntp) {
        // Once a good source was heard, its offset is better than a clock that nobody sets.
        if (reading.wall < floor_) {
            adopt(floor_offset_us_, wire::ClockState::floor, reading);
        } else {
            adopt(
                system, reading.has_rtc ? wire::ClockState::rtc : wire::ClockState::floor, reading);
        }
    }
}

void TimeKeeper::fix_heard(Instant time) {
    const auto reading = machine_.read();
    {
        const std::lock_guard lock(mutex_);
        if (time < floor_) return;  // Receivers without an almanac say all sorts of years.
        gps_offset_us_ = offset_of(time, reading.mono_us);
        gps_heard_at_us_ = reading.mono_us;
    }
    update();
}

void TimeKeeper::adopt(
    std::int64_t offset_us, wire::ClockState state, const MachineTime::Reading& reading) {
    const bool first = base_.state == wire::ClockState::unset;
    const bool stepped = std::abs(offset_us - base_.offset_us) > kStepUs;
    const bool better = state > base_.state;
    // GPS comes with up to a second's jitter: that is not worth a step.
    if (!first && !stepped && !better && state == wire::ClockState::gps) return;
    base_ = {offset_us, state};
    if (!first && !stepped && !better) return;
    if (!first) {
        log::info("clock_changed", {{"source", word(state)}, {"stepped", stepped}});
    }
    if (state < wire::ClockState::ntp || anchors_.size() >= kAnchorsKeptMax) return;
    anchors_.push_back(
        {reading.mono_us, base_.wall(reading.mono_us), state,
         state == wire::ClockState::gps ? kGpsUncertaintyUs : reading.error_us});
}

Moment TimeKeeper::now() const {
    const auto mono_us = machine_.read().mono_us;
    const std::lock_guard lock(mutex_);
    return {base_.wall(mono_us), mono_us, base_.state};
}

TimeBase TimeKeeper::base() const {
    const std::lock_guard lock(mutex_);
    return base_;
}

std::uint64_t TimeKeeper::mono_of(Instant stamp) const {
    const auto reading = machine_.read();
    const auto mono =
        static_cast<std::int64_t>(reading.mono_us) + micros(stamp) - micros(reading.wall);
    return mono > 0 ? static_cast<std::uint64_t>(mono) : 0;
}

std::vector<wire::ClockAnchor> TimeKeeper::take_anchors() {
    const std::lock_guard lock(mutex_);
    return std::exchange(anchors_, {});
}

}  // namespace mobilytics::sensor
