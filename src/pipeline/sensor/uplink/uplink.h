#pragma once
// Sends what is in the spool, oldest first, and forgets what the platform acknowledges. A window of
// reports is under way at a time; what is not acknowledged in time is sent again; after three
// windows that failed the other way is taken, and later the first one again.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <random>

#include "pipeline/sensor/spool/spool.h"
#include "pipeline/sensor/uplink/courier.h"

namespace mobilytics::sensor {

struct UplinkLimits {
    std::uint32_t window = 64;       // Reports under way, until the platform says how many.
    std::uint32_t window_max = 512;  // Whatever it says.
    std::size_t envelope_reports_max = 64;
    std::size_t envelope_bytes_max = 256 << 10;
    std::chrono::milliseconds ack_wait{10'000};  // Without an ack so long, a window has failed.
    int failures_max = 3;                        // Of windows in a row, then the other way.
    std::chrono::milliseconds second_way_for{60'000};  // Then the first is tried again.
    std::chrono::milliseconds pause_first{1'000};  // After a failed send; then twice as much, by
    std::chrono::milliseconds pause_max{300'000};  // full jitter.
    std::chrono::milliseconds idle{200};           // Between looks at the spool.
};

struct UplinkCounts {
    std::uint64_t envelopes = 0;
    std::uint64_t reports = 0;  // Sent, those sent again as well.
    std::uint64_t settled = 0;
    std::uint64_t windows_failed = 0;
    std::uint64_t switches = 0;  // From one way to the other.
};

/// turn() by one thread at a time; the rest for any.
class Uplink {
  public:
    /// `second` may be null. All must outlive this. `seed` is for the jitter.
    Uplink(
        Spool& spool, Courier& first, Courier* second, const UplinkLimits& limits,
        std::uint64_t seed);

    /// Takes acks, sends what may be sent. How long there will be nothing to do, but for acks.
    std::chrono::milliseconds turn(std::uint64_t mono_us);

    /// Whether all that is durable in the spool is settled.
    bool drained() const { return spool_.counts().reports == 0; }
    bool on_second_way() const { return on_second_; }
    UplinkCounts counts() const;

  private:
    Courier& way() { return on_second_ ? *second_ : first_; }
    void take_acks(std::uint64_t mono_us);
    void take(const wire::Ack& ack, std::uint64_t mono_us);
    void notice_failure(std::uint64_t mono_us);
    void choose_way(std::uint64_t mono_us);
    bool send_some(std::uint64_t mono_us);
    void hold(std::uint64_t mono_us, std::chrono::milliseconds time);
    std::chrono::milliseconds next_pause();
    void send_again();

    Spool& spool_;
    Courier& first_;
    Courier* second_;
    const UplinkLimits limits_;
    std::mt19937_64 random_;

    std::uint32_t window_;
    std::deque<SeqKey> under_way_;
    SpoolCursor cursor_;  // Behind what is under way.
    std::uint64_t progress_at_us_ = 0;
    std::uint64_t hold_until_us_ = 0;
    std::uint64_t second_since_us_ = 0;
    std::chrono::milliseconds pause_;
    int failures_ = 0;
    std::atomic<bool> on_second_ = false;
    std::atomic<std::uint64_t> envelopes_ = 0, reports_ = 0, settled_ = 0, windows_failed_ = 0,
                               switches_ = 0;
};

}  // namespace mobilytics::sensor
