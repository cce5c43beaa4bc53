#pragma once
// How our types are in DuckDB: an id is a UUID, an instant a TIMESTAMP (UTC, microseconds), bytes a
// BLOB, an enumerator an ENUM of the same words in the same order, and so a byte.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <duckdb.h>

#include "foundation/vocabulary.h"

namespace mobilytics::duckdb {

/// Bytes, where text could be meant as well: a BLOB, as argument and in an appender.
struct Blob {
    std::string_view bytes;
};

/// A UUID as DuckDB keeps it: a signed number that sorts as the bytes do.
inline duckdb_hugeint to_hugeint(std::span<const std::uint8_t, 16> bytes) {
    std::uint64_t upper = 0;
    std::uint64_t lower = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        upper = upper << 8 | bytes[i];
        lower = lower << 8 | bytes[i + 8];
    }
    return {lower, static_cast<std::int64_t>(upper ^ (std::uint64_t{1} << 63))};
}

inline std::array<std::uint8_t, 16> to_bytes(duckdb_hugeint number) {
    auto upper = static_cast<std::uint64_t>(number.upper) ^ (std::uint64_t{1} << 63);
    auto lower = number.lower;
    std::array<std::uint8_t, 16> out;
    for (std::size_t i = 8; i-- > 0; upper >>= 8, lower >>= 8) {
        out[i] = static_cast<std::uint8_t>(upper);
        out[i + 8] = static_cast<std::uint8_t>(lower);
    }
    return out;
}

/// What a column of C++ type T is: `type`, how a value lies in a chunk (`Stored`), and both ways.
template <class T>
struct Layout;

template <class T, duckdb_type Type>
struct PlainLayout {
    static constexpr duckdb_type kType = Type;
    using Stored = T;
    static T read(const Stored& stored) { return stored; }
    static Stored write(const T& value) { return value; }
};
template <>
struct Layout<bool> : PlainLayout<bool, DUCKDB_TYPE_BOOLEAN> {};
template <>
struct Layout<std::int8_t> : PlainLayout<std::int8_t, DUCKDB_TYPE_TINYINT> {};
template <>
struct Layout<std::uint8_t> : PlainLayout<std::uint8_t, DUCKDB_TYPE_UTINYINT> {};
template <>
struct Layout<std::int32_t> : PlainLayout<std::int32_t, DUCKDB_TYPE_INTEGER> {};
template <>
struct Layout<std::uint32_t> : PlainLayout<std::uint32_t, DUCKDB_TYPE_UINTEGER> {};
template <>
struct Layout<std::int64_t> : PlainLayout<std::int64_t, DUCKDB_TYPE_BIGINT> {};
template <>
struct Layout<std::uint64_t> : PlainLayout<std::uint64_t, DUCKDB_TYPE_UBIGINT> {};
template <>
struct Layout<double> : PlainLayout<double, DUCKDB_TYPE_DOUBLE> {};

template <>
struct Layout<Instant> {
    static constexpr duckdb_type kType = DUCKDB_TYPE_TIMESTAMP;
    using Stored = duckdb_timestamp;
    static Instant read(Stored stored) { return Instant(std::chrono::microseconds(stored.micros)); }
    static Stored write(Instant value) { return {value.time_since_epoch().count()}; }
};

template <class Kind>
struct Layout<Id<Kind>> {
    static constexpr duckdb_type kType = DUCKDB_TYPE_UUID;
    using Stored = duckdb_hugeint;
    static Id<Kind> read(Stored stored) { return Id<Kind>::from_bytes(to_bytes(stored)); }
    static Stored write(Id<Kind> value) { return to_hugeint(value.bytes()); }
};

template <WordEnum Enum>
constexpr auto words_of() {
    constexpr auto count = boost::mp11::mp_size<boost::describe::describe_enumerators<Enum>>::value;
    std::array<std::string_view, count> out;
    std::size_t index = 0;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>(
        [&](auto described) { out[index++] = described.name; });
    return out;
}

template <WordEnum Enum>
struct Layout<Enum> {
    static constexpr duckdb_type kType = DUCKDB_TYPE_ENUM;
    using Stored = std::uint8_t;
    static Enum read(Stored stored) {
        Enum out{};
        std::size_t index = 0;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto described) {
            if (index++ == stored) out = described.value;
        });
        VERIFY(stored < index);
        return out;
    }
    static Stored write(Enum value) {
        std::uint8_t index = 0;
        std::optional<std::uint8_t> found;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto described) {
            if (described.value == value) found = index;
            ++index;
        });
        VERIFY(found);
        return *found;
    }
};

/// Views into the chunk: they end with it.
template <>
struct Layout<std::string_view> {
    static constexpr duckdb_type kType = DUCKDB_TYPE_VARCHAR;
    using Stored = duckdb_string_t;
    static std::string_view read(const Stored& stored) {
        const auto size = stored.value.inlined.length;
        const char* at = size <= sizeof stored.value.inlined.inlined ? stored.value.inlined.inlined
                                                                     : stored.value.pointer.ptr;
        return {at, size};
    }
};
template <>
struct Layout<std::string> : Layout<std::string_view> {
    static std::string read(const Stored& stored) {
        return std::string(Layout<std::string_view>::read(stored));
    }
};
template <>
struct Layout<Blob> : Layout<std::string_view> {
    static constexpr duckdb_type kType = DUCKDB_TYPE_BLOB;
    static Blob read(const Stored& stored) { return {Layout<std::string_view>::read(stored)}; }
};

}  // namespace mobilytics::duckdb
