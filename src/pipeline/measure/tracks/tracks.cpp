#include "pipeline/measure/tracks/tracks.h"

#include <algorithm>
#include <limits>

#include "pipeline/measure/tracks/numbers.h"
#include "pipeline/measure/tracks/strength.h"

namespace mobilytics::measure {

namespace {

template <class Number>
void count_up(Number& number) {
    if (number < std::numeric_limits<Number>::max()) ++number;
}

}  // namespace

Tracks::Placed Tracks::add(const Heard& given) {
    Heard heard = given;
    heard.at_ms = std::max(given.at_ms, now_ms_);
    if (heard.at_ms - now_ms_ >= kAgeMax) addresses_.clear();  // All of them fell silent.
    now_ms_ = heard.at_ms;
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
        known = addresses_.emplace(heard.pseudonym, Address{0, bits_of(slot, true)}).first;
    }
    Address& address = known->second;
    if (!is_new_address && returns(address, heard)) {
        address.bits = bits_of(split(heard), address.single());
    }
    const Slot slot = address.slot();
    const bool resumes =
        !is_new_address && heard.at_ms - time_of(address.last) > rules_.burst_gap_ms;
    if (!heard.global && (is_new_address || resumes)) {
        arrivals_.add(heard.at_ms, heard.coarse, heard.rssi_dbm, is_new_address);
    }
    address.last = static_cast<std::uint32_t>(heard.at_ms);
    const bool begins = update(heard, slot);
    if (begins && !is_new_address) address.bits = bits_of(slot, false);
    return {tracks_[slot].number, begins, number_ != last_number, tracks_[slot].global};
}

void Tracks::add(std::vector<Heard> heard) {
    std::sort(heard.begin(), heard.end());
    for (const Heard& one : heard) add(one);
}

/// A device that took another address does not come back to the one before: then it was two. Not of
/// addresses that are used side by side, within one burst.
bool Tracks::returns(const Address& address, const Heard& heard) const {
    const DeviceTrack& track = tracks_[address.slot()];
    if (track.address == heard.pseudonym) return false;
    const std::int64_t last_ms = time_of(address.last);
    return heard.at_ms - last_ms > rules_.burst_gap_ms &&
           track.adopted_ms - last_ms > rules_.burst_gap_ms;
}

Tracks::Slot Tracks::split(const Heard& heard) {
    const Slot slot = new_track(heard);
    tracks_[slot].address = heard.pseudonym;
    tracks_[slot].adopted_ms = heard.at_ms;
    return slot;
}

/// Whether a burst begins with it.
bool Tracks::update(const Heard& heard, Slot slot) {
    DeviceTrack& track = tracks_[slot];
    const bool begins = track.bursts == 0 || heard.at_ms - track.last_ms > rules_.burst_gap_ms;
    if (begins) {
        track.burst_ms = heard.at_ms;
        count_up(track.bursts);
        count_up(track.kept);
        list_of(heard.coarse, heard.at_ms)
            .bursts.add({heard.at_ms, heard.rssi_dbm}, rules_.grid_bursts);
    }
    track.last_ms = heard.at_ms;
    last_[slot] = {static_cast<std::uint32_t>(heard.at_ms), heard.sequence};
    const bool moves =
        heard.sequence >= 0 &&
        (track.sequence < 0 || hundred_of(track.sequence) != hundred_of(heard.sequence));
    track.sequence = heard.sequence;
    if (moves) note_number(slot);
    note_strength(track, heard.rssi_dbm);
    const bool is_same = track.kept >= (begins ? 2 : 1);  // The address that was there before.
    if (!track.coarse.has(heard.coarse) || !track.fine.has(heard.fine)) {
        note_lists(heard, slot, is_same);
    } else if (begins && is_same) {
        note_fine(list_of(heard.coarse, heard.at_ms), 0);
    }
    return begins;
}

void Tracks::note_number(Slot slot) {
    const std::size_t hundred = hundred_of(last_[slot].sequence);
    Comers& comers = by_number_[hundred];
    comers.slots[comers.size++] = slot;
    if (comers.size <= 2 * kForeignMax) return;
    Comers kept;  // From its end: the latest come first.
    for (std::size_t at = comers.size; at-- > 0 && kept.size < kForeignMax;) {
        const Slot one = comers.slots[at];
        auto* const end = kept.slots.data() + kept.size;
        const bool stands = hundred_of(last_[one].sequence) == hundred;
        if (stands && std::find(kept.slots.data(), end, one) == end) kept.slots[kept.size++] = one;
    }
    std::reverse_copy(kept.slots.data(), kept.slots.data() + kept.size, comers.slots.data());
    comers.size = kept.size;
}

/// Fingerprints seen at one device are aliases of each other.
void Tracks::note_lists(const Heard& heard, Slot slot, bool is_same) {
    DeviceTrack& track = tracks_[slot];
    const bool had_coarse = track.coarse.has(heard.coarse);
    if (!had_coarse) {
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
    if (had_coarse && is_same) note_fine(list_of(heard.coarse, heard.at_ms), 1 << 16);
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
    if (list.slots.size() == list.slots.capacity()) {
        list.slots.reserve(
            std::min(kCandidatesMax, std::max<std::size_t>(4, 2 * list.slots.size())));
    }
    list.slots.push_back(slot);
}

Tracks::Slot Tracks::new_track(const Heard& heard) {
    Slot slot = static_cast<Slot>(tracks_.size());
    if (free_.empty()) {
        if (slot == tracks_.capacity()) tracks_.reserve(slot + std::max<Slot>(16, slot / 4));
        tracks_.emplace_back();
        last_.resize(tracks_.size());
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    DeviceTrack& track = tracks_[slot];
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
    last_[slot] = {};
    free_.push_back(slot);
}

/// Once a minute: what fell silent goes. A track is heard no earlier than its addresses: those of
/// the dead are gone before it.
void Tracks::sweep() {
    swept_ms_ = now_ms_;
    erase_if(addresses_, [&](const auto& entry) {
        const std::int64_t kept = entry.second.single() ? rules_.single_burst_ms : rules_.window_ms;
        return now_ms_ - time_of(entry.second.last) > kept;
    });
    for (Slot slot = 0; slot < tracks_.size(); ++slot) {
        const DeviceTrack& track = tracks_[slot];
        if (track.number == 0 || now_ms_ - track.last_ms <= rules_.window_ms) continue;
        if (track.global && track.kept == track.bursts) note_gone(track);
        free_track(slot);
    }
    mingled_ = arrivals_.known(rules_).mingled;
}

/// Within a track's silence nobody is gone: who was there for longer stayed.
void Tracks::note_gone(const DeviceTrack& track) {
    if (track.last_ms - track.first_ms > rules_.window_ms) {
        passing_.note_stayed();
    } else {
        passing_.note(track.bursts);
    }
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
            const DeviceTrack& track = tracks_[slot];
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
            all.emplace_back(time_of(address.last), pseudonym);
        }
        std::sort(all.begin(), all.end());
        all.resize(all.size() - rules_.addresses_max * 7 / 8);
        for (const auto& [last, pseudonym] : all) addresses_.erase(pseudonym);
    }
}

void Tracks::drop_addresses_of_the_dead() {
    erase_if(
        addresses_, [&](const auto& entry) { return tracks_[entry.second.slot()].number == 0; });
}

std::size_t Tracks::bytes() const {
    std::size_t lists = lists_.bucket_count() * (sizeof(std::pair<std::uint32_t, List>) + 1);
    for (const auto& [coarse, list] : lists_) {
        lists += list.slots.capacity() * sizeof(Slot) + list.bursts.capacity() * 8;
    }
    return sizeof *this + arrivals_.bytes() + tracks_.capacity() * sizeof(DeviceTrack) +
           last_.capacity() * sizeof(Last) + free_.capacity() * sizeof(Slot) +
           gathered_.capacity() * sizeof(Candidate) + lists +
           addresses_.bucket_count() * (sizeof(std::pair<std::uint64_t, Address>) + 1) +
           fine_aliases_.bucket_count() * (sizeof(std::pair<std::uint32_t, LatestFour>) + 1);
}

}  // namespace mobilytics::measure
