#include "pipeline/wire/wire.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pipeline/wire/report_test.h"

namespace mobilytics::wire {
namespace {

/// The only frame of an envelope.
FrameView only_frame(const std::string& envelope) {
    EnvelopeReader reader(as_bytes(envelope));
    const auto frame = reader.next();
    EXPECT_TRUE(frame);
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.rejected());
    return frame.value_or(FrameView());
}

RC_GTEST_PROP(Report, IsReadAsItWasWritten, ()) {
    const auto report = generators::report();
    for (const auto compress : {Compress::no, Compress::yes}) {
        std::string envelope;
        append_frame(envelope, report, compress);
        Report read;
        RC_ASSERT(decode(only_frame(envelope), read) == std::nullopt);
        RC_ASSERT(read == report);
    }
}

RC_GTEST_PROP(Report, IsReadAloneFromAnEnvelopeOfMany, ()) {
    std::vector<Report> reports;
    std::string envelope;
    for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
        append_frame(envelope, reports.emplace_back(generators::report()));
    }
    EnvelopeReader reader(as_bytes(envelope));
    Report read;  // One for all: nothing of the one before may be left in it.
    std::size_t whole = 0;
    for (const auto& report : reports) {
        const auto frame = reader.next();
        RC_ASSERT(frame.has_value());
        RC_ASSERT(!decode(*frame, read));
        RC_ASSERT(read == report);
        whole += frame->bytes.size();
    }
    RC_ASSERT(!reader.next());
    RC_ASSERT(!reader.rejected());
    RC_ASSERT(whole == envelope.size());
}

RC_GTEST_PROP(Report, IsNeverReadFromFewerBytes, ()) {
    const auto envelope = encode(generators::report());
    const auto size = *rc::gen::inRange<std::size_t>(1, envelope.size());
    EnvelopeReader reader(as_bytes(envelope).first(size));
    RC_ASSERT(!reader.next());
    RC_ASSERT(reader.rejected() == RejectReason::truncated);
}

RC_GTEST_PROP(Report, IsNeverReadFromFlippedBits, ()) {
    auto envelope = encode(generators::report());
    const auto at = *rc::gen::inRange<std::size_t>(kFrameHeaderBytes, envelope.size());
    envelope[at] = static_cast<char>(envelope[at] ^ *rc::gen::inRange(1, 256));
    EnvelopeReader reader(as_bytes(envelope));
    RC_ASSERT(!reader.next());
    RC_ASSERT(!reader.rejected());
    RC_ASSERT(reader.bad_checksums() == 1u);
}

TEST(Report, OfTheMostObservationsFitsInAFrame) {
    Report report = small_report();
    report.duration = kWindowMax;
    auto& all = report.observations;
    all = Observations();
    all.salt_epoch = id_of(1);
    all.salt_mode = SaltMode::strict;
    std::uint64_t random = 1;
    for (std::size_t i = 0; i < kObservationsMax; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        all.rows.push_back(
            {.pseudonym = random,
             .at_us = static_cast<std::uint32_t>(i * 200),
             .coarse_fingerprint = static_cast<std::uint32_t>(random >> 13),
             .fine_fingerprint = static_cast<std::uint32_t>(random >> 29),
             .sequence = static_cast<std::uint16_t>(random >> 52),
             .ble_company = static_cast<std::uint16_t>(random >> 17),
             .kind = RadioKind::wifi,
             .address_class = AddressClass::local,
             .rssi_dbm = static_cast<std::int8_t>(random >> 40),
             .channel = static_cast<std::uint8_t>(random >> 48),
             .ble_type = static_cast<std::uint8_t>(random >> 33),
             .ble_subtype = static_cast<std::uint8_t>(random >> 25)});
    }
    const auto envelope = encode(report);
    EXPECT_LT(envelope.size(), kFrameBodyBytesMax);
    Report read;
    EXPECT_FALSE(decode(only_frame(envelope), read));
    EXPECT_EQ(read, report);
}

TEST(Report, OfWhichAChecksumIsBadIsPassedOverByItsLength) {
    auto envelope = encode(small_report());
    const auto first = envelope.size();
    auto second = small_report();
    second.key.seq = 8;
    append_frame(envelope, second);
    envelope[first - 1] ^= 1;
    EnvelopeReader reader(as_bytes(envelope));
    const auto frame = reader.next();
    ASSERT_TRUE(frame);
    Report read;
    EXPECT_FALSE(decode(*frame, read));
    EXPECT_EQ(read.key.seq, 8u);
    EXPECT_EQ(reader.bad_checksums(), 1u);
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.rejected());
}

RC_GTEST_PROP(Ack, IsReadAsItWasWritten, ()) {
    const auto ack = generators::ack();
    RC_ASSERT(decode_ack(as_bytes(encode(ack))) == ack);
}

TEST(Ack, SaysNoMoreRangesThanItMay) {
    Ack ack{id_of(1), 0, {}, {}, {}, 0, {}};
    for (std::uint64_t i = 0; i < kAckRangesMax + 1; ++i)
        ack.settled.push_back({2 + 2 * i, 2 + 2 * i});
    const auto read = decode_ack(as_bytes(encode(ack)));
    ASSERT_TRUE(read);
    ack.settled.pop_back();
    EXPECT_EQ(*read, ack);
}

TEST(Ack, IsRefusedWhenItsRangesAreNotAscending) {
    for (const auto& [first, last] : {std::pair<char, char>{4, 5}, {6, 5}, {0, 1}}) {
        const std::string bytes = std::string("\x0A\x10") + std::string(16, 'b') + "\x10\x04" +
                                  "\x1A\x04\x08" + first + "\x10" + last;
        EXPECT_FALSE(decode_ack(as_bytes(bytes))) << int(first) << ".." << int(last);
    }
}

TEST(Ack, IsRefusedWithoutABootAndWhenItIsNoMessage) {
    EXPECT_FALSE(decode_ack({}));
    EXPECT_FALSE(decode_ack(as_bytes("\x10\x04")));
    EXPECT_FALSE(
        decode_ack(as_bytes("\x0A\x10"
                            "short")));
    EXPECT_FALSE(decode_ack(as_bytes(std::string(kAckBytesMax + 1, '\0'))));
}

TEST(Crc32c, IsThatOfTheStandard) {
    // RFC 3720 B.4, and the check value of every catalogue of CRCs.
    std::vector<std::uint8_t> zeros(32, 0), ones(32, 0xFF), up(32), down(32);
    for (std::uint8_t i = 0; i < 32; ++i) {
        up[i] = i;
        down[i] = static_cast<std::uint8_t>(31 - i);
    }
    for (const auto sum : {crc32c, crc32c_portable}) {
        EXPECT_EQ(sum(zeros, 0), 0x8A9136AAu);
        EXPECT_EQ(sum(ones, 0), 0x62A8AB43u);
        EXPECT_EQ(sum(up, 0), 0x46DD794Eu);
        EXPECT_EQ(sum(down, 0), 0x113FDB5Cu);
        EXPECT_EQ(sum(as_bytes("123456789"), 0), 0xE3069283u);
        EXPECT_EQ(sum(as_bytes("56789"), sum(as_bytes("1234"), 0)), 0xE3069283u);
    }
}

RC_GTEST_PROP(Crc32c, IsTheSameWithAndWithoutTheInstruction, (const std::string& text)) {
    RC_ASSERT(crc32c(as_bytes(text)) == crc32c_portable(as_bytes(text)));
}

TEST(Topic, IsReadAsItWasWritten) {
    const auto device = DeviceId::from_bytes(id_of(0x01));
    EXPECT_EQ(reports_topic(device), "mob/v1/0102030405060708090a0b0c0d0e0f10/reports");
    EXPECT_EQ(ack_topic(device), "mob/v1/0102030405060708090a0b0c0d0e0f10/ack");
    EXPECT_EQ(device_of_topic(reports_topic(device)), device);
    EXPECT_EQ(device_of_topic(ack_topic(device)), device);
}

TEST(Topic, OfAnyOtherFormHasNoDevice) {
    for (const char* topic :
         {"", "mob/v1/", "mob/v1/0102030405060708090a0b0c0d0e0f10",
          "mob/v1/0102030405060708090a0b0c0d0e0f10/", "mob/v1/0102030405060708090a0b0c0d0e0f1/ack",
          "mob/v2/0102030405060708090a0b0c0d0e0f10/ack",
          "mob/v1/0102030405060708090A0B0C0D0E0F10/ack",
          "mob/v1/01020304-0506-0708-090a-0b0c0d0e0f10/ack",
          "mob/v1/0102030405060708090a0b0c0d0e0f10/reports/x"}) {
        EXPECT_FALSE(device_of_topic(topic)) << topic;
    }
}

}  // namespace
}  // namespace mobilytics::wire
