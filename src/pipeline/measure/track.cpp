#include "pipeline/measure/track.h"

#include <algorithm>

#include "pipeline/measure/cells.h"

namespace mobilytics::measure {

namespace chrono = std::chrono;
using chrono::microseconds;

namespace {

/// Fixes that may lie unused at the front before they are removed.
constexpr std::uint64_t kUnusedMax = 64;

double seconds(microseconds span) { return chrono::duration<double>(span).count(); }

/// The part `share` of the way from one angle to the other, the shorter way around the earth.
std::int32_t between(std::int32_t from_e7, std::int32_t to_e7, double share) {
    constexpr std::int64_t kTurn = 3'600'000'000;
    std::int64_t off = std::int64_t{to_e7} - from_e7;
    if (off > kTurn / 2) off -= kTurn;
    if (off < -kTurn / 2) off += kTurn;
    std::int64_t angle = from_e7 + std::llround(double(off) * share);
    if (angle > kTurn / 2) angle -= kTurn;
    if (angle < -kTurn / 2) angle += kTurn;
    return static_cast<std::int32_t>(angle);
}

Place place_at(const TrackFix& known) {
    return {known.cell, known.motion, known.driven_mm, known.driving, known.parked};
}

/// On the way from `a` to `b`; the first half of the time counts as `a`'s motion.
Place place_between(const TrackFix& a, const TrackFix& b, Instant at) {
    const microseconds all = b.fix.at - a.fix.at;
    const microseconds gone = at - a.fix.at;
    const microseconds first = std::min(gone, all / 2);
    const microseconds second = gone - first;
    const double share = double(gone.count()) / double(all.count());
    Place out = place_at(a);
    if (gone > all / 2) out.motion = b.motion;
    out.driven_mm += std::llround(double(b.driven_mm - a.driven_mm) * share);
    if (a.motion == Motion::driving) out.driving += first;
    if (a.motion == Motion::parked) out.parked += first;
    if (b.motion == Motion::driving) out.driving += second;
    if (b.motion == Motion::parked) out.parked += second;
    if (a.cell != b.cell) {
        out.cell = cell_of(
            between(a.fix.latitude_e7, b.fix.latitude_e7, share),
            between(a.fix.longitude_e7, b.fix.longitude_e7, share));
    }
    return out;
}

}  // namespace

void Track::add(
    const Fix& fix, DeviceId device, const Rules& rules, std::vector<TrackFix>& settled) {
    if (!fixes_.empty()) {
        const microseconds since = fix.at - last();
        if (since <= microseconds(0)) return;
        if (device != device_ && since <= rules.fix_hold) return;
    }
    device_ = device;
    TrackFix next{.fix = fix, .cell = cell_of(fix.latitude_e7, fix.longitude_e7)};
    next.begins = fixes_.empty() || fix.at - last() > rules.fix_gap_max ||
                  distance_m(fixes_.back().fix, fix) > rules.fix_jump_max_m;
    if (next.begins) finish(rules, settled);
    fixes_.push_back(next);
    finished_ = false;
    while (settled_ + 2 < fixes_.size()) {
        settle(settled_, rules);
        settled.push_back(fixes_[settled_++]);
    }
}

void Track::finish(const Rules& rules, std::vector<TrackFix>& settled) {
    while (settled_ < fixes_.size()) {
        settle(settled_, rules);
        settled.push_back(fixes_[settled_++]);
    }
    finished_ = true;
}

Motion Track::motion_of(std::size_t number, const Rules& rules) const {
    std::size_t from = number;
    std::size_t to = number;
    for (int i = 0; i < 2; ++i) {
        if (from > 0 && !fixes_[from].begins) --from;
        if (to + 1 < fixes_.size() && !fixes_[to + 1].begins) ++to;
    }
    const Fix& first = fixes_[from].fix;
    const Fix& last = fixes_[to].fix;
    if (from == to) {  // Alone: by what the receiver said.
        if (first.speed_cm_s < 0) return Motion::unknown;
        return first.speed_cm_s * 0.01 >= rules.driving_m_s ? Motion::driving : Motion::parked;
    }
    const double speed = distance_m(first, last) / seconds(last.at - first.at);
    return speed >= rules.driving_m_s ? Motion::driving : Motion::parked;
}

void Track::settle(std::size_t number, const Rules& rules) {
    TrackFix& fix = fixes_[number];
    fix.motion = motion_of(number, rules);
    const Place so_far = number > 0 ? place_at(fixes_[number - 1]) : base_;
    fix.driven_mm = so_far.driven_mm;
    fix.driving = so_far.driving;
    fix.parked = so_far.parked;
    if (fix.begins) return;
    const TrackFix& before = fixes_[number - 1];
    const microseconds all = fix.fix.at - before.fix.at;
    const auto way_mm = std::llround(1000 * distance_m(before.fix, fix.fix));
    const auto count = [&](Motion motion, microseconds time, std::int64_t mm) {
        if (motion == Motion::parked) fix.parked += time;
        if (motion != Motion::driving) return;
        fix.driving += time;
        fix.driven_mm += mm;
    };
    count(before.motion, all / 2, way_mm / 2);
    count(fix.motion, all - all / 2, way_mm - way_mm / 2);
}

std::size_t Track::first_after(Instant at) const {
    const auto found =
        std::upper_bound(fixes_.begin(), fixes_.end(), at, [](Instant a, const TrackFix& b) {
            return a < b.fix.at;
        });
    return static_cast<std::size_t>(found - fixes_.begin());
}

bool Track::is_settled(Instant at, Instant frontier, const Rules& rules) const {
    if (!fixes_.empty() && at < last()) return first_after(at) < settled_;
    return finished_ && frontier > at + rules.fix_hold;
}

Place Track::at(Instant at, const Rules& rules) const {
    const std::size_t next = first_after(at);
    const bool has_next = next < fixes_.size();
    if (next > 0 && has_next && !fixes_[next].begins) {
        return place_between(fixes_[next - 1], fixes_[next], at);
    }
    const auto never = microseconds::max();
    const auto since = next > 0 ? at - fixes_[next - 1].fix.at : never;
    const auto until = has_next ? fixes_[next].fix.at - at : never;
    if (std::min(since, until) <= rules.fix_hold) {
        return place_at(since <= until ? fixes_[next - 1] : fixes_[next]);
    }
    Place unknown = next > 0 ? place_at(fixes_[next - 1]) : base_;
    unknown.cell = kNoCell;
    unknown.motion = Motion::unknown;
    return unknown;
}

void Track::end_day(const Rules& rules, std::vector<TrackFix>& settled) {
    finish(rules, settled);
    if (fixes_.empty()) return;
    base_ = place_at(fixes_.back());
    fixes_.clear();
    settled_ = 0;
}

void Track::forget_before(Instant at) {
    // Still asked for are the fix before it, and two before the first that is not settled.
    const std::size_t next = first_after(at);
    const std::uint64_t unused =
        std::min<std::uint64_t>(next > 0 ? next - 1 : 0, settled_ > 3 ? settled_ - 3 : 0);
    if (unused < kUnusedMax) return;
    fixes_.erase(fixes_.begin(), fixes_.begin() + static_cast<std::ptrdiff_t>(unused));
    settled_ -= unused;
}

}  // namespace mobilytics::measure
