#pragma once
// Reports for tests of the wire: a small fixed one, and random ones within every limit.

#include <initializer_list>
#include <span>
#include <string>

#include <rapidcheck.h>

#include "pipeline/wire/wire.h"

namespace mobilytics::wire {

inline std::span<const std::uint8_t> as_bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::array<std::uint8_t, 16> id_of(std::uint8_t first) {
    std::array<std::uint8_t, 16> out{};
    for (std::uint8_t i = 0; i < 16; ++i) out[i] = static_cast<std::uint8_t>(first + i);
    return out;
}

/// Two sightings, one of Wi-Fi and one of BLE, and a fix.
inline Report small_report() {
    Report out;
    out.key = {DeviceId::from_bytes(id_of(0x01)), id_of(0xA0), 7};
    out.started = Instant(std::chrono::microseconds(1'787'304'600'000'000));
    out.started_mono_us = 86'400'000'000;
    out.duration = std::chrono::microseconds(2'000'000);
    out.clock_state = ClockState::ntp;
    out.observations.salt_epoch = id_of(0x30);
    out.observations.salt_mode = SaltMode::standard;
    out.observations.rows = {
        {.pseudonym = 0x0123456789ABCDEF,
         .at_us = 1'000,
         .coarse_fingerprint = 0xC0A25E01,
         .fine_fingerprint = 0xF17E0001,
         .sequence = 4095,
         .address_class = AddressClass::local,
         .rssi_dbm = -61,
         .channel = 6},
        {.pseudonym = 0xFEDCBA9876543210,
         .at_us = 1'500'000,
         .ble_company = 0x004C,
         .kind = RadioKind::ble,
         .address_class = AddressClass::ble_resolvable,
         .rssi_dbm = -87,
         .channel = 37,
         .ble_type = 3,
         .ble_subtype = 16}};
    out.positions = {{0, 418'781'136, -876'297'982, 312, 27'000, std::nullopt}};
    return out;
}

/// One of each part that a report may have.
inline Report full_report() {
    auto out = small_report();
    out.health =
        Health{"0.1.0", 3600,       123'456,      78, 90'000, {{"bad_fcs", 12}, {"truncated", 3}},
               21,      31'457'280, 1'000'000'000};
    out.anchors = {
        {86'400'500'000, out.started + std::chrono::milliseconds(500), ClockState::gps, 50'000}};
    out.losses = {{id_of(0x90), 3, 9, LossReason::spool_age}};
    return out;
}

namespace generators {

inline std::array<std::uint8_t, 16> random_id() {
    auto out = *rc::gen::arbitrary<std::array<std::uint8_t, 16>>();
    out[0] |= 1;  // Not all zero.
    return out;
}

inline std::vector<std::uint32_t> ascending(std::size_t rows, std::uint32_t last) {
    auto out = *rc::gen::container<std::vector<std::uint32_t>>(
        rows, rc::gen::inRange<std::uint32_t>(0, last + 1));
    std::sort(out.begin(), out.end());
    return out;
}

inline Observations observations(std::uint32_t duration_us) {
    Observations out;
    const auto rows = *rc::gen::inRange<std::size_t>(0, 60);
    if (rows == 0) return out;
    out.salt_epoch = random_id();
    out.salt_mode = *rc::gen::element(SaltMode::standard, SaltMode::strict);
    for (const auto at_us : ascending(rows, duration_us)) {
        const auto number = *rc::gen::inRange(1, 7);
        out.rows.push_back(
            {.pseudonym = *rc::gen::arbitrary<std::uint64_t>(),
             .at_us = at_us,
             .coarse_fingerprint = *rc::gen::arbitrary<std::uint32_t>(),
             .fine_fingerprint = *rc::gen::arbitrary<std::uint32_t>(),
             .sequence = *rc::gen::inRange<std::uint16_t>(0, 4096),
             .ble_company = *rc::gen::arbitrary<std::uint16_t>(),
             .kind = number <= 2 ? RadioKind::wifi : RadioKind::ble,
             .address_class = static_cast<AddressClass>(number),
             .rssi_dbm = *rc::gen::arbitrary<std::int8_t>(),
             .channel = *rc::gen::arbitrary<std::uint8_t>(),
             .ble_type = *rc::gen::arbitrary<std::uint8_t>(),
             .ble_subtype = *rc::gen::arbitrary<std::uint8_t>()});
    }
    return out;
}

inline std::optional<std::uint32_t> known(std::uint32_t end) {
    if (*rc::gen::arbitrary<bool>()) return std::nullopt;
    return *rc::gen::inRange<std::uint32_t>(0, end);
}

inline std::vector<Position> positions(std::uint32_t duration_us) {
    std::vector<Position> out;
    for (const auto at : ascending(*rc::gen::inRange<std::size_t>(0, 12), duration_us)) {
        out.push_back(
            {at, *rc::gen::inRange(-900'000'000, 900'000'001),
             *rc::gen::inRange(-1'800'000'000, 1'800'000'001), known(0xFFFF'FFFF), known(36'000),
             known(0xFFFF'FFFF)});
    }
    return out;
}

inline std::string some_word() {
    return *rc::gen::resize(
        20, rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'z' + 1)));
}

inline Instant instant() {
    return Instant(std::chrono::microseconds(
        *rc::gen::inRange<std::int64_t>(0, kInstantEnd.time_since_epoch().count())));
}

inline ClockState clock_state() { return static_cast<ClockState>(*rc::gen::inRange(0, 5)); }

inline SeqRange seq_range(std::uint64_t after) {
    const auto first = after + *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
    return {first, first + *rc::gen::inRange<std::uint64_t>(0, 1'000'000)};
}

inline Health health() {
    const auto any = rc::gen::arbitrary<std::uint64_t>();
    Health out{some_word(), *any, *any, *any, *any, {}, *rc::gen::arbitrary<std::uint32_t>(),
               *any,        *any};
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
        out.frames_dropped.push_back({some_word(), *any});
    }
    return out;
}

inline Report report() {
    Report out;
    out.key = {
        DeviceId::from_bytes(random_id()), random_id(),
        *rc::gen::inRange<std::uint64_t>(1, kSeqMax)};
    out.started = instant();
    out.started_mono_us = *rc::gen::inRange<std::uint64_t>(0, kMonotonicEndUs);
    const auto duration_us = *rc::gen::inRange<std::uint32_t>(0, 10'000'001);
    out.duration = std::chrono::microseconds(duration_us);
    out.clock_state = clock_state();
    out.observations = observations(duration_us);
    out.positions = positions(duration_us);
    if (*rc::gen::arbitrary<bool>()) out.health = health();
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        out.anchors.push_back(
            {*rc::gen::inRange<std::uint64_t>(0, 1'000'000'000), instant(), clock_state(),
             *rc::gen::arbitrary<std::uint32_t>()});
    }
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        const auto range = seq_range(0);
        out.losses.push_back(
            {random_id(), range.first, range.last,
             static_cast<LossReason>(*rc::gen::inRange(0, 4))});
    }
    return out;
}

inline Ack ack() {
    Ack out;
    out.boot = random_id();
    out.cumulative_seq = *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000);
    auto before = out.cumulative_seq;
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
        out.settled.push_back(seq_range(before));
        before = out.settled.back().last;
    }
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        out.rejected.push_back({seq_range(0), some_word()});
    }
    out.retry_after = std::chrono::milliseconds(*rc::gen::inRange(0, 300'000));
    out.window_max = *rc::gen::arbitrary<std::uint32_t>();
    out.server = instant();
    return out;
}

}  // namespace generators

}  // namespace mobilytics::wire
