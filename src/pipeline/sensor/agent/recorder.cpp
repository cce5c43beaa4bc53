#include "pipeline/sensor/agent/recorder.h"

#include <algorithm>
#include <limits>

namespace mobilytics::sensor {

namespace {

constexpr std::uint64_t kEarlyMaxUs = 5'000'000;    // A stamp may be so far ahead of advance().
constexpr std::uint64_t kLateFixMaxUs = 2'000'000;  // A receiver's answer may be so late.
constexpr std::int64_t kStepUs = 1'000'000;
constexpr std::size_t kFixesWaitingMax = 10'000;

std::uint64_t micros(std::chrono::microseconds time) {
    return static_cast<std::uint64_t>(time.count());
}

}  // namespace

Recorder::Recorder(
    DeviceId device, Salts& salts, OptOutList opt_out, const RecorderLimits& limits,
    std::uint64_t start_us, TimeBase base)
    : device_(device),
      salts_(salts),
      opt_out_(std::move(opt_out)),
      limits_(limits),
      base_(base),
      start_us_(start_us),
      now_us_(start_us) {
    VERIFY(limits.quiet_window <= wire::kWindowMax && limits.window <= limits.quiet_window);
    begin_at(start_us);
}

/// A window that does not follow the one before.
void Recorder::begin_at(std::uint64_t start_us) {
    start_us_ = start_us;
    eras_.clear();
    begin_day(start_us);
}

void Recorder::begin_day(std::uint64_t from_us) {
    day_ = local_day(base_.wall(from_us), salts_.zone());
    const auto end = start_of(day_.plus(std::chrono::days(1)), salts_.zone());
    day_end_us_ = static_cast<std::uint64_t>(end.time_since_epoch().count() - base_.offset_us);
    eras_.push_back({from_us, Pseudonymiser(salts_.of(day_))});
}

/// Where the company's salt has come meanwhile, it is used from now on.
void Recorder::refresh_salt() {
    auto salt = salts_.of(day_);
    if (salt->epoch == eras_.back().pseudonymiser.salt().epoch) return;
    const auto from_us = std::max({start_us_, latest_us_ + 1, eras_.back().from_us});
    if (from_us == eras_.back().from_us) eras_.pop_back();
    eras_.push_back({from_us, Pseudonymiser(std::move(salt))});
}

const Pseudonymiser& Recorder::pseudonymiser_at(std::uint64_t mono_us) {
    while (mono_us >= day_end_us_) begin_day(day_end_us_);
    auto era = eras_.end() - 1;
    while (era != eras_.begin() && era->from_us > mono_us) --era;
    return era->pseudonymiser;
}

void Recorder::hear(std::uint64_t mono_us, const Sighting& sighting) {
    if (opt_out_.has(sighting.address)) return drop(RecordDrop::opted_out);
    if (mono_us < start_us_) return drop(RecordDrop::too_late);
    if (mono_us > now_us_ + kEarlyMaxUs) return drop(RecordDrop::too_early);
    if (rows_.size() >= limits_.waiting_max) return drop(RecordDrop::too_many);
    const auto& with = pseudonymiser_at(mono_us);
    Row row;
    row.mono_us = mono_us;
    row.number = recorded_;
    row.pseudonym = with.pseudonym(sighting.kind, sighting.address);
    row.coarse = Pseudonymiser::coarse(sighting.coarse);
    row.fine = with.fine(sighting.fine);
    row.sequence = sighting.sequence;
    row.ble_company = sighting.ble_company;
    row.address_class = sighting.address_class;
    row.kind = sighting.kind;
    row.rssi_dbm = sighting.rssi_dbm.value_or(0);
    row.channel = sighting.channel;
    row.ble_type = sighting.ble_type;
    row.ble_subtype = sighting.ble_subtype;
    rows_.push_back(row);
    latest_us_ = std::max(latest_us_, mono_us);
    ++recorded_;
}

void Recorder::locate(std::uint64_t mono_us, const Fix& fix) {
    if (mono_us + kLateFixMaxUs < start_us_ || mono_us > now_us_ + kEarlyMaxUs) return;
    if (fixes_.size() >= kFixesWaitingMax) return;
    fixes_.emplace_back(std::max(mono_us, start_us_), fix);
}

void Recorder::advance(std::uint64_t now_us, TimeBase base, std::vector<wire::Report>& out) {
    now_us_ = std::max(now_us, now_us_);
    const auto grace_us = micros(limits_.grace);
    close_due(now_us_ > grace_us ? now_us_ - grace_us : 0, out);
    const bool stepped = std::abs(base.offset_us - base_.offset_us) > kStepUs;
    if (stepped || base.state != base_.state) {
        finish(now_us_, out);
        base_ = base;
        if (stepped) begin_at(start_us_);
    } else if (start_us_ == eras_.front().from_us || rows_.empty()) {
        base_ = base;  // Slewed by less than anybody would notice.
    }
    refresh_salt();
}

void Recorder::finish(std::uint64_t now_us, std::vector<wire::Report>& out) {
    now_us_ = std::max(now_us, now_us_);
    const auto end_us = std::max(now_us_, latest_us_ + 1);
    close_due(end_us, out);
    if (end_us > start_us_) close(end_us, out);
}

/// Where the window that is open ends, as far as is known now.
std::uint64_t Recorder::window_end() const {
    auto first_us = std::numeric_limits<std::uint64_t>::max();
    for (const auto& row : rows_) first_us = std::min(first_us, row.mono_us);
    const auto busy_end = start_us_ + micros(limits_.window);
    // Where nothing is heard it is longer, up to the first sighting.
    auto end = first_us < busy_end ? busy_end
                                   : std::min(first_us, start_us_ + micros(limits_.quiet_window));
    for (const auto& era : eras_) {
        if (era.from_us > start_us_) end = std::min(end, era.from_us);
    }
    return std::min(end, day_end_us_ > start_us_ ? day_end_us_ : end);
}

void Recorder::close_due(std::uint64_t up_to_us, std::vector<wire::Report>& out) {
    for (;;) {
        const auto gap_us = micros(limits_.gap_max);
        if (gap_us > 0 && rows_.empty() && up_to_us > start_us_ + gap_us) return begin_at(up_to_us);
        const auto end_us = window_end();
        if (end_us > up_to_us) return;
        close(end_us, out);
        pseudonymiser_at(start_us_);  // A new day begins with the window, not with a sighting.
    }
}

/// Sorts what is waiting, by time and else as it came. How many are before `end_us`.
std::size_t Recorder::sorted_rows_before(std::uint64_t end_us) {
    const auto earlier = [](const Row& a, const Row& b) {
        return std::pair(a.mono_us, a.number) < std::pair(b.mono_us, b.number);
    };
    if (!std::is_sorted(rows_.begin(), rows_.end(), earlier)) {
        std::sort(rows_.begin(), rows_.end(), earlier);
    }
    const auto is_before = [&](const Row& row) { return row.mono_us < end_us; };
    const auto end = std::partition_point(rows_.begin(), rows_.end(), is_before);
    return static_cast<std::size_t>(end - rows_.begin());
}

void Recorder::close(std::uint64_t end_us, std::vector<wire::Report>& out) {
    auto rows = sorted_rows_before(end_us);
    if (rows > limits_.sightings_max) {
        // It ends before what is too much; what came in one microsecond cannot be parted.
        const auto next_us = rows_[limits_.sightings_max].mono_us;
        if (next_us > start_us_) {
            end_us = next_us;
            rows = sorted_rows_before(end_us);
        }
        while (rows > limits_.sightings_max) {
            rows_.erase(rows_.begin());
            --rows;
            drop(RecordDrop::too_many);
        }
    }
    auto& report = out.emplace_back();
    report.key.device = device_;
    report.started = base_.wall(start_us_);
    report.started_mono_us = start_us_;
    report.duration = std::chrono::microseconds(static_cast<std::int64_t>(end_us - start_us_));
    report.clock_state = base_.state;
    fill(report, rows);
    fill_positions(report, end_us);
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(rows));
    start_us_ = end_us;
    while (eras_.size() > 1 && eras_[1].from_us <= start_us_) eras_.pop_front();
}

void Recorder::fill(wire::Report& report, std::size_t rows) const {
    if (rows == 0) return;
    auto& out = report.observations;
    out.salt_epoch = eras_.front().pseudonymiser.salt().epoch;
    out.salt_mode = eras_.front().pseudonymiser.salt().mode;
    out.rows.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& row = rows_[i];
        out.rows.push_back(
            {.pseudonym = row.pseudonym,
             .at_us = static_cast<std::uint32_t>(row.mono_us - start_us_),
             .coarse_fingerprint = row.coarse,
             .fine_fingerprint = row.fine,
             .sequence = row.sequence,
             .ble_company = row.ble_company,
             .kind = row.kind,
             .address_class = row.address_class,
             .rssi_dbm = row.rssi_dbm,
             .channel = row.channel,
             .ble_type = row.ble_type,
             .ble_subtype = row.ble_subtype});
    }
}

void Recorder::fill_positions(wire::Report& out, std::uint64_t end_us) {
    std::uint32_t before_us = 0;
    while (!fixes_.empty() && fixes_.front().first < end_us) {
        const auto& [mono_us, fix] = fixes_.front();
        const auto since_us = mono_us > start_us_ ? mono_us - start_us_ : 0;
        const auto at_us = std::max(static_cast<std::uint32_t>(since_us), before_us);
        if (out.positions.size() < wire::kPositionsMax) {
            out.positions.push_back(
                {at_us, fix.latitude_e7, fix.longitude_e7, fix.speed_cm_s, fix.heading_cdeg,
                 fix.accuracy_cm});
            before_us = at_us;
        }
        fixes_.pop_front();
    }
}

}  // namespace mobilytics::sensor
