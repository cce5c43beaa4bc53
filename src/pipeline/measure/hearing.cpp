#include "pipeline/measure/hearing.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace mobilytics::measure {

using std::chrono::microseconds;

namespace {

using wire::AddressClass;
using wire::RadioKind;

// Bluetooth SIG, Assigned Numbers: company identifiers, and 16-bit UUIDs of members, which the
// sensor gives where there is no company.
constexpr std::uint16_t kMicrosoft = 0x0006;
constexpr std::uint16_t kApple = 0x004C;
constexpr std::uint16_t kExposureNotification = 0xFD6F;
// Types of Apple's Continuity messages: github.com/furiousMAC/continuity.
constexpr std::uint8_t kIBeacon = 0x02;
constexpr std::uint8_t kProximityPairing = 0x07;  // Headphones.
constexpr std::uint8_t kFindMy = 0x12;

bool is_phone(std::uint16_t company, std::uint8_t subtype) {
    if (company == kMicrosoft || company == kExposureNotification) return false;
    if (company != kApple) return true;
    return subtype != kIBeacon && subtype != kProximityPairing && subtype != kFindMy;
}

/// Whether that kind of radio has such addresses. Others, group addresses, name nobody.
bool is_of_one(RadioKind kind, AddressClass address_class) {
    switch (address_class) {
        case AddressClass::global:
        case AddressClass::local: return kind == RadioKind::wifi;
        case AddressClass::ble_public:
        case AddressClass::ble_static:
        case AddressClass::ble_resolvable:
        case AddressClass::ble_non_resolvable: return kind == RadioKind::ble;
    }
    return false;
}

std::optional<DropReason> drop_reason(const wire::Observation& seen, const Rules& rules) {
    if (!is_of_one(seen.kind, seen.address_class)) return DropReason::group_address;
    const int rssi = seen.rssi_dbm;
    if (rssi >= 0 || rssi == std::numeric_limits<std::int8_t>::min()) return DropReason::no_signal;
    if (rssi < rules.enter_dbm - rules.hysteresis_db) return DropReason::weak_signal;
    if (seen.kind == RadioKind::ble && !is_phone(seen.ble_company, seen.ble_subtype)) {
        return DropReason::not_a_phone;
    }
    return std::nullopt;
}

std::uint64_t first_bytes(const wire::SaltEpoch& epoch) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | epoch[i];
    return out;
}

std::uint32_t offset_us(Instant at, Instant from) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(0, (at - from).count()));
}

/// Whether any probe request of the report has a sequence number. The wire writes 0 where a source
/// has none; a report whose numbers are all 0 is one of such a source, but for one in 4 096.
bool has_sequence(const wire::Observations& seen) {
    return std::any_of(
        seen.rows.begin(), seen.rows.end(), [](const auto& row) { return row.sequence != 0; });
}

Sighting sighting_of(const wire::Observation& seen, std::uint32_t at_us, bool has_sequence) {
    if (seen.kind == RadioKind::ble) {
        const std::uint32_t type = std::uint32_t{seen.ble_type} << 8 | seen.ble_subtype;
        return {seen.pseudonym,    at_us, seen.ble_company, type, -1, seen.rssi_dbm,
                seen.address_class};
    }
    return {
        seen.pseudonym,
        at_us,
        seen.coarse_fingerprint,
        seen.fine_fingerprint,
        has_sequence ? static_cast<std::int16_t>(seen.sequence) : std::int16_t{-1},
        seen.rssi_dbm,
        seen.address_class};
}

/// The observations of [first, last) that may be somebody's.
void take_sightings(const ReportWork& work, std::size_t first, std::size_t last, Piece& out) {
    const auto& accepted = *work.accepted;
    const auto& seen = accepted.report.observations;
    const std::uint32_t base = offset_us(out.key.started, accepted.started);
    out.observations = static_cast<std::uint32_t>(last - first);
    const bool numbered = has_sequence(seen);
    const auto room = work.pool.room(last - first);
    std::size_t kept = 0;
    for (std::size_t i = first; i < last; ++i) {
        if (const auto reason = drop_reason(seen[i], work.rules)) {
            ++out.dropped[static_cast<std::size_t>(*reason)];
            continue;
        }
        room[kept++] = sighting_of(seen[i], seen[i].at_us - base, numbered);
    }
    out.sightings = work.pool.keep(kept);
    for (std::size_t i = 0; i < kDropReasons; ++i) work.tally.dropped[i] += out.dropped[i];
}

void take_fixes(const ReportWork& work, const Part& part, bool is_last, Piece& out) {
    const auto& accepted = *work.accepted;
    for (const auto& position : accepted.report.positions) {
        const Instant at = accepted.started + microseconds(position.at_us);
        if (at < part.from || (at >= part.to && !is_last)) continue;
        if (position.accuracy_cm && *position.accuracy_cm * 0.01 > work.rules.fix_accuracy_max_m) {
            continue;
        }
        constexpr std::uint32_t kFastest = std::numeric_limits<std::int32_t>::max();
        const auto speed = position.speed_cm_s
                               ? static_cast<std::int32_t>(std::min(*position.speed_cm_s, kFastest))
                               : -1;
        out.fixes.push_back({at, position.latitude_e7, position.longitude_e7, speed});
    }
}

}  // namespace

void retime(ReportWork& work) {
    const auto& accepted = *work.accepted;
    const auto count = static_cast<std::int64_t>(accepted.report.observations.size());
    work.parts.clear();
    work.tally.reports += 1;
    work.tally.observations += count;
    if (accepted.time_uncertain) return work.tally.drop(DropReason::time_uncertain, count);
    if (accepted.started > accepted.received_at + work.rules.clock_ahead_max ||
        accepted.started < accepted.received_at - work.rules.report_age_max) {
        return work.tally.drop(DropReason::time_implausible, count);
    }
    work.parts.push_back({accepted.started, accepted.started + accepted.report.duration, 0, false});
}

void attach(ReportWork& work) {
    if (work.parts.empty()) return;
    const Part window = work.parts.front();
    work.parts.clear();
    Instant from = window.from;
    do {
        const auto span = work.attachments.at(work.accepted->report.key.device, from);
        const Instant to = std::min({window.to, bucket_of(from) + kBucket, span.to});
        work.parts.push_back({from, to, span.lane, span.moving});
        from = to;
    } while (from < window.to);
}

void clean(ReportWork& work) {
    const auto& accepted = *work.accepted;
    const auto& seen = accepted.report.observations.rows;
    std::size_t first = 0;
    for (std::size_t i = 0; i < work.parts.size(); ++i) {
        const Part& part = work.parts[i];
        const bool is_last = i + 1 == work.parts.size();  // It has the window's end too.
        const auto end_us = offset_us(part.to, accepted.started);
        const auto is_before = [&](const auto& row) { return row.at_us < end_us; };
        const auto end =
            is_last ? seen.end() : std::partition_point(seen.begin(), seen.end(), is_before);
        const auto last = static_cast<std::size_t>(end - seen.begin());
        if (part.lane == Attachments::kNoLane) {
            work.tally.drop(DropReason::unattached, static_cast<std::int64_t>(last - first));
        } else {
            auto& made = work.pieces.emplace_back();
            made.lane = part.lane;
            Piece& piece = made.piece;
            piece.key = {
                part.from, accepted.report.key.device, accepted.report.key.boot,
                accepted.report.key.seq};
            piece.duration = part.to - part.from;
            piece.epoch = first_bytes(accepted.report.observations.salt_epoch);
            piece.begins_report = i == 0;
            take_sightings(work, first, last, piece);
            if (part.moving) take_fixes(work, part, is_last, piece);
        }
        first = last;
    }
}

void hear(const ingest::AcceptedReport& accepted, ReportWork& work) {
    work.accepted = &accepted;
    run_steps(kReportSteps, work, work.tally);
}

std::size_t Attachments::DeviceIdHash::operator()(const DeviceId& device) const {
    // Of a version 7 UUID the last eight bytes are random but for two bits.
    const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(device);
    return (words[0] ^ words[1]) * 0x9E3779B97F4A7C15U;
}

void Attachments::add(DeviceId device, const Span& span) { spans_[device].push_back(span); }

Attachments::Span Attachments::at(DeviceId device, Instant at) const {
    Span out{Instant::min(), Instant::max(), kNoLane, false};
    const auto found = spans_.find(device);
    if (found == spans_.end()) return out;
    for (const Span& span : found->second) {  // Few, and in the order of their beginning.
        if (span.from > at) {
            out.to = std::min(out.to, span.from);
            break;
        }
        if (span.to > at) out = span;
    }
    return out;
}

}  // namespace mobilytics::measure
