#pragma once
// Writes Protocol Buffers: the very bytes that libprotobuf writes, fields in the order of their
// numbers, what is zero left out.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "pipeline/wire/protobuf_reader.h"

namespace mobilytics::wire::protobuf {

inline std::size_t varint_bytes(std::uint64_t value) {
    return static_cast<std::size_t>(std::bit_width(value | 1) + 6) / 7;
}
inline std::uint32_t zigzag(std::int32_t value) {
    return static_cast<std::uint32_t>(value) << 1 ^ static_cast<std::uint32_t>(value >> 31);
}
inline std::int32_t unzigzag(std::uint32_t value) {
    return static_cast<std::int32_t>(value >> 1 ^ (~(value & 1) + 1));
}

class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) {}

    void put_varint(std::uint32_t number, std::uint64_t value) {
        if (value == 0) return;
        raw_varint(varint(number));
        raw_varint(value);
    }
    void put_fixed64(std::uint32_t number, std::uint64_t value) {
        if (value == 0) return;
        raw_varint(fixed64(number));
        raw(&value, sizeof value);
    }
    void put_bytes(std::uint32_t number, const void* data, std::size_t size) {
        if (size == 0) return;
        raw_varint(bytes(number));
        raw_varint(size);
        raw(data, size);
    }
    void put_text(std::uint32_t number, std::string_view text) {
        put_bytes(number, text.data(), text.size());
    }

    /// A packed column; `to_wire(i)` gives the number for row `i`.
    template <class ToWire>
    void put_packed(std::uint32_t number, std::size_t rows, ToWire to_wire) {
        if (rows == 0) return;
        std::size_t size = 0;
        for (std::size_t i = 0; i < rows; ++i) size += varint_bytes(to_wire(i));
        raw_varint(bytes(number));
        raw_varint(size);
        for (std::size_t i = 0; i < rows; ++i) raw_varint(to_wire(i));
    }
    /// A packed column of fixed width, or bytes with one a row; `to_wire(i)` gives it for row `i`.
    template <class ToWire>
    void put_fixed(std::uint32_t number, std::size_t rows, ToWire to_wire) {
        using T = std::invoke_result_t<ToWire, std::size_t>;
        static_assert(std::endian::native == std::endian::little);
        if (rows == 0) return;
        raw_varint(bytes(number));
        raw_varint(rows * sizeof(T));
        const auto before = out_.size();
        out_.resize(before + rows * sizeof(T));
        char* at = out_.data() + before;
        for (std::size_t i = 0; i < rows; ++i, at += sizeof(T)) {
            const T value = to_wire(i);
            std::memcpy(at, &value, sizeof value);
        }
    }

    /// A message within: `write(Writer&)` writes its fields. Present, even when it is empty.
    template <class Write>
    void put_message(std::uint32_t number, Write write) {
        std::string inner;
        Writer writer(inner);
        write(writer);
        raw_varint(bytes(number));
        raw_varint(inner.size());
        raw(inner.data(), inner.size());
    }

  private:
    void raw_varint(std::uint64_t value) {
        while (value >= 0x80) {
            out_.push_back(static_cast<char>(value | 0x80));
            value >>= 7;
        }
        out_.push_back(static_cast<char>(value));
    }
    void raw(const void* data, std::size_t size) {
        out_.append(static_cast<const char*>(data), size);
    }

    std::string& out_;
};

}  // namespace mobilytics::wire::protobuf
