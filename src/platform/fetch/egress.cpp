#include "platform/fetch/egress.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

namespace mobilytics::fetch {

namespace {

Address mapped(const in_addr& v4) {
    Address out{};
    out[10] = out[11] = 0xFF;
    std::memcpy(&out[12], &v4, 4);
    return out;
}

std::optional<Address> parse_address(const std::string& text) {
    in_addr v4{};
    if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return mapped(v4);
    in6_addr v6{};
    if (::inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
    Address out{};
    std::memcpy(out.data(), &v6, out.size());
    return out;
}

std::optional<Network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(std::string(text.substr(0, slash)));
    if (!address) return std::nullopt;
    const int width = text.substr(0, slash).find(':') == text.npos ? 32 : 128;
    int bits = width;
    if (slash != text.npos) {
        const auto said = text.substr(slash + 1);
        const auto read = std::from_chars(said.data(), said.data() + said.size(), bits);
        if (read.ec != std::errc() || read.ptr != said.data() + said.size()) return std::nullopt;
        if (bits < 0 || bits > width) return std::nullopt;
    }
    return Network{*address, bits + 128 - width};
}

const std::vector<Network>& not_public() {
    static const std::vector<Network> all = [] {
        std::vector<Network> out;
        for (const auto* text :
             {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
              "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
              "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
              "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
              // Of what IPv6 calls global: protocols' own (Teredo among them), documentation, 6to4.
              "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"}) {
            out.push_back(*parse_network(text));
        }
        return out;
    }();
    return all;
}

bool is_v4(const Address& address) {
    static const Network all{*parse_address("0.0.0.0"), 96};
    return all.holds(address);
}

std::optional<Address> address_of(const sockaddr& to) {
    if (to.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &to, sizeof(v4));
        return mapped(v4.sin_addr);
    }
    if (to.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &to, sizeof(v6));
    Address out{};
    std::memcpy(out.data(), &v6.sin6_addr, out.size());
    return out;
}

bool may_go(const Egress& egress, const Address& address) {
    return !egress.public_only || is_public(address) ||
           std::any_of(egress.allowed.begin(), egress.allowed.end(), [&](const Network& network) {
               return network.holds(address);
           });
}

}  // namespace

bool Network::holds(const Address& other) const {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(
            address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), other.begin())) {
        return false;
    }
    if (bits % 8 == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xFF << (8 - bits % 8));
    return (address[whole] & mask) == (other[whole] & mask);
}

Result<std::vector<Network>> networks_of(std::string_view text) {
    std::vector<Network> out;
    while (!text.empty()) {
        const auto comma = text.find(',');
        auto one = text.substr(0, comma);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        const auto network = parse_network(one);
        if (!network) {
            return fail(
                ErrorKind::invalid, "bad_network",
                "\"" + std::string(one) + "\" is no network, like 10.0.0.0/8");
        }
        out.push_back(*network);
        text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
    }
    return out;
}

bool is_public(const Address& address) {
    static const Network global{*parse_address("2000::"), 3};
    if (!is_v4(address) && !global.holds(address)) return false;
    return std::none_of(not_public().begin(), not_public().end(), [&](const Network& network) {
        return network.holds(address);
    });
}

bool Egress::allows(const sockaddr& to) const {
    if (!public_only) return true;
    const auto address = address_of(to);
    if (!address) return false;
    // IPv4 within IPv6 is how some come round a list: never, whatever it is.
    if (to.sa_family == AF_INET6 && is_v4(*address)) return false;
    return may_go(*this, *address);
}

Result<UrlParts> parse_url(std::string_view url) {
    const auto bad = fail(
        ErrorKind::invalid, "bad_url",
        "this is no absolute address, like https://example.com/hook");
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> handle(curl_url(), curl_url_cleanup);
    VERIFY(handle != nullptr);
    const std::string text(url);
    if (text.find_first_of(std::string_view("\r\n\t \0", 5)) != text.npos) return bad;
    if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return bad;
    const auto part = [&](CURLUPart which, unsigned flags = 0) -> std::optional<std::string> {
        char* content = nullptr;
        if (curl_url_get(handle.get(), which, &content, flags) != CURLUE_OK) return std::nullopt;
        std::string out(content);
        curl_free(content);
        return out;
    };
    const auto scheme = part(CURLUPART_SCHEME), host = part(CURLUPART_HOST);
    const auto port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!scheme || (*scheme != "http" && *scheme != "https") || !host || host->empty() || !port) {
        return bad;
    }
    UrlParts out{*scheme, *host, 0, part(CURLUPART_USER).has_value()};
    if (out.host.starts_with('[')) out.host = out.host.substr(1, out.host.size() - 2);
    std::from_chars(port->data(), port->data() + port->size(), out.port);
    return out;
}

bool names_refused_address(const UrlParts& url, const Egress& egress) {
    const auto address = parse_address(url.host);
    return address && !may_go(egress, *address);
}

}  // namespace mobilytics::fetch
