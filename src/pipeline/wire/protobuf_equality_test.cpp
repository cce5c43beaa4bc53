// Our reader and writer of protobuf against libprotobuf's, on the same reports.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pipeline/wire/report.pb.h"
#include "pipeline/wire/report_test.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::wire {
namespace {

std::string bytes_of(const auto& rows) {
    return {reinterpret_cast<const char*>(rows.data()), rows.size()};
}
template <class T>
void add_all(const std::vector<T>& rows, auto* out) {
    for (const auto row : rows) out->Add(row);
}
std::uint64_t micros(Instant at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

void fill(const Observations& from, v1::Observations& to) {
    to.set_salt_epoch(bytes_of(from.salt_epoch));
    to.set_salt_mode(v1::SaltMode(from.salt_mode));
    std::uint32_t before = 0;
    for (const Observation& row : from.rows) {
        to.add_offset_us(row.at_us - std::exchange(before, row.at_us));
        to.add_pseudonym(row.pseudonym);
        to.mutable_address_class()->push_back(static_cast<char>(row.address_class));
        to.mutable_rssi_dbm()->push_back(static_cast<char>(row.rssi_dbm));
        to.mutable_channel()->push_back(static_cast<char>(row.channel));
        to.mutable_kind()->push_back(static_cast<char>(row.kind));
        to.add_sequence(row.sequence);
        to.add_coarse_fingerprint(row.coarse_fingerprint);
        to.add_fine_fingerprint(row.fine_fingerprint);
        to.mutable_ble_type()->push_back(static_cast<char>(row.ble_type));
        to.mutable_ble_subtype()->push_back(static_cast<char>(row.ble_subtype));
        to.add_ble_company(row.ble_company);
    }
}

void fill(const std::vector<Position>& from, v1::Positions& to) {
    std::uint32_t before = 0;
    for (const auto& position : from) {
        to.add_offset_us(position.at_us - before);
        before = position.at_us;
        to.add_latitude_e7(position.latitude_e7);
        to.add_longitude_e7(position.longitude_e7);
        to.add_speed_cm_s(position.speed_cm_s.value_or(0xFFFF'FFFF));
        to.add_heading_cdeg(position.heading_cdeg.value_or(0xFFFF'FFFF));
        to.add_accuracy_cm(position.accuracy_cm.value_or(0xFFFF'FFFF));
    }
}

void fill(const Health& from, v1::Health& to) {
    to.set_version(from.version);
    to.set_uptime_s(from.uptime_s);
    to.set_spool_bytes(from.spool_bytes);
    to.set_spool_reports(from.spool_reports);
    to.set_frames_read(from.frames_read);
    for (const auto& drop : from.frames_dropped) {
        auto& added = *to.add_frames_dropped();
        added.set_reason(drop.reason);
        added.set_count(drop.count);
    }
    to.set_cpu_permille(from.cpu_permille);
    to.set_memory_bytes(from.memory_bytes);
    to.set_disk_free_bytes(from.disk_free_bytes);
}

v1::Report message_of(const Report& from) {
    v1::Report to;
    to.set_device_id(bytes_of(from.key.device.bytes()));
    to.set_boot_id(bytes_of(from.key.boot));
    to.set_seq(from.key.seq);
    to.set_started_us(micros(from.started));
    to.set_started_mono_us(from.started_mono_us);
    to.set_duration_us(static_cast<std::uint32_t>(from.duration.count()));
    to.set_clock_state(v1::ClockState(from.clock_state));
    if (from.observations.size() > 0) fill(from.observations, *to.mutable_observations());
    if (!from.positions.empty()) fill(from.positions, *to.mutable_positions());
    if (from.health) fill(*from.health, *to.mutable_health());
    for (const auto& anchor : from.anchors) {
        auto& added = *to.add_anchors();
        added.set_mono_us(anchor.mono_us);
        added.set_wall_us(micros(anchor.wall));
        added.set_source(v1::ClockState(anchor.source));
        added.set_uncertainty_us(anchor.uncertainty_us);
    }
    for (const auto& loss : from.losses) {
        auto& added = *to.add_losses();
        added.set_boot_id(bytes_of(loss.boot));
        added.set_first_seq(loss.first_seq);
        added.set_last_seq(loss.last_seq);
        added.set_reason(v1::LossReason(loss.reason));
    }
    return to;
}

v1::Ack message_of(const Ack& from) {
    v1::Ack to;
    to.set_boot_id(bytes_of(from.boot));
    to.set_cumulative_seq(from.cumulative_seq);
    for (const auto& range : from.settled) {
        auto& added = *to.add_settled();
        added.set_first(range.first);
        added.set_last(range.last);
    }
    for (const auto& rejection : from.rejected) {
        auto& added = *to.add_rejected();
        added.set_first_seq(rejection.range.first);
        added.set_last_seq(rejection.range.last);
        added.set_reason(rejection.reason);
    }
    to.set_retry_after_ms(static_cast<std::uint32_t>(from.retry_after.count()));
    to.set_window_max(from.window_max);
    to.set_server_us(micros(from.server));
    return to;
}

/// As a frame that is not compressed.
Report read_body(const std::string& body) {
    FrameView frame;
    frame.body = as_bytes(body);
    frame.plain_bytes = static_cast<std::uint32_t>(body.size());
    Report out;
    RC_ASSERT(decode(frame, out) == std::nullopt);
    return out;
}

RC_GTEST_PROP(Report, IsWrittenAsLibprotobufWritesIt, ()) {
    const auto report = generators::report();
    std::string frame;
    append_frame(frame, report, Compress::no);
    RC_ASSERT(frame.substr(kFrameHeaderBytes) == message_of(report).SerializeAsString());
}

RC_GTEST_PROP(Report, WrittenByLibprotobufIsRead, ()) {
    const auto report = generators::report();
    RC_ASSERT(read_body(message_of(report).SerializeAsString()) == report);
}

RC_GTEST_PROP(Report, InTwoPartsIsMergedAsLibprotobufMerges, ()) {
    const auto report = generators::report();
    auto first = message_of(report);
    v1::Report second;
    second.set_seq(*rc::gen::inRange<std::uint64_t>(1, 1'000'000));
    if (first.has_health()) second.mutable_health()->set_uptime_s(7);
    if (first.has_observations()) {
        second.mutable_observations()->set_salt_mode(v1::SALT_MODE_STRICT);
    }
    const auto body = first.SerializeAsString() + second.SerializeAsString();
    v1::Report merged;
    RC_ASSERT(merged.ParseFromString(body));
    RC_ASSERT(message_of(read_body(body)).SerializeAsString() == merged.SerializeAsString());
}

RC_GTEST_PROP(Ack, IsWrittenAsLibprotobufWritesIt, ()) {
    const auto ack = generators::ack();
    const auto bytes = message_of(ack).SerializeAsString();
    RC_ASSERT(encode(ack) == bytes);
    RC_ASSERT(decode_ack(as_bytes(bytes)) == ack);
}

}  // namespace
}  // namespace mobilytics::wire
