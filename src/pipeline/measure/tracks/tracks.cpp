#include "pipeline/measure/tracks/tracks.h"

#include <algorithm>
#include <limits>

#include "pipeline/measure/tracks/numbers.h"
#include "pipeline/measure/tracks/strength.h"

namespace mobilytics::measure {

namespace {

constexpr std::size_t kCandidatesMax = 48;  // Of a fingerprint: those heard last.
constexpr std::size_t kForeignMax = 16;     // By number alone, of 64 numbers: those that came last.
constexpr std::uint32_t kOne = 1 << 16;

template <class Number>
void count_up(Number& number) {
    if (number < std::numeric_limits<Number>::max()) ++number;
}

Nats hazard(std::int64_t silence_ms) {
    const auto& edges = counting::kSilences;
    const auto bin = std::upper_bound(edges.begin(), edges.end(), silence_ms) - edges.begin();
    return counting::kHazard[static_cast<std::size_t>(bin)];
}

std::uint32_t ahead_of(const Track& track, std::int16_t sequence) {
    return static_cast<std::uint32_t>(sequence - track.sequence) & 0xFFF;
}
std::size_t hundred_of(std::int16_t sequence) { return static_cast<std::size_t>(sequence >> 6); }

}  // namespace

Tracks::Placed Tracks::add(const Heard& given) {
    Heard heard = given;
    heard.at_ms = now_ms_ = std::max(given.at_ms, now_ms_);
    if (heard.coarse == 0) heard.coarse = 1;  // Nothing but a name is told: a list as any other.
    if (heard.fine == 0) heard.fine = 1;
    if (now_ms_ / 60'000 != swept_ms_ / 60'000) sweep();
    if (addresses_.size() >= rules_.addresses_max || tracks() >= rules_.tracks_max) make_room();

    auto known = addresses_.find(heard.pseudonym);
    const bool is_new_address = known == addresses_.end();
    const std::uint64_t last_number = number_;
    if (is_new_address) {
        const Slot slot = associate(heard);
        tracks_[slot].address = heard.pseudonym;
        tracks_[slot].kept = 0;
        tracks_[slot].adopted_ms = heard.at_ms;
        known = addresses_.emplace(heard.pseudonym, Address{heard.at_ms, slot, true}).first;
    }
    if (returns(known->second, heard)) known->second.slot = split(heard);
    const Slot slot = known->second.slot;
    known->second.last_ms = heard.at_ms;
    const bool begins = update(heard, slot);
    if (begins && !is_new_address) known->second.single = false;
    return {tracks_[slot].number, begins, number_ != last_number, tracks_[slot].global};
}

void Tracks::add(std::vector<Heard> heard) {
    std::sort(heard.begin(), heard.end());
    for (const Heard& one : heard) add(one);
}

/// A device that took another address does not come back to the one before: then it was two. Not of
/// addresses that are used side by side, within one burst.
bool Tracks::returns(const Address& address, const Heard& heard) const {
    const Track& track = tracks_[address.slot];
    return track.address != heard.pseudonym &&
           heard.at_ms - address.last_ms > rules_.burst_gap_ms &&
           track.adopted_ms - address.last_ms > rules_.burst_gap_ms;
}

Tracks::Slot Tracks::split(const Heard& heard) {
    const Slot slot = new_track(heard);
    tracks_[slot].address = heard.pseudonym;
    tracks_[slot].adopted_ms = heard.at_ms;
    return slot;
}

Tracks::Slot Tracks::associate(const Heard& heard) {
    Best best{kNone, rules_.birth};
    std::array<std::uint32_t, 4> aliases{};
    if (const auto own = lists_.find(heard.coarse); own != lists_.end()) {
        best.carry = static_cast<std::uint32_t>(
            (std::uint64_t{own->second.by_number} << 16) / own->second.links);
        score_list(heard, own->second, false, best);
        std::copy(own->second.aliases.begin(), own->second.aliases.end(), aliases.begin());
    }
    std::sort(aliases.begin(), aliases.end());
    for (const std::uint32_t alias : aliases) {
        if (alias == 0) continue;
        if (const auto list = lists_.find(alias); list != lists_.end()) {
            score_list(heard, list->second, true, best);
        }
    }
    if (heard.sequence >= 0) score_foreign(heard, best);
    if (best.slot == kNone) return new_track(heard);
    learn(heard, best);
    return best.slot;
}

void Tracks::score_list(const Heard& heard, const List& list, bool alias, Best& best) {
    for (const Slot slot : list.slots) {
        if (alias && tracks_[slot].coarse.has(heard.coarse)) continue;
        consider(heard, slot, alias ? rules_.alias : 0, best);
    }
}

/// Who has another fingerprint, but a number that is just behind.
void Tracks::score_foreign(const Heard& heard, Best& best) {
    const std::int64_t behind_max =
        rules_.foreign_ahead + 2 * rules_.foreign_ms / 1'000;  // Of the longest silence.
    const auto hundreds = static_cast<std::size_t>(behind_max / 64 + 1);
    for (std::size_t back = 0; back <= hundreds; ++back) {
        const std::size_t hundred = (hundred_of(heard.sequence) - back) & 63;
        const auto& slots = by_number_[hundred];
        std::size_t seen = 0;
        for (auto slot = slots.rbegin(); slot != slots.rend() && seen < kForeignMax;
             ++slot, ++seen) {
            const Track& track = tracks_[*slot];
            if (track.number == 0 || track.sequence < 0) continue;
            if (hundred_of(track.sequence) != hundred || track.coarse.has(heard.coarse)) continue;
            const std::int64_t dt = heard.at_ms - track.last_ms;
            const std::int64_t ahead = ahead_of(track, heard.sequence);
            if (dt >= rules_.foreign_ms || ahead * 1'000 > rules_.foreign_ahead * 1'000 + 2 * dt) {
                continue;
            }
            consider(heard, *slot, rules_.foreign, best);
        }
    }
}

Nats Tracks::by_lists(const Heard& heard, const Track& track) const {
    if (track.fine.has(heard.fine)) return rules_.fine_same;
    if (const auto aliases = fine_aliases_.find(heard.fine); aliases != fine_aliases_.end()) {
        for (const std::uint32_t alias : aliases->second) {
            if (alias != 0 && track.fine.has(alias)) return 0;
        }
    }
    return rules_.fine_other;
}

void Tracks::consider(const Heard& heard, Slot slot, Nats prior, Best& best) {
    const Track& track = tracks_[slot];
    const std::int64_t dt = heard.at_ms - track.last_ms;
    if (dt > rules_.window_ms) return;
    ++scored_;
    Nats score = prior + by_lists(heard, track);
    const int off = std::abs(heard.rssi_dbm * 256 - track.rssi);
    if (dt < rules_.same_moment_ms && track.heard > 0 && heard.rssi_dbm < 0 &&
        off > rules_.same_moment_db * 256) {
        score += rules_.elsewhere;
    }
    score += hazard(dt > rules_.burst_gap_ms ? heard.at_ms - track.burst_ms : dt);
    std::uint32_t by_number = 0;
    if (heard.sequence >= 0 && track.sequence >= 0) {
        const auto numbered =
            score_number(ahead_of(track, heard.sequence), dt, track.rate, best.carry);
        score += numbered.score;
        by_number = numbered.by_number;
    }
    score += by_strength(track, heard.rssi_dbm, dt);
    if (track.kept >= 2) score += rules_.stable - (log_of(track.kept) - kLog2);
    if (heard.global || track.global) {
        score += heard.global && track.global ? rules_.other_maker : rules_.change;
    }
    if (score > best.score) best = {slot, score, by_number, best.carry};
}

/// What a link teaches: whether this model's numbers go on, and how fast this device's do.
void Tracks::learn(const Heard& heard, const Best& best) {
    Track& track = tracks_[best.slot];
    if (heard.sequence < 0 || track.sequence < 0) return;
    List& list = list_of(heard.coarse, heard.at_ms);
    list.by_number += best.by_number;
    list.links += kOne;
    if (list.links > 41 * kOne) {  // Forgetting.
        list.by_number = static_cast<std::uint32_t>(std::uint64_t{list.by_number} * 40 / 41);
        list.links = static_cast<std::uint32_t>(std::uint64_t{list.links} * 40 / 41);
    }
    const std::int64_t dt = heard.at_ms - track.last_ms;
    if (best.by_number > kOne * 9 / 10 && dt > 1'000) {
        const auto rate =
            static_cast<std::int32_t>(ahead_of(track, heard.sequence) * 256'000LL / dt);
        track.rate = track.rate < 0 ? rate : (7 * track.rate + 3 * rate) / 10;
    }
}

/// Whether a burst begins with it.
bool Tracks::update(const Heard& heard, Slot slot) {
    Track& track = tracks_[slot];
    const bool begins = track.bursts == 0 || heard.at_ms - track.last_ms > rules_.burst_gap_ms;
    if (begins) {
        track.burst_ms = heard.at_ms;
        count_up(track.bursts);
        count_up(track.kept);
        List& list = list_of(heard.coarse, heard.at_ms);
        if (list.bursts.size() >= rules_.grid_bursts) list.bursts.erase(list.bursts.begin());
        list.bursts.push_back({heard.at_ms, heard.rssi_dbm});
    }
    track.last_ms = heard.at_ms;
    const bool moves =
        heard.sequence >= 0 &&
        (track.sequence < 0 || hundred_of(track.sequence) != hundred_of(heard.sequence));
    track.sequence = heard.sequence;
    if (moves) note_number(slot);
    note_strength(track, heard.rssi_dbm);
    if (!track.coarse.has(heard.coarse) || !track.fine.has(heard.fine)) note_lists(heard, slot);
    return begins;
}

void Tracks::note_number(Slot slot) {
    auto& slots = by_number_[hundred_of(tracks_[slot].sequence)];
    slots.push_back(slot);
    if (slots.size() <= 2 * kForeignMax) return;
    const std::size_t hundred = hundred_of(tracks_[slot].sequence);
    std::vector<Slot> kept;
    for (auto at = slots.rbegin(); at != slots.rend() && kept.size() < kForeignMax; ++at) {
        const Track& track = tracks_[*at];
        const bool stands =
            track.number != 0 && track.sequence >= 0 && hundred_of(track.sequence) == hundred;
        if (stands && std::find(kept.begin(), kept.end(), *at) == kept.end()) kept.push_back(*at);
    }
    slots.assign(kept.rbegin(), kept.rend());
}

/// Fingerprints seen at one device are aliases of each other.
void Tracks::note_lists(const Heard& heard, Slot slot) {
    Track& track = tracks_[slot];
    if (!track.coarse.has(heard.coarse)) {
        for (const std::uint32_t other : track.coarse) {
            if (other == 0) continue;
            List& theirs = list_of(other, 0);
            if (!theirs.aliases.has(heard.coarse)) theirs.aliases.add(heard.coarse);
            List& ours = list_of(heard.coarse, heard.at_ms);
            if (!ours.aliases.has(other)) ours.aliases.add(other);
        }
        const std::uint32_t gone = track.coarse.add(heard.coarse);
        if (const auto list = lists_.find(gone); gone != 0 && list != lists_.end()) {
            std::erase(list->second.slots, slot);
        }
        enlist(list_of(heard.coarse, heard.at_ms), slot);
    }
    if (track.fine.has(heard.fine)) return;
    if (fine_aliases_.size() >= rules_.lists_max) fine_aliases_.clear();  // They are learnt again.
    for (const std::uint32_t other : track.fine) {
        if (other == 0) continue;
        if (auto& theirs = fine_aliases_[other]; !theirs.has(heard.fine)) theirs.add(heard.fine);
        if (auto& ours = fine_aliases_[heard.fine]; !ours.has(other)) ours.add(other);
    }
    track.fine.add(heard.fine);
}

Tracks::List& Tracks::list_of(std::uint32_t coarse, std::int64_t at_ms) {
    if (lists_.size() >= rules_.lists_max && !lists_.contains(coarse)) forget_lists();
    List& list = lists_[coarse];
    list.last_ms = std::max(list.last_ms, at_ms);
    return list;
}

void Tracks::enlist(List& list, Slot slot) {
    if (list.slots.size() >= kCandidatesMax) {
        const auto oldest =
            std::min_element(list.slots.begin(), list.slots.end(), [&](Slot a, Slot b) {
                return std::pair(tracks_[a].last_ms, tracks_[a].number) <
                       std::pair(tracks_[b].last_ms, tracks_[b].number);
            });
        list.slots.erase(oldest);
    }
    list.slots.push_back(slot);
}

Tracks::Slot Tracks::new_track(const Heard& heard) {
    Slot slot = static_cast<Slot>(tracks_.size());
    if (free_.empty()) {
        tracks_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    Track& track = tracks_[slot];
    track.number = ++number_;
    track.first_ms = track.last_ms = track.burst_ms = heard.at_ms;
    track.global = heard.global;
    return slot;
}

void Tracks::free_track(Slot slot) {
    for (const std::uint32_t coarse : tracks_[slot].coarse) {
        if (coarse == 0) continue;
        if (const auto list = lists_.find(coarse); list != lists_.end()) {
            std::erase(list->second.slots, slot);
        }
    }
    tracks_[slot] = {};
    free_.push_back(slot);
}

/// Once a minute: what fell silent goes.
void Tracks::sweep() {
    swept_ms_ = now_ms_;
    erase_if(addresses_, [&](const auto& entry) {
        const std::int64_t kept = entry.second.single ? rules_.single_burst_ms : rules_.window_ms;
        return now_ms_ - entry.second.last_ms > kept;
    });
    for (Slot slot = 0; slot < tracks_.size(); ++slot) {
        const Track& track = tracks_[slot];
        if (track.number != 0 && now_ms_ - track.last_ms > rules_.window_ms) free_track(slot);
    }
    drop_addresses_of_the_dead();
}

void Tracks::forget_lists() {
    std::vector<std::pair<std::int64_t, std::uint32_t>> all;
    for (const auto& [coarse, list] : lists_) all.emplace_back(list.last_ms, coarse);
    std::sort(all.begin(), all.end());
    all.resize(all.size() - rules_.lists_max * 7 / 8);
    for (const auto& [last, coarse] : all) lists_.erase(coarse);
}

/// At a limit: an eighth goes, heard longest ago.
void Tracks::make_room() {
    sweep();
    if (tracks() >= rules_.tracks_max) {
        std::vector<std::pair<std::pair<std::int64_t, std::uint64_t>, Slot>> all;
        for (Slot slot = 0; slot < tracks_.size(); ++slot) {
            const Track& track = tracks_[slot];
            if (track.number != 0) all.push_back({{track.last_ms, track.number}, slot});
        }
        std::sort(all.begin(), all.end());
        all.resize(all.size() - rules_.tracks_max * 7 / 8);
        for (const auto& [age, slot] : all) free_track(slot);
        drop_addresses_of_the_dead();
    }
    if (addresses_.size() >= rules_.addresses_max) {
        std::vector<std::pair<std::int64_t, std::uint64_t>> all;
        for (const auto& [pseudonym, address] : addresses_) {
            all.emplace_back(address.last_ms, pseudonym);
        }
        std::sort(all.begin(), all.end());
        all.resize(all.size() - rules_.addresses_max * 7 / 8);
        for (const auto& [last, pseudonym] : all) addresses_.erase(pseudonym);
    }
}

void Tracks::drop_addresses_of_the_dead() {
    erase_if(addresses_, [&](const auto& entry) { return tracks_[entry.second.slot].number == 0; });
}

std::size_t Tracks::bytes() const {
    std::size_t lists = 0;
    for (const auto& [coarse, list] : lists_) {
        lists += sizeof list + list.slots.capacity() * sizeof(Slot) +
                 list.bursts.capacity() * sizeof(Burst);
    }
    std::size_t numbers = 0;
    for (const auto& slots : by_number_) numbers += slots.capacity() * sizeof(Slot);
    return sizeof *this + tracks_.capacity() * sizeof(Track) + lists + numbers +
           addresses_.bucket_count() * (sizeof(std::pair<std::uint64_t, Address>) + 1) +
           fine_aliases_.bucket_count() * (sizeof(std::pair<std::uint32_t, LatestFour>) + 1);
}

}  // namespace mobilytics::measure
