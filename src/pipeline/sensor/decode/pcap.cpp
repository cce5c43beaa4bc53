// Sources: datatracker.ietf.org/doc/draft-ietf-opsawg-pcap (pcap) and RFC 1761's heir btsnoop, as
// BlueZ's src/shared/btsnoop.h has it.

#include <algorithm>
#include <array>
#include <string_view>

#include "pipeline/sensor/decode/capture.h"
#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

using Kind = CaptureStep::Kind;

constexpr std::uint32_t kMicroseconds = 0xA1B2C3D4;
constexpr std::uint32_t kNanoseconds = 0xA1B23C4D;

std::uint32_t read32(OctetReader& in, bool big_endian) {
    return big_endian ? in.big32() : in.little32();
}

CaptureStep failed(const char* problem) { return {Kind::failed, 0, problem}; }

/// Whether a file begins here, where a record is expected: a program that writes into a pipe was
/// started again. As a record it would be one of nothing, of nothing.
bool is_header(Octets octets) {
    constexpr std::size_t kZerosAt = 8;
    constexpr std::size_t kZerosEnd = 16;
    return PcapParser::recognises(octets) &&
           std::all_of(
               octets.begin() + kZerosAt, octets.begin() + kZerosEnd,
               [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace

bool PcapParser::recognises(Octets octets) {
    OctetReader little(octets);
    OctetReader big(octets);
    const std::uint32_t as_little = little.little32();
    const std::uint32_t as_big = big.big32();
    return as_little == kMicroseconds || as_little == kNanoseconds || as_big == kMicroseconds ||
           as_big == kNanoseconds;
}

CaptureStep PcapParser::read_header(Octets octets) {
    constexpr std::size_t kHeaderBytes = 24;
    if (octets.size() < kHeaderBytes) return {};
    big_endian_ = octets[0] == 0xA1;
    OctetReader in(octets);
    nanoseconds_ = read32(in, big_endian_) == kNanoseconds;
    in.skip(12);  // Version, time zone, accuracy.
    in.skip(4);   // Snap length: each record says how much it has.
    const std::uint32_t link = read32(in, big_endian_);
    link_ = static_cast<std::uint16_t>(link);
    const bool fcs_known = (link & 0x0400'0000) != 0;
    fcs_bytes_ = static_cast<std::uint8_t>(fcs_known ? 2 * (link >> 28) : 0);
    header_read_ = true;
    return {Kind::skipped, kHeaderBytes};
}

CaptureStep PcapParser::next(Octets octets, RawFrame& frame) {
    if (!header_read_) return read_header(octets);
    constexpr std::size_t kHeaderBytes = 16;
    if (octets.size() < kHeaderBytes) return {};
    if (is_header(octets)) return read_header(octets);
    OctetReader in(octets);
    const std::int64_t seconds = read32(in, big_endian_);
    const std::int64_t fraction = read32(in, big_endian_);
    const std::uint32_t captured = read32(in, big_endian_);
    const std::uint32_t original = read32(in, big_endian_);
    if (captured > kRecordBytesMax) return failed("a record is longer than any frame");
    if (octets.size() - kHeaderBytes < captured) return {};
    frame.link = LinkType{link_};
    frame.at = Instant(
        std::chrono::seconds(seconds) +
        std::chrono::microseconds(nanoseconds_ ? fraction / 1000 : fraction));
    frame.bytes = octets.subspan(kHeaderBytes, captured);
    frame.original_bytes = original;
    frame.number = ++number_;
    frame.fcs_bytes = fcs_bytes_;
    return {Kind::frame, kHeaderBytes + captured};
}

bool BtsnoopParser::recognises(Octets octets) {
    constexpr std::string_view kMagic("btsnoop\0", 8);
    return octets.size() >= kMagic.size() &&
           std::equal(kMagic.begin(), kMagic.end(), octets.begin());
}

CaptureStep BtsnoopParser::next(Octets octets, RawFrame& frame) {
    constexpr std::uint32_t kHci = 1001;                   // Bare packets; flags say of what kind.
    constexpr std::uint32_t kHciUart = 1002;               // Each behind its indicator.
    constexpr std::uint32_t kMonitor = 2001;               // Flags are adapter and opcode.
    constexpr std::int64_t kEpochUs = 0x00DCDDB30F2F8000;  // From the year 0 to 1970.
    OctetReader in(octets);
    // Its name would be the length of a record that no computer holds: a file begins anew.
    if (!header_read_ || recognises(octets)) {
        in.skip(8);
        const std::uint32_t version = in.big32();
        link_ = in.big32();
        if (!in.good()) return {};
        if (version != 1) return failed("this version of btsnoop is not known");
        if (link_ != kHci && link_ != kHciUart && link_ != kMonitor) {
            return failed("this btsnoop holds neither HCI nor a monitor's log");
        }
        header_read_ = true;
        return {Kind::skipped, in.at()};
    }
    frame.original_bytes = in.big32();
    const std::uint32_t captured = in.big32();
    const std::uint32_t flags = in.big32();
    in.skip(4);  // Drops.
    const auto at_us = static_cast<std::int64_t>(in.big64());
    if (!in.good()) return {};
    if (captured > kRecordBytesMax) return failed("a record is longer than any frame");
    frame.bytes = in.take(captured);
    if (!in.good()) return {};
    frame.at = at_us < kEpochUs ? Instant(std::chrono::microseconds(-1))
                                : Instant(std::chrono::microseconds(at_us - kEpochUs));
    frame.number = ++number_;
    frame.fcs_bytes = 0;
    frame.link = link_ == kHciUart ? LinkType::hci_h4 : LinkType::hci_event;
    const bool received_event = link_ == kHci && (flags & 3) == 3;
    const bool monitor_event = link_ == kMonitor && (flags & 0xFFFF) == 3;
    const bool worth_it = link_ == kHciUart || received_event || monitor_event;
    return {worth_it ? Kind::frame : Kind::skipped, in.at()};
}

CaptureStep CaptureParser::next(Octets octets, RawFrame& frame) {
    if (std::holds_alternative<std::monostate>(parser_)) {
        if (octets.size() < BtsnoopParser::kMagicBytes) return {};
        if (PcapParser::recognises(octets)) {
            parser_.emplace<PcapParser>();
        } else if (PcapngParser::recognises(octets)) {
            parser_.emplace<PcapngParser>();
        } else if (BtsnoopParser::recognises(octets)) {
            parser_.emplace<BtsnoopParser>();
        } else {
            return failed("this is neither pcap, pcapng nor btsnoop");
        }
    }
    if (auto* pcap = std::get_if<PcapParser>(&parser_)) return pcap->next(octets, frame);
    if (auto* pcapng = std::get_if<PcapngParser>(&parser_)) return pcapng->next(octets, frame);
    return std::get<BtsnoopParser>(parser_).next(octets, frame);
}

}  // namespace mobilytics::sensor
