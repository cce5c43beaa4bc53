#include "pipeline/sensor/spool/spool.h"

#include "foundation/log.h"
#include "platform/crypto/digest.h"

namespace mobilytics::sensor {

namespace chrono = std::chrono;

namespace {

std::uint64_t micros(chrono::microseconds time) { return static_cast<std::uint64_t>(time.count()); }

wire::BootId random_boot() {
    wire::BootId out{};
    const auto random = crypto::random_bytes(out.size());
    std::copy(random.begin(), random.end(), out.begin());
    return out;
}

bool is_trusted(wire::ClockState state) { return state >= wire::ClockState::rtc; }

}  // namespace

Spool::Spool(FileIo& io, const SpoolLimits& limits, const Moment& now)
    : io_(io), limits_(limits), boot_(random_boot()) {
    if (!begin_boot(now)) log::error("spool_not_writable", {{"when", "start"}});
}

Spool::~Spool() = default;

/// Recovers what is there and persists the boot's id, each once it can be done.
bool Spool::begin_boot(const Moment& now) {
    if (!recovered_) {
        auto state = read_state(io_);
        if (!state) return false;
        auto found = recover(io_, *state);
        if (!found) return false;
        recovered_ = true;
        reserved_ = holds_reserve(io_);
        state_ = *std::move(state);
        state_.boot = boot_;
        ++state_.starts;
        segments_ = std::move(found->segments);
        number_next_ = found->number_next;
        last_ = found->last;
        for (const auto& loss : state_.losses) telling_.push_back({loss, std::nullopt});
        for (const auto& [boot, through] : state_.settled) {
            if (through > 0) settled_[boot].add({1, through});
        }
        boot_persisted_ = save_state(now);
        for (const auto number : found->empty) {
            if (boot_persisted_) (void)io_.remove(segment_name(number));
        }
        remove_settled();
        return boot_persisted_;
    }
    boot_persisted_ = save_state(now);
    return boot_persisted_;
}

std::uint64_t Spool::starts() const {
    const std::lock_guard lock(mutex_);
    return state_.starts;
}

bool Spool::save_state(const Moment& now) {
    using enum wire::ClockState;
    const bool exact = now.state == ntp || now.state == gps;
    if (exact || (now.state != unset && now.wall > state_.last_good)) state_.last_good = now.wall;
    state_.losses.clear();
    for (const auto& telling : telling_) state_.losses.push_back(telling.loss);
    state_.settled.clear();
    for (const auto& [boot, seqs] : settled_) state_.settled[boot] = seqs.cumulative();
    state_saved_at_us_ = now.mono_us;
    auto written = write_state(io_, state_);
    if (!written && written.error().code == "disk_full" && reserved_) {
        (void)io_.remove(std::string(kReserveName));
        reserved_ = false;
        written = write_state(io_, state_);
    }
    if (!reserved_) reserved_ = hold_reserve(io_);
    return written.has_value();
}

Instant Spool::last_good() const {
    const std::lock_guard lock(mutex_);
    return state_.last_good;
}

std::vector<wire::Loss> Spool::losses_to_tell(std::size_t losses_max) {
    const std::lock_guard lock(mutex_);
    std::vector<wire::Loss> out;
    for (auto& telling : telling_) {
        if (out.size() >= losses_max) break;
        if (telling.told_in) continue;
        telling.told_in = next_seq_;
        out.push_back(telling.loss);
    }
    return out;
}

bool Spool::append(std::string_view frame, const Moment& now) {
    const std::lock_guard lock(mutex_);
    const auto seq = next_seq_;
    const auto refuse = [&] {
        ++counts_.not_kept;
        untell({seq, seq});
        give_up(seq);
        return false;
    };
    if (now.mono_us < retry_at_us_) return refuse();
    const auto try_again_later = [&] { retry_at_us_ = now.mono_us + micros(limits_.retry_every); };
    if (!boot_persisted_ && !begin_boot(now)) {
        try_again_later();
        return refuse();
    }
    const auto bytes = write_record({{boot_, seq}, now, RecordClass::report, frame});
    auto written = write_out(bytes);
    if (!written && written.error().code == "disk_full") {
        if (evict_oldest(wire::LossReason::spool_full)) written = write_out(bytes);
    }
    if (!written) {
        log::error("spool_not_writable", {{"why", written.error().code}});
        try_again_later();
        return refuse();
    }
    retry_at_us_ = 0;
    ++next_seq_;
    ++counts_.appended;
    if (unsynced_.empty()) unsynced_since_us_ = now.mono_us;
    unsynced_bytes_ += bytes.size();
    unsynced_.push_back({seq, bytes});
    return true;
}

/// To the active segment, or to a new one where it is full.
Result<> Spool::write_out(const std::string& bytes) {
    const bool full =
        active_ != nullptr && segments_.back().end + bytes.size() > segments_.back().file_bytes;
    if (full) seal_active();
    if (active_ == nullptr) CHECK(begin_segment(bytes.size()));
    auto& segment = segments_.back();
    CHECK(active_->write_at(segment.end, bytes));
    const auto record = read_record(bytes);
    VERIFY(record);
    segment.add(*record, segment.end + bytes.size());
    last_ = record->key;
    return {};
}

Result<> Spool::begin_segment(std::size_t record_bytes) {
    const auto size =
        std::max<std::uint64_t>(limits_.segment_bytes, kSegmentHeaderBytes + record_bytes);
    std::uint64_t bytes = size;
    for (const auto& segment : segments_) bytes += segment.file_bytes;
    while (bytes > limits_.bytes_max && !segments_.empty()) {
        bytes -= segments_.front().file_bytes;
        CHECK(evict_oldest(wire::LossReason::spool_full));
    }
    SegmentInfo segment;
    segment.number = number_next_++;
    segment.file_bytes = size;
    const auto name = segment_name(segment.number);
    const auto make = [&]() -> Result<> {
        TRY(active_, io_.create(name));
        CHECK(active_->resize(size));
        CHECK(active_->write_at(0, write_header({segment.number, last_})));
        CHECK(active_->sync());
        return io_.sync_folder();
    };
    if (const auto made = make(); !made) {
        active_.reset();
        (void)io_.remove(name);
        return made;
    }
    segment.boot = boot_;
    segments_.push_back(segment);
    synced_ = segment;
    synced_last_ = last_;
    return {};
}

/// All that is in it becomes durable, and the room behind it is given back.
bool Spool::seal_active() {
    if (active_ == nullptr) return true;
    const auto number = segments_.back().number;
    const bool durable = sync_active();
    if (active_ == nullptr || segments_.back().number != number) return durable;
    if (active_->resize(segments_.back().end)) segments_.back().file_bytes = segments_.back().end;
    (void)active_->sync();
    active_.reset();
    return durable;
}

bool Spool::sync() {
    File* file = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (unsynced_.empty()) return true;
        file = active_.get();
    }
    // Only the thread that appends closes the active file, and that is ours.
    const bool synced = file->sync().has_value();
    const std::lock_guard lock(mutex_);
    if (!synced) return rewrite(std::move(unsynced_));
    unsynced_.clear();
    unsynced_bytes_ = 0;
    synced_ = segments_.back();
    synced_last_ = last_;
    return true;
}

/// The same where the lock is held.
bool Spool::sync_active() {
    if (unsynced_.empty()) return true;
    if (!active_->sync()) return rewrite(std::move(unsynced_));
    unsynced_.clear();
    unsynced_bytes_ = 0;
    synced_ = segments_.back();
    synced_last_ = last_;
    return true;
}

/// After a sync that failed. What the kernel could not write it may have forgotten, and a second
/// sync would say that all is well; so these go to another segment.
bool Spool::rewrite(std::vector<Unsynced> records) {
    log::error("spool_sync_failed", {{"reports", records.size()}});
    unsynced_.clear();
    unsynced_bytes_ = 0;
    (void)active_->resize(synced_.end);
    active_.reset();
    segments_.back() = synced_;
    segments_.back().file_bytes = synced_.end;
    if (synced_.runs.empty()) {
        (void)io_.remove(segment_name(synced_.number));
        segments_.pop_back();
    }
    last_ = synced_last_;
    const auto again = [&]() -> Result<> {
        for (const auto& record : records) CHECK(write_out(record.bytes));
        return active_->sync();
    };
    if (again()) {
        synced_ = segments_.back();
        synced_last_ = last_;
        return true;
    }
    if (active_ != nullptr) {
        active_.reset();
        (void)io_.remove(segment_name(segments_.back().number));
        segments_.pop_back();
        last_ = synced_last_;
    }
    for (const auto& record : records) {
        untell({record.seq, record.seq});
        lose(boot_, {record.seq, record.seq}, wire::LossReason::spool_full);
    }
    counts_.not_kept += records.size();
    return false;
}

/// A report that was made, and that the disk would not have.
void Spool::give_up(std::uint64_t seq) {
    lose(boot_, {seq, seq}, wire::LossReason::spool_full);
    next_seq_ = seq + 1;
}

void Spool::lose(const wire::BootId& boot, wire::SeqRange range, wire::LossReason reason) {
    const wire::Loss loss{boot, range.first, range.last, reason};
    for (auto& telling : telling_) {
        if (telling.told_in) continue;
        std::vector<wire::Loss> one{telling.loss};
        declare_lost(one, loss);
        if (one.size() > 1) continue;
        telling.loss = one[0];
        return;
    }
    if (telling_.size() < kLossesKeptMax) telling_.push_back({loss, std::nullopt});
}

/// Losses that were to be told in reports which will not come: in later ones then.
void Spool::untell(wire::SeqRange range) {
    for (auto& telling : telling_) {
        if (telling.told_in && *telling.told_in >= range.first && *telling.told_in <= range.last) {
            telling.told_in.reset();
        }
    }
}

bool Spool::is_active(const SegmentInfo& segment) const {
    return active_ != nullptr && &segment == &segments_.back();
}

std::vector<wire::SeqRange> Spool::unsettled(const SegmentInfo& segment) const {
    const auto settled = settled_.find(segment.boot);
    if (settled == settled_.end()) return segment.runs;
    std::vector<wire::SeqRange> out;
    for (const auto& run : segment.runs) {
        const auto missing = settled->second.missing_in(run);
        out.insert(out.end(), missing.begin(), missing.end());
    }
    return out;
}

/// Declared lost, durably, before it is removed.
Result<> Spool::evict_oldest(wire::LossReason reason) {
    if (segments_.empty() || is_active(segments_.front())) {
        return fail(ErrorKind::unavailable, "disk_full", "nothing is left to be given up");
    }
    const auto& segment = segments_.front();
    const auto telling_before = telling_;
    const auto removed_before = state_.removed_through;
    const auto given_up = unsettled(segment);
    for (const auto& range : given_up) {
        if (segment.boot == boot_) untell(range);
        lose(segment.boot, range, reason);
    }
    state_.removed_through = segment.number;
    Moment as_before;
    as_before.mono_us = state_saved_at_us_;
    if (!save_state(as_before)) {
        telling_ = telling_before;
        state_.removed_through = removed_before;
        return fail(ErrorKind::unavailable, "disk_full", "what is given up cannot be written down");
    }
    for (const auto& range : given_up) counts_.evicted += range.last - range.first + 1;
    if (!given_up.empty()) {
        log::warning("spool_evicted", {{"segment", segment.number}, {"why", word(reason)}});
    }
    settled_[segment.boot].add({1, segment.last_seq()});
    (void)io_.remove(segment_name(segment.number));
    segments_.pop_front();
    return {};
}

void Spool::evict_aged(const Moment& now) {
    const auto age_max = chrono::duration_cast<chrono::microseconds>(limits_.age_max);
    while (!segments_.empty() && !is_active(segments_.front())) {
        const auto& segment = segments_.front();
        const auto& newest = segment.newest;
        bool aged = false;
        if (segment.boot == boot_) {
            aged = now.mono_us > newest.mono_us + micros(age_max);
        } else {
            aged = is_trusted(now.state) && is_trusted(newest.state) &&
                   now.wall - newest.wall > age_max;
        }
        if (!aged || !evict_oldest(wire::LossReason::spool_age)) return;
    }
}

void Spool::tick(const Moment& now) {
    bool due = false;
    {
        const std::lock_guard lock(mutex_);
        due =
            !unsynced_.empty() && (unsynced_bytes_ >= limits_.sync_bytes ||
                                   now.mono_us >= unsynced_since_us_ + micros(limits_.sync_every));
    }
    if (due) sync();
    const std::lock_guard lock(mutex_);
    evict_aged(now);
    if (!boot_persisted_ && now.mono_us >= retry_at_us_ && !begin_boot(now)) {
        retry_at_us_ = now.mono_us + micros(limits_.retry_every);
    }
    if (now.mono_us >= state_saved_at_us_ + micros(limits_.state_every)) save_state(now);
}

void Spool::close(const Moment& now) {
    sync();
    const std::lock_guard lock(mutex_);
    seal_active();
    save_state(now);
}

bool Spool::writable() const {
    const std::lock_guard lock(mutex_);
    return boot_persisted_ && retry_at_us_ == 0;
}

}  // namespace mobilytics::sensor
