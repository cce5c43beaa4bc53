#include "platform/fetch/egress.h"

#include <cstring>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace mobilytics::fetch {
namespace {

/// Whether the socket's address of this text is allowed.
bool allows(const Egress& egress, const char* text) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    if (::inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        return egress.allows(reinterpret_cast<const sockaddr&>(v4));
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    EXPECT_EQ(::inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
    return egress.allows(reinterpret_cast<const sockaddr&>(v6));
}

TEST(Egress, OnlyThePublicInternet) {
    const Egress egress{.public_only = true};
    for (const auto* good :
         {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
          "169.253.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1"}) {
        EXPECT_TRUE(allows(egress, good)) << good;
    }
    for (const auto* bad :
         {"0.0.0.0",
          "0.1.2.3",
          "10.1.2.3",
          "100.64.0.1",
          "100.127.255.255",
          "127.0.0.1",
          "127.255.255.254",
          "169.254.169.254",
          "172.16.0.1",
          "172.31.255.255",
          "192.0.0.8",
          "192.0.2.1",
          "192.88.99.1",
          "192.168.0.1",
          "198.18.0.1",
          "198.19.255.255",
          "198.51.100.1",
          "203.0.113.9",
          "224.0.0.1",
          "239.255.255.255",
          "240.0.0.1",
          "255.255.255.255",
          "::",
          "::1",
          "::ffff:127.0.0.1",
          "::ffff:8.8.8.8",
          "::127.0.0.1",
          "64:ff9b::7f00:1",
          "64:ff9b:1::1",
          "100::1",
          "fc00::1",
          "fd12:3456::1",
          "fe80::1",
          "fec0::1",
          "ff02::1",
          "2001::1",
          "2001:db8::1",
          "2002:7f00:1::",
          "3fff::1",
          "5f00::1"}) {
        EXPECT_FALSE(allows(egress, bad)) << bad;
    }
}

TEST(Egress, AndWhatTheOperatorAllows) {
    const Egress egress{
        .public_only = true, .allowed = *networks_of("127.0.0.0/8, fd00::/8,10.1.2.3")};
    EXPECT_TRUE(allows(egress, "127.0.0.1"));
    EXPECT_TRUE(allows(egress, "10.1.2.3"));
    EXPECT_TRUE(allows(egress, "fd12::1"));
    EXPECT_FALSE(allows(egress, "10.1.2.4"));
    EXPECT_FALSE(allows(egress, "::1"));
    EXPECT_FALSE(allows(egress, "::ffff:127.0.0.1"));
    EXPECT_TRUE(allows({}, "127.0.0.1"));
    for (const auto* bad :
         {"10.0.0.0/33", "10.0.0", "::1/129", "10.0.0.0/", "host", "10.0.0.0/8,,"}) {
        EXPECT_EQ(networks_of(bad).error().code, "bad_network") << bad;
    }
}

TEST(Egress, AUrlsPartsAreThoseThatItIsFetchedBy) {
    const auto parts = *parse_url("https://example.com/hook?a=1");
    EXPECT_EQ(parts.scheme, "https");
    EXPECT_EQ(parts.host, "example.com");
    EXPECT_EQ(parts.port, 443);
    EXPECT_FALSE(parts.has_user);
    EXPECT_TRUE(parse_url("https://a:b@example.com/")->has_user);
    EXPECT_EQ(parse_url("http://[::1]:8080/")->host, "::1");
    EXPECT_EQ(parse_url("http://[::1]:8080/")->port, 8080);
    for (const auto* bad :
         {"", "example.com", "ftp://example.com/", "file:///etc/passwd", "https://", "gopher://x/",
          "https://exa mple.com/", "https://example.com/\r\nHost: x", "javascript:alert(1)"}) {
        EXPECT_EQ(parse_url(bad).error().code, "bad_url") << bad;
    }
    const Egress egress{.public_only = true};
    EXPECT_TRUE(names_refused_address(*parse_url("http://127.0.0.1/"), egress));
    EXPECT_TRUE(names_refused_address(*parse_url("http://[::1]/"), egress));
    // Other ways to write 127.0.0.1 are put right by the parser, or are names.
    EXPECT_TRUE(names_refused_address(*parse_url("http://0x7f.0.0.1/"), egress));
    EXPECT_TRUE(names_refused_address(*parse_url("http://2130706433/"), egress));
    EXPECT_FALSE(names_refused_address(*parse_url("http://8.8.8.8/"), egress));
    EXPECT_FALSE(names_refused_address(*parse_url("http://localhost/"), egress));
}

}  // namespace
}  // namespace mobilytics::fetch
