#include "domains/accounts/account_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

#include "platform/crypto/digest.h"
#include "platform/identity/password_rules.h"

namespace mobilytics::accounts {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kOneTimeBytes = 10;  // 80 bits: sixteen characters of base 32.
constexpr std::size_t kOneTimeCharacters = 16;
constexpr std::size_t kEmailCharactersMax = 254;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
}

/// An address as 16 bytes; one of IPv4 as IPv6 has it.
std::optional<std::array<std::uint8_t, 16>> bytes_of(std::string_view text) {
    std::array<std::uint8_t, 16> out{};
    const std::string whole(text);
    if (inet_pton(AF_INET6, whole.c_str(), out.data()) == 1) return out;
    std::array<std::uint8_t, 4> four{};
    if (inet_pton(AF_INET, whole.c_str(), four.data()) != 1) return std::nullopt;
    out = {};
    out[10] = out[11] = 0xFF;
    std::copy(four.begin(), four.end(), out.begin() + 12);
    return out;
}

struct Network {
    std::array<std::uint8_t, 16> address;
    int bits;
};

std::optional<Network> network_of(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = bytes_of(text.substr(0, slash));
    if (!address) return std::nullopt;
    const bool four = text.substr(0, slash).find(':') == text.npos;
    const int most = four ? 32 : 128;
    int bits = most;
    if (slash != text.npos) {
        const auto said = text.substr(slash + 1);
        const auto read = std::from_chars(said.data(), said.data() + said.size(), bits);
        if (read.ec != std::errc() || read.ptr != said.data() + said.size()) return std::nullopt;
        if (bits < 0 || bits > most) return std::nullopt;
    }
    return Network{*address, four ? bits + 96 : bits};
}

bool contains(const Network& network, const std::array<std::uint8_t, 16>& address) {
    for (int bit = 0; bit < network.bits; bit += 8) {
        const auto at = static_cast<std::size_t>(bit / 8);
        const int left = std::min(8, network.bits - bit);
        const auto mask = static_cast<std::uint8_t>(0xFF << (8 - left));
        if (((network.address.at(at) ^ address.at(at)) & mask) != 0) return false;
    }
    return true;
}

}  // namespace

Result<> checked_password(
    const std::string& password, const Limits& limits, const std::vector<std::string>& context) {
    return identity::check_password(
        Secret(password), {limits.password_characters_min, limits.password_characters_max},
        context);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

Result<std::string> checked_email(std::string_view email) {
    const auto text = trimmed(email);
    const auto at = text.find('@');
    const bool sound = text.size() <= kEmailCharactersMax && at != text.npos && at > 0 &&
                       at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
                       text.find_first_of(" \t<>,;\"()[]\\") == text.npos && !has_control(text);
    if (!sound) return fail(ErrorKind::invalid, "bad_email", "this is no e-mail address");
    return std::string(text);
}

Result<std::string> checked_name(std::string_view name) {
    const auto text = trimmed(name);
    if (text.empty() || has_control(text)) {
        return fail(ErrorKind::invalid, "bad_name", "a name has characters that can be seen");
    }
    return std::string(text);
}

Result<> may_give(Role giver, Role given, CompanyKind kind) {
    if (Roles::staff().has(given) != (kind == CompanyKind::house)) {
        return fail(
            ErrorKind::invalid, "role_of_other_kind",
            "roles of staff are of the house, and it has no others");
    }
    const bool may = giver == Role::superuser || giver == Role::owner ||
                     (giver == Role::admin && given != Role::owner);
    if (!may)
        return fail(ErrorKind::forbidden, "role_above_own", "that is more than your own role");
    return {};
}

bool may_be_below(CompanyKind parent, CompanyKind child) {
    switch (parent) {
        case CompanyKind::house: return child != CompanyKind::house;
        case CompanyKind::operator_:
            return child == CompanyKind::reseller || child == CompanyKind::advertiser;
        case CompanyKind::reseller: return child == CompanyKind::advertiser;
        case CompanyKind::advertiser: return false;
    }
    return false;
}

Permissions rights_of(Role staff) {
    const auto parsed = [](const std::vector<std::string>& texts) {
        return *permissions_of(texts);
    };
    switch (staff) {
        case Role::support:
            return parsed(
                {"*:read", "assets:write", "devices:write", "contacts:write", "company:write",
                 "session:*"});
        case Role::fulfillment:
            return parsed(
                {"assets:read", "devices:*", "contacts:read", "company:read", "session:*"});
        case Role::finance:
            return parsed({"company:read", "contacts:read", "reports:read", "session:*"});
        case Role::engineer: return parsed({"*:read", "devices:write", "session:*"});
        case Role::superuser: return parsed({"*:*"});
        case Role::viewer:
        case Role::analyst:
        case Role::admin:
        case Role::owner:
        case Role::operator_: return {};
    }
    return {};
}

Result<> check_network(std::string_view network) {
    if (network_of(network)) return {};
    return fail(
        ErrorKind::invalid, "bad_network", "a network is like 192.0.2.0/24, or a single address");
}

bool is_within(const std::vector<std::string>& networks, std::string_view address) {
    const auto bytes = bytes_of(address);
    return bytes && std::ranges::any_of(networks, [&](const auto& text) {
               const auto network = network_of(text);
               return network && contains(*network, *bytes);
           });
}

Secret<std::string> new_token(std::string_view prefix) {
    return Secret(std::string(prefix) + crypto::to_base64url(crypto::random_bytes(kTokenBytes)));
}

Secret<std::string> new_one_time_password() {
    auto text = crypto::to_base32(crypto::random_bytes(kOneTimeBytes), kOneTimeCharacters);
    for (const std::size_t dash : {12U, 8U, 4U}) text.insert(dash, "-");
    return Secret(std::move(text));
}

}  // namespace mobilytics::accounts
