// The state of stays as bytes and back, as that of tracks.

#include <algorithm>

#include "pipeline/measure/tracks/snapshot.h"
#include "pipeline/measure/tracks/stays.h"

namespace mobilytics::measure {

namespace {

constexpr std::uint32_t kVersion = 2;

}  // namespace

/// How a track's stay at a gate is written, the lowest gate first.
struct Stays::SavedStay {
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    std::uint8_t bursts = 0;
    template <class Archive>
    friend void transfer(Archive& archive, SavedStay& stay) {
        archive(stay.first_ms, stay.last_ms, stay.bursts);
    }
};

std::string Stays::written() const {
    ArchiveWriter archive;
    write(archive);
    return archive.take();
}

void Stays::write(ArchiveWriter& archive) const {
    std::vector<std::pair<std::uint64_t, std::vector<SavedStay>>> all;
    for (const auto& [track, open] : sorted(open_)) {
        auto& stays = all.emplace_back(track, std::vector<SavedStay>()).second;
        for (std::size_t gate = 0; gate < kGates && open.bursts[gate] > 0; ++gate) {
            stays.push_back(
                {time_of(open.first[gate]), time_of(open.last[gate]), open.bursts[gate]});
        }
    }
    archive(kVersion, now_ms_, swept_ms_, all, slots_);
}

bool Stays::read(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::uint32_t version = 0;
    Stays out(rules_);
    archive(version, out.now_ms_, out.swept_ms_);
    std::map<std::uint64_t, std::vector<SavedStay>> all;
    const bool whole = version == kVersion && read_map(archive, all) &&
                       read_map(archive, out.slots_) && archive.at_end();
    if (!whole || !out.holds_together()) return false;
    for (const auto& [track, stays] : all) {
        if (!out.restore(track, stays)) return false;
    }
    if (out.open_.size() > rules_.open_max) return false;
    *this = std::move(out);
    return true;
}

bool Stays::restore(std::uint64_t track, const std::vector<SavedStay>& stays) {
    if (stays.empty() || stays.size() > kGates) return false;
    Open& open = open_[track];
    for (std::size_t gate = 0; gate < stays.size(); ++gate) {
        const SavedStay& stay = stays[gate];
        const bool is_whole = is_time(stay.first_ms) && stay.first_ms <= stay.last_ms &&
                              stay.last_ms <= now_ms_ && now_ms_ - stay.first_ms < kAgeMax &&
                              (stay.bursts == 1 || stay.bursts == 2);
        // Who passed a gate passed those below it, and no earlier.
        if (!is_whole || (gate > 0 && stay.last_ms > stays[gate - 1].last_ms)) return false;
        open.first[gate] = static_cast<std::uint32_t>(stay.first_ms);
        open.last[gate] = static_cast<std::uint32_t>(stay.last_ms);
        open.bursts[gate] = stay.bursts;
    }
    return true;
}

bool Stays::holds_together() const {
    return is_time(now_ms_) && is_time(swept_ms_) && swept_ms_ <= now_ms_ &&
           std::all_of(slots_.begin(), slots_.end(), [&](const auto& entry) {
               const auto& [slot, spans] = entry;
               return is_time(slot) && slot % rules_.slot_ms == 0 &&
                      slot < now_ms_ + rules_.pad_ms &&
                      std::all_of(
                          spans.begin(), spans.end(),
                          [](std::int64_t span) { return span >= 0 && is_time(span); });
           });
}

}  // namespace mobilytics::measure
