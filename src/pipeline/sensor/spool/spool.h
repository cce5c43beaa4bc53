#pragma once
// Reports on disk until the platform has them for good: appended to segment files, made durable in
// groups, read oldest first, forgotten when settled. Bounded by bytes and by age; what it gives up
// it declares lost, with why. For two threads: one appends, syncs and ticks; another, or the same,
// reads and settles.

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/sensor/spool/recovery.h"

namespace mobilytics::sensor {

struct SpoolLimits {
    std::uint64_t segment_bytes = 1 << 20;        // Reserved at once. A longer record gets its own.
    std::uint64_t bytes_max = 256 << 20;          // Beyond it the oldest segment goes.
    std::chrono::hours age_max{30 * 24};          // Older segments go, as far as clocks can tell.
    std::uint64_t sync_bytes = 64 << 10;          // Written and not synced: then sync.
    std::chrono::milliseconds sync_every{1'000};  // At the latest.
    std::chrono::seconds state_every{60};         // The last good time, and what is settled.
    std::chrono::seconds retry_every{1};          // When the disk could not be written.
};

/// A place in the spool: before everything by default.
struct SpoolCursor {
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;
    friend auto operator<=>(const SpoolCursor&, const SpoolCursor&) = default;
};

struct SpooledReport {
    SeqKey key;
    std::string frame;
    SpoolCursor next;  // Behind it.
};

struct SpoolCounts {
    std::uint64_t reports = 0;  // Not settled.
    std::uint64_t bytes = 0;    // On disk.
    std::uint64_t appended = 0;
    std::uint64_t settled = 0;  // Since this start.
    std::uint64_t rejected = 0;
    std::uint64_t evicted = 0;   // Given up unsettled.
    std::uint64_t not_kept = 0;  // Made, and never written: the disk would not have them.
    std::uint64_t losses = 0;    // Ranges declared and not yet acknowledged.
};

class Spool {
  public:
    /// Recovers what is there, and begins a boot: its id is new, and persisted before anything is
    /// appended; until it can be, reports are given up, and declared lost when it can. `io` must
    /// outlive this.
    Spool(FileIo& io, const SpoolLimits& limits, const Moment& now);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    const wire::BootId& boot() const { return boot_; }
    std::uint64_t starts() const;
    /// The latest time that was believed, by this or an earlier start.
    Instant last_good() const;

    /// What the next appended report must be called.
    std::uint64_t next_seq() const { return next_seq_; }
    /// Losses for that report to tell; it must then be appended. At most `losses_max`.
    std::vector<wire::Loss> losses_to_tell(std::size_t losses_max);
    /// False when the disk would not have it: then its seq is spent, and declared lost.
    bool append(std::string_view frame, const Moment& now);
    /// Syncs when it is due, gives up what is too old, writes the state now and then.
    void tick(const Moment& now);
    /// All appended is durable when it returns true.
    bool sync();
    /// Syncs all and writes the state: before going.
    void close(const Moment& now);

    /// Durable reports behind `after` that are not settled, oldest first, of at most `bytes_max`
    /// (but one, if there is one) and `count_max`.
    std::vector<SpooledReport> read(
        SpoolCursor after, std::size_t bytes_max, std::size_t count_max);
    /// Forgets what the ack settles. How many of the reports here that were.
    std::size_t settle(const wire::Ack& ack);

    SpoolCounts counts() const;
    bool writable() const;

  private:
    struct Telling {
        wire::Loss loss;
        std::optional<std::uint64_t> told_in;  // A seq of this boot.
    };
    struct Unsynced {
        std::uint64_t seq;
        std::string bytes;
    };

    bool begin_boot(const Moment& now);
    bool save_state(const Moment& now);
    Result<> write_out(const std::string& bytes);
    Result<> begin_segment(std::size_t record_bytes);
    bool seal_active();
    bool sync_active();
    bool rewrite(std::vector<Unsynced> records);
    void give_up(std::uint64_t seq);
    Result<> evict_oldest(wire::LossReason reason);
    void evict_aged(const Moment& now);
    void remove_settled();
    void lose(const wire::BootId& boot, wire::SeqRange range, wire::LossReason reason);
    void untell(wire::SeqRange range);
    std::vector<wire::SeqRange> unsettled(const SegmentInfo& segment) const;
    bool is_active(const SegmentInfo& segment) const;
    std::uint64_t durable_end(const SegmentInfo& segment) const;
    std::string read_bytes(const SegmentInfo& segment, std::uint64_t offset, std::size_t bytes_max);
    bool wanted(const SegmentInfo& segment, const SeqKey& key) const;
    bool read_segment(
        SegmentInfo& segment, std::uint64_t offset, std::size_t bytes_max, std::size_t count_max,
        std::vector<SpooledReport>& out);
    std::uint64_t settle(const wire::BootId& boot, wire::SeqRange range);

    FileIo& io_;
    const SpoolLimits limits_;
    const wire::BootId boot_;

    mutable std::mutex mutex_;  // Of all below; the group sync runs without it.
    SpoolState state_;
    bool recovered_ = false;
    bool boot_persisted_ = false;
    bool reserved_ = false;             // Room is held for the state, on a disk that is full.
    std::deque<SegmentInfo> segments_;  // The last is the active one while active_ is open.
    std::unique_ptr<File> active_;
    std::uint64_t number_next_ = 1;
    SeqKey last_;  // Written last.
    std::uint64_t next_seq_ = 1;
    SeqSets settled_;
    std::vector<Telling> telling_;
    std::uint64_t retry_at_us_ = 0;
    std::uint64_t state_saved_at_us_ = 0;

    std::vector<Unsynced> unsynced_;
    std::uint64_t unsynced_bytes_ = 0;
    std::uint64_t unsynced_since_us_ = 0;
    SegmentInfo synced_;  // The active segment, as it was at the last sync.
    SeqKey synced_last_;

    std::unique_ptr<File> reading_;
    std::uint64_t reading_number_ = 0;
    SpoolCounts counts_;
};

}  // namespace mobilytics::sensor
