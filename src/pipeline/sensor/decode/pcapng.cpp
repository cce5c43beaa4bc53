// Source: datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng.

#include <array>

#include "pipeline/sensor/decode/capture.h"
#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

using Kind = CaptureStep::Kind;

constexpr std::uint32_t kSection = 0x0A0D0D0A;
constexpr std::uint32_t kByteOrder = 0x1A2B3C4D;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kOldPacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::size_t kBlockBytesMin = 12;

/// Reads in the order of octets that the section has.
class Reader : public OctetReader {
  public:
    Reader(Octets octets, bool big_endian) : OctetReader(octets), big_endian_(big_endian) {}
    std::uint16_t u16() { return big_endian_ ? big16() : little16(); }
    std::uint32_t u32() { return big_endian_ ? big32() : little32(); }
    std::uint64_t u64() { return big_endian_ ? big64() : little64(); }

  private:
    bool big_endian_;
};

CaptureStep failed(const char* problem) { return {Kind::failed, 0, problem}; }

/// `ticks` of 10^-n s (with the top bit of `resolution` 2^-n s) in microseconds; before 1970, which
/// nobody believes, if they are beyond all time.
Instant instant_of(std::uint64_t ticks, std::uint8_t resolution, std::int64_t offset_s) {
    constexpr Instant kNoTime{std::chrono::microseconds(-1)};
    constexpr std::uint64_t kSecondsMax = std::uint64_t{1} << 40;
    constexpr std::int64_t kOffsetMax = std::int64_t{1} << 40;
    const unsigned power = resolution & 0x7F;
    const bool binary = (resolution & 0x80) != 0;
    if (power > (binary ? 63U : 19U)) return kNoTime;
    std::uint64_t per_second = 1;
    for (unsigned i = 0; i < power; ++i) per_second *= binary ? 2 : 10;
    const std::uint64_t seconds = ticks / per_second;
    if (seconds > kSecondsMax || offset_s > kOffsetMax || offset_s < -kOffsetMax) return kNoTime;
    __extension__ using Wide = unsigned __int128;
    const auto us = static_cast<std::int64_t>(Wide{ticks % per_second} * 1'000'000 / per_second);
    return Instant(
        std::chrono::seconds(static_cast<std::int64_t>(seconds) + offset_s) +
        std::chrono::microseconds(us));
}

}  // namespace

bool PcapngParser::recognises(Octets octets) {
    return OctetReader(octets).little32() == kSection;  // The same both ways round.
}

CaptureStep PcapngParser::begin_section(Octets octets) {
    OctetReader in(octets);
    in.skip(8);
    const std::uint32_t order = in.little32();
    if (!in.good()) return {};
    if (order != kByteOrder && order != __builtin_bswap32(kByteOrder)) {
        return failed("the byte order of a section is not known");
    }
    big_endian_ = order != kByteOrder;
    in_section_ = true;
    interfaces_.clear();
    return {Kind::skipped, 0};
}

CaptureStep PcapngParser::next(Octets octets, RawFrame& frame) {
    if (skip_ > 0) {
        const std::size_t used = std::min<std::uint64_t>(skip_, octets.size());
        skip_ -= used;
        return used > 0 ? CaptureStep{Kind::skipped, used} : CaptureStep{};
    }
    if (recognises(octets)) {
        const CaptureStep begun = begin_section(octets);
        if (begun.kind != Kind::skipped) return begun;
    } else if (!in_section_) {
        return failed("there is a block before the first section");
    }
    Reader in(octets, big_endian_);
    const std::uint32_t type = in.u32();
    const std::uint32_t length = in.u32();
    if (!in.good()) return {};
    if (length < kBlockBytesMin || length % 4 != 0) return failed("a block's length cannot be");
    const bool known = type == kInterfaceDescription || type == kOldPacket ||
                       type == kSimplePacket || type == kEnhancedPacket;
    if (!known) {
        skip_ = length;
        return {Kind::skipped, 0};
    }
    if (length > kRecordBytesMax) return failed("a block is longer than any frame");
    if (octets.size() < length) return {};
    Reader tail(octets.subspan(length - 4, 4), big_endian_);
    if (tail.u32() != length) return failed("a block's two lengths differ");

    const Octets body = octets.subspan(8, length - kBlockBytesMin);
    const char* problem = nullptr;
    if (type == kInterfaceDescription) problem = add_interface(body);
    if (type == kSimplePacket) problem = read_simple_packet(body, frame);
    if (type == kEnhancedPacket) problem = read_packet(body, false, frame);
    if (type == kOldPacket) problem = read_packet(body, true, frame);
    if (problem != nullptr) return failed(problem);
    if (type == kInterfaceDescription) return {Kind::skipped, length};
    frame.number = ++number_;
    return {Kind::frame, length};
}

const char* PcapngParser::add_interface(Octets body) {
    constexpr std::uint16_t kEnd = 0;
    constexpr std::uint16_t kResolution = 9;
    constexpr std::uint16_t kFcsLength = 13;
    constexpr std::uint16_t kOffset = 14;
    if (interfaces_.size() == kInterfacesMax) return "a section has too many interfaces";
    Reader in(body, big_endian_);
    Interface out;
    out.link = in.u16();
    in.skip(2);
    out.snap_bytes = in.u32();
    if (!in.good()) return "an interface's description is cut";
    while (!in.rest().empty()) {
        const std::uint16_t code = in.u16();
        const std::uint16_t length = in.u16();
        if (code == kEnd) break;
        Reader value(in.take(length), big_endian_);
        in.skip((4 - length % 4) % 4);
        if (!in.good()) return "an interface's option is cut";
        if (code == kResolution && length == 1) out.resolution = value.u8();
        if (code == kFcsLength && length == 1) out.fcs_bytes = value.u8();
        if (code == kOffset && length == 8) out.offset_s = static_cast<std::int64_t>(value.u64());
    }
    interfaces_.push_back(out);
    return nullptr;
}

void PcapngParser::fill(const Interface& interface, std::uint64_t ticks, RawFrame& frame) const {
    frame.link = LinkType{interface.link};
    frame.fcs_bytes = interface.fcs_bytes;
    frame.at = instant_of(ticks, interface.resolution, interface.offset_s);
}

const char* PcapngParser::read_packet(Octets body, bool old_form, RawFrame& frame) {
    Reader in(body, big_endian_);
    const std::uint32_t interface = old_form ? in.u16() : in.u32();
    if (old_form) in.skip(2);  // Drops.
    const std::uint64_t high = in.u32();
    const std::uint64_t ticks = high << 32 | in.u32();
    const std::uint32_t captured = in.u32();
    frame.original_bytes = in.u32();
    frame.bytes = in.take(captured);
    if (!in.good()) return "a packet is longer than its block";
    if (interface >= interfaces_.size())
        return "a packet is of an interface that was not described";
    fill(interfaces_[interface], ticks, frame);
    return nullptr;
}

/// It has no time, so no sighting comes of it; but it is a frame, and is counted.
const char* PcapngParser::read_simple_packet(Octets body, RawFrame& frame) {
    Reader in(body, big_endian_);
    frame.original_bytes = in.u32();
    if (!in.good()) return "a simple packet is cut";
    if (interfaces_.empty()) return "a packet is of an interface that was not described";
    std::size_t captured = frame.original_bytes;
    if (const std::size_t snap = interfaces_[0].snap_bytes; snap > 0) {
        captured = std::min(captured, snap);
    }
    frame.bytes = in.take(captured);
    if (!in.good()) return "a simple packet is longer than its block";
    fill(interfaces_[0], 0, frame);
    frame.at = Instant(std::chrono::microseconds(-1));
    return nullptr;
}

}  // namespace mobilytics::sensor
