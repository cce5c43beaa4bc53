#pragma once
// All lanes together: reads the accepted stream in batches, gives each asset its pieces, and
// commits what changed with the place in the stream that it was made up to. No thread of its own
// outlives a call: Measure has the one that calls.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/measure/hearing.h"
#include "pipeline/measure/lane.h"

namespace mobilytics::measure {

struct PipelineConfig {
    Rules rules;
    LaneLimits lanes;
    std::size_t workers = 1;  // Threads that share the lanes among them.
    std::size_t reports_per_read = 4096;
    /// For so long ingest keeps reports; what is older cannot be measured again.
    std::chrono::hours reports_kept{24};
    /// A lane that hears nothing for so long keeps its state, but nothing to look back on.
    std::chrono::microseconds rest_after = std::chrono::minutes(10);
    /// For all lanes: above it they all rest.
    std::size_t log_bytes_max = std::size_t{1} << 30;
};

/// What an asset was heard to do, for those who show it live.
struct AssetNews {
    CompanyId company;
    AssetId asset;
    Instant heard_until;
    std::optional<Fix> position;  // Of moving ones.
};

/// What became known with a commit.
struct Committed {
    ingest::StreamPosition position;
    Instant heard_until;            // The latest time of any asset.
    std::vector<AssetNews> assets;  // Those that facts were told of.
};

class Pipeline {
  public:
    /// All must outlive it.
    Pipeline(
        ingest::AcceptedReports& reports, FactPort& facts, const Clock& clock,
        PipelineConfig config);

    /// Goes back to the last commit. Once, before all else. Throws Unavailable; then again.
    void restore();
    /// Takes the next batch; gives how many reports it had. Throws Unavailable; then again.
    std::size_t read();
    /// Commits what changed; none, if nothing did. Throws Unavailable: then the next call commits
    /// the same again, and read() must wait for it.
    std::optional<Committed> flush();

    ingest::StreamPosition position() const { return position_; }
    /// When the last report that was read had been received.
    Instant received_at() const { return received_at_; }
    Tally tally() const;
    std::int64_t rebuilds() const { return rebuilds_; }
    std::size_t lanes() const;

  private:
    struct Entry {
        Venue venue;
        std::vector<Attachment> attachments;  // Ordered by (device, from).
        std::unique_ptr<Lane> lane;           // Once something was heard.
        std::unique_ptr<Lane> side;           // For reports too late to be joined with others.
        std::vector<Piece> inbox;
        bool touched = false;            // Since the last flush.
        Instant touched_at;              // By the clock.
        std::optional<Instant> changed;  // Its reports are others, from here on.
        std::vector<Instant> left;       // Buckets in which they are fewer: they moved.
    };

    void refresh_dimensions();
    void adopt(std::uint32_t number, Venue venue, std::vector<Attachment> attachments);
    void rebuild_changed();
    void restore_lanes(std::vector<Checkpoint> checkpoints);
    Attachments attachments_then(std::span<const std::uint32_t> numbers) const;
    void catch_up(std::span<const std::uint32_t> numbers, const Attachments& then);

    void hear_all(std::span<const ingest::AcceptedReport> batch);
    void take_all();
    void note_moved(const ingest::AcceptedReport& accepted);
    void take_late(std::uint32_t number, Instant need);
    Lane& lane_of(Entry& entry, Instant complete_from);
    void rebuild(std::uint32_t number, Instant changed_from, bool changed_all);
    std::vector<Piece> read_again(std::uint32_t number, Instant from);
    Instant kept_from() const;

    FactBatch collect();
    void load_bases(Lane& lane);
    void collect(Lane& lane, bool is_side, FactBatch& batch);
    void keep_house(FactBatch& batch);
    void in_parallel(std::size_t work, const std::function<void(std::size_t worker)>& run);

    ingest::AcceptedReports& reports_;
    FactPort& facts_;
    const Clock& clock_;
    const PipelineConfig config_;

    std::shared_ptr<const Dimensions> dimensions_;
    Attachments attachments_;
    std::map<AssetId, std::uint32_t> numbers_;
    std::vector<Entry> entries_;

    ingest::StreamPosition position_;
    ingest::StreamPosition committed_;
    Instant received_at_;
    std::vector<std::vector<LanePiece>> heard_;  // By the worker that heard them.
    std::vector<SightingPool> pools_;            // The same.
    std::vector<Tally> tallies_;                 // By worker.
    std::int64_t rebuilds_ = 0;
    std::optional<FactBatch> pending_;
    std::optional<Committed> news_;
};

}  // namespace mobilytics::measure
