// The state of tracks as bytes and back. What is read is believed only if it could have been
// written.

#include <algorithm>

#include "pipeline/measure/archive.h"
#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::int64_t kTimeMax = std::int64_t{1} << 50;  // In ms: some 35 000 years.

bool is_time(std::int64_t at_ms) { return at_ms > -kTimeMax && at_ms < kTimeMax; }

/// In the order of keys, so that equal states are equal bytes.
template <class Map>
auto sorted(const Map& map) {
    std::vector<std::pair<typename Map::key_type, typename Map::mapped_type>> out(
        map.begin(), map.end());
    std::sort(
        out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return out;
}

template <class Map>
bool read_map(ArchiveReader& archive, Map& map) {
    std::vector<std::pair<typename Map::key_type, typename Map::mapped_type>> entries;
    archive(entries);
    map.clear();
    for (auto& [key, value] : entries) map.emplace(key, std::move(value));
    return map.size() == entries.size();
}

bool is_strength(int rssi_dbm) { return rssi_dbm <= 0; }

bool could_be(const Track& track, std::int64_t now_ms) {
    if (track.number == 0) return track == Track{};
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
void transfer(Archive& archive, Track& track) {
    archive(
        track.number, track.address, track.first_ms, track.last_ms, track.burst_ms,
        track.adopted_ms, track.rate, track.rssi, track.variance, track.sequence, track.bursts,
        track.kept, track.heard, track.global, track.coarse, track.fine);
}

std::string Tracks::written() const {
    ArchiveWriter archive;
    archive(kVersion, now_ms_, swept_ms_, number_, tracks_, free_, by_number_);
    archive(sorted(addresses_), sorted(lists_), sorted(fine_aliases_));
    return archive.take();
}

bool Tracks::read(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::uint32_t version = 0;
    archive(version);
    Tracks out(rules_);
    archive(out.now_ms_, out.swept_ms_, out.number_, out.tracks_, out.free_, out.by_number_);
    const bool whole = version == kVersion && read_map(archive, out.addresses_) &&
                       read_map(archive, out.lists_) && read_map(archive, out.fine_aliases_) &&
                       archive.at_end();
    if (!whole || !out.holds_together()) return false;
    *this = std::move(out);
    return true;
}

bool Tracks::holds_together() const {
    const auto is_slot = [&](Slot slot) { return slot < tracks_.size(); };
    const auto is_live = [&](Slot slot) { return is_slot(slot) && tracks_[slot].number != 0; };
    const auto is_list = [&](const auto& entry) {
        const List& list = entry.second;
        return is_time(list.last_ms) && list.links >= 1 << 16 && list.links <= 42U << 16 &&
               list.by_number <= list.links && list.bursts.size() <= rules_.grid_bursts &&
               std::all_of(list.slots.begin(), list.slots.end(), is_live) &&
               std::all_of(list.bursts.begin(), list.bursts.end(), [](const Burst& burst) {
                   return is_time(burst.at_ms) && is_strength(burst.rssi_dbm);
               });
    };
    std::vector<bool> is_free(tracks_.size());
    for (const Slot slot : free_) {
        if (!is_slot(slot) || tracks_[slot].number != 0 || is_free[slot]) return false;
        is_free[slot] = true;
    }
    const auto dead = std::count_if(
        tracks_.begin(), tracks_.end(), [](const Track& track) { return track.number == 0; });
    return is_time(now_ms_) && is_time(swept_ms_) && std::ssize(free_) == dead &&
           tracks_.size() <= rules_.tracks_max && lists_.size() <= rules_.lists_max &&
           addresses_.size() <= rules_.addresses_max &&
           std::all_of(
               tracks_.begin(), tracks_.end(),
               [&](const Track& track) {
                   return track.number <= number_ && could_be(track, now_ms_);
               }) &&
           std::all_of(
               addresses_.begin(), addresses_.end(),
               [&](const auto& entry) {
                   return is_live(entry.second.slot) && entry.second.last_ms <= now_ms_ &&
                          is_time(entry.second.last_ms);
               }) &&
           std::all_of(lists_.begin(), lists_.end(), is_list) &&
           std::all_of(by_number_.begin(), by_number_.end(), [&](const auto& slots) {
               return std::all_of(slots.begin(), slots.end(), is_slot);
           });
}

}  // namespace mobilytics::measure
