#pragma once
// What a version or a reason may be written with.

#include <algorithm>
#include <string_view>

#include "pipeline/wire/wire.h"

namespace mobilytics::wire {

/// At most 64 visible characters of ASCII, none that a log or a metric would have to quote.
inline bool is_word(std::string_view text) {
    return text.size() <= kWordBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
               return c > ' ' && c < 0x7F && c != '"' && c != '\\';
           });
}

}  // namespace mobilytics::wire
