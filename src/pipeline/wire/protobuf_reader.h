#pragma once
// Reads Protocol Buffers from memory, field by field, without allocating: for messages whose sender
// is not trusted. What it accepts, libprotobuf reads the same; it refuses groups, which version 3
// of the language does not have. Source: protobuf.dev/programming-guides/encoding.

#include <cstdint>
#include <cstring>
#include <span>

namespace mobilytics::wire::protobuf {

using Bytes = std::span<const std::uint8_t>;

enum class WireType : std::uint32_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

constexpr std::uint32_t tag(std::uint32_t number, WireType type) {
    return number << 3 | static_cast<std::uint32_t>(type);
}
constexpr std::uint32_t varint(std::uint32_t number) { return tag(number, WireType::varint); }
constexpr std::uint32_t bytes(std::uint32_t number) { return tag(number, WireType::bytes); }
constexpr std::uint32_t fixed32(std::uint32_t number) { return tag(number, WireType::fixed32); }
constexpr std::uint32_t fixed64(std::uint32_t number) { return tag(number, WireType::fixed64); }

/// Reads a varint of at most ten bytes at `at`; false where there is none before `end`.
inline bool read_varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& out) {
    if (at < end && *at < 0x80) [[likely]] {
        out = *at++;
        return true;
    }
    out = 0;
    for (int shift = 0; shift < 70 && at < end; shift += 7) {
        const std::uint8_t byte = *at++;
        out |= std::uint64_t{byte & 0x7Fu} << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

/// A little-endian number; its bytes must be there.
template <class T>
T load(const std::uint8_t* at) {
    static_assert(std::endian::native == std::endian::little);
    T out;
    std::memcpy(&out, at, sizeof out);
    return out;
}

struct Field {
    std::uint32_t tag = 0;    // Number and wire type, as varint(3) and the like make it.
    std::uint64_t value = 0;  // Of a varint or a fixed.
    Bytes bytes;              // Of bytes, a packed column or a message within.
};

class Reader {
  public:
    explicit Reader(Bytes message) : at_(message.data()), end_(at_ + message.size()) {}

    /// False at the end, and at a fault: then good() is false as well.
    bool next(Field& field) {
        if (at_ == end_) return false;
        std::uint64_t tag = 0;
        good_ = read_varint(at_, end_, tag) && tag >> 32 == 0 && tag >> 3 != 0;
        field.tag = static_cast<std::uint32_t>(tag);
        good_ = good_ && payload(field);
        return good_;
    }
    bool good() const { return good_; }

  private:
    bool payload(Field& field) {
        const auto left = static_cast<std::size_t>(end_ - at_);
        switch (field.tag & 7) {
            case static_cast<std::uint32_t>(WireType::varint):
                return read_varint(at_, end_, field.value);
            case static_cast<std::uint32_t>(WireType::fixed64):
                if (left < 8) return false;
                field.value = load<std::uint64_t>(at_);
                at_ += 8;
                return true;
            case static_cast<std::uint32_t>(WireType::fixed32):
                if (left < 4) return false;
                field.value = load<std::uint32_t>(at_);
                at_ += 4;
                return true;
            case static_cast<std::uint32_t>(WireType::bytes): {
                std::uint64_t length = 0;
                if (!read_varint(at_, end_, length)) return false;
                if (length > static_cast<std::size_t>(end_ - at_)) return false;
                field.bytes = Bytes(at_, static_cast<std::size_t>(length));
                at_ += length;
                return true;
            }
            default: return false;
        }
    }

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    bool good_ = true;
};

}  // namespace mobilytics::wire::protobuf
