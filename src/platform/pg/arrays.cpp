#include "platform/pg/arrays.h"

#include "platform/pg/big_endian.h"

namespace mobilytics::pg {

namespace {

constexpr std::int32_t kByteaType = 17;  // Its oid in pg_type, in every Postgres.

}  // namespace

Argument encode(std::span<const Bytes> array) {
    std::size_t size = 0;
    for (const auto element : array) size += 4 + element.size();
    std::string out;
    out.reserve(20 + size);
    // As array_recv reads it: dimensions, whether there are NULLs, the element's type; of each
    // dimension its length and lower bound; of each element its length and bytes.
    append_number(out, std::int32_t{array.empty() ? 0 : 1});
    append_number(out, std::int32_t{0});
    append_number(out, kByteaType);
    if (!array.empty()) {
        append_number(out, static_cast<std::int32_t>(array.size()));
        append_number(out, std::int32_t{1});
    }
    for (const auto element : array) append_field(out, element);
    return Argument::binary(std::move(out));
}

namespace detail {

void append_element(std::string& array, const Argument& element) {
    VERIFY(!element.is_binary());
    if (element.is_null()) {
        array += "NULL";
        return;
    }
    array += '"';
    for (const char c : element.content()) {
        if (c == '"' || c == '\\') array += '\\';
        array += c;
    }
    array += '"';
}

std::vector<std::string> elements_of(std::string_view array) {
    VERIFY(array.size() >= 2 && array.front() == '{' && array.back() == '}');
    array = array.substr(1, array.size() - 2);
    std::vector<std::string> out;
    if (array.empty()) return out;
    out.emplace_back();
    bool quoted = false;
    for (std::size_t i = 0; i < array.size(); ++i) {
        const char c = array[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '\\') {
            out.back() += array[++i];
        } else if (c == ',' && !quoted) {
            out.emplace_back();
        } else {
            out.back() += c;
        }
    }
    return out;
}

}  // namespace detail

}  // namespace mobilytics::pg
