#include "pipeline/ingest/examiner.h"

#include <rapidcheck/gtest.h>

#include "pipeline/ingest/ingest_test.h"

namespace mobilytics::ingest {
namespace {

using wire::RejectReason;

const SensorBoot kSensor{DeviceId::from_bytes(id_of(1))};

Bytes bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A frame of what no sensor would encode: the plain body as it is given.
std::string frame_of(std::string body) {
    const auto crc = wire::crc32c(bytes_of(body));
    std::string out{"MY\1", 3};
    out += '\0';
    for (const auto number :
         {static_cast<std::uint32_t>(body.size()), static_cast<std::uint32_t>(body.size()), crc}) {
        for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
    }
    return out + body;
}

/// The plain body of a report's frame.
std::string body_of(const wire::Report& report) {
    std::string frame;
    wire::append_frame(frame, report, wire::Compress::no);
    return frame.substr(wire::kFrameHeaderBytes);
}

std::string varint(std::uint64_t number) {
    std::string out;
    for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
    return out + static_cast<char>(number);
}

std::string column(int field, const std::string& content) {
    return varint(static_cast<std::uint64_t>(field << 3 | 2)) + varint(content.size()) + content;
}

void expect_refused(const std::string& envelope, RejectReason reason, bool named) {
    const auto found = Examiner().examine(kSensor.device, bytes_of(envelope));
    EXPECT_EQ(found.reports.size(), 0U) << word(reason);
    ASSERT_EQ(found.refusals.size(), 1U) << word(reason);
    const auto& refusal = found.refusals.front();
    EXPECT_EQ(refusal.reason, reason) << word(refusal.reason) << " is not " << word(reason);
    EXPECT_EQ(refusal.boot, named ? std::optional(kSensor.boot) : std::nullopt) << word(reason);
    EXPECT_EQ(refusal.seq, named ? std::optional<std::uint64_t>(7) : std::nullopt) << word(reason);
    EXPECT_EQ(refusal.bytes.size(), envelope.size()) << word(reason);
}

TEST(Examiner, WhatIsNoFrameIsRefusedWhole) {
    const auto good = kSensor.frame(7);
    expect_refused("", RejectReason::truncated, false);
    expect_refused("GET / HTTP/1.1\r\n\r\n", RejectReason::bad_magic, false);
    auto other = good;
    other[2] = 9;
    expect_refused(other, RejectReason::unknown_version, false);
    expect_refused(good.substr(0, good.size() - 1), RejectReason::truncated, false);
    other = good;
    other.back() = static_cast<char>(other.back() ^ 1);
    expect_refused(other, RejectReason::bad_checksum, false);
    other = good;
    other[7] = 0x7F;
    expect_refused(other, RejectReason::too_large, false);
    expect_refused(std::string(wire::kEnvelopeBytesMax + 1, 'M'), RejectReason::too_large, false);
}

TEST(Examiner, WhatCanBeNamedIsRefusedByName) {
    auto report = kSensor.report(7);
    report.key.device = DeviceId::from_bytes(id_of(2));
    expect_refused(wire::encode(report), RejectReason::foreign_device, true);
    const auto body = body_of(kSensor.report(7));
    expect_refused(
        frame_of(body + "\x28" + varint(kMonotonicMaxUs + 1)), RejectReason::bad_time, true);
    expect_refused(frame_of(body + "\x30\x81\xAD\xE2\x04"), RejectReason::bad_window, true);
    expect_refused(frame_of(body + "\x42\x03\x32\x01\x01"), RejectReason::bad_columns, true);
    expect_refused(frame_of(body + "\x38\x09"), RejectReason::bad_time, true);
    const std::string beyond_the_pole = varint(1'800'000'002);  // Zigzag: 90.0000001 degrees north.
    const auto positions = column(1, varint(0)) + column(2, beyond_the_pole) +
                           column(3, varint(0)) + column(4, varint(0)) + column(5, varint(0)) +
                           column(6, varint(0));
    expect_refused(frame_of(body + column(9, positions)), RejectReason::bad_position, true);
    expect_refused(frame_of(body + "\x52\x03\x0A\x01\x07"), RejectReason::bad_message, true);
    expect_refused(frame_of(body + "\x07"), RejectReason::bad_message, true);
}

TEST(Examiner, WhatCannotBeNamedIsRefusedAllTheSame) {
    auto report = kSensor.report(7);
    report.key.seq = kSequenceMax + 1;
    expect_refused(wire::encode(report), RejectReason::bad_seq, false);
    const auto body = body_of(kSensor.report(7));
    expect_refused(frame_of(body + std::string("\x18\0", 2)), RejectReason::bad_seq, false);
    expect_refused(frame_of(""), RejectReason::bad_identity, false);
    auto compressed = frame_of("this is not zstd");
    compressed[3] = 1;
    expect_refused(compressed, RejectReason::bad_compression, false);
}

TEST(Examiner, OneBadFrameDoesNotSpoilTheOthers) {
    auto bad = kSensor.frame(8);
    bad.back() = static_cast<char>(bad.back() ^ 1);
    const auto envelope = kSensor.frame(7) + bad + kSensor.frame(9) + "rest";
    const auto found = Examiner().examine(kSensor.device, bytes_of(envelope));
    ASSERT_EQ(found.reports.size(), 2U);
    EXPECT_EQ(found.reports[0].seq, 7U);
    EXPECT_EQ(found.reports[1].seq, 9U);
    EXPECT_EQ(found.reports[1].observations, 2);
    ASSERT_EQ(found.refusals.size(), 2U);
    EXPECT_EQ(found.refusals[0].reason, RejectReason::bad_checksum);
    EXPECT_EQ(found.refusals[0].bytes.size(), bad.size());
    EXPECT_EQ(found.refusals[1].reason, RejectReason::truncated);
    EXPECT_EQ(found.refusals[1].bytes.size(), 4U);
}

TEST(Examiner, LossesOfVeryManyBootsAreNoSensors) {
    auto report = kSensor.report(7);
    for (std::uint8_t i = 1; i <= 100; ++i) {
        report.losses.push_back({id_of(i), 1, 2, wire::LossReason::spool_age});
    }
    const auto envelope = wire::encode(report);
    const auto found = Examiner().examine(kSensor.device, bytes_of(envelope));
    EXPECT_EQ(found.reports[0].losses.size(), kLossBootsMax);
    EXPECT_EQ(found.losses_ignored, 100 - static_cast<std::int64_t>(kLossBootsMax));
    EXPECT_GT(weight(found), kLossBootsMax * sizeof(wire::Loss));
}

RC_GTEST_PROP(Examiner, EveryByteIsInAReportOrARefusal, ()) {
    std::string envelope = kSensor.envelope(1, *rc::gen::inRange<std::uint64_t>(0, 5));
    for (int i = *rc::gen::inRange(0, 4); i > 0 && !envelope.empty(); --i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, envelope.size());
        envelope[at] = *rc::gen::arbitrary<char>();
    }
    const auto found = Examiner().examine(kSensor.device, bytes_of(envelope));
    std::size_t bytes = 0;
    for (const auto& report : found.reports) bytes += report.frame.size();
    for (const auto& refusal : found.refusals) bytes += refusal.bytes.size();
    RC_ASSERT(bytes == envelope.size());
    RC_ASSERT(!found.reports.empty() || !found.refusals.empty());
}

}  // namespace
}  // namespace mobilytics::ingest
