#include "foundation/permission.h"

#include <algorithm>

namespace mobilytics {

namespace {

constexpr std::size_t kResourceCharactersMax = 40;
constexpr std::string_view kEvery = "*";

bool is_resource(std::string_view text) {
    const auto in_word = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return text == kEvery || (!text.empty() && text.size() <= kResourceCharactersMax &&
                              std::ranges::all_of(text, in_word));
}

/// What both are about; none when there is nothing.
std::optional<Permission> both(const Permission& one, const Permission& other) {
    if (one.covers(other)) return other;
    if (other.covers(one)) return one;
    // "assets:*" and "*:read".
    const auto& resource = one.resource == kEvery ? other.resource : one.resource;
    const auto verb = one.verb ? one.verb : other.verb;
    Permission out{resource, verb};
    if (one.covers(out) && other.covers(out)) return out;
    return std::nullopt;
}

}  // namespace

Result<Permission> Permission::parse(std::string_view text) {
    const auto colon = text.find(':');
    const auto resource = text.substr(0, colon);
    const auto said = colon == text.npos ? std::string_view() : text.substr(colon + 1);
    const auto verb = from_word<Verb>(said);
    if (!is_resource(resource) || (!verb && said != kEvery)) {
        return fail(
            ErrorKind::invalid, "bad_permission",
            "a permission is like assets:read: a resource, and read, write, export or *");
    }
    return Permission{std::string(resource), verb};
}

std::string Permission::str() const {
    return resource + ":" + std::string(verb ? word(*verb) : kEvery);
}

bool Permission::covers(const Permission& other) const {
    return (resource == kEvery || resource == other.resource) && (!verb || verb == other.verb);
}

bool covers(const Permissions& all, const Permission& one) {
    return std::ranges::any_of(all, [&](const auto& has) { return has.covers(one); });
}

Permissions common(const Permissions& some, const Permissions& others) {
    Permissions out;
    for (const auto& one : some) {
        for (const auto& other : others) {
            auto shared = both(one, other);
            if (shared && !covers(out, *shared)) out.push_back(*std::move(shared));
        }
    }
    return out;
}

Result<Permissions> permissions_of(const std::vector<std::string>& texts) {
    Permissions out;
    for (const auto& text : texts) {
        TRY(auto one, Permission::parse(text));
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<std::string> texts_of(const Permissions& all) {
    std::vector<std::string> out;
    for (const auto& one : all) out.push_back(one.str());
    return out;
}

}  // namespace mobilytics
