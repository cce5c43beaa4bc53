#include "pipeline/ingest/boot_state.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::ingest {

namespace {

/// How far apart the boot's windows begin, in microseconds.
double pace_us(const BootState& boot) {
    if (boot.highest->seq == boot.lowest->seq) {
        return std::max<double>(1, static_cast<double>(boot.last_duration.count()));
    }
    const auto time =
        static_cast<double>(boot.highest->mono_us) - static_cast<double>(boot.lowest->mono_us);
    return std::max(1.0, time / static_cast<double>(boot.highest->seq - boot.lowest->seq));
}

}  // namespace

Taking take(BootState& boot, std::uint64_t seq) {
    if (boot.taken.contains(seq)) return Taking::duplicate;
    const bool joins = boot.taken.contains(seq - 1) || boot.taken.contains(seq + 1);
    if (!joins && boot.taken.ranges().size() >= kPiecesMax) return Taking::too_scattered;
    boot.taken.insert(seq);
    boot.lost.erase({seq, seq});
    return Taking::fresh;
}

void note_refused(BootState& boot, std::uint64_t seq) {
    if (boot.refused.ranges().size() < kPiecesMax) boot.refused.insert(seq);
}

void note_accepted(BootState& boot, std::uint64_t seq, const OwnTime& own, const Timing& timing) {
    const Milestone here{seq, own.mono_us};
    if (!boot.lowest || seq < boot.lowest->seq) boot.lowest = here;
    if (!boot.highest || seq > boot.highest->seq) {
        boot.highest = here;
        boot.last_duration = own.duration;
        // An uncertain time is better than none, and worse than any.
        if (!timing.uncertain || !boot.begun_at) {
            boot.begun_at = timing.started - std::chrono::microseconds(own.mono_us);
        }
    }
}

SequenceSet declare_lost(BootState& boot, wire::SeqRange range) {
    SequenceSet fresh;
    if (range.first < 1 || range.last < range.first || range.last > kSequenceMax) return fresh;
    if (range.last - range.first >= kLossReportsMax) return fresh;
    fresh.insert(range);
    fresh = fresh.without(boot.taken.within(range)).without(boot.lost.within(range));
    if (boot.lost.ranges().size() + fresh.ranges().size() > kPiecesMax) return {};
    for (const auto& piece : fresh.ranges()) boot.lost.insert(piece);
    return fresh;
}

wire::Ack ack_of(const wire::BootId& boot, const BootState& state, Instant now) {
    const auto settled = state.taken.united(state.lost);
    wire::Ack ack;
    ack.boot = boot;
    ack.cumulative_seq = settled.cumulative();
    for (const auto& range : settled.ranges()) {
        if (range.first > ack.cumulative_seq) ack.settled.push_back(range);
    }
    ack.server = now;
    return ack;
}

Gaps gaps(const BootState& boot, BootLife life) {
    Gaps out;
    out.lost = boot.lost;
    const auto known = boot.taken.united(boot.lost);
    if (const auto highest = known.highest()) {
        SequenceSet all;
        all.insert({1, *highest});
        (life == BootLife::going_on ? out.pending : out.unknown) = all.without(known);
    }
    return out;
}

std::optional<wire::SeqRange> numbers_between(const BootState& boot, Instant from, Instant to) {
    if (!boot.begun_at || !boot.lowest || from >= to) return std::nullopt;
    const auto lowest_at = *boot.begun_at + std::chrono::microseconds(boot.lowest->mono_us);
    const auto first_at = [&](Instant time) {
        const auto distance = static_cast<double>((time - lowest_at).count()) / pace_us(boot);
        return std::ceil(distance) + static_cast<double>(boot.lowest->seq);
    };
    const auto highest = boot.taken.united(boot.lost).highest().value_or(0);
    const auto first = std::max(1.0, first_at(from));
    const auto last = std::min(static_cast<double>(highest), first_at(to) - 1);
    if (first > last) return std::nullopt;
    return wire::SeqRange{static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last)};
}

}  // namespace mobilytics::ingest
