#include "platform/audit/changes.h"

#include <algorithm>
#include <array>

#include "foundation/json.h"
#include "platform/crypto/digest.h"

namespace mobilytics::audit {

namespace {

using boost::json::value;

class Hiding {
  public:
    Hiding(const std::vector<std::string>& named, std::string_view salt)
        : named_(named), salt_(salt) {}

    value hidden(const value& json) const {
        if (const auto* fields = json.if_object()) {
            boost::json::object out;
            for (const auto& field : *fields) {
                const bool secret = is_secret(field.key()) && !field.value().is_null();
                out[field.key()] = secret ? hash_of(field.value()) : hidden(field.value());
            }
            return out;
        }
        if (const auto* items = json.if_array()) {
            boost::json::array out;
            for (const auto& item : *items) out.push_back(hidden(item));
            return out;
        }
        return json;
    }

  private:
    bool is_secret(std::string_view field) const {
        return names_a_secret(field) || std::ranges::find(named_, field) != named_.end();
    }
    value hash_of(const value& json) const {
        return boost::json::string(
            "sha256:" + crypto::sha256_hex(std::string(salt_) + json::text(json)));
    }

    const std::vector<std::string>& named_;
    const std::string_view salt_;
};

void leave_what_differs(value& before, value& after) {
    auto* was = before.if_object();
    auto* is = after.if_object();
    if (was == nullptr || is == nullptr) return;
    std::vector<std::string> same;
    for (const auto& field : *was) {
        const auto* other = is->if_contains(field.key());
        if (other != nullptr && *other == field.value()) same.emplace_back(field.key());
    }
    for (const auto& field : same) {
        was->erase(field);
        is->erase(field);
    }
}

/// Itself, or what is left of it where it is too much.
value bounded(value json) {
    const auto text = json::text(json);
    if (text.size() <= kChangesBytesMax / 2) return json;
    return boost::json::object{
        {"too_large_bytes", text.size()}, {"sha256", crypto::sha256_hex(text)}};
}

}  // namespace

bool names_a_secret(std::string_view field) {
    static constexpr std::array<std::string_view, 6> words{
        "password", "secret", "token", "private_key", "recovery_code", "passphrase"};
    return std::ranges::any_of(words, [field](auto one) { return field.find(one) != field.npos; });
}

std::pair<value, value> changes_of(const Entry& entry, std::string_view salt) {
    value before = entry.before, after = entry.after;
    leave_what_differs(before, after);
    const Hiding hiding(entry.secrets, salt);
    return {bounded(hiding.hidden(before)), bounded(hiding.hidden(after))};
}

}  // namespace mobilytics::audit
