#pragma once
// Sightings and fixes in, reports out: windows of event time. Knows no disk and no
// network, and keeps no address: what it is told is pseudonymised before it returns.

#include <deque>
#include <vector>

#include "pipeline/sensor/agent/time_keeper.h"
#include "pipeline/sensor/decode/fix.h"
#include "pipeline/sensor/decode/sighting.h"
#include "pipeline/sensor/pseudonym/opt_out.h"
#include "pipeline/sensor/pseudonym/pseudonymiser.h"
#include "pipeline/sensor/pseudonym/salts.h"

namespace mobilytics::sensor {

/// Why a sighting that was decoded is in no report. Closed: the words stand in
/// Health.frames_dropped, beside those of FrameDrop.
BOOST_DEFINE_ENUM_CLASS(
    RecordDrop,
    opted_out,  // Its owner asked for it.
    too_late,   // It came after its window was closed.
    too_early,  // Its time has not come yet: a clock was set back.
    too_many)   // More than a window holds.
inline constexpr std::size_t kRecordDrops = 4;

struct RecorderLimits {
    std::chrono::milliseconds window{2'000};
    std::chrono::milliseconds quiet_window{10'000};  // Where nothing was heard; at most kWindowMax.
    std::chrono::milliseconds grace{500};  // A window waits so long for what the kernel still has.
    /// In a recording, after so long without anything nobody listened. 0: somebody always does.
    std::chrono::minutes gap_max{0};
    std::size_t sightings_max = 10'000;  // In a report; a window with more ends early.
    std::size_t waiting_max = 40'000;    // In windows that are not closed.
};

/// One thread at a time.
class Recorder {
  public:
    /// `salts` must outlive this. `start_us` is when listening began, on the monotonic clock.
    Recorder(
        DeviceId device, Salts& salts, OptOutList opt_out, const RecorderLimits& limits,
        std::uint64_t start_us, TimeBase base);

    /// `mono_us` is when it was on the air.
    void hear(std::uint64_t mono_us, const Sighting& sighting);
    void locate(std::uint64_t mono_us, const Fix& fix);

    /// It is `now_us`, and all up to then but `grace` was told. Adds the reports of windows that
    /// are over; what they lack is their boot, seq, health, anchors and losses. A `base` that is
    /// another begins a new window.
    void advance(std::uint64_t now_us, TimeBase base, std::vector<wire::Report>& out);
    /// Closes all windows: nothing more will be told.
    void finish(std::uint64_t now_us, std::vector<wire::Report>& out);

    const std::array<std::uint64_t, kRecordDrops>& dropped() const { return dropped_; }
    std::uint64_t recorded() const { return recorded_; }

  private:
    struct Row {
        std::uint64_t mono_us = 0;
        std::uint64_t number = 0;  // Of all that was recorded.
        std::uint64_t pseudonym = 0;
        std::uint32_t coarse = 0, fine = 0;
        std::uint16_t sequence = 0, ble_company = 0;
        wire::AddressClass address_class = wire::AddressClass::global;
        wire::RadioKind kind = wire::RadioKind::wifi;
        std::int8_t rssi_dbm = 0;
        std::uint8_t channel = 0, ble_type = 0, ble_subtype = 0;
    };
    /// One salt, from a moment on.
    struct Era {
        std::uint64_t from_us = 0;
        Pseudonymiser pseudonymiser;
    };

    void drop(RecordDrop reason) { ++dropped_[static_cast<std::size_t>(reason)]; }
    const Pseudonymiser& pseudonymiser_at(std::uint64_t mono_us);
    void begin_at(std::uint64_t start_us);
    void begin_day(std::uint64_t from_us);
    void refresh_salt();
    std::uint64_t window_end() const;
    void close_due(std::uint64_t up_to_us, std::vector<wire::Report>& out);
    void close(std::uint64_t end_us, std::vector<wire::Report>& out);
    std::size_t sorted_rows_before(std::uint64_t end_us);
    void fill(wire::Report& out, std::size_t rows) const;
    void fill_positions(wire::Report& out, std::uint64_t end_us);

    const DeviceId device_;
    Salts& salts_;
    const OptOutList opt_out_;
    const RecorderLimits limits_;
    TimeBase base_;
    std::uint64_t start_us_;        // Of the window that is open.
    std::uint64_t now_us_;          // When advance() was called last.
    std::uint64_t latest_us_ = 0;   // Of all rows.
    std::uint64_t day_end_us_ = 0;  // Of the last era's day.
    LocalDay day_;
    std::deque<Era> eras_;
    std::vector<Row> rows_;  // Of windows that are not closed, as they came.
    std::deque<std::pair<std::uint64_t, Fix>> fixes_;
    std::array<std::uint64_t, kRecordDrops> dropped_{};
    std::uint64_t recorded_ = 0;
};

}  // namespace mobilytics::sensor
