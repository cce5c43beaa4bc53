#pragma once
// What may be done to what: "assets:read". Every operation of a contract says its own; what a key,
// a token or an impersonator may is a list of them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/enum_words.h"

namespace mobilytics {

BOOST_DEFINE_ENUM_CLASS(Verb, read, write, export_)

struct Permission {
    std::string resource;      // "assets"; "*" is every one.
    std::optional<Verb> verb;  // None is every one.

    /// invalid `bad_permission`, for what is not like "assets:read", "assets:*" or "*:read".
    static Result<Permission> parse(std::string_view text);
    std::string str() const;
    /// Whether who has this may do that.
    bool covers(const Permission& other) const;

    friend bool operator==(const Permission&, const Permission&) = default;
};

using Permissions = std::vector<Permission>;

/// Whether one of them does.
bool covers(const Permissions& all, const Permission& one);
/// What both allow.
Permissions common(const Permissions& some, const Permissions& others);
/// invalid `bad_permission`, of the first that is none.
Result<Permissions> permissions_of(const std::vector<std::string>& texts);
std::vector<std::string> texts_of(const Permissions& all);

}  // namespace mobilytics
