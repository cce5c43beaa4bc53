// Capture files written down octet by octet.

#include "pipeline/sensor/decode/capture.h"

#include <gtest/gtest.h>

#include "pipeline/sensor/decode/written_octets.h"

namespace mobilytics::sensor {
namespace {

using Bytes = std::vector<std::uint8_t>;
using std::chrono::microseconds;

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

struct Frame {
    LinkType link;
    std::int64_t at_us;
    Bytes bytes;
    std::uint32_t original;
    std::uint64_t number;
    int fcs_bytes = 0;
    friend bool operator==(const Frame&, const Frame&) = default;
};

struct Parsed {
    std::vector<Frame> frames;
    std::string problem;
    std::size_t left = 0;
};

/// Reads `file`, of which `visible` octets more are there at each look.
Parsed parse(const Bytes& file, std::size_t visible = 1 << 20) {
    Parsed out;
    CaptureParser parser;
    std::size_t begin = 0;
    std::size_t end = 0;
    while (true) {
        RawFrame raw;
        const auto step = parser.next(std::span(file).subspan(begin, end - begin), raw);
        begin += step.used;
        if (step.kind == CaptureStep::Kind::frame) {
            out.frames.push_back(
                {raw.link,
                 raw.at.time_since_epoch().count(),
                 {raw.bytes.begin(), raw.bytes.end()},
                 raw.original_bytes,
                 raw.number,
                 raw.fcs_bytes});
        }
        if (step.kind == CaptureStep::Kind::failed) {
            out.problem = step.problem;
            break;
        }
        if (step.kind != CaptureStep::Kind::more) continue;
        if (end == file.size()) break;
        end = std::min(file.size(), end + visible);
    }
    out.left = file.size() - begin;
    return out;
}

const Bytes kLittle = octets("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 7f000000");
const Bytes kLittleRecord = octets("01000000 02000000 03000000 05000000 aabbcc");

TEST(Pcap, AllFourFormsAreRead) {
    const Frame frame{LinkType::radiotap, 1'000'002, octets("aabbcc"), 5, 1};
    EXPECT_EQ(parse(kLittle + kLittleRecord).frames, std::vector{frame});
    EXPECT_EQ(
        parse(octets("a1b2c3d4 0002 0004 00000000 00000000 0000ffff 0000007f"
                     "00000001 00000002 00000003 00000005 aabbcc"))
            .frames,
        std::vector{frame});
    EXPECT_EQ(
        parse(octets("4d3cb2a1 0200 0400 00000000 00000000 ffff0000 7f000000"
                     "01000000 cf0a0000 03000000 05000000 aabbcc"))
            .frames,
        std::vector{frame});
    EXPECT_EQ(
        parse(octets("a1b23c4d 0002 0004 00000000 00000000 0000ffff 2400007f"
                     "00000001 000007d0 00000003 00000005 aabbcc"))
            .frames,
        (std::vector{Frame{LinkType::radiotap, 1'000'002, octets("aabbcc"), 5, 1, 4}}));
}

TEST(Pcap, ItMayComeOctetByOctet) {
    const Bytes file = kLittle + kLittleRecord + kLittleRecord;
    const auto parsed = parse(file, 1);
    EXPECT_EQ(parsed.frames.size(), 2U);
    EXPECT_EQ(parsed.frames[1].number, 2U);
    EXPECT_EQ(parsed.left, 0U);
}

TEST(Pcap, AnotherFileMayFollow) {
    const Bytes big = octets(
        "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000069"
        "00000001 00000002 00000003 00000005 aabbcc");
    for (const std::size_t visible : {1, 7, 1 << 20}) {
        const auto parsed = parse(kLittle + kLittleRecord + big + kLittle + kLittleRecord, visible);
        EXPECT_EQ(parsed.problem, "");
        ASSERT_EQ(parsed.frames.size(), 3U);
        EXPECT_EQ(parsed.frames[1].link, LinkType::ieee80211);
        EXPECT_EQ(parsed.frames[2].at_us, 1'000'002);
        EXPECT_EQ(parsed.left, 0U);
    }
    // A frame of nothing is none, unless a file's name is its time.
    EXPECT_EQ(parse(kLittle + octets("01000000 02000000 00000000 00000000")).frames.size(), 1U);
}

TEST(Pcap, ARecordThatIsCutStays) {
    Bytes file = kLittle + kLittleRecord;
    file.pop_back();
    EXPECT_EQ(parse(file).frames.size(), 0U);
    EXPECT_EQ(parse(file).left, 18U);
}

TEST(Pcap, ALengthBeyondAllFramesEndsTheReading) {
    const auto parsed =
        parse(kLittle + kLittleRecord + octets("01000000 02000000 01001000 01001000 aa"));
    EXPECT_EQ(parsed.frames.size(), 1U);
    EXPECT_EQ(parsed.problem, "a record is longer than any frame");
}

TEST(Capture, AnythingElseIsRefused) {
    EXPECT_EQ(
        parse(octets("504b0304 00000000")).problem, "this is neither pcap, pcapng nor btsnoop");
    EXPECT_EQ(parse({}).problem, "");
}

const Bytes kSection = octets("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000");
/// Link type 127, nanoseconds, an FCS of 4 octets, an offset of 10 s.
const Bytes kWifi = octets(
    "01000000 34000000 7f00 0000 00000000"
    "0900 0100 09000000 0d00 0100 04000000 0e00 0800 0a00000000000000 00000000 34000000");
/// Link type 256 in units of 2^-10 s, snap length 3.
const Bytes kBle = octets("01000000 1c000000 0001 0000 03000000 0900 0100 8a000000 1c000000");

TEST(Pcapng, InterfacesKeepTheirOwnTimeAndLink) {
    const Bytes file = kSection + kWifi + kBle +
                       octets(
                           "06000000 24000000 00000000 00000000 b80b0000 03000000 07000000"
                           "aabbcc00 24000000"
                           "06000000 24000000 01000000 00000000 00060000 04000000 04000000"
                           "01020304 24000000");
    EXPECT_EQ(
        parse(file).frames,
        (std::vector{
            Frame{LinkType::radiotap, 10'000'003, octets("aabbcc"), 7, 1, 4},
            Frame{LinkType::ble_with_radio, 1'500'000, octets("01020304"), 4, 2, 0}}));
}

TEST(Pcapng, ABigEndianSectionMayFollowALittleOne) {
    const Bytes file =
        kSection + kWifi +
        octets(
            "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
            "00000001 00000014 0110 0000 00000000 00000014"
            "00000006 00000024 00000000 00000000 000f4240 00000003 00000003 aabbcc00 00000024");
    EXPECT_EQ(
        parse(file, 5).frames,
        (std::vector{Frame{LinkType::nordic_ble, 1'000'000, octets("aabbcc"), 3, 1, 0}}));
}

TEST(Pcapng, OtherBlocksArePassedOver) {
    // A statistics block; a block of 2 MiB of whatever; then an old packet and a simple one.
    Bytes large = octets("adde0000 0c002000") + Bytes(2 << 20) + octets("0c002000");
    const Bytes file =
        kSection + kBle + octets("05000000 10000000 00000000 10000000") + large +
        octets(
            "02000000 24000000 0000 0000 00000000 00040000 01000000 01000000 aa000000 24000000"
            "03000000 14000000 06000000 aabbcc00 14000000");
    const auto parsed = parse(file, 65536);
    EXPECT_EQ(parsed.problem, "");
    EXPECT_EQ(
        parsed.frames, (std::vector{
                           Frame{LinkType::ble_with_radio, 1'000'000, octets("aa"), 1, 1, 0},
                           Frame{LinkType::ble_with_radio, -1, octets("aabbcc"), 6, 2, 0}}));
}

TEST(Pcapng, WhatContradictsItselfEndsTheReading) {
    const auto problem = [](const Bytes& more) { return parse(kSection + more).problem; };
    EXPECT_EQ(problem(octets("06000000 0d000000")), "a block's length cannot be");
    EXPECT_EQ(problem(octets("06000000 08000000")), "a block's length cannot be");
    EXPECT_EQ(problem(octets("06000000 00002000")), "a block is longer than any frame");
    EXPECT_EQ(
        problem(octets("03000000 10000000 00000000 14000000")), "a block's two lengths differ");
    EXPECT_EQ(
        problem(octets("03000000 10000000 00000000 10000000")),
        "a packet is of an interface that was not described");
    EXPECT_EQ(
        problem(
            kWifi + octets("06000000 24000000 01000000 00000000 00000000 03000000 03000000"
                           "aabbcc00 24000000")),
        "a packet is of an interface that was not described");
    EXPECT_EQ(
        problem(
            kWifi + octets("06000000 24000000 00000000 00000000 00000000 05000000 03000000"
                           "aabbcc00 24000000")),
        "a packet is longer than its block");
    Bytes many;
    for (std::size_t i = 0; i <= kInterfacesMax; ++i) many = many + kBle;
    EXPECT_EQ(problem(many), "a section has too many interfaces");
    EXPECT_EQ(
        parse(octets("0a0d0d0a 1c000000 11223344")).problem,
        "the byte order of a section is not known");
}

TEST(Pcapng, TimesBeyondAllTimeAreNoTimes) {
    // Resolution 10^-0 s with all bits set; 2^-127 s.
    for (const char* resolution : {"00", "ff"}) {
        const Bytes interface = octets(
            "01000000 1c000000 7f00 0000 00000000 0900 0100" + std::string(resolution) +
            "000000 1c000000");
        const Bytes packet = octets(
            "06000000 24000000 00000000 ffffffff ffffffff 03000000 03000000 aabbcc00 24000000");
        EXPECT_EQ(parse(kSection + interface + packet).frames.at(0).at_us, -1);
    }
}

TEST(Btsnoop, EventsAreRead) {
    // 2026-08-21T09:30:00Z as microseconds since the year 0.
    const std::string at = "00e3373e 56f95600";
    const auto file = [&](const std::string& link, const std::string& flags) {
        return octets(
            "6274736e6f6f7000 00000001" + link + "00000003 00000003" + flags + "00000000" + at +
            "aabbcc");
    };
    const auto first = [](const Bytes& octets) {
        const auto parsed = parse(octets, 3);
        EXPECT_EQ(parsed.problem, "");
        EXPECT_EQ(parsed.left, 0U);
        return parsed.frames.empty() ? std::optional<Frame>() : parsed.frames.front();
    };
    const auto uart = first(file("000003ea", "00000000"));
    ASSERT_TRUE(uart);
    EXPECT_EQ(uart->link, LinkType::hci_h4);
    EXPECT_EQ(to_iso8601(Instant(microseconds(uart->at_us))), "2026-08-21T09:30:00.000000Z");
    EXPECT_EQ(first(file("000003e9", "00000003"))->link, LinkType::hci_event);
    EXPECT_FALSE(first(file("000003e9", "00000002")));
    EXPECT_EQ(first(file("000007d1", "00010003"))->link, LinkType::hci_event);
    EXPECT_FALSE(first(file("000007d1", "00010002")));
    // Another may follow.
    EXPECT_EQ(
        parse(file("000003ea", "00000000") + file("000003e9", "00000003"), 5).frames.size(), 2U);
    EXPECT_EQ(
        parse(file("000003eb", "00000000")).problem,
        "this btsnoop holds neither HCI nor a monitor's log");
}

}  // namespace
}  // namespace mobilytics::sensor
