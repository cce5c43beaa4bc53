#pragma once
// The contract between sensor and platform: what a report holds, and how it is written. The sensor
// encodes and ingest decodes; measure reads what was decoded. docs/protocol.md has it byte by byte.
//
// A frame, little endian: "MY", version 1, flags (bit 0: body is zstd), u32 length of the body as
// sent, u32 its length unpacked, u32 CRC-32C of the body as sent; then the body, a protobuf Report.
// An envelope (an MQTT message, an HTTPS body) is one frame or more, one after the other.

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::wire {

inline constexpr std::size_t kFrameHeaderBytes = 16;
inline constexpr std::size_t kFrameBodyBytesMax = 2 << 20;   // As sent: the largest report, plain.
inline constexpr std::size_t kFramePlainBytesMax = 4 << 20;  // Unpacked.
inline constexpr std::size_t kEnvelopeBytesMax = 4 << 20;
inline constexpr std::size_t kFramesPerEnvelopeMax = 512;
inline constexpr std::size_t kObservationsMax = 50'000;  // In a report.
inline constexpr std::size_t kPositionsMax = 200;
inline constexpr std::size_t kAnchorsMax = 16;
inline constexpr std::size_t kLossesMax = 256;
inline constexpr std::size_t kDropCountsMax = 64;
inline constexpr std::size_t kWordBytesMax = 64;  // A version, a reason.
inline constexpr std::chrono::microseconds kWindowMax{10'000'000};
inline constexpr std::uint64_t kSeqMax = (std::uint64_t{1} << 63) - 1;  // As Postgres counts.
/// 2200-01-01: far enough for any clock that is wrong, near enough that no sum overflows.
inline constexpr Instant kInstantEnd{std::chrono::microseconds{7'258'118'400'000'000}};
inline constexpr std::uint64_t kMonotonicEndUs = std::uint64_t{1} << 52;  // 142 years.
inline constexpr std::size_t kAckBytesMax = 256 << 10;
inline constexpr std::size_t kAckRangesMax = 1024;  // Of each kind.

/// Random, made at each start of a sensor. Sorts bytewise.
using BootId = std::array<std::uint8_t, 16>;
/// Names a salt. Pseudonyms of different epochs are never compared.
using SaltEpoch = std::array<std::uint8_t, 16>;

BOOST_DEFINE_ENUM_CLASS(ClockState, unset, floor, rtc, ntp, gps)
BOOST_DEFINE_ENUM_CLASS(SaltMode, unspecified, standard, strict)
BOOST_DEFINE_ENUM_CLASS(LossReason, unspecified, spool_full, spool_age, spool_corrupt)
/// The numbers are those of report.proto.
enum class RadioKind : std::uint8_t { wifi = 1, ble = 2 };
BOOST_DESCRIBE_ENUM(RadioKind, wifi, ble)
enum class AddressClass : std::uint8_t {
    global = 1,
    local = 2,
    ble_public = 3,
    ble_static = 4,
    ble_resolvable = 5,
    ble_non_resolvable = 6,
};
BOOST_DESCRIBE_ENUM(
    AddressClass, global, local, ble_public, ble_static, ble_resolvable, ble_non_resolvable)

/// Why a frame or a report is refused. Closed: metrics, acks and the quarantine use these words.
BOOST_DEFINE_ENUM_CLASS(
    RejectReason, bad_magic, unknown_version, too_large, truncated, bad_checksum, bad_compression,
    bad_message, bad_identity, foreign_device, bad_seq, bad_window, bad_columns, bad_time,
    bad_position, unknown_device, revoked_epoch)

struct ReportKey {
    DeviceId device;
    BootId boot{};
    std::uint64_t seq = 0;

    friend auto operator<=>(const ReportKey&, const ReportKey&) = default;
};

/// A device heard once.
struct Observation {
    std::uint64_t pseudonym = 0;
    std::uint32_t at_us = 0;  // Since the window's start.
    std::uint32_t coarse_fingerprint = 0;
    std::uint32_t fine_fingerprint = 0;
    std::uint16_t sequence = 0;  // Of 802.11.
    std::uint16_t ble_company = 0xFFFF;
    RadioKind kind = RadioKind::wifi;
    AddressClass address_class = AddressClass::global;
    std::int8_t rssi_dbm = 0;
    std::uint8_t channel = 0;
    std::uint8_t ble_type = 0;
    std::uint8_t ble_subtype = 0;
    friend bool operator==(const Observation&, const Observation&) = default;
};

/// On the wire they are columns; in memory rows, for who reads one reads most of it.
struct Observations {
    SaltEpoch salt_epoch{};
    SaltMode salt_mode = SaltMode::unspecified;
    std::vector<Observation> rows;  // In the order of time.

    std::size_t size() const { return rows.size(); }
    const Observation& operator[](std::size_t i) const { return rows[i]; }
    friend bool operator==(const Observations&, const Observations&) = default;
};

struct Position {
    std::uint32_t at_us = 0;  // Since the window's start.
    std::int32_t latitude_e7 = 0;
    std::int32_t longitude_e7 = 0;
    std::optional<std::uint32_t> speed_cm_s;
    std::optional<std::uint32_t> heading_cdeg;
    std::optional<std::uint32_t> accuracy_cm;
    friend bool operator==(const Position&, const Position&) = default;
};

struct DropCount {
    std::string reason;
    std::uint64_t count = 0;
    friend bool operator==(const DropCount&, const DropCount&) = default;
};

struct Health {
    std::string version;
    std::uint64_t uptime_s = 0;
    std::uint64_t spool_bytes = 0;
    std::uint64_t spool_reports = 0;
    std::uint64_t frames_read = 0;
    std::vector<DropCount> frames_dropped;
    std::uint32_t cpu_permille = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t disk_free_bytes = 0;
    friend bool operator==(const Health&, const Health&) = default;
};

struct ClockAnchor {
    std::uint64_t mono_us = 0;
    Instant wall;
    ClockState source = ClockState::unset;
    std::uint32_t uncertainty_us = 0;
    friend bool operator==(const ClockAnchor&, const ClockAnchor&) = default;
};

struct Loss {
    BootId boot{};
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;  // Inclusive.
    LossReason reason = LossReason::unspecified;
    friend bool operator==(const Loss&, const Loss&) = default;
};

struct Report {
    ReportKey key;
    Instant started;  // By the sensor's own clock.
    std::uint64_t started_mono_us = 0;
    std::chrono::microseconds duration{0};
    ClockState clock_state = ClockState::unset;
    Observations observations;
    std::vector<Position> positions;
    std::optional<Health> health;
    std::vector<ClockAnchor> anchors;
    std::vector<Loss> losses;
    friend bool operator==(const Report&, const Report&) = default;
};

/// Why the report may not be sent, or counted; none for a good one. What encode VERIFYs and what
/// decode refuses, but for what can only be wrong in bytes.
std::optional<RejectReason> refused(const Report& report);

/// One frame. VERIFYs that it is not refused() and no larger than a frame may be.
std::string encode(const Report& report);
/// The same behind what `envelope` holds already. With `compress` no, the body stays plain.
enum class Compress { no, yes };
void append_frame(std::string& envelope, const Report& report, Compress compress = Compress::yes);

/// A frame found in an envelope: its bytes whole, header included; not yet unpacked.
struct FrameView {
    std::span<const std::uint8_t> bytes;
    std::span<const std::uint8_t> body;
    std::uint32_t plain_bytes = 0;
    bool compressed = false;
};

/// Cuts an envelope into frames, checking header, lengths and checksum of each.
class EnvelopeReader {
  public:
    explicit EnvelopeReader(std::span<const std::uint8_t> envelope) : rest_(envelope) {}
    /// The next frame; none at the end, and after a fault, which rejected() then names: lengths
    /// can no longer be trusted, so what follows it is not read. A bad checksum alone is passed
    /// over by its length, counted in bad_checksums().
    std::optional<FrameView> next();
    std::optional<RejectReason> rejected() const { return rejected_; }
    std::size_t bad_checksums() const { return bad_checksums_; }

  private:
    std::span<const std::uint8_t> rest_;
    std::optional<RejectReason> rejected_;
    std::size_t bad_checksums_ = 0;
    std::size_t frames_ = 0;
};

/// Unpacks and checks: columns of one length, times ascending and inside the window, enumerators
/// known, positions on the earth, limits kept. Fills `out` and returns none, or returns why not;
/// then `out` may be half filled, but for its key, which is set as soon as it could be read. Reuses
/// the memory of `out`. Allocates no more than kFramePlainBytesMax whatever the frame claims.
std::optional<RejectReason> decode(const FrameView& frame, Report& out);

struct SeqRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  // Inclusive.
    friend bool operator==(const SeqRange&, const SeqRange&) = default;
};

struct Rejection {
    SeqRange range;
    std::string reason;
    friend bool operator==(const Rejection&, const Rejection&) = default;
};

struct Ack {
    BootId boot{};
    std::uint64_t cumulative_seq = 0;
    std::vector<SeqRange> settled;  // Beyond cumulative_seq, ascending.
    std::vector<Rejection> rejected;
    std::chrono::milliseconds retry_after{0};
    std::uint32_t window_max = 0;  // 0: as before.
    Instant server;
    friend bool operator==(const Ack&, const Ack&) = default;
};

/// A plain protobuf Ack, without a frame. Of `settled` and `rejected` no more than the first
/// kAckRangesMax are written: the sensor sends the others again, and hears of them then.
std::string encode(const Ack& ack);
/// None for what is not an Ack: malformed, larger than kAckBytesMax, ranges not ascending.
std::optional<Ack> decode_ack(std::span<const std::uint8_t> bytes);

/// CRC-32C (Castagnoli), as RFC 3720 B.4 has it; `before` is that of the bytes before these.
std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);
/// The same without the processor's instruction for it: for processors that have none.
std::uint32_t crc32c_portable(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

/// "mob/v1/0190…/reports": what a device publishes to; its UUID is in 32 hexadecimal digits.
std::string reports_topic(DeviceId device);
/// "mob/v1/0190…/ack": what it subscribes to. Retained.
std::string ack_topic(DeviceId device);
/// The device of a topic of either form; none for any other.
std::optional<DeviceId> device_of_topic(std::string_view topic);

}  // namespace mobilytics::wire
