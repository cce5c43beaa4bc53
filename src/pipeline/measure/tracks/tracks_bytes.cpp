// The state of tracks as bytes and back. What is read is believed only if it could have been
// written.

#include <algorithm>

#include "pipeline/measure/tracks/snapshot.h"
#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

namespace {

/// 1 had neither cases of fine fingerprints nor who passed; 2 not how addresses arrive.
constexpr std::uint32_t kVersion = 3;

bool is_strength(int rssi_dbm) { return rssi_dbm <= 0; }

bool could_be(const DeviceTrack& track, std::int64_t now_ms) {
    if (track.number == 0) return track == DeviceTrack{};
    return is_time(track.first_ms) && track.first_ms <= track.burst_ms &&
           track.burst_ms <= track.last_ms && is_time(track.adopted_ms) &&
           track.last_ms <= now_ms && track.rate >= -1 && track.rate <= 4096 * 256 &&
           track.rssi <= 0 && track.rssi >= -128 * 256 && track.variance >= 0 &&
           track.variance <= 256 * 256 && track.sequence >= -1 && track.sequence < 4096;
}

}  // namespace

template <class Archive>
void transfer(Archive& archive, Burst& burst) {
    archive(burst.at_ms, burst.rssi_dbm);
}
template <class Archive>
void transfer(Archive& archive, DeviceTrack& track) {
    archive(
        track.number, track.address, track.first_ms, track.last_ms, track.burst_ms,
        track.adopted_ms, track.rate, track.rssi, track.variance, track.sequence, track.bursts,
        track.kept, track.heard, track.global, track.coarse, track.fine);
}

/// How addresses and lists are written, which is wider than how they are kept.
struct Tracks::SavedAddress {
    std::int64_t last_ms = 0;
    Slot slot = kNone;
    bool single = true;
    template <class Archive>
    friend void transfer(Archive& archive, SavedAddress& address) {
        archive(address.last_ms, address.slot, address.single);
    }
};
struct Tracks::SavedList {
    std::int64_t last_ms = 0;
    std::vector<Slot> slots;
    LatestFour aliases;
    std::uint32_t by_number = 0;
    std::uint32_t links = 0;
    std::vector<Burst> bursts;
    template <class Archive>
    friend void transfer(Archive& archive, SavedList& list) {
        archive(list.last_ms, list.slots, list.aliases, list.by_number, list.links, list.bursts);
    }
};

std::string Tracks::written() const {
    ArchiveWriter archive;
    write(archive);
    return archive.take();
}

void Tracks::write(ArchiveWriter& archive) const {
    std::array<std::vector<Slot>, 64> comers;
    for (std::size_t hundred = 0; hundred < comers.size(); ++hundred) {
        const Comers& from = by_number_[hundred];
        comers[hundred].assign(from.slots.data(), from.slots.data() + from.size);
    }
    std::vector<std::pair<std::uint64_t, SavedAddress>> addresses;
    for (const auto& [pseudonym, address] : sorted(addresses_)) {
        addresses.push_back({pseudonym, {time_of(address.last), address.slot(), address.single()}});
    }
    std::vector<std::pair<std::uint32_t, SavedList>> lists;
    for (const auto& [coarse, list] : sorted(lists_)) {
        lists.push_back(
            {coarse, {list.last_ms, list.slots, list.aliases, list.by_number, list.links, {}}});
        for (std::size_t at = 0; at < list.bursts.size(); ++at) {
            lists.back().second.bursts.push_back(list.bursts[at]);
        }
    }
    archive(kVersion, now_ms_, swept_ms_, number_, tracks_, free_, comers);
    std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> cases;
    for (const auto& [coarse, list] : lists_) {
        if (list.shown > 0) cases[coarse] = {list.varied, list.shown};
    }
    archive(
        addresses, lists, sorted(fine_aliases_), sorted(cases), passing_, passing_.stayed(),
        arrivals_, mingled_);
}

bool Tracks::read(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::uint32_t version = 0;
    archive(version);
    Tracks out(rules_);
    std::array<std::vector<Slot>, 64> comers;
    std::map<std::uint64_t, SavedAddress> addresses;
    std::map<std::uint32_t, SavedList> lists;
    archive(out.now_ms_, out.swept_ms_, out.number_, out.tracks_, out.free_, comers);
    std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> cases;
    const bool whole = version >= 1 && version <= kVersion && read_map(archive, addresses) &&
                       read_map(archive, lists) && read_map(archive, out.fine_aliases_) &&
                       (version == 1 || read_map(archive, cases));
    if (version > 1) archive(out.passing_);
    if (version > 2) archive(out.passing_.stayed(), out.arrivals_, out.mingled_);
    if (!whole || !archive.at_end() || !out.passing_.could_be() || !out.restore(comers) ||
        !out.restore(addresses) || !out.restore(lists) || !out.restore(cases) ||
        !out.holds_together()) {
        return false;
    }
    for (const DeviceTrack& track : out.tracks_) {
        out.last_.push_back({static_cast<std::uint32_t>(track.last_ms), track.sequence});
    }
    *this = std::move(out);
    return true;
}

bool Tracks::restore(const std::array<std::vector<Slot>, 64>& comers) {
    for (std::size_t hundred = 0; hundred < comers.size(); ++hundred) {
        Comers& to = by_number_[hundred];
        const std::vector<Slot>& from = comers[hundred];
        const bool is_whole =
            from.size() < to.slots.size() &&
            std::all_of(from.begin(), from.end(), [&](Slot slot) { return slot < tracks_.size(); });
        if (!is_whole) return false;
        std::copy(from.begin(), from.end(), to.slots.begin());
        to.size = from.size();
    }
    return true;
}

bool Tracks::restore(const std::map<std::uint64_t, SavedAddress>& addresses) {
    for (const auto& [pseudonym, address] : addresses) {
        const bool is_whole = address.slot < tracks_.size() && is_time(address.last_ms) &&
                              address.last_ms <= tracks_[address.slot].last_ms &&
                              tracks_[address.slot].number != 0 && is_time(now_ms_) &&
                              now_ms_ - address.last_ms < kAgeMax;
        if (!is_whole) return false;
        addresses_.emplace(
            pseudonym, Address{
                           static_cast<std::uint32_t>(address.last_ms),
                           bits_of(address.slot, address.single)});
    }
    return true;
}

bool Tracks::restore(const std::map<std::uint32_t, SavedList>& lists) {
    for (const auto& [coarse, list] : lists) {
        const bool is_whole =
            is_time(list.last_ms) && list.links >= 1 << 16 && list.links <= 42U << 16 &&
            list.by_number <= list.links && list.bursts.size() <= rules_.grid_bursts &&
            list.slots.size() <= kCandidatesMax &&
            std::all_of(
                list.slots.begin(), list.slots.end(),
                [&](Slot slot) { return slot < tracks_.size() && tracks_[slot].number != 0; }) &&
            std::all_of(list.bursts.begin(), list.bursts.end(), [](const Burst& burst) {
                return is_time(burst.at_ms) && is_strength(burst.rssi_dbm);
            });
        if (!is_whole) return false;
        List& to = lists_[coarse];
        to = {list.last_ms, list.slots, list.aliases, list.by_number, list.links, 0, 0, {}};
        for (const Burst& burst : list.bursts) to.bursts.add(burst, rules_.grid_bursts);
    }
    return true;
}

bool Tracks::restore(
    const std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>>& cases) {
    for (const auto& [coarse, shown] : cases) {
        const auto list = lists_.find(coarse);
        if (list == lists_.end() || shown.second == 0 || shown.first > shown.second ||
            shown.second > 42U << 16) {
            return false;
        }
        list->second.varied = shown.first;
        list->second.shown = shown.second;
    }
    return true;
}

bool Tracks::holds_together() const {
    std::vector<bool> is_free(tracks_.size());
    for (const Slot slot : free_) {
        if (slot >= tracks_.size() || tracks_[slot].number != 0 || is_free[slot]) return false;
        is_free[slot] = true;
    }
    const auto dead = std::count_if(
        tracks_.begin(), tracks_.end(), [](const DeviceTrack& track) { return track.number == 0; });
    return is_time(now_ms_) && is_time(swept_ms_) && swept_ms_ <= now_ms_ &&
           std::ssize(free_) == dead && tracks_.size() <= rules_.tracks_max &&
           lists_.size() <= rules_.lists_max && addresses_.size() <= rules_.addresses_max &&
           std::all_of(tracks_.begin(), tracks_.end(), [&](const DeviceTrack& track) {
               return track.number <= number_ && could_be(track, now_ms_);
           });
}

}  // namespace mobilytics::measure
