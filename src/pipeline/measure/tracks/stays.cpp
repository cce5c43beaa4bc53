#include "pipeline/measure/tracks/stays.h"

#include <algorithm>
#include <utility>
#include <vector>

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

void Stays::close(const Stay& stay) {
    if (stay.bursts < 2) return;
    spread(stay.first_ms, stay.last_ms, [&](std::int64_t slot, std::int64_t span) {
        slots_[slot] += span;
    });
}

void Stays::add(std::uint64_t track, std::int64_t at_ms, int rssi_dbm) {
    if (rssi_dbm >= 0 || rssi_dbm < rules_.gate_dbm) return;
    now_ms_ = std::max(now_ms_, at_ms);
    if (now_ms_ - swept_ms_ >= 60'000) sweep();
    if (open_.size() >= rules_.open_max && !open_.contains(track)) make_room();
    const auto [found, is_new] = open_.try_emplace(track, Stay{now_ms_, now_ms_, 1});
    if (is_new) return;
    Stay& stay = found->second;
    ++stay.bursts;
    if (now_ms_ - stay.last_ms > rules_.silence_ms) {
        close(stay);  // A single burst, too: there is a second one now.
        stay.first_ms = now_ms_;
    }
    stay.last_ms = now_ms_;
}

void Stays::sweep() {
    swept_ms_ = now_ms_;
    // A track ends after twice the silence.
    erase_if(open_, [&](const auto& entry) {
        if (now_ms_ - entry.second.last_ms <= 2 * rules_.silence_ms) return false;
        close(entry.second);
        return true;
    });
    slots_.erase(slots_.begin(), slots_.lower_bound(now_ms_ - rules_.kept_ms - rules_.slot_ms));
}

void Stays::make_room() {
    std::vector<std::pair<std::int64_t, std::uint64_t>> all;
    for (const auto& [track, stay] : open_) all.emplace_back(stay.last_ms, track);
    std::sort(all.begin(), all.end());
    all.resize(all.size() - rules_.open_max * 7 / 8);
    for (const auto& [last, track] : all) {
        close(open_.at(track));
        open_.erase(track);
    }
}

std::int64_t Stays::presence_ms(std::int64_t slot_start_ms) const {
    const auto over = slots_.find(slot_start_ms);
    std::int64_t sum = over == slots_.end() ? 0 : over->second;
    for (const auto& [track, stay] : open_) {
        if (stay.bursts < 2) continue;
        const std::int64_t from = std::max(stay.first_ms - rules_.pad_ms, slot_start_ms);
        const std::int64_t to =
            std::min(stay.last_ms + rules_.pad_ms, slot_start_ms + rules_.slot_ms);
        sum += std::max<std::int64_t>(0, to - from);
    }
    return sum;
}

}  // namespace mobilytics::measure
