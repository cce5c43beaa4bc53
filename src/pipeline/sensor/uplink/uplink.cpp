#include "pipeline/sensor/uplink/uplink.h"

#include <algorithm>

#include "foundation/log.h"

namespace mobilytics::sensor {

namespace chrono = std::chrono;

namespace {

std::uint64_t micros(chrono::milliseconds time) {
    return static_cast<std::uint64_t>(chrono::microseconds(time).count());
}

bool settles(const wire::Ack& ack, const SeqKey& key) {
    if (key.boot != ack.boot) return false;
    const auto within = [&](const wire::SeqRange& range) {
        return range.first <= key.seq && key.seq <= range.last;
    };
    return key.seq <= ack.cumulative_seq ||
           std::any_of(ack.settled.begin(), ack.settled.end(), within) ||
           std::any_of(ack.rejected.begin(), ack.rejected.end(), [&](const auto& rejection) {
               return within(rejection.range);
           });
}

}  // namespace

Uplink::Uplink(
    Spool& spool, Courier& first, Courier* second, const UplinkLimits& limits, std::uint64_t seed)
    : spool_(spool),
      first_(first),
      second_(second),
      limits_(limits),
      random_(seed),
      window_(limits.window),
      pause_(limits.pause_first) {}

chrono::milliseconds Uplink::turn(std::uint64_t mono_us) {
    if (progress_at_us_ == 0) progress_at_us_ = mono_us;
    take_acks(mono_us);
    notice_failure(mono_us);
    choose_way(mono_us);
    while (mono_us >= hold_until_us_ && send_some(mono_us)) take_acks(mono_us);
    if (mono_us >= hold_until_us_) return limits_.idle;
    const auto left = chrono::microseconds(static_cast<std::int64_t>(hold_until_us_ - mono_us));
    return std::min(limits_.ack_wait, chrono::ceil<chrono::milliseconds>(left));
}

void Uplink::take_acks(std::uint64_t mono_us) {
    for (const auto& ack : first_.take_acks()) take(ack, mono_us);
    if (second_ == nullptr) return;
    for (const auto& ack : second_->take_acks()) take(ack, mono_us);
}

void Uplink::take(const wire::Ack& ack, std::uint64_t mono_us) {
    if (const auto settled = spool_.settle(ack); settled > 0) {
        settled_ += settled;
        progress_at_us_ = mono_us;
        pause_ = limits_.pause_first;
        failures_ = 0;
    }
    std::erase_if(under_way_, [&](const SeqKey& key) { return settles(ack, key); });
    if (ack.window_max > 0) window_ = std::min(ack.window_max, limits_.window_max);
    if (ack.retry_after.count() > 0) hold(mono_us, ack.retry_after);
    if (!ack.rejected.empty()) {
        log::warning(
            "reports_rejected",
            {{"ranges", ack.rejected.size()}, {"why", ack.rejected.front().reason}});
    }
}

/// A window has failed that got no answer in time, and so has one that nobody could be given.
void Uplink::notice_failure(std::uint64_t mono_us) {
    const bool waits = !under_way_.empty() || (!way().ready() && !drained());
    if (!waits || mono_us < hold_until_us_) {
        if (!waits) progress_at_us_ = mono_us;
        return;
    }
    if (mono_us < progress_at_us_ + micros(limits_.ack_wait)) return;
    ++failures_;
    ++windows_failed_;
    progress_at_us_ = mono_us;
    log::warning(
        "uplink_window_failed", {{"failures", failures_}, {"second_way", on_second_.load()}});
    if (!under_way_.empty()) way().start_over();
    send_again();
}

/// From the oldest that is not settled.
void Uplink::send_again() {
    under_way_.clear();
    cursor_ = {};
}

void Uplink::choose_way(std::uint64_t mono_us) {
    if (second_ == nullptr) return;
    const bool to_second = !on_second_ && failures_ >= limits_.failures_max;
    const bool to_first = on_second_ && first_.ready() &&
                          mono_us >= second_since_us_ + micros(limits_.second_way_for);
    if (!to_second && !to_first) return;
    on_second_ = to_second;
    ++switches_;
    // The first way must prove itself: one more failure, and it is left again.
    failures_ = to_second ? 0 : limits_.failures_max - 1;
    second_since_us_ = mono_us;
    progress_at_us_ = mono_us;
    hold_until_us_ = std::min(hold_until_us_, mono_us);
    send_again();
    log::info("uplink_way_changed", {{"second_way", to_second}});
}

/// One envelope, of reports of one boot: an answer is about one. True when there may be more to do.
bool Uplink::send_some(std::uint64_t mono_us) {
    if (under_way_.size() >= window_ || !way().ready()) return false;
    const auto room =
        std::min<std::size_t>(window_ - under_way_.size(), limits_.envelope_reports_max);
    const auto some = spool_.read(cursor_, limits_.envelope_bytes_max, room);
    if (some.empty()) return false;
    std::string envelope;
    std::size_t count = 0;
    for (; count < some.size() && some[count].key.boot == some[0].key.boot; ++count) {
        envelope += some[count].frame;
    }
    const auto result = way().send(std::move(envelope));
    if (result.sending == Sending::not_now) return false;
    if (under_way_.empty()) progress_at_us_ = mono_us;
    if (result.sending == Sending::failed) {
        ++failures_;
        log::warning("uplink_send_failed", {{"why", result.why}});
        hold(mono_us, std::max(result.retry_after, next_pause()));
        return false;
    }
    ++envelopes_;
    reports_ += count;
    for (std::size_t i = 0; i < count; ++i) under_way_.push_back(some[i].key);
    cursor_ = some[count - 1].next;
    return true;
}

void Uplink::hold(std::uint64_t mono_us, chrono::milliseconds time) {
    hold_until_us_ = std::max(hold_until_us_, mono_us + micros(std::min(time, limits_.pause_max)));
}

/// Full jitter: anything up to a limit that doubles.
chrono::milliseconds Uplink::next_pause() {
    std::uniform_int_distribution<std::int64_t> even(0, pause_.count());
    pause_ = std::min(2 * pause_, limits_.pause_max);
    return chrono::milliseconds(even(random_));
}

UplinkCounts Uplink::counts() const {
    return {envelopes_, reports_, settled_, windows_failed_, switches_};
}

}  // namespace mobilytics::sensor
