// How the pipeline comes back after a restart, and what it does when the dimensions change.

#include <algorithm>
#include <tuple>
#include <utility>

#include "foundation/log.h"
#include "pipeline/measure/dimension_changes.h"
#include "pipeline/measure/pipeline.h"

namespace mobilytics::measure {

namespace {
/// Lanes whose reports are read again in one go: so many, and no further apart in time than this,
/// for all are read from the earliest of them on.
constexpr std::size_t kCatchUpLanes = 64;
constexpr std::chrono::minutes kCatchUpSpan{30};

Attachments::Span span_of(const Attachment& attachment, std::uint32_t lane, bool moving) {
    return {attachment.from, attachment.to.value_or(Instant::max()), lane, moving};
}

}  // namespace

void Pipeline::restore() {
    entries_.clear();  // Of a try that failed.
    numbers_.clear();
    dimensions_.reset();
    position_ = {};
    position_ = committed_ = facts_.position();
    refresh_dimensions();
    restore_lanes(facts_.checkpoints());
}

void Pipeline::restore_lanes(std::vector<Checkpoint> checkpoints) {
    std::vector<std::uint32_t> numbers;
    for (const Checkpoint& kept : checkpoints) {
        const auto number = numbers_.find(kept.asset);
        if (number == numbers_.end() || kept.bytes.empty()) continue;
        Entry& entry = entries_[number->second];
        auto lane =
            std::make_unique<Lane>(entry.venue, config_.rules, config_.lanes, Instant::min());
        if (!lane->restore(kept.bytes)) {
            log::warning("checkpoint_not_understood", {{"asset", kept.asset.str()}});
            continue;
        }
        entry.lane = std::move(lane);
        entry.touched_at = clock_.now();
        numbers.push_back(number->second);
    }
    const Attachments then = attachments_then(numbers);
    const auto reached = [this](std::uint32_t number) {
        return entries_[number].lane->frontier().started;
    };
    std::sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(reached(a), a) < std::pair(reached(b), b);
    });
    for (std::size_t first = 0, end = 0; first < numbers.size(); first = end) {
        while (end < numbers.size() && end - first < kCatchUpLanes &&
               reached(numbers[end]) - reached(numbers[first]) <= kCatchUpSpan) {
            ++end;
        }
        catch_up(std::span(numbers).subspan(first, end - first), then);
    }
    if (committed_ == ingest::StreamPosition{}) return;
    // Of whom there is no checkpoint, nothing was heard yet; or its sensor was attached meanwhile.
    const Instant now = clock_.now();
    for (Entry& entry : entries_) {
        std::optional<Instant> changed;
        if (entry.lane == nullptr) {
            changed = changed_from({}, entry.attachments);
        } else {
            changed = changed_from(entry.lane->attachments(), entry.attachments);
            if (entry.lane->venue() != entry.venue) changed = kept_from();
        }
        entry.changed = changed && *changed < now ? changed : std::nullopt;
    }
}

/// Where sensors were when the facts of these lanes were made; what changed since is found later.
Attachments Pipeline::attachments_then(std::span<const std::uint32_t> numbers) const {
    std::vector<std::pair<Attachment, std::uint32_t>> all;
    for (const std::uint32_t number : numbers) {
        for (const Attachment& attachment : entries_[number].lane->attachments()) {
            all.emplace_back(attachment, number);
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::tie(a.first.device, a.first.from) < std::tie(b.first.device, b.first.from);
    });
    Attachments out;
    for (const auto& [attachment, number] : all) {
        const bool moving = entries_[number].lane->venue().moving;
        out.add(attachment.device, span_of(attachment, number, moving));
    }
    return out;
}

/// Gives lanes the reports between their checkpoints and the last commit. What they tell of these
/// was committed already.
void Pipeline::catch_up(std::span<const std::uint32_t> numbers, const Attachments& then) {
    std::vector<DeviceId> devices;
    Instant from = Instant::max();
    for (const std::uint32_t number : numbers) {
        const Lane& lane = *entries_[number].lane;
        for (const Attachment& attachment : lane.attachments()) {
            devices.push_back(attachment.device);
        }
        from = std::min(from, lane.frontier().started);
    }
    std::sort(devices.begin(), devices.end());
    devices.erase(std::unique(devices.begin(), devices.end()), devices.end());
    if (devices.empty()) return;

    Tally again;
    std::vector<LanePiece> heard;
    SightingPool pool;
    ReportWork work{then, config_.rules, again, heard, pool};
    const auto reports = reports_.read_again(
        devices, from - wire::kWindowMax, clock_.now() + std::chrono::days(1), position_);
    for (const auto& accepted : reports) hear(accepted, work);
    for (auto& [number, piece] : heard) {
        Entry& entry = entries_[number];
        const bool ours = std::find(numbers.begin(), numbers.end(), number) != numbers.end();
        if (ours && piece.key > entry.lane->frontier()) entry.inbox.push_back(std::move(piece));
    }
    for (const std::uint32_t number : numbers) {
        Lane& lane = *entries_[number].lane;
        VERIFY(!lane.take(entries_[number].inbox, again));
        lane.forget_changes();
    }
}

void Pipeline::refresh_dimensions() {
    auto now = facts_.dimensions();
    if (now == dimensions_ || now == nullptr) return;
    dimensions_ = std::move(now);
    std::map<AssetId, std::vector<Attachment>> by_asset;
    for (const Attachment& attachment : dimensions_->attachments) {
        if (dimensions_->assets.contains(attachment.asset)) {
            by_asset[attachment.asset].push_back(attachment);
        }
    }
    for (const auto& [asset, dimension] : dimensions_->assets) {
        const auto next = static_cast<std::uint32_t>(entries_.size());
        const auto [number, is_new] = numbers_.try_emplace(asset, next);
        if (is_new) entries_.emplace_back().venue = venue_of(dimension);
        adopt(number->second, venue_of(dimension), std::move(by_asset[asset]));
    }
    for (const auto& [asset, number] : numbers_) {
        if (!dimensions_->assets.contains(asset)) adopt(number, entries_[number].venue, {});
    }
    attachments_ = {};
    for (const Attachment& attachment : dimensions_->attachments) {
        const auto found = numbers_.find(attachment.asset);
        if (found == numbers_.end()) continue;
        const bool moving = entries_[found->second].venue.moving;
        attachments_.add(attachment.device, span_of(attachment, found->second, moving));
    }
}

void Pipeline::adopt(std::uint32_t number, Venue venue, std::vector<Attachment> attachments) {
    Entry& entry = entries_[number];
    auto changed = changed_from(entry.attachments, attachments);
    if (entry.venue != venue) changed = kept_from();
    entry.venue = std::move(venue);
    entry.attachments = std::move(attachments);
    if (position_ == ingest::StreamPosition{} || !changed || *changed >= clock_.now()) {
        if (entry.lane != nullptr) entry.lane->set_basis(entry.venue, entry.attachments);
        return;
    }
    entry.changed = entry.changed ? std::min(*entry.changed, *changed) : *changed;
}

void Pipeline::rebuild_changed() {
    for (std::uint32_t number = 0; number < entries_.size(); ++number) {
        Entry& entry = entries_[number];
        if (!entry.changed) continue;
        rebuild(number, *entry.changed, true);
        entry.changed.reset();
        entry.left.clear();
    }
}

}  // namespace mobilytics::measure
