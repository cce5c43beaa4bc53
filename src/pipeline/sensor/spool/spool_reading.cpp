// The other end of the spool: what is sent, and what is settled.

#include "pipeline/sensor/spool/spool.h"

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kReadAheadBytes = 256 << 10;

/// What two ranges share; of `first` 0 where that is nothing.
wire::SeqRange shared(wire::SeqRange a, wire::SeqRange b) {
    const wire::SeqRange out{std::max(a.first, b.first), std::min(a.last, b.last)};
    return out.first <= out.last ? out : wire::SeqRange{};
}

}  // namespace

std::uint64_t Spool::durable_end(const SegmentInfo& segment) const {
    return is_active(segment) ? synced_.end : segment.end;
}

/// Bytes of a segment from `offset`, none behind what is durable; fewer where they cannot be read.
std::string Spool::read_bytes(
    const SegmentInfo& segment, std::uint64_t offset, std::size_t bytes_max) {
    const auto end = durable_end(segment);
    if (offset >= end) return {};
    if (reading_ == nullptr || reading_number_ != segment.number) {
        auto file = io_.open(segment_name(segment.number));
        if (!file) return {};
        reading_ = *std::move(file);
        reading_number_ = segment.number;
    }
    auto bytes = reading_->read_at(offset, std::min<std::size_t>(end - offset, bytes_max));
    return bytes ? *std::move(bytes) : std::string();
}

bool Spool::wanted(const SegmentInfo& segment, const SeqKey& key) const {
    if (key.boot != segment.boot || !segment.has(key.seq)) return false;
    const auto settled = settled_.find(segment.boot);
    return settled == settled_.end() || !settled->second.has(key.seq);
}

/// Adds reports of one segment from `offset`. False when there are enough.
bool Spool::read_segment(
    SegmentInfo& segment, std::uint64_t offset, std::size_t bytes_max, std::size_t count_max,
    std::vector<SpooledReport>& out) {
    std::size_t bytes = 0;
    for (const auto& spooled : out) bytes += spooled.frame.size();
    const auto take = [&](const Record& record, std::uint64_t next) {
        if (!wanted(segment, record.key)) return true;
        const bool enough =
            out.size() >= count_max || (!out.empty() && bytes + record.frame.size() > bytes_max);
        if (enough) return false;
        bytes += record.frame.size();
        out.push_back({record.key, std::string(record.frame), {segment.number, next}});
        return true;
    };
    while (!segment.damaged && offset < durable_end(segment)) {
        auto ahead = read_bytes(segment, offset, kReadAheadBytes);
        if (!read_record(ahead)) ahead = read_bytes(segment, offset, segment.file_bytes);
        const std::string_view view(ahead);
        auto record = read_record(view);
        if (!record) {
            for (const auto& missing : salvage(io_, segment)) {
                for (const auto& lost : settled_[segment.boot].missing_in(missing)) {
                    lose(segment.boot, lost, wire::LossReason::spool_corrupt);
                }
            }
        }
        for (std::size_t at = 0; record;
             record = read_record(view.substr(std::min(at, view.size())))) {
            const auto size = record_bytes(record->frame.size());
            if (!take(*record, offset + size)) return false;
            at += size;
            offset += size;
        }
    }
    if (!segment.damaged || offset >= durable_end(segment)) return true;
    const auto all = read_bytes(segment, 0, durable_end(segment));
    for (const auto& [at, record] : scan(all, AtFault::salvage).records) {
        if (at >= offset && !take(record, at + record_bytes(record.frame.size()))) return false;
    }
    return true;
}

std::vector<SpooledReport> Spool::read(
    SpoolCursor after, std::size_t bytes_max, std::size_t count_max) {
    const std::lock_guard lock(mutex_);
    std::vector<SpooledReport> out;
    for (auto& segment : segments_) {
        if (segment.number < after.segment) continue;
        const bool within = segment.number == after.segment;
        const auto offset = within ? std::max<std::uint64_t>(after.offset, kSegmentHeaderBytes)
                                   : kSegmentHeaderBytes;
        if (!read_segment(segment, offset, bytes_max, count_max, out)) break;
    }
    return out;
}

/// Settles what of the range is here; an ack for what was never sent settles nothing. How many.
std::uint64_t Spool::settle(const wire::BootId& boot, wire::SeqRange range) {
    std::uint64_t newly = 0;
    for (const auto& segment : segments_) {
        if (segment.boot != boot) continue;
        for (const auto& run : segment.runs) {
            const auto both = shared(run, range);
            if (both.first == 0) continue;
            auto& settled = settled_[boot];
            for (const auto& missing : settled.missing_in(both)) {
                newly += missing.last - missing.first + 1;
            }
            settled.add(both);
        }
    }
    return newly;
}

std::size_t Spool::settle(const wire::Ack& ack) {
    const std::lock_guard lock(mutex_);
    std::uint64_t newly = 0;
    for (const auto& rejection : ack.rejected) {
        if (ack.boot == boot_) untell(rejection.range);  // What it told was not heard.
        newly += settle(ack.boot, rejection.range);
    }
    counts_.rejected += newly;
    if (ack.cumulative_seq > 0) newly += settle(ack.boot, {1, ack.cumulative_seq});
    for (const auto& range : ack.settled) newly += settle(ack.boot, range);
    counts_.settled += newly;
    if (newly == 0) return 0;
    if (ack.boot == boot_) {
        const auto& settled = settled_[boot_];
        std::erase_if(telling_, [&](const Telling& telling) {
            return telling.told_in && settled.has(*telling.told_in);
        });
    }
    remove_settled();
    return newly;
}

/// From the front, each removal durable before the next: a segment that came back between two that
/// did not would look as if they were lost.
void Spool::remove_settled() {
    while (!segments_.empty() && !is_active(segments_.front())) {
        const auto& segment = segments_.front();
        if (!unsettled(segment).empty()) return;
        settled_[segment.boot].add({1, segment.last_seq()});
        (void)io_.remove(segment_name(segment.number));
        (void)io_.sync_folder();
        segments_.pop_front();
    }
    // Of boots that have no reports here any more, nothing need be known.
    std::erase_if(settled_, [&](const auto& entry) {
        const auto of_boot = [&](const SegmentInfo& segment) {
            return segment.boot == entry.first;
        };
        return entry.first != boot_ && std::none_of(segments_.begin(), segments_.end(), of_boot);
    });
}

SpoolCounts Spool::counts() const {
    const std::lock_guard lock(mutex_);
    auto out = counts_;
    for (const auto& segment : segments_) {
        out.bytes += segment.file_bytes;
        for (const auto& range : unsettled(segment)) out.reports += range.last - range.first + 1;
    }
    out.losses = telling_.size();
    return out;
}

}  // namespace mobilytics::sensor
