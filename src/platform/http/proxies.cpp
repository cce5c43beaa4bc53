#include "platform/http/proxies.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/beast/core/string.hpp>

namespace mobilytics::http {

namespace {

namespace ip = boost::asio::ip;

constexpr unsigned kMappedBits = 96;  // Before the IPv4 address in an IPv6 one.

std::string_view trimmed(std::string_view text) {
    const auto first = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// IPv4 addresses as mapped ones, so that "::ffff:192.0.2.7" and "192.0.2.7" are the same.
std::optional<ip::address_v6> parse_address(std::string_view text) {
    boost::system::error_code bad;
    const auto address = ip::make_address(std::string(text), bad);
    if (bad) return std::nullopt;
    if (address.is_v6()) {
        if (address.to_v6().scope_id() != 0) return std::nullopt;
        return address.to_v6();
    }
    return ip::make_address_v6(ip::v4_mapped, address.to_v4());
}

std::string text_of(const ip::address_v6& address) {
    if (address.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address).to_string();
    return address.to_string();
}

ip::address_v6 network(const ip::address_v6& address, unsigned bits) {
    auto bytes = address.to_bytes();
    for (unsigned i = 0; i < bytes.size(); ++i) {
        const unsigned kept = std::clamp(bits, 8 * i, 8 * i + 8) - 8 * i;
        bytes[i] = static_cast<unsigned char>(bytes[i] & (0xFF00u >> kept));
    }
    return ip::address_v6(bytes);
}

/// A node of RFC 7239, or of X-Forwarded-For: an address, perhaps with a port.
std::optional<ip::address_v6> parse_node(std::string_view node) {
    if (node.starts_with('[')) {
        const auto end = node.find(']');
        if (end == node.npos) return std::nullopt;
        const auto rest = node.substr(end + 1);
        if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
        return parse_address(node.substr(1, end - 1));
    }
    // One colon is that of a port, more are an IPv6 address's.
    if (std::ranges::count(node, ':') == 1) node = node.substr(0, node.find(':'));
    return parse_address(node);
}

/// At `mark`, but not within quotes.
std::vector<std::string_view> parts(std::string_view text, char mark) {
    std::vector<std::string_view> out;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == mark && !quoted) {
            out.push_back(trimmed(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    out.push_back(trimmed(text.substr(std::min(begin, text.size()))));
    return out;
}

/// What an element of Forwarded says of for=; empty where it says nothing.
std::string_view said_for(std::string_view element) {
    constexpr std::string_view kFor = "for=";
    for (auto pair : parts(element, ';')) {
        if (pair.size() < kFor.size() ||
            !boost::beast::iequals(pair.substr(0, kFor.size()), kFor)) {
            continue;
        }
        pair.remove_prefix(kFor.size());
        const bool quoted = pair.size() >= 2 && pair.front() == '"' && pair.back() == '"';
        return quoted ? pair.substr(1, pair.size() - 2) : pair;
    }
    return {};
}

}  // namespace

Result<Proxies> Proxies::parse(std::string_view networks, ForwardingHeader header) {
    Proxies out;
    out.header_ = header;
    if (trimmed(networks).empty()) return out;
    for (const auto part : parts(networks, ',')) {
        const auto slash = std::min(part.find('/'), part.size());
        const auto address = parse_address(part.substr(0, slash));
        const bool is_v4 = address && part.find(':') == part.npos;
        unsigned bits = is_v4 ? 32 : 128;
        bool good = address.has_value();
        if (good && slash < part.size()) {
            const unsigned most = bits;
            const auto* end = part.data() + part.size();
            const auto read = std::from_chars(part.data() + slash + 1, end, bits);
            good = read.ec == std::errc() && read.ptr == end && bits <= most;
        }
        if (good && is_v4) bits += kMappedBits;
        // With bits behind its end, one of the two is not what was meant.
        good = good && network(*address, bits) == *address;
        if (!good) {
            return fail(
                ErrorKind::invalid, "bad_network",
                std::string(part) + " is no address and no network, like 10.0.0.0/8");
        }
        out.trusted_.push_back({*address, bits});
    }
    return out;
}

bool Proxies::trusts(std::string_view text) const {
    if (trusted_.empty()) return false;
    const auto address = parse_address(text);
    return address && std::ranges::any_of(trusted_, [&](const Network& one) {
               return network(*address, one.bits) == one.first;
           });
}

std::string Proxies::client_of(const Headers& headers, std::string_view peer) const {
    const bool forwarded = header_ == ForwardingHeader::forwarded;
    const std::string_view name = forwarded ? "Forwarded" : "X-Forwarded-For";
    std::string client(peer);
    if (!trusts(client)) return client;
    std::vector<std::string_view> path;  // The nearest is the last.
    for (const auto& [field, value] : headers) {
        if (!boost::beast::iequals(field, name)) continue;
        for (const auto part : parts(value, ',')) path.push_back(part);
    }
    for (; trusts(client) && !path.empty(); path.pop_back()) {
        const auto node = parse_node(forwarded ? said_for(path.back()) : path.back());
        if (!node) break;  // "unknown", or not for us to know.
        client = text_of(*node);
    }
    return client;
}

bool is_of_this_machine(const Headers& headers, std::string_view peer) {
    static constexpr std::array kForwarded{"Forwarded",         "Via",
                                           "X-Forwarded-For",   "X-Forwarded-Host",
                                           "X-Forwarded-Proto", "X-Real-IP"};
    const auto address = parse_address(peer);
    if (!address) return false;
    const bool loopback = address->is_v4_mapped()
                              ? ip::make_address_v4(ip::v4_mapped, *address).is_loopback()
                              : address->is_loopback();
    return loopback && std::ranges::all_of(
                           kForwarded, [&](const char* name) { return headers.count(name) == 0; });
}

std::string network_of(std::string_view text) {
    constexpr unsigned kV4Bits = 24;
    constexpr unsigned kV6Bits = 48;
    const auto address = parse_address(text);
    if (!address) return {};
    const auto bits = address->is_v4_mapped() ? kV4Bits : kV6Bits;
    const auto all = address->is_v4_mapped() ? kMappedBits + kV4Bits : kV6Bits;
    return text_of(network(*address, all)) + "/" + std::to_string(bits);
}

}  // namespace mobilytics::http
