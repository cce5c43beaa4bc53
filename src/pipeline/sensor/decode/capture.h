#pragma once
// Capture files, read as a stream of octets: pcap, pcapng, btsnoop. Not libpcap's reader, because
// that refuses a pcapng whose interfaces differ in link type or snap length, blocks on a pipe, and
// knows no btsnoop; and because files are hostile: here every length is bounded before it is used.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::sensor {

/// A record or block that claims more ends the reading: no frame of ours is as long.
inline constexpr std::size_t kRecordBytesMax = 1 << 20;
inline constexpr std::size_t kInterfacesMax = 1024;  // In a section of pcapng.

/// What looking at the front of the octets came to.
struct CaptureStep {
    enum class Kind {
        frame,    // `frame` was filled; it points into the octets.
        skipped,  // Something that is no frame. Look again.
        more,     // More octets are needed.
        failed,   // The octets cannot be believed any further: `problem` says why.
    };
    Kind kind = Kind::more;
    std::size_t used = 0;  // Octets at the front that are done with.
    const char* problem = nullptr;
};

class PcapParser {
  public:
    static constexpr std::size_t kMagicBytes = 4;
    static bool recognises(std::span<const std::uint8_t> octets);
    CaptureStep next(std::span<const std::uint8_t> octets, RawFrame& frame);

  private:
    CaptureStep read_header(std::span<const std::uint8_t> octets);

    bool header_read_ = false;
    bool big_endian_ = false;
    bool nanoseconds_ = false;
    std::uint16_t link_ = 0;
    std::uint8_t fcs_bytes_ = 0;
    std::uint64_t number_ = 0;
};

class PcapngParser {
  public:
    static constexpr std::size_t kMagicBytes = 4;
    static bool recognises(std::span<const std::uint8_t> octets);
    CaptureStep next(std::span<const std::uint8_t> octets, RawFrame& frame);

  private:
    struct Interface {
        std::uint16_t link = 0;
        std::uint8_t fcs_bytes = 0;
        std::uint8_t resolution = 6;  // 10^-n s; with the top bit set 2^-n s.
        std::int64_t offset_s = 0;
        std::uint32_t snap_bytes = 0;  // 0: no limit.
    };

    CaptureStep begin_section(std::span<const std::uint8_t> octets);
    const char* add_interface(std::span<const std::uint8_t> body);
    const char* read_packet(std::span<const std::uint8_t> body, bool old_form, RawFrame& frame);
    const char* read_simple_packet(std::span<const std::uint8_t> body, RawFrame& frame);
    void fill(const Interface& interface, std::uint64_t ticks, RawFrame& frame) const;

    bool in_section_ = false;
    bool big_endian_ = false;
    std::vector<Interface> interfaces_;
    std::uint64_t skip_ = 0;  // Of a long block that is no packet.
    std::uint64_t number_ = 0;
};

class BtsnoopParser {
  public:
    static constexpr std::size_t kMagicBytes = 8;
    static bool recognises(std::span<const std::uint8_t> octets);
    CaptureStep next(std::span<const std::uint8_t> octets, RawFrame& frame);

  private:
    bool header_read_ = false;
    std::uint32_t link_ = 0;
    std::uint64_t number_ = 0;
};

/// Any of them, told by the first octets; another file of the same form may follow the first.
class CaptureParser {
  public:
    CaptureStep next(std::span<const std::uint8_t> octets, RawFrame& frame);

  private:
    std::variant<std::monostate, PcapParser, PcapngParser, BtsnoopParser> parser_;
};

}  // namespace mobilytics::sensor
