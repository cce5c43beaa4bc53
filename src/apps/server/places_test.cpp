#include "apps/server/places.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mobilytics::server {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

/// Nothing of it is taken.
Settings free_settings() {
    Settings settings;
    settings.http.port = 0;
    settings.devices.https_port = 0;
    settings.devices.mqtt_port = 0;
    return settings;
}

TEST(Places, WhatIsFreeIsFine) { EXPECT_TRUE(check_places(free_settings())); }

TEST(Places, EachPortThatIsTakenIsNamedByItsSetting) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    auto settings = free_settings();
    settings.http.port = settings.devices.mqtt_port = taken.local_endpoint().port();
    const auto refused = check_places(settings);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "cannot_listen");
    EXPECT_THAT(
        refused.error().faults,
        ElementsAre(
            Fault{
                "devices.mqtt_port", "port " + std::to_string(settings.http.port) +
                                         " of 127.0.0.1 is another program's: stop that, or set "
                                         "another port (`mobilytics doctor` says whose it is)"},
            Field(&Fault::pointer, "http.port")));
}

TEST(Places, AnAddressIsOneOfThisMachine) {
    auto settings = free_settings();
    settings.http.address = "everywhere";
    settings.devices.address = "192.0.2.1";  // For documentation: nobody's.
    const auto refused = check_places(settings);
    ASSERT_FALSE(refused);
    EXPECT_THAT(
        refused.error().faults,
        ElementsAre(
            AllOf(
                Field(&Fault::pointer, "devices.address"),
                Field(&Fault::detail, HasSubstr("192.0.2.1 is none of this machine's"))),
            AllOf(
                Field(&Fault::pointer, "http.address"),
                Field(&Fault::detail, HasSubstr("\"everywhere\" is no IP address")))));
}

}  // namespace
}  // namespace mobilytics::server
