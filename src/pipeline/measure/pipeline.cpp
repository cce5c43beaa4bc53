#include "pipeline/measure/pipeline.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "pipeline/measure/dimension_changes.h"

namespace mobilytics::measure {

namespace chrono = std::chrono;

namespace {

/// Fewer reports than this are not worth a thread.
constexpr std::size_t kParallelMin = 512;

}  // namespace

Pipeline::Pipeline(
    ingest::AcceptedReports& reports, FactPort& facts, const Clock& clock, PipelineConfig config)
    : reports_(reports), facts_(facts), clock_(clock), config_(config) {
    VERIFY(config_.workers >= 1);
    VERIFY(config_.rules.wifi_gap < kBucket && config_.rules.ble_gap <= config_.rules.wifi_gap);
    heard_.resize(config_.workers);
    pools_.resize(config_.workers);
    tallies_.resize(config_.workers);
}

Tally Pipeline::tally() const {
    Tally out;
    for (const Tally& tally : tallies_) out.add(tally);
    return out;
}

std::size_t Pipeline::lanes() const {
    return static_cast<std::size_t>(
        std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
            return entry.lane != nullptr;
        }));
}

void Pipeline::in_parallel(std::size_t work, const std::function<void(std::size_t)>& run) {
    if (config_.workers == 1 || work < kParallelMin) {
        for (std::size_t worker = 0; worker < config_.workers; ++worker) run(worker);
        return;
    }
    std::vector<std::thread> threads;
    for (std::size_t worker = 1; worker < config_.workers; ++worker) {
        threads.emplace_back([&run, worker] { run(worker); });
    }
    run(0);
    for (auto& thread : threads) thread.join();
}

/// The first bucket of which all reports are kept.
Instant Pipeline::kept_from() const {
    return bucket_of(clock_.now() - config_.reports_kept) + kBucket;
}

std::size_t Pipeline::read() {
    VERIFY(!pending_);
    refresh_dimensions();
    rebuild_changed();
    const auto batch = reports_.read_after(position_, config_.reports_per_read);
    if (batch.empty()) return 0;
    for (Entry& entry : entries_) entry.inbox.clear();  // Of a batch that could not be finished.
    // Whoever must look back, looks up to here.
    const auto before = std::exchange(position_, batch.back().position);
    try {
        hear_all(batch);
        take_all();
        for (const auto& accepted : batch) note_moved(accepted);
        rebuild_changed();
    } catch (...) {
        position_ = before;
        throw;
    }
    received_at_ = batch.back().received_at;
    return batch.size();
}

/// A report that has a better time now is taken away from where it was counted before.
void Pipeline::note_moved(const ingest::AcceptedReport& accepted) {
    for (const Instant before : accepted.moved_from) {
        if (before < kept_from()) continue;  // What is so old is not measured again.
        for (const Instant at : {before, before + accepted.report.duration}) {
            const auto span = attachments_.at(accepted.report.key.device, at);
            if (span.lane == Attachments::kNoLane) continue;
            const Instant bucket = bucket_of(at);
            Entry& entry = entries_[span.lane];
            entry.changed = std::min(entry.changed.value_or(bucket), bucket);
            entry.left.push_back(bucket);
        }
    }
}

/// The report steps, a share of the batch for each worker.
void Pipeline::hear_all(std::span<const ingest::AcceptedReport> batch) {
    const std::size_t share = (batch.size() + config_.workers - 1) / config_.workers;
    in_parallel(batch.size(), [&](std::size_t worker) {
        const std::size_t from = std::min(batch.size(), worker * share);
        heard_[worker].clear();
        ReportWork work{
            attachments_, config_.rules, tallies_[worker], heard_[worker], pools_[worker]};
        for (const auto& accepted : batch.subspan(from, std::min(share, batch.size() - from))) {
            hear(accepted, work);
        }
    });
    for (auto& heard : heard_) {
        for (auto& [number, piece] : heard) {
            Entry& entry = entries_[number];
            entry.touched = true;
            entry.inbox.push_back(std::move(piece));
        }
    }
}

/// The piece steps, each lane by its worker; then one after the other those that must look back
/// further than their lane remembers.
void Pipeline::take_all() {
    std::vector<std::vector<std::pair<std::uint32_t, Instant>>> late(config_.workers);
    const Instant now = clock_.now();
    std::size_t pieces = 0;
    for (Entry& entry : entries_) {
        if (entry.inbox.empty()) continue;
        pieces += entry.inbox.size();
        entry.touched_at = now;
        if (entry.lane != nullptr) continue;
        const auto first = std::min_element(
            entry.inbox.begin(), entry.inbox.end(),
            [](const Piece& a, const Piece& b) { return a.key < b.key; });
        lane_of(entry, bucket_of(first->key.started) + kBucket);
    }
    in_parallel(pieces, [&](std::size_t worker) {
        for (auto number = static_cast<std::uint32_t>(worker); number < entries_.size();
             number += static_cast<std::uint32_t>(config_.workers)) {
            Entry& entry = entries_[number];
            if (entry.inbox.empty()) continue;
            const auto need = entry.lane->take(entry.inbox, tallies_[worker]);
            if (need) late[worker].emplace_back(number, *need);
        }
    });
    for (const auto& lanes : late) {
        for (const auto& [number, need] : lanes) take_late(number, need);
    }
}

/// `complete_from`: for a new one, of whose first bucket the store may have something from before.
Lane& Pipeline::lane_of(Entry& entry, Instant complete_from) {
    if (entry.lane == nullptr) {
        if (committed_ == ingest::StreamPosition{}) complete_from = Instant::min();
        entry.lane =
            std::make_unique<Lane>(entry.venue, config_.rules, config_.lanes, complete_from);
        entry.lane->set_basis(entry.venue, entry.attachments);
    }
    return *entry.lane;
}

/// What came too late for its lane. As long as all reports since its day began are kept, that day
/// is measured again; after that, it can only be added to what the store has.
void Pipeline::take_late(std::uint32_t number, Instant need) {
    Entry& entry = entries_[number];
    const Instant kept = kept_from();
    if (need < kept) {
        if (entry.side == nullptr) {
            const LaneLimits all{.horizon = chrono::days(10'000)};
            entry.side = std::make_unique<Lane>(entry.venue, config_.rules, all, Instant::max());
        }
        const Instant frontier = entry.lane->frontier().started;
        std::vector<Piece> old;
        std::erase_if(entry.inbox, [&](Piece& piece) {
            const bool is_old = piece.key.started < std::min(kept, frontier);
            if (is_old) old.push_back(std::move(piece));
            return is_old;
        });
        VERIFY(!entry.side->take(old, tallies_[0]));
        const auto rest = entry.lane->take(entry.inbox, tallies_[0]);
        if (!rest) return;
        need = *rest;
    }
    rebuild(number, need, false);
}

void Pipeline::rebuild(std::uint32_t number, Instant changed_from, bool changed_all) {
    Entry& entry = entries_[number];
    const Instant kept = kept_from();
    changed_from = std::max(changed_from, kept);
    Instant from = std::max(venue_day(entry.venue.time_zone, changed_from).start, kept);
    auto pieces = read_again(number, from);
    if (changed_from < from + config_.rules.all_closed_after() ||
        crosses(pieces, from, config_.rules)) {
        // Visits may have crossed this midnight, or were told as open across it.
        const Instant day_before = venue_day(entry.venue.time_zone, from - chrono::hours(1)).start;
        from = std::max(day_before, kept);
        pieces = read_again(number, from);
    }
    pieces.insert(
        pieces.end(), std::make_move_iterator(entry.inbox.begin()),
        std::make_move_iterator(entry.inbox.end()));
    entry.inbox.clear();
    std::erase_if(pieces, [&](const Piece& piece) { return piece.key.started < from; });
    if (pieces.empty() && entry.lane == nullptr) return;
    entry.touched = true;
    entry.touched_at = clock_.now();
    Lane& lane = lane_of(entry, Instant::min());
    lane.set_basis(entry.venue, entry.attachments);
    lane.rebuild({std::move(pieces), from, changed_from, changed_all, entry.left}, tallies_[0]);
    ++rebuilds_;
}

/// All pieces of the asset since `from`, and a gap's length before it, up to our position.
std::vector<Piece> Pipeline::read_again(std::uint32_t number, Instant from) {
    const Entry& entry = entries_[number];
    std::vector<DeviceId> devices;
    for (const Attachment& attachment : entry.attachments) {
        if (attachment.to && *attachment.to <= from) continue;
        if (devices.empty() || devices.back() != attachment.device) {
            devices.push_back(attachment.device);
        }
    }
    if (devices.empty()) return {};
    const Instant begin = from - config_.rules.all_closed_after();
    const Instant end = clock_.now() + chrono::days(1);
    Tally again;
    std::vector<LanePiece> heard;
    SightingPool pool;
    ReportWork work{attachments_, config_.rules, again, heard, pool};
    for (const auto& accepted : reports_.read_again(devices, begin, end, position_)) {
        hear(accepted, work);
    }
    std::vector<Piece> pieces;
    for (auto& [lane, piece] : heard) {
        if (lane == number) pieces.push_back(std::move(piece));
    }
    return pieces;
}

std::optional<Committed> Pipeline::flush() {
    if (!pending_) {
        auto batch = collect();
        if (batch.assets.empty() && batch.checkpoints.empty() && batch.position == committed_) {
            return std::nullopt;
        }
        pending_ = std::move(batch);
    }
    facts_.commit(*pending_);
    committed_ = pending_->position;
    pending_.reset();
    return std::exchange(news_, std::nullopt);
}

FactBatch Pipeline::collect() {
    FactBatch batch;
    batch.position = position_;
    news_ = Committed{position_, Instant::min(), {}};
    for (Entry& entry : entries_) {  // First what may fail: then nothing was taken from the lanes.
        if (!entry.touched || entry.lane == nullptr) continue;
        load_bases(*entry.lane);
        if (entry.side != nullptr) load_bases(*entry.side);
    }
    for (const auto& [asset, number] : numbers_) {
        Entry& entry = entries_[number];
        if (!std::exchange(entry.touched, false) || entry.lane == nullptr) continue;
        collect(*entry.lane, false, batch);
        if (entry.side != nullptr) collect(*entry.side, true, batch);
    }
    keep_house(batch);
    return batch;
}

void Pipeline::load_bases(Lane& lane) {
    for (const Instant bucket : lane.without_base()) {
        auto found = facts_.buckets(lane.venue().asset, bucket, bucket + kBucket);
        lane.set_base(
            bucket, found.empty() ? std::nullopt : std::optional(std::move(found.front())));
    }
}

void Pipeline::collect(Lane& lane, bool is_side, FactBatch& batch) {
    AssetFacts facts;
    const bool changed = lane.collect(facts, tallies_[0]);
    if (is_side) {
        // Its trips were one sensor's only: those that are kept stay as they are.
        facts.routes_from.reset();
        facts.routes.clear();
        if (!facts.buckets.empty()) batch.assets.push_back(std::move(facts));
        return;
    }
    if (lane.needs_checkpoint()) batch.checkpoints.push_back(lane.checkpoint());
    if (!changed) return;
    news_->heard_until = std::max(news_->heard_until, lane.heard_until());
    news_->assets.push_back(
        {lane.venue().company, lane.venue().asset, lane.heard_until(), lane.last_fix()});
    batch.assets.push_back(std::move(facts));
}

/// Memory: lanes that hear nothing rest; what is a day old is forgotten.
void Pipeline::keep_house(FactBatch& batch) {
    const Instant now = clock_.now();
    std::size_t log_bytes = 0;
    for (const Entry& entry : entries_) log_bytes += entry.lane ? entry.lane->log_bytes() : 0;
    const bool full = log_bytes > config_.log_bytes_max;
    for (Entry& entry : entries_) {
        if (entry.lane == nullptr) continue;
        const bool quiet = now - entry.touched_at > config_.rest_after;
        if (!quiet && !full) continue;
        if (entry.lane->log_bytes() > 0) entry.lane->rest();
        entry.side.reset();  // What it told is in the batch; it begins anew from what is kept.
        if (now - entry.touched_at > config_.reports_kept) {
            // Pseudonyms are not kept for longer: neither here nor in the checkpoint.
            batch.checkpoints.push_back(
                {entry.venue.asset, entry.lane->frontier().started, std::string()});
            entry.lane.reset();
        }
    }
}

}  // namespace mobilytics::measure
