#pragma once
// What a folder of segments holds, after whatever happened to it.

#include <deque>
#include <vector>

#include "pipeline/sensor/spool/file_io.h"
#include "pipeline/sensor/spool/segment.h"
#include "pipeline/sensor/spool/seq_set.h"
#include "pipeline/sensor/spool/spool_state.h"

namespace mobilytics::sensor {

/// A segment, as the spool remembers it. It holds records of one boot: every start begins another.
struct SegmentInfo {
    std::uint64_t number = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t end = kSegmentHeaderBytes;  // Where the next record goes.
    wire::BootId boot{};
    std::vector<wire::SeqRange> runs;  // Ascending. Records of other seqs in it do not count.
    Moment newest;
    bool damaged = false;  // Between its records there may be something else.

    void add(const Record& record, std::uint64_t record_end);
    std::uint64_t last_seq() const { return runs.empty() ? 0 : runs.back().last; }
    bool has(std::uint64_t seq) const;
};

struct Recovered {
    std::deque<SegmentInfo> segments;  // Oldest first; none is empty.
    std::vector<std::uint64_t> empty;  // Numbers of those in which nothing counts.
    std::uint64_t number_next = 1;
    SeqKey last;  // The record written last; of seq 0 where there is none.
};

/// Cuts the torn end off the last segment, which was never said to be kept. Any other segment that
/// has a fault is copied aside, what is whole in it stays, and what is missing is declared lost in
/// `state`. Files that `state` says are gone are removed. Where the disk cannot be written, reads
/// what there is all the same. Unavailable when it cannot even be listed.
Result<Recovered> recover(FileIo& io, SpoolState& state);

/// The same for one segment in which a fault showed later. What is missing in it.
std::vector<wire::SeqRange> salvage(FileIo& io, SegmentInfo& segment);

/// Adds to `losses`, uniting with what touches it. False where there is no room for it.
bool declare_lost(std::vector<wire::Loss>& losses, const wire::Loss& loss);

}  // namespace mobilytics::sensor
