#pragma once
// Arrays as parameters, for statements that do many rows at once:
//
//   INSERT INTO report (device_id, seq, body)
//   SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[])
//
// An array of bytea goes binary, without being spelled out; all others as text.

#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "platform/pg/values.h"

namespace mobilytics::pg {

/// A bytea[]: each element as it stands.
Argument encode(std::span<const Bytes> array);
inline Argument encode(const std::vector<Bytes>& array) { return encode(std::span(array)); }

namespace detail {

/// Appends one element of an array's text, quoted; NULL for a null.
void append_element(std::string& array, const Argument& element);
/// The elements of an array's text, which has one dimension and no NULL.
std::vector<std::string> elements_of(std::string_view array);

template <class T>
struct IsByteList : std::false_type {};
template <>
struct IsByteList<Bytes> : std::true_type {};
template <>
struct IsByteList<std::vector<std::uint8_t>> : std::true_type {};
template <std::size_t size>
struct IsByteList<std::array<std::uint8_t, size>> : std::true_type {};

}  // namespace detail

template <class T>
Argument encode(const std::vector<T>& array) {
    if constexpr (detail::IsByteList<T>::value) {
        return encode(std::vector<Bytes>(array.begin(), array.end()));
    } else {
        std::string text = "{";
        for (const auto& element : array) {
            if (text.size() > 1) text += ',';
            detail::append_element(text, encode(static_cast<const T&>(element)));
        }
        return text + "}";
    }
}

template <class T>
struct Decode<std::vector<T>> {
    static std::vector<T> from(Cell cell) {
        VERIFY(!cell.is_binary);
        std::vector<T> out;
        for (const auto& element : detail::elements_of(cell.content)) {
            out.push_back(Decode<T>::from({element}));
        }
        return out;
    }
};

}  // namespace mobilytics::pg
