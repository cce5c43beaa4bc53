#include "pipeline/measure/dimension_changes.h"

#include <algorithm>
#include <set>

#include "pipeline/measure/cells.h"

namespace mobilytics::measure {

Venue venue_of(const AssetDimension& asset) {
    Venue out{
        .company = asset.company,
        .asset = asset.asset,
        .moving = asset.moving,
        .time_zone = asset.time_zone};
    if (!asset.moving && asset.position) {
        out.cell = cell_of(asset.position->latitude_e7, asset.position->longitude_e7);
    }
    return out;
}

std::optional<Instant> changed_from(
    std::span<const Attachment> before, std::span<const Attachment> after) {
    std::optional<Instant> out;
    const auto note = [&](Instant at) { out = out ? std::min(*out, at) : at; };
    const auto compare = [&](std::span<const Attachment> these, std::span<const Attachment> those) {
        for (const Attachment& attachment : these) {
            const auto same = std::find_if(those.begin(), those.end(), [&](const auto& other) {
                return other.device == attachment.device && other.from == attachment.from;
            });
            if (same == those.end()) {
                note(attachment.from);
            } else if (same->to != attachment.to) {
                note(std::min(
                    attachment.to.value_or(Instant::max()), same->to.value_or(Instant::max())));
            }
        }
    };
    compare(before, after);
    compare(after, before);
    return out;
}

bool crosses(std::span<const Piece> pieces, Instant midnight, const Rules& rules) {
    const auto margin = rules.all_closed_after();
    std::set<std::uint64_t> before;
    std::set<std::uint64_t> after;
    for (const Piece& piece : pieces) {
        if (piece.key.started >= midnight + margin || piece.sightings.empty()) continue;
        (piece.key.started < midnight ? before : after).insert(piece.epoch);
    }
    return std::any_of(
        before.begin(), before.end(), [&](auto epoch) { return after.contains(epoch); });
}

}  // namespace mobilytics::measure
