#pragma once
// Where requests that others asked for may go. A name is resolved by whoever connects, and each
// address that it comes to is looked at when it is connected to: one that changes its mind in
// between (DNS rebinding) gains nothing.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"

struct sockaddr;

namespace mobilytics::fetch {

/// Of IPv6; one of IPv4 is its mapped form, ::ffff:10.0.0.1.
using Address = std::array<std::uint8_t, 16>;

struct Network {
    Address address{};
    int bits = 128;
    bool holds(const Address& other) const;
};

/// "10.0.0.0/8, ::1". invalid `bad_network`, of the first that is none.
Result<std::vector<Network>> networks_of(std::string_view text);

/// Whether it is of the public Internet: not private, loopback, link-local, shared (CGNAT),
/// multicast, reserved, for documentation, nor IPv6 that carries IPv4 within it.
/// Source: IANA's special-purpose address registries.
bool is_public(const Address& address);

struct Egress {
    bool public_only = false;           // Else anywhere.
    std::vector<Network> allowed = {};  // Those too.
    bool allows(const sockaddr& to) const;
};

/// Of an absolute URL of http or https.
struct UrlParts {
    std::string scheme;
    std::string host;  // Of IPv6 without its brackets.
    std::uint16_t port = 0;
    bool has_user = false;
};
/// invalid `bad_url`.
Result<UrlParts> parse_url(std::string_view url);
/// Whether its host is written as an address, and that is not allowed.
bool names_refused_address(const UrlParts& url, const Egress& egress);

}  // namespace mobilytics::fetch
