// Each reason to refuse, provoked: in the report where it is there, in the bytes where it is there.

#include <functional>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zstd.h>

#include "pipeline/wire/protobuf_writer.h"
#include "pipeline/wire/report.pb.h"
#include "pipeline/wire/report_test.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::wire {
namespace {

using enum RejectReason;
using Refused = std::optional<RejectReason>;

std::string frame_of(const std::string& body, std::size_t plain_bytes, bool compressed = false) {
    std::string out("MY\x01", 3);
    out += compressed ? '\1' : '\0';
    for (const std::size_t number :
         {body.size(), plain_bytes, std::size_t{crc32c(as_bytes(body))}}) {
        for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
    }
    return out + body;
}

/// Why the first frame of the envelope is refused, by its header or by its body.
Refused why(const std::string& envelope, Report* out = nullptr) {
    EnvelopeReader reader(as_bytes(envelope));
    const auto frame = reader.next();
    Report report;
    if (!frame) return reader.rejected();
    return decode(*frame, out != nullptr ? *out : report);
}

std::string plain_frame() {
    std::string out;
    append_frame(out, full_report(), Compress::no);
    return out;
}

/// The protobuf of a good report, changed.
Refused why(const std::function<void(v1::Report&)>& change, Report* out = nullptr) {
    v1::Report message;
    EXPECT_TRUE(message.ParseFromString(plain_frame().substr(kFrameHeaderBytes)));
    change(message);
    const auto body = message.SerializeAsString();
    return why(frame_of(body, body.size()), out);
}

TEST(AFrame, IsGoodAsItIs) {
    EXPECT_EQ(why([](auto&) {}), std::nullopt);
}

TEST(AFrame, IsRefusedForItsHeader) {
    const auto changed = [](std::size_t at, char to) {
        auto frame = plain_frame();
        frame[at] = to;
        return why(frame);
    };
    EXPECT_EQ(changed(0, 'm'), bad_magic);
    EXPECT_EQ(changed(1, 'm'), bad_magic);
    EXPECT_EQ(changed(2, 2), unknown_version);
    EXPECT_EQ(changed(3, 2), unknown_version);
    EXPECT_EQ(changed(7, 1), too_large);   // Body.
    EXPECT_EQ(changed(11, 1), too_large);  // Plain.
    EXPECT_EQ(changed(6, 1), truncated);
    EXPECT_EQ(changed(8, 'x'), bad_compression);  // Plain, but not of its length.
    EXPECT_EQ(why(std::string(kFrameHeaderBytes - 1, 'M')), truncated);
    EXPECT_EQ(why(std::string(kEnvelopeBytesMax + 1, 'M')), too_large);
}

TEST(AnEnvelope, OfTooManyFramesIsReadNoFurther) {
    std::string envelope;
    for (std::size_t i = 0; i <= kFramesPerEnvelopeMax; ++i) envelope += frame_of("", 0);
    EnvelopeReader reader(as_bytes(envelope));
    std::size_t frames = 0;
    while (reader.next()) ++frames;
    EXPECT_EQ(frames, kFramesPerEnvelopeMax);
    EXPECT_EQ(reader.rejected(), too_large);
}

TEST(AFrame, IsRefusedForItsCompression) {
    auto report = full_report();
    for (int i = 0; i < 100; ++i) report.losses.push_back(report.losses[0]);
    const auto good = encode(report);
    std::string plain;
    append_frame(plain, report, Compress::no);
    ASSERT_EQ(good[3], 1);
    EXPECT_EQ(why(good), std::nullopt);
    const auto body = good.substr(kFrameHeaderBytes);
    const auto plain_bytes = plain.size() - kFrameHeaderBytes;
    EXPECT_EQ(why(frame_of(body, plain_bytes, true)), std::nullopt);
    EXPECT_EQ(why(frame_of(body, plain_bytes - 1, true)), bad_compression);
    EXPECT_EQ(why(frame_of(body, plain_bytes + 1, true)), bad_compression);
    EXPECT_EQ(why(frame_of(body + "x", plain_bytes, true)), bad_compression);
    EXPECT_EQ(why(frame_of(body.substr(0, body.size() - 1), plain_bytes, true)), bad_compression);
    EXPECT_EQ(why(frame_of("not zstd", 100, true)), bad_compression);
    EXPECT_EQ(why(frame_of("", 0, true)), bad_identity);  // Nothing at all: an empty report.
}

/// Zeros by zstd, streamed, so that it does not say how many there are.
std::string zeros(std::size_t size) {
    std::string out(1 << 20, '\0');
    const std::string chunk(1 << 20, '\0');
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    for (std::size_t done = 0; done < size; done += chunk.size()) {
        ZSTD_inBuffer from{chunk.data(), chunk.size(), 0};
        const bool last = done + chunk.size() >= size;
        EXPECT_EQ(
            ZSTD_compressStream2(context, &to, &from, last ? ZSTD_e_end : ZSTD_e_continue), 0u);
    }
    ZSTD_freeCCtx(context);
    out.resize(to.pos);
    return out;
}

TEST(AFrame, ThatIsABombIsRefusedInTheMemoryOfAnyOther) {
    const auto bomb = zeros(1u << 30);
    ASSERT_LT(bomb.size(), 100'000u);
    EXPECT_EQ(why(frame_of(zeros(4 << 20), 4 << 20, true)), bad_message);
    rusage before{};
    getrusage(RUSAGE_SELF, &before);
    EXPECT_EQ(why(frame_of(bomb, 4 << 20, true)), bad_compression);
    EXPECT_EQ(why(frame_of(bomb, 10, true)), bad_compression);
    rusage after{};
    getrusage(RUSAGE_SELF, &after);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 6 << 10);  // KiB.
}

TEST(AReport, IsRefusedForItsMessage) {
    for (const std::string body :
         {"\x0A", "\x0A\x7F", "\x03", "\x04", "\x07", "\x08", "\x21short", "\x65xy",
          "\xFF\xFF\xFF\xFF\xFF\x7F", "\x18\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"}) {
        EXPECT_EQ(why(frame_of(body, body.size())), bad_message);
    }
    EXPECT_EQ(why(frame_of(std::string("\0", 1), 1)), bad_message);
    const std::string column("\x42\x04\x1A\x02\x80\x80", 6);  // offset_us that does not end.
    EXPECT_EQ(why(frame_of(column, column.size())), bad_message);
    const std::string fixed(
        "\x42\x05\x22\x03"
        "abc",
        7);  // pseudonym of 3 bytes.
    EXPECT_EQ(why(frame_of(fixed, fixed.size())), bad_message);
    EXPECT_EQ(
        why([](auto& m) { m.mutable_health()->set_version(std::string(65, 'x')); }), bad_message);
    EXPECT_EQ(why([](auto& m) { m.mutable_health()->set_version("a b"); }), bad_message);
    EXPECT_EQ(
        why([](auto& m) { m.mutable_health()->mutable_frames_dropped(0)->set_reason("\n"); }),
        bad_message);
}

TEST(AReport, IsRefusedForItsIdentity) {
    EXPECT_EQ(why([](auto& m) { m.clear_device_id(); }), bad_identity);
    EXPECT_EQ(why([](auto& m) { m.set_device_id(std::string(15, 'x')); }), bad_identity);
    EXPECT_EQ(why([](auto& m) { m.set_device_id(std::string(16, '\0')); }), bad_identity);
    EXPECT_EQ(why([](auto& m) { m.clear_boot_id(); }), bad_identity);
    EXPECT_EQ(why([](auto& m) { m.set_boot_id(std::string(17, 'x')); }), bad_identity);
    EXPECT_EQ(why([](auto& m) { m.mutable_losses(0)->set_boot_id("x"); }), bad_identity);
    EXPECT_EQ(why([](auto& m) { m.mutable_losses(0)->clear_boot_id(); }), bad_identity);
}

TEST(AReport, IsRefusedForItsSeq) {
    EXPECT_EQ(why([](auto& m) { m.clear_seq(); }), bad_seq);
    EXPECT_EQ(why([](auto& m) { m.set_seq(kSeqMax); }), std::nullopt);
    EXPECT_EQ(why([](auto& m) { m.set_seq(kSeqMax + 1); }), bad_seq);
    EXPECT_EQ(why([](auto& m) { m.mutable_losses(0)->set_first_seq(0); }), bad_seq);
    EXPECT_EQ(why([](auto& m) { m.mutable_losses(0)->set_first_seq(10); }), bad_seq);
    EXPECT_EQ(why([](auto& m) { m.mutable_losses(0)->set_reason(v1::LossReason(4)); }), bad_seq);
}

TEST(AReport, IsRefusedForItsWindow) {
    EXPECT_EQ(why([](auto& m) { m.set_duration_us(10'000'000); }), std::nullopt);
    EXPECT_EQ(why([](auto& m) { m.set_duration_us(10'000'001); }), bad_window);
    EXPECT_EQ(why([](auto& m) { m.set_duration_us(0xFFFF'FFFF); }), bad_window);
}

TEST(AReport, IsRefusedForItsTimes) {
    const auto end = static_cast<std::uint64_t>(kInstantEnd.time_since_epoch().count());
    EXPECT_EQ(why([&](auto& m) { m.set_started_us(end - 1); }), std::nullopt);
    EXPECT_EQ(why([&](auto& m) { m.set_started_us(end); }), bad_time);
    EXPECT_EQ(why([](auto& m) { m.set_started_us(~0ull); }), bad_time);
    EXPECT_EQ(why([](auto& m) { m.set_started_mono_us(kMonotonicEndUs); }), bad_time);
    EXPECT_EQ(why([](auto& m) { m.set_clock_state(v1::ClockState(5)); }), bad_time);
    EXPECT_EQ(why([](auto& m) { m.mutable_anchors(0)->set_wall_us(~0ull); }), bad_time);
    EXPECT_EQ(why([](auto& m) { m.mutable_anchors(0)->set_source(v1::ClockState(-1)); }), bad_time);
    EXPECT_EQ(why([](auto& m) { m.mutable_anchors(0)->set_mono_us(~0ull); }), bad_time);
    const auto second = [](std::uint32_t offset) {
        return [=](v1::Report& m) { m.mutable_observations()->set_offset_us(1, offset); };
    };
    EXPECT_EQ(why(second(2'000'000 - 1'000)), std::nullopt);
    EXPECT_EQ(why(second(2'000'001 - 1'000)), bad_time);
    EXPECT_EQ(why(second(0xFFFF'FFFF)), bad_time);
    EXPECT_EQ(why([](auto& m) { m.mutable_positions()->set_offset_us(0, 2'000'001); }), bad_time);
}

TEST(AReport, IsRefusedForItsColumns) {
    using Change = std::function<void(v1::Observations&)>;
    const std::string long_column(3, '\1');
    const std::vector<Change> changes{
        [](auto& o) { o.clear_salt_epoch(); },
        [](auto& o) { o.set_salt_epoch("short"); },
        [](auto& o) { o.clear_salt_mode(); },
        [](auto& o) { o.set_salt_mode(v1::SaltMode(3)); },
        [](auto& o) { o.add_offset_us(0); },
        [](auto& o) { o.clear_offset_us(); },
        [](auto& o) { o.add_pseudonym(1); },
        [&](auto& o) { o.set_address_class(long_column); },
        [](auto& o) { o.set_address_class("\2\7"); },
        [](auto& o) { o.set_address_class("\2\2"); },  // Of Wi-Fi, but the kind is BLE.
        [&](auto& o) { o.set_rssi_dbm(long_column); },
        [](auto& o) { o.clear_channel(); },
        [&](auto& o) { o.set_kind(long_column); },
        [](auto& o) { o.set_kind("\1\3"); },
        [](auto& o) { o.add_sequence(1); },
        [](auto& o) { o.set_sequence(0, 4096); },
        [](auto& o) { o.set_sequence(0, 65'536); },
        [](auto& o) { o.add_coarse_fingerprint(1); },
        [](auto& o) { o.clear_fine_fingerprint(); },
        [&](auto& o) { o.set_ble_type(long_column); },
        [](auto& o) { o.clear_ble_subtype(); },
        [](auto& o) { o.add_ble_company(1); },
        [](auto& o) { o.set_ble_company(1, 65'536); },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        EXPECT_EQ(why([&](auto& m) { changes[i](*m.mutable_observations()); }), bad_columns) << i;
    }
    EXPECT_EQ(why([](auto& m) { m.mutable_positions()->add_latitude_e7(1); }), bad_columns);
    EXPECT_EQ(why([](auto& m) { m.mutable_positions()->clear_accuracy_cm(); }), bad_columns);
}

TEST(AReport, IsRefusedForItsPositions) {
    const auto changed = [](auto set) {
        return why([&](auto& m) { set(*m.mutable_positions()); });
    };
    EXPECT_EQ(changed([](auto& p) { p.set_latitude_e7(0, -900'000'000); }), std::nullopt);
    EXPECT_EQ(changed([](auto& p) { p.set_latitude_e7(0, 900'000'001); }), bad_position);
    EXPECT_EQ(changed([](auto& p) { p.set_longitude_e7(0, -1'800'000'001); }), bad_position);
    EXPECT_EQ(changed([](auto& p) { p.set_longitude_e7(0, INT32_MIN); }), bad_position);
    EXPECT_EQ(changed([](auto& p) { p.set_heading_cdeg(0, 36'000); }), bad_position);
    EXPECT_EQ(changed([](auto& p) { p.set_heading_cdeg(0, 0xFFFF'FFFF); }), std::nullopt);
}

TEST(AReport, IsRefusedForWhatIsTooMuch) {
    const auto of = [](std::size_t times, auto add) {
        return why([&](v1::Report& m) {
            for (std::size_t i = 0; i < times; ++i) add(m);
        });
    };
    EXPECT_EQ(of(kAnchorsMax, [](auto& m) { m.add_anchors(); }), too_large);
    EXPECT_EQ(of(kLossesMax, [](auto& m) { *m.add_losses() = m.losses(0); }), too_large);
    EXPECT_EQ(of(kLossesMax - 1, [](auto& m) { *m.add_losses() = m.losses(0); }), std::nullopt);
    EXPECT_EQ(
        of(kDropCountsMax, [](auto& m) { m.mutable_health()->add_frames_dropped(); }), too_large);
    EXPECT_EQ(
        of(kPositionsMax, [](auto& m) { m.mutable_positions()->add_offset_us(0); }), too_large);
    EXPECT_EQ(
        of(kObservationsMax, [](auto& m) { m.mutable_observations()->add_offset_us(0); }),
        too_large);
    EXPECT_EQ(
        of(kObservationsMax, [](auto& m) { m.mutable_observations()->add_pseudonym(0); }),
        too_large);
    EXPECT_EQ(
        why([](auto& m) {
            m.mutable_observations()->set_kind(std::string(kObservationsMax + 1, '\1'));
        }),
        too_large);
}

TEST(AReport, WhichIsRefusedStillSaysWhoseItIsWhenItCan) {
    Report report;
    EXPECT_EQ(why([](auto& m) { m.mutable_observations()->set_kind("x"); }, &report), bad_columns);
    EXPECT_EQ(report.key, full_report().key);

    // Its identity behind the fault.
    std::string body("\x42\x02\x0A\x01x", 5);  // A salt epoch cut short, for observations.
    body[1] = 3;
    v1::Report message;
    EXPECT_TRUE(message.ParseFromString(plain_frame().substr(kFrameHeaderBytes)));
    body += message.SerializeAsString();
    EXPECT_EQ(why(frame_of(body, body.size()), &report), bad_columns);
    EXPECT_EQ(report.key, full_report().key);
}

TEST(AReport, MayHoldFieldsOfANewerSensor) {
    const auto unknown = [](std::string extra) {
        const auto body = plain_frame().substr(kFrameHeaderBytes) + extra;
        Report report;
        EXPECT_EQ(why(frame_of(body, body.size()), &report), std::nullopt);
        EXPECT_EQ(report, full_report());
    };
    unknown(std::string("\xA0\x06\x01", 3));  // 100, a varint.
    unknown(std::string(
        "\xA1\x06"
        "12345678",
        10));  // A fixed64.
    unknown(std::string(
        "\xA2\x06\x03"
        "abc",
        6));  // Bytes.
    unknown(std::string(
        "\xA5\x06"
        "1234",
        6));  // A fixed32.
}

}  // namespace
}  // namespace mobilytics::wire
