#include "pipeline/measure/tracks/stays.h"

#include <algorithm>
#include <utility>

namespace mobilytics::measure {

namespace {

std::int64_t floor_to(std::int64_t at, std::int64_t width) {
    return at - (at % width + width) % width;
}

}  // namespace

/// Of those that were kept when it was swept last.
std::int64_t Stays::oldest_slot() const {
    return floor_to(swept_ms_ - rules_.kept_ms - 1, rules_.slot_ms);
}

template <class Add>
void Stays::spread(std::int64_t first_ms, std::int64_t last_ms, const Add& add) const {
    const std::int64_t from = std::max(first_ms - rules_.pad_ms, oldest_slot());
    const std::int64_t to = last_ms + rules_.pad_ms;
    for (std::int64_t slot = floor_to(from, rules_.slot_ms); slot < to; slot += rules_.slot_ms) {
        add(slot, std::min(to, slot + rules_.slot_ms) - std::max(from, slot));
    }
}

void Stays::close(const Open& open, std::size_t gate) {
    if (open.bursts[gate] < 2) return;
    spread(
        time_of(open.first[gate]), time_of(open.last[gate]),
        [&](std::int64_t slot, std::int64_t span) { slots_[slot][gate] += span; });
}

void Stays::close_all() {
    for (const auto& [track, open] : open_) {
        for (std::size_t gate = 0; gate < kGates; ++gate) close(open, gate);
    }
    open_.clear();
}

void Stays::add(std::uint64_t track, std::int64_t at_ms, int rssi_dbm) {
    if (rssi_dbm >= 0 || rssi_dbm < kGatesDbm[0]) return;
    if (at_ms - now_ms_ > 2 * rules_.silence_ms) close_all();  // All fell silent.
    now_ms_ = std::max(now_ms_, at_ms);
    if (now_ms_ - swept_ms_ >= 60'000) sweep();
    if (open_.size() >= rules_.open_max && !open_.contains(track)) make_room();
    Open& open = open_.try_emplace(track).first->second;
    const auto now = static_cast<std::uint32_t>(now_ms_);
    for (std::size_t gate = 0; gate < kGates && rssi_dbm >= kGatesDbm[gate]; ++gate) {
        if (open.bursts[gate] == 0) {
            open.first[gate] = open.last[gate] = now;
            open.bursts[gate] = 1;
            continue;
        }
        open.bursts[gate] = 2;
        if (now - open.last[gate] > rules_.silence_ms) {
            close(open, gate);  // A single burst, too: there is a second one now.
            open.first[gate] = now;
        }
        open.last[gate] = now;
    }
}

void Stays::sweep() {
    swept_ms_ = now_ms_;
    const std::int64_t earliest = now_ms_ - std::min(2 * rules_.kept_ms, kAgeMax / 2);
    // A track ends after twice the silence; one that is heard on is kept no longer than its slots.
    erase_if(open_, [&](auto& entry) {
        Open& open = entry.second;
        for (std::size_t gate = 0; gate < kGates && open.bursts[gate] > 0; ++gate) {
            if (now_ms_ - time_of(open.last[gate]) > 2 * rules_.silence_ms) {
                close(open, gate);
                open.bursts[gate] = 0;
                open.first[gate] = open.last[gate] = 0;
            } else if (time_of(open.first[gate]) < earliest) {
                open.first[gate] = static_cast<std::uint32_t>(earliest);
            }
        }
        return open.bursts[0] == 0;
    });
    slots_.erase(slots_.begin(), slots_.lower_bound(now_ms_ - rules_.kept_ms - rules_.slot_ms));
}

void Stays::make_room() {
    std::vector<std::pair<std::int64_t, std::uint64_t>> all;
    for (const auto& [track, open] : open_) all.emplace_back(time_of(open.last[0]), track);
    std::sort(all.begin(), all.end());
    all.resize(all.size() - rules_.open_max * 7 / 8);
    for (const auto& [last, track] : all) {
        const auto gone = open_.find(track);
        for (std::size_t gate = 0; gate < kGates; ++gate) close(gone->second, gate);
        open_.erase(gone);
    }
}

ByGate Stays::presence_ms(std::int64_t slot_start_ms) const {
    const auto over = slots_.find(slot_start_ms);
    ByGate out = over == slots_.end() ? ByGate{} : over->second;
    for (const auto& [track, open] : open_) {
        for (std::size_t gate = 0; gate < kGates && open.bursts[gate] > 1; ++gate) {
            const std::int64_t from =
                std::max(time_of(open.first[gate]) - rules_.pad_ms, slot_start_ms);
            const std::int64_t to =
                std::min(time_of(open.last[gate]) + rules_.pad_ms, slot_start_ms + rules_.slot_ms);
            out[gate] += std::max<std::int64_t>(0, to - from);
        }
    }
    return out;
}

std::size_t Stays::bytes() const {
    return sizeof *this + open_.bucket_count() * (sizeof(std::pair<std::uint64_t, Open>) + 1) +
           slots_.size() * (sizeof(std::pair<std::int64_t, ByGate>) + 32);
}

}  // namespace mobilytics::measure
