#pragma once
// One asset's way through time. Pieces may come in any order; what is known is always as if they
// had come in theirs. For that, a lane keeps a snapshot of its state at the edges of the last
// buckets, and the pieces since: a late piece has them taken again.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/measure/bucket.h"
#include "pipeline/measure/fact_port.h"
#include "pipeline/measure/fold.h"

namespace mobilytics::measure {

/// How much a lane keeps in memory, by its own time, to be able to look back.
struct LaneLimits {
    std::chrono::microseconds horizon = std::chrono::minutes(30);
    /// After a piece from further back, all since then is kept for so many collections.
    int deep_collections = 60;
};

class Lane {
  public:
    /// `complete_from`: what is known of buckets before it is added to what the store has.
    /// `rules` must outlive it.
    Lane(Venue venue, const Rules& rules, LaneLimits limits, Instant complete_from);
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    /// Takes the pieces, which are then gone; each only once, however often it comes. If one lies
    /// too far back, none is taken: gives its beginning, from which rebuild() must be told all.
    std::optional<Instant> take(std::vector<Piece>& pieces, Tally& tally);

    /// What rebuild() is told: all pieces since `from`, a midnight that no visit crosses. Only what
    /// lies behind `changed_from` is told again; with `changed_all`, every bucket since, for there
    /// the attachments are others, or reports are gone: `left` are the buckets that they left.
    struct Past {
        std::vector<Piece> pieces;
        Instant from;
        Instant changed_from;
        bool changed_all = false;
        std::vector<Instant> left = {};
    };
    void rebuild(Past past, Tally& tally);

    /// Buckets that changed and of which set_base() must be told before collect().
    std::vector<Instant> without_base() const;
    void set_base(Instant bucket, std::optional<BucketFacts> facts);

    /// What changed since the last time; false for nothing.
    bool collect(AssetFacts& facts, Tally& tally);

    /// Whether the next commit should keep a checkpoint, and that.
    bool needs_checkpoint() const;
    Checkpoint checkpoint();
    /// What was before checkpoint(). False: these bytes mean nothing here.
    bool restore(std::string_view bytes);

    const Venue& venue() const { return venue_; }
    /// Which sensors it had when: what a checkpoint was made by. Ordered by (device, from).
    const std::vector<Attachment>& attachments() const { return attachments_; }
    void set_basis(Venue venue, std::vector<Attachment> attachments);
    bool begun() const { return state_.begun; }
    const PieceKey& frontier() const { return state_.frontier; }
    Instant heard_until() const { return state_.heard_until; }
    /// The newest position of a moving asset today.
    std::optional<Fix> last_fix() const;
    std::size_t log_bytes() const { return log_bytes_; }
    /// All that changed was told before.
    void forget_changes();
    /// Forgets all that is only kept to look back.
    void rest();

  private:
    /// What was last told of a bucket.
    struct Told {
        std::uint64_t digest = 0;
        bool corrected = false;
    };
    template <class Archive>
    friend void transfer(Archive& archive, Told& told) {
        archive(told.digest, told.corrected);
    }

    void apply(const Piece& piece, Fold& fold, Tally& tally);
    void release(Instant current, const Fold& fold, Tally& tally);
    bool has(const PieceKey& key) const;
    bool rewind(const PieceKey& to);
    void forget_trips(Instant from);
    void mark_open();
    void trim();
    bool finish(BucketFacts& facts);
    template <class Archive>
    void transfer_all(Archive& archive);
    Instant routes_open_from() const;
    Instant trips_from() const;

    Venue venue_;
    std::vector<Attachment> attachments_;
    const Rules& rules_;
    LaneLimits limits_;
    Instant complete_from_;
    Instant begins_ = Instant::min();  // What was before this is not known here.

    LaneState state_;
    std::vector<LaneState> snapshots_;  // The first is where looking back ends.
    std::vector<Piece> log_;            // All that was taken since the first snapshot, and before.
    std::size_t log_bytes_ = 0;
    int deep_ = 0;

    Marks marks_;
    std::map<Instant, BucketFacts> ready_;  // Made when their buckets were let go.
    std::map<Instant, std::optional<BucketFacts>> bases_;
    std::map<Instant, Told> told_;        // Of the last day or so.
    std::optional<Instant> late_;         // The frontier when a late piece came, since collect().
    std::optional<PieceKey> checkpoint_;  // The frontier at the last one.
    bool checkpoint_stale_ = true;
    BucketDraft draft_;
};

}  // namespace mobilytics::measure
