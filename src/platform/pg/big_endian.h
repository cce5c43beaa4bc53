#pragma once
// Postgres's binary form, for this folder only: numbers most significant byte first, a field led by
// its length.

#include <concepts>
#include <cstdint>
#include <string>

#include "platform/pg/values.h"

namespace mobilytics::pg {

template <std::integral T>
void append_number(std::string& out, T number) {
    for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0; shift -= 8) {
        out += static_cast<char>(number >> shift);
    }
}

inline void append_field(std::string& out, Bytes content) {
    append_number(out, static_cast<std::int32_t>(content.size()));
    out.append(reinterpret_cast<const char*>(content.data()), content.size());
}

}  // namespace mobilytics::pg
