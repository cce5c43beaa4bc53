#include "platform/http/proxies.h"

#include <gtest/gtest.h>

namespace mobilytics::http {
namespace {

Proxies trusting(
    std::string_view networks, ForwardingHeader header = ForwardingHeader::x_forwarded_for) {
    return *Proxies::parse(networks, header);
}

TEST(Proxies, NoneIsTrustedUnlessNamed) {
    const Headers spoofed{{"X-Forwarded-For", "203.0.113.9"}, {"Forwarded", "for=203.0.113.9"}};
    EXPECT_EQ(Proxies().client_of(spoofed, "192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(trusting(" ").client_of(spoofed, "192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(trusting("192.0.2.8").client_of(spoofed, "192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(trusting("192.0.2.7").client_of(spoofed, "192.0.2.7"), "203.0.113.9");
}

TEST(Proxies, NetworksAreWhatTheySay) {
    const auto trusted = trusting("10.0.0.0/8,192.0.2.128/25, 2001:db8::/33 ,::1");
    for (const char* one :
         {"10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3", "192.0.2.200", "2001:db8:7fff::1",
          "::1"}) {
        EXPECT_TRUE(trusted.trusts(one)) << one;
    }
    for (const char* one :
         {"11.0.0.0", "9.255.255.255", "192.0.2.127", "2001:db8:8000::", "::2", "::a00:1", "",
          "x"}) {
        EXPECT_FALSE(trusted.trusts(one)) << one;
    }
    EXPECT_TRUE(trusting("0.0.0.0/0").trusts("203.0.113.9"));
    EXPECT_FALSE(trusting("0.0.0.0/0").trusts("2001:db8::1"));
    EXPECT_TRUE(trusting("::/0").trusts("203.0.113.9"));
    for (const char* bad :
         {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0", "proxy", "::1,", ",",
          "::/129", "10.0.0.0/-1", "fe80::1%1"}) {
        const auto parsed = Proxies::parse(bad, ForwardingHeader::forwarded);
        ASSERT_FALSE(parsed) << bad;
        EXPECT_EQ(parsed.error().code, "bad_network");
    }
}

TEST(Proxies, OfAChainTheFirstThatIsNotTrustedIsTheClient) {
    const auto trusted = trusting("10.0.0.0/8");
    const auto client = [&](const Headers& headers) {
        return trusted.client_of(headers, "10.0.0.1");
    };
    EXPECT_EQ(client({{"X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.0.0.2"}}), "203.0.113.9");
    // Several fields are one list.
    EXPECT_EQ(
        client({{"x-forwarded-for", "198.51.100.1"}, {"X-Forwarded-For", "203.0.113.9,10.0.0.2"}}),
        "203.0.113.9");
    EXPECT_EQ(client({{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}), "10.0.0.3");
    EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.9:1234"}}), "203.0.113.9");
    EXPECT_EQ(client({{"X-Forwarded-For", "[2001:db8::1]:1234"}}), "2001:db8::1");
    EXPECT_EQ(client({{"X-Forwarded-For", "2001:db8::1"}}), "2001:db8::1");
    EXPECT_EQ(client({{"X-Forwarded-For", "::ffff:203.0.113.9"}}), "203.0.113.9");
    // What is no address is where belief ends.
    EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.9, unknown, 10.0.0.2"}}), "10.0.0.2");
    EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.9, "}}), "10.0.0.1");
    EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9"}}), "10.0.0.1");
    EXPECT_EQ(client({}), "10.0.0.1");
}

TEST(Proxies, ForwardedIsReadAsRfc7239HasIt) {
    const auto trusted = trusting("10.0.0.0/8", ForwardingHeader::forwarded);
    const auto client = [&](std::string_view said) {
        return trusted.client_of(
            {{"Forwarded", std::string(said)}, {"X-Forwarded-For", "192.0.2.66"}}, "10.0.0.1");
    };
    EXPECT_EQ(client("for=192.0.2.43, for=\"[2001:db8:cafe::17]:4711\""), "2001:db8:cafe::17");
    EXPECT_EQ(client("for=192.0.2.60;proto=http;by=203.0.113.43"), "192.0.2.60");
    EXPECT_EQ(
        client("proto=https; For=\"192.0.2.60:80\", for=10.0.0.2;by=\"a,b;for=c\""), "192.0.2.60");
    EXPECT_EQ(client("for=192.0.2.60, for=_hidden"), "10.0.0.1");
    EXPECT_EQ(client("for=192.0.2.60, by=10.0.0.2"), "10.0.0.1");
    EXPECT_EQ(client("for=\"192.0.2.60"), "10.0.0.1");
    EXPECT_EQ(client("for=\"[2001:db8::1\""), "10.0.0.1");
    EXPECT_EQ(client("for=\"[2001:db8::1]x\""), "10.0.0.1");
}

TEST(Proxies, ALogNamesTheNetworkOnly) {
    EXPECT_EQ(network_of("192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network_of("::ffff:192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network_of("2001:db8:cafe:1::17"), "2001:db8:cafe::/48");
    EXPECT_EQ(network_of("unix"), "");
}

TEST(Proxies, OfThisMachineIsWhoComesOverTheLoopbackAndWasNotForwarded) {
    for (const auto* here : {"127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_TRUE(is_of_this_machine({}, here)) << here;
        EXPECT_FALSE(is_of_this_machine({{"forwarded", "for=127.0.0.1"}}, here)) << here;
    }
    for (const auto* elsewhere : {"192.0.2.7", "10.0.0.1", "::", "0.0.0.0", "2001:db8::1", ""}) {
        EXPECT_FALSE(is_of_this_machine({}, elsewhere)) << elsewhere;
    }
}

}  // namespace
}  // namespace mobilytics::http
