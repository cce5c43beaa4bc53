// The state of stays as bytes and back, as that of tracks.

#include <algorithm>

#include "pipeline/measure/tracks/snapshot.h"
#include "pipeline/measure/tracks/stays.h"

namespace mobilytics::measure {

namespace {

constexpr std::uint32_t kVersion = 1;

}  // namespace

std::string Stays::written() const {
    ArchiveWriter archive;
    archive(kVersion, now_ms_, swept_ms_, sorted(open_), slots_);
    return archive.take();
}

bool Stays::read(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::uint32_t version = 0;
    Stays out(rules_);
    archive(version, out.now_ms_, out.swept_ms_);
    const bool whole = version == kVersion && read_map(archive, out.open_) &&
                       read_map(archive, out.slots_) && archive.at_end();
    if (!whole || !out.holds_together()) return false;
    *this = std::move(out);
    return true;
}

bool Stays::holds_together() const {
    return is_time(now_ms_) && is_time(swept_ms_) && swept_ms_ <= now_ms_ &&
           open_.size() <= rules_.open_max &&
           std::all_of(
               open_.begin(), open_.end(),
               [&](const auto& entry) {
                   const Stay& stay = entry.second;
                   return is_time(stay.first_ms) && stay.first_ms <= stay.last_ms &&
                          stay.last_ms <= now_ms_ && stay.bursts > 0;
               }) &&
           std::all_of(slots_.begin(), slots_.end(), [&](const auto& entry) {
               const auto& [slot, span] = entry;
               return is_time(slot) && slot % rules_.slot_ms == 0 &&
                      slot < now_ms_ + rules_.pad_ms && span > 0 && is_time(span);
           });
}

}  // namespace mobilytics::measure
