#include "apps/server/places.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace mobilytics::server {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

struct Place {
    std::string section;  // Of the settings.
    std::string port_name;
    std::string address;
    std::uint16_t port;
};

std::optional<Fault> fault_of(const Place& place) {
    error_code failed;
    const auto address = asio::ip::make_address(place.address, failed);
    const auto named = [&](const std::string& name) { return place.section + "." + name; };
    if (failed) {
        return Fault{
            named("address"), "\"" + place.address +
                                  "\" is no IP address: 127.0.0.1 is this machine alone, 0.0.0.0 "
                                  "every network that it is in"};
    }
    asio::io_context io;
    asio::ip::tcp::acceptor acceptor(io);
    const asio::ip::tcp::endpoint at(address, place.port);
    acceptor.open(at.protocol(), failed);
    if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) acceptor.bind(at, failed);
    if (!failed) return std::nullopt;
    const auto port = std::to_string(place.port);
    if (failed == asio::error::address_in_use) {
        return Fault{
            named(place.port_name), "port " + port + " of " + place.address +
                                        " is another program's: stop that, or set another port "
                                        "(`mobilytics doctor` says whose it is)"};
    }
    if (failed == asio::error::access_denied) {
        return Fault{
            named(place.port_name),
            "port " + port +
                " is not for this user: take one of 1024 or above, or give the "
                "program CAP_NET_BIND_SERVICE"};
    }
    return Fault{
        named("address"),
        place.address + " is none of this machine's addresses (" + failed.message() + ")"};
}

}  // namespace

Result<> check_places(const Settings& settings) {
    const auto& devices = settings.devices;
    std::vector<Fault> faults;
    for (const auto& place :
         {Place{"http", "port", settings.http.address, settings.http.port},
          Place{"devices", "https_port", devices.address, devices.https_port},
          Place{"devices", "mqtt_port", devices.address, devices.mqtt_port}}) {
        if (auto fault = fault_of(place)) faults.push_back(*std::move(fault));
    }
    std::ranges::sort(faults, {}, &Fault::pointer);
    faults.erase(std::ranges::unique(faults).begin(), faults.end());
    if (faults.empty()) return {};
    return tl::unexpected(Error{
        ErrorKind::invalid, "cannot_listen", "it cannot listen where it is to", std::move(faults)});
}

}  // namespace mobilytics::server
