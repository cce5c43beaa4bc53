#include <algorithm>
#include <utility>

#include "pipeline/wire/wire.h"
#include "pipeline/wire/words.h"

namespace mobilytics::wire {

namespace {

using enum RejectReason;
using Refused = std::optional<RejectReason>;

constexpr std::int32_t kLatitudeMax = 900'000'000;
constexpr std::int32_t kLongitudeMax = 1'800'000'000;
constexpr std::uint32_t kHeadingEnd = 36'000;
constexpr std::uint16_t kSequenceEnd = 4096;
constexpr std::uint64_t kMonoEnd = kMonotonicEndUs;

bool is_known(ClockState state) { return state <= ClockState::gps; }
bool is_instant(Instant at) { return at.time_since_epoch().count() >= 0 && at < kInstantEnd; }
bool is_zero(const std::array<std::uint8_t, 16>& id) {
    return std::all_of(id.begin(), id.end(), [](std::uint8_t byte) { return byte == 0; });
}
bool is_range(std::uint64_t first, std::uint64_t last) {
    return first >= 1 && first <= last && last <= kSeqMax;
}

bool is_of_kind(RadioKind kind, AddressClass address_class) {
    switch (kind) {
        case RadioKind::wifi:
            return address_class == AddressClass::global || address_class == AddressClass::local;
        case RadioKind::ble:
            return address_class >= AddressClass::ble_public &&
                   address_class <= AddressClass::ble_non_resolvable;
    }
    return false;
}

Refused observations_refused(const Report& report) {
    const auto& all = report.observations;
    if (all.size() > kObservationsMax) return too_large;
    if (all.salt_mode > SaltMode::strict) return bad_columns;
    if (all.size() == 0) return std::nullopt;
    if (is_zero(all.salt_epoch) || all.salt_mode == SaltMode::unspecified) return bad_columns;
    bool good = true;
    bool in_order = true;
    std::uint32_t before = 0;
    for (const Observation& row : all.rows) {
        good &= is_of_kind(row.kind, row.address_class) && row.sequence < kSequenceEnd;
        in_order &= row.at_us >= std::exchange(before, row.at_us);
    }
    if (!good) return bad_columns;
    return in_order && before <= report.duration.count() ? Refused() : bad_time;
}

Refused positions_refused(const Report& report) {
    if (report.positions.size() > kPositionsMax) return too_large;
    std::uint32_t before = 0;
    for (const auto& position : report.positions) {
        if (position.at_us < before || position.at_us > report.duration.count()) return bad_time;
        before = position.at_us;
        const bool on_earth = std::abs(std::int64_t{position.latitude_e7}) <= kLatitudeMax &&
                              std::abs(std::int64_t{position.longitude_e7}) <= kLongitudeMax;
        if (!on_earth || position.heading_cdeg.value_or(0) >= kHeadingEnd) return bad_position;
    }
    return std::nullopt;
}

Refused health_refused(const Health& health) {
    if (health.frames_dropped.size() > kDropCountsMax) return too_large;
    bool words = is_word(health.version);
    for (const auto& drop : health.frames_dropped) words &= is_word(drop.reason);
    return words ? Refused() : bad_message;
}

Refused times_refused(const Report& report) {
    if (report.anchors.size() > kAnchorsMax) return too_large;
    bool good = is_known(report.clock_state) && is_instant(report.started) &&
                report.started_mono_us < kMonoEnd;
    for (const auto& anchor : report.anchors) {
        good &= is_known(anchor.source) && is_instant(anchor.wall) && anchor.mono_us < kMonoEnd;
    }
    return good ? Refused() : bad_time;
}

Refused losses_refused(const Report& report) {
    if (report.losses.size() > kLossesMax) return too_large;
    for (const auto& loss : report.losses) {
        if (is_zero(loss.boot)) return bad_identity;
        if (!is_range(loss.first_seq, loss.last_seq)) return bad_seq;
        if (loss.reason > LossReason::spool_corrupt) return bad_seq;
    }
    return std::nullopt;
}

}  // namespace

Refused refused(const Report& report) {
    if (report.key.device == DeviceId() || is_zero(report.key.boot)) return bad_identity;
    if (!is_range(report.key.seq, report.key.seq)) return bad_seq;
    if (report.duration.count() < 0 || report.duration > kWindowMax) return bad_window;
    if (const auto why = times_refused(report)) return why;
    if (const auto why = observations_refused(report)) return why;
    if (const auto why = positions_refused(report)) return why;
    if (const auto why = losses_refused(report)) return why;
    return report.health ? health_refused(*report.health) : std::nullopt;
}

}  // namespace mobilytics::wire
