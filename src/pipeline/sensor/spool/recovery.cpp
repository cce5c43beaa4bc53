#include "pipeline/sensor/spool/recovery.h"

#include "foundation/log.h"

namespace mobilytics::sensor {

namespace {

constexpr std::string_view kAsidePrefix = "corrupt-";
constexpr std::size_t kAsideMax = 2;  // Copies of segments with a fault, for whoever looks.

/// Numbers of the segments that are there, ascending. What should not be there is removed.
Result<std::vector<std::uint64_t>> list_segments(FileIo& io, const SpoolState& state) {
    TRY(const auto names, io.list());
    std::vector<std::uint64_t> out;
    for (const auto& name : names) {
        const auto number = segment_number(name);
        if (number && *number > state.removed_through) out.push_back(*number);
        if (number && *number <= state.removed_through) (void)io.remove(name);
        if (name.ends_with(".new")) (void)io.remove(name);
    }
    std::sort(out.begin(), out.end());
    return out;
}

void copy_aside(FileIo& io, std::uint64_t number, std::string_view content) {
    const auto name = std::string(kAsidePrefix) + segment_name(number);
    const auto names = io.list();
    if (!names) return;
    const auto aside = [](const std::string& other) { return other.starts_with(kAsidePrefix); };
    if (std::count(names->begin(), names->end(), name) > 0) return;
    if (static_cast<std::size_t>(std::count_if(names->begin(), names->end(), aside)) >= kAsideMax) {
        return;
    }
    const auto file = io.create(name);
    const bool kept = file && (*file)->write_at(0, content) && (*file)->sync();
    log::warning("spool_segment_corrupt", {{"segment", number}, {"copied_aside", kept}});
    if (!kept) (void)io.remove(name);
}

/// What of [first, last] is neither settled nor declared already.
void declare_missing(SpoolState& state, const wire::BootId& boot, wire::SeqRange range) {
    SeqSet accounted;
    if (const auto settled = state.settled.find(boot); settled != state.settled.end()) {
        if (settled->second > 0) accounted.add({1, settled->second});
    }
    for (const auto& loss : state.losses) {
        if (loss.boot == boot) accounted.add({loss.first_seq, loss.last_seq});
    }
    for (const auto& missing : accounted.missing_in(range)) {
        log::warning(
            "spool_reports_lost", {{"first_seq", missing.first}, {"last_seq", missing.last}});
        declare_lost(
            state.losses, {boot, missing.first, missing.last, wire::LossReason::spool_corrupt});
    }
}

class Recovery {
  public:
    Recovery(FileIo& io, SpoolState& state) : io_(io), state_(state) {}

    void read(std::uint64_t number, bool is_last) {
        auto content = read_file(io_, segment_name(number));
        if (!content) {
            log::error("spool_segment_unreadable", {{"segment", number}});
            content = std::string();
        }
        auto found = scan(*content, is_last ? AtFault::stop : AtFault::salvage);
        if (is_last && !found.header) found = scan(*content, AtFault::salvage);
        SegmentInfo info;
        info.number = number;
        info.file_bytes = content->size();
        if (found.header && found.header->number == number) declare_before(found.header->before);
        for (const auto& [offset, record] : found.records) {
            keep(info, record, offset + record_bytes(record.frame.size()));
        }
        info.end = std::max(info.end, found.end);
        if (is_last) {
            mend(info, found);
        } else if (!found.header || found.torn) {
            info.damaged = true;
            copy_aside(io_, number, *content);
        }
        out_.number_next = number + 1;
        if (info.runs.empty()) {
            out_.empty.push_back(number);
        } else {
            out_.segments.push_back(std::move(info));
        }
        first_ = false;
    }
    Recovered finish() { return std::move(out_); }

  private:
    /// Records that should be in the segments before, by what the segment behind them says.
    void declare_before(const SeqKey& before) {
        if (first_ || before.seq == 0) return;  // What was before the first is settled or declared.
        const auto seen = last_of_[before.boot];
        if (before.seq > seen) declare_missing(state_, before.boot, {seen + 1, before.seq});
        last_of_[before.boot] = std::max(seen, before.seq);
    }

    void keep(SegmentInfo& info, const Record& record, std::uint64_t end) {
        auto& seen = last_of_[record.key.boot];
        // Written again after a sync that failed: the first one counts.
        if (record.key.seq <= seen) return;
        if (seen > 0 && record.key.seq > seen + 1) {
            declare_missing(state_, record.key.boot, {seen + 1, record.key.seq - 1});
        }
        seen = record.key.seq;
        out_.last = record.key;
        info.add(record, end);
    }

    /// The last segment ends with what was written whole; the next ones begin behind it.
    void mend(SegmentInfo& info, const Scan& found) {
        if (info.runs.empty()) return;
        const auto file = io_.open(segment_name(info.number));
        if (!file) return;
        if (!found.header) {
            (void)(*file)->write_at(0, write_header({info.number, {}}));
        }
        if ((*file)->resize(info.end)) info.file_bytes = info.end;
        (void)(*file)->sync();
    }

    FileIo& io_;
    SpoolState& state_;
    Recovered out_;
    std::map<wire::BootId, std::uint64_t> last_of_;  // The last seq seen of each boot.
    bool first_ = true;
};

}  // namespace

void SegmentInfo::add(const Record& record, std::uint64_t record_end) {
    boot = record.key.boot;
    newest = record.at;
    end = record_end;
    if (!runs.empty() && runs.back().last + 1 == record.key.seq) {
        runs.back().last = record.key.seq;
    } else {
        runs.push_back({record.key.seq, record.key.seq});
    }
}

bool SegmentInfo::has(std::uint64_t seq) const {
    const auto within = [&](const auto& run) { return run.first <= seq && seq <= run.last; };
    return std::any_of(runs.begin(), runs.end(), within);
}

bool declare_lost(std::vector<wire::Loss>& losses, const wire::Loss& loss) {
    for (auto& known : losses) {
        const bool touches = known.boot == loss.boot && known.reason == loss.reason &&
                             known.first_seq <= loss.last_seq + 1 &&
                             loss.first_seq <= known.last_seq + 1;
        if (!touches) continue;
        known.first_seq = std::min(known.first_seq, loss.first_seq);
        known.last_seq = std::max(known.last_seq, loss.last_seq);
        return true;
    }
    if (losses.size() >= kLossesKeptMax) return false;
    losses.push_back(loss);
    return true;
}

Result<Recovered> recover(FileIo& io, SpoolState& state) {
    TRY(const auto segments, list_segments(io, state));
    Recovery recovery(io, state);
    for (const auto number : segments) recovery.read(number, number == segments.back());
    auto out = recovery.finish();
    out.number_next = std::max(out.number_next, state.removed_through + 1);
    return out;
}

std::vector<wire::SeqRange> salvage(FileIo& io, SegmentInfo& segment) {
    const auto content = read_file(io, segment_name(segment.number));
    const auto bytes = content ? std::string_view(*content) : std::string_view();
    const auto found = scan(bytes, AtFault::salvage);
    copy_aside(io, segment.number, bytes);
    SeqSet there;
    for (const auto& [offset, record] : found.records) {
        if (record.key.boot == segment.boot) there.add({record.key.seq, record.key.seq});
    }
    std::vector<wire::SeqRange> missing;
    std::vector<wire::SeqRange> whole;
    for (const auto& run : segment.runs) {
        auto from = run.first;
        for (const auto& gap : there.missing_in(run)) {
            if (gap.first > from) whole.push_back({from, gap.first - 1});
            from = gap.last + 1;
            missing.push_back(gap);
        }
        if (from <= run.last) whole.push_back({from, run.last});
    }
    segment.runs = std::move(whole);
    segment.damaged = true;
    return missing;
}

}  // namespace mobilytics::sensor
