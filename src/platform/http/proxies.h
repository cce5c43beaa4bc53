#pragma once
// Whose request it is, where proxies stand before us: what they say of who came to them is believed
// of those that we were told to trust, and of nobody else.

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include "platform/http/message.h"

namespace mobilytics::http {

/// Which of the two a proxy sets. Only that is read: the other one may be the client's own.
BOOST_DEFINE_ENUM_CLASS(ForwardingHeader, x_forwarded_for, forwarded)

class Proxies {
  public:
    Proxies() = default;  // None is trusted.
    /// `networks` are addresses or networks, "10.0.0.0/8, ::1", with commas. invalid `bad_network`.
    static Result<Proxies> parse(std::string_view networks, ForwardingHeader header);

    bool trusts(std::string_view address) const;
    /// From the connection's `peer` back through the proxies that are trusted, to the first that is
    /// not: a client, or whoever claims to have come for one. Sources: RFC 7239; X-Forwarded-For as
    /// it is in use.
    std::string client_of(const Headers& headers, std::string_view peer) const;

  private:
    struct Network {
        boost::asio::ip::address_v6 first;  // IPv4 as mapped.
        unsigned bits;
    };
    std::vector<Network> trusted_;
    ForwardingHeader header_ = ForwardingHeader::x_forwarded_for;
};

/// Whether it came over the loopback, and no header says that somebody forwarded it. A proxy on
/// this machine that says nothing of itself is not told apart from who is there.
bool is_of_this_machine(const Headers& headers, std::string_view peer);

/// The network of an address, /24 or /48, which logs may name: it is nobody's in particular. Empty
/// for what is no address.
std::string network_of(std::string_view address);

}  // namespace mobilytics::http
