#pragma once
// What people may be told by mail, in one list.

#include <span>
#include <string_view>

#include "foundation/caller.h"

namespace mobilytics::notices {

struct Kind {
    std::string_view kind;                 // Never changes.
    std::string_view group, title, about;  // For people.
    Roles may;                             // Who may be told.
    Roles usual;                           // Who is, unless they say otherwise.
    bool settable = true;                  // False: it is always told.
};

/// In the order in which they are shown.
std::span<const Kind> kinds();
/// Null for what is none.
const Kind* find_kind(std::string_view kind);

}  // namespace mobilytics::notices
